//! Who and what there is in the demo: an office of a trading company, with its service desk.

use guichet_core::directory::AgentRole;

/// Everybody's, here.
pub(super) const PASSWORD: &str = "guichet-demo";

/// Name, address, role.
pub(super) const AGENTS: [(&str, &str, AgentRole); 5] = [
    ("林悦 Lin Yue", "lin@desk.example", AgentRole::Admin),
    ("Marc Dubois", "marc@desk.example", AgentRole::Supervisor),
    ("陈志强 Chen Zhiqiang", "chen@desk.example", AgentRole::Agent),
    ("Sara Novak", "sara@desk.example", AgentRole::Agent),
    ("王小梅 Wang Xiaomei", "wang@desk.example", AgentRole::Agent),
];

/// Name, members.
pub(super) const GROUPS: [(&str, &[usize]); 4] =
    [("Service desk 服务台", &[0, 1, 4]), ("Network 网络组", &[1, 2]), ("Workplace 桌面组", &[3, 4]), ("Business systems 业务系统", &[2, 3])];

/// Name, address.
pub(super) const CUSTOMERS: [(&str, &str); 8] = [
    ("Ana Torres", "ana.torres@trade.example"),
    ("赵敏", "zhao.min@trade.example"),
    ("Peter Lang", "peter.lang@trade.example"),
    ("李雷", "li.lei@trade.example"),
    ("Ingrid Berg", "ingrid.berg@trade.example"),
    ("韩梅梅", "han.meimei@trade.example"),
    ("Tom Okafor", "tom.okafor@trade.example"),
    ("周涛", "zhou.tao@trade.example"),
];

/// What is asked, and how it goes on.
pub(super) struct Story {
    pub(super) subject: &'static str,
    pub(super) text: &'static str,
    pub(super) answer: &'static str,
    pub(super) note: Option<&'static str>,
    pub(super) channel: &'static str,
    pub(super) kind: &'static str,
    pub(super) tags: &'static [&'static str],
    pub(super) impact: i64,
    pub(super) urgency: i64,
    pub(super) customer: usize,
    pub(super) agent: usize,
    pub(super) group: usize,
}

pub(super) const STORIES: [Story; 10] = [
    Story {
        subject: "Printer on the third floor prints only half pages",
        text: "Since this morning every second page comes out half empty. Three of us have tried, with PDF and with Word.",
        answer: "The fuser was worn out and has been replaced. Please print once more and tell us whether it is right now.",
        note: Some("Part ordered from the contract stock, serial noted in the asset list."),
        channel: "email", kind: "incident", tags: &["printer"], impact: 2, urgency: 3, customer: 0, agent: 3, group: 2,
    },
    Story {
        subject: "忘记邮箱密码，无法登录",
        text: "今天更换手机后邮箱一直提示密码错误，麻烦帮忙重置，下午要给客户发报价。",
        answer: "密码已经重置，新密码已短信发到您登记的手机，首次登录请修改。",
        note: None,
        channel: "email", kind: "request", tags: &["account"], impact: 3, urgency: 2, customer: 1, agent: 4, group: 0,
    },
    Story {
        subject: "Shared drive S: is very slow in the Shanghai office",
        text: "Opening a folder takes a minute. Copying a 5 MB file took almost ten. It began after lunch.",
        answer: "A switch port had fallen back to 10 Mbit/s. It has been moved; the speed is back to normal.",
        note: Some("Port 14 on sw-sh-02 negotiates badly with the old cable. Cable to be changed on Friday."),
        channel: "email", kind: "incident", tags: &["network", "files"], impact: 1, urgency: 2, customer: 2, agent: 2, group: 1,
    },
    Story {
        subject: "申请安装 Visio",
        text: "项目部需要画流程图，请为我的电脑安装 Visio，部门经理已同意。",
        answer: "授权已分配，软件中心里现在可以看到 Visio，点击安装即可。",
        note: None,
        channel: "web", kind: "request", tags: &["software"], impact: 3, urgency: 4, customer: 3, agent: 3, group: 2,
    },
    Story {
        subject: "Order page shows \"internal error\" when I add a discount",
        text: "Customer 20417, order of 14 lines. As soon as I enter 5 % in the discount field the page answers internal error.",
        answer: "This was a fault in last night's release and has been mended. Your draft order was kept.",
        note: Some("Reproduced on staging. Rounding of line totals, see change of today."),
        channel: "web", kind: "incident", tags: &["orders"], impact: 1, urgency: 1, customer: 4, agent: 2, group: 3,
    },
    Story {
        subject: "会议室投影仪没有声音",
        text: "三楼大会议室投影有画面没有声音，下午两点有客户来访。",
        answer: "HDMI 音频输出设置已恢复，现场测试正常。",
        note: None,
        channel: "phone", kind: "incident", tags: &["meeting-room"], impact: 2, urgency: 1, customer: 5, agent: 4, group: 2,
    },
    Story {
        subject: "New colleague starts on Monday: account and laptop",
        text: "Please prepare an account, a laptop and access to the sales share for Mei Lin, who starts on Monday.",
        answer: "Account and laptop are ready; they can be fetched at the service desk from eight o'clock on.",
        note: Some("Groups: sales-read, sales-write. Laptop from the pool, tag 1183."),
        channel: "web", kind: "request", tags: &["onboarding", "account"], impact: 3, urgency: 3, customer: 6, agent: 1, group: 0,
    },
    Story {
        subject: "网银U盾无法识别",
        text: "财务电脑插入U盾后没有反应，今天要付款。",
        answer: "驱动已更新，U盾可以正常识别，请重新打开网银页面。",
        note: None,
        channel: "email", kind: "incident", tags: &["certificates"], impact: 3, urgency: 1, customer: 7, agent: 4, group: 2,
    },
    Story {
        subject: "Phishing? Mail about an unpaid parcel",
        text: "I got a mail that asks me to pay 2.99 for a parcel. I have not clicked anything. Is it safe to delete?",
        answer: "Thank you for asking: it is a fraud. The sender is blocked now and the mail has been removed from all mailboxes.",
        note: Some("14 mailboxes had it, nobody clicked according to the proxy log."),
        channel: "email", kind: "incident", tags: &["security"], impact: 2, urgency: 2, customer: 0, agent: 1, group: 0,
    },
    Story {
        subject: "视频会议经常掉线",
        text: "在家办公参加视频会议，每隔十分钟左右掉线一次，其他网站正常。",
        answer: "已为您的账号换到就近的接入点，请再试一次，如仍掉线请告诉我们时间点。",
        note: None,
        channel: "email", kind: "incident", tags: &["network", "remote"], impact: 3, urgency: 3, customer: 5, agent: 2, group: 1,
    },
];
