//! What permissions mean, in plain words, and how much weight they have. The contract's names say it to developers; an admin who chooses a plugin is none.

use super::words::Words;
use guichet_package::manifest::{Ask, RECORDS_SHARED, SHARED};

/// How much weight a permission has. Shown as a word, never as a colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Risk {
    Low,
    Medium,
    High,
}

impl Risk {
    pub(super) fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Low => words.risk_low,
            Self::Medium => words.risk_medium,
            Self::High => words.risk_high,
        }
    }

    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Low => "risk low",
            Self::Medium => "risk medium",
            Self::High => "risk high",
        }
    }
}

struct Meaning {
    name: &'static str,
    risk: Risk,
    english: &'static str,
    chinese: &'static str,
    /// Whether it lets a plugin read what people wrote or who they are.
    is_reading: bool,
}

const MEANINGS: [Meaning; 15] = [
    Meaning {
        name: "tickets-read",
        risk: Risk::Medium,
        english: "Reads tickets and what was said on them, internal notes too.",
        chinese: "读取工单及其中的往来内容，包括内部备注。",
        is_reading: true,
    },
    Meaning {
        name: "tickets-write",
        risk: Risk::Medium,
        english: "Changes, closes and merges tickets, and writes messages that customers may receive.",
        chinese: "修改、关闭和合并工单，并撰写客户可能收到的消息。",
        is_reading: false,
    },
    Meaning {
        name: "intake",
        risk: Risk::High,
        english: "Brings in tickets and messages in other people’s names, as a channel does.",
        chinese: "以他人名义提交工单和消息（渠道类插件需要）。",
        is_reading: false,
    },
    Meaning {
        name: "customers-read",
        risk: Risk::Medium,
        english: "Reads who your customers are: names, groups, mail addresses and other identities.",
        chinese: "读取客户信息：姓名、分组、邮箱及其他身份标识。",
        is_reading: true,
    },
    Meaning {
        name: "customers-write",
        risk: Risk::Medium,
        english: "Creates and changes customers.",
        chinese: "创建和修改客户。",
        is_reading: false,
    },
    Meaning {
        name: "directory-read",
        risk: Risk::Low,
        english: "Reads names, mail addresses and roles of your agents, and their groups.",
        chinese: "读取坐席的姓名、邮箱、角色及其小组。",
        is_reading: true,
    },
    Meaning {
        name: "events-read",
        risk: Risk::Medium,
        english: "Reads the log of what happened, the past too.",
        chinese: "读取事件日志，包括历史事件。",
        is_reading: true,
    },
    Meaning {
        name: "events-emit",
        risk: Risk::Medium,
        english: "Sends events of its own, and asks other plugins to act.",
        chinese: "发出自己的事件，并请求其他插件执行动作。",
        is_reading: false,
    },
    Meaning {
        name: "records",
        risk: Risk::Low,
        english: "Keeps records of its own, which other plugins see only where you allow it.",
        chinese: "保存自己的数据；只有经您允许，其他插件才能查看。",
        is_reading: false,
    },
    Meaning {
        name: RECORDS_SHARED,
        risk: Risk::Medium,
        english: "Reads records that another plugin keeps and offers to others.",
        chinese: "读取其他插件保存并对外提供的数据。",
        is_reading: true,
    },
    Meaning {
        name: "files",
        risk: Risk::Medium,
        english: "Keeps files, and reads attachments of what it can read.",
        chinese: "保存文件，并读取其可访问内容中的附件。",
        is_reading: true,
    },
    Meaning {
        name: "jobs",
        risk: Risk::Low,
        english: "Works later or by the clock.",
        chinese: "延迟或定时执行任务。",
        is_reading: false,
    },
    Meaning {
        name: "http",
        risk: Risk::High,
        english: "Calls hosts outside.",
        chinese: "访问外部主机。",
        is_reading: false,
    },
    Meaning {
        name: "net",
        risk: Risk::High,
        english: "Talks to servers outside by connections of its own.",
        chinese: "通过自己的连接访问外部服务器。",
        is_reading: false,
    },
    Meaning {
        name: "secrets",
        risk: Risk::High,
        english: "Sees its secret settings, such as passwords, in clear.",
        chinese: "以明文读取其机密设置（如密码）。",
        is_reading: false,
    },
];

/// A permission as it is shown.
pub(super) struct Shown<'a> {
    pub(super) ask: &'a Ask,
    /// As the contract or the manifest spells it, without `http:` or `net:`.
    pub(super) name: &'a str,
    pub(super) risk: Risk,
    pub(super) meaning: &'static str,
}

/// What a version asks for, the weightiest first.
pub(super) struct Asked<'a> {
    pub(super) interfaces: Vec<Shown<'a>>,
    pub(super) hosts: Vec<Shown<'a>>,
    /// Whether it reads what is in a desk, and can send it elsewhere.
    pub(super) may_leave: bool,
}

impl<'a> Asked<'a> {
    pub(super) fn of(asks: &'a [Ask], words: &'static Words, is_chinese: bool) -> Self {
        let (mut interfaces, mut hosts, mut reads) = (Vec::new(), Vec::new(), false);
        for ask in asks {
            let http = ask.name.strip_prefix("http:");
            if let Some(host) = http.or_else(|| ask.name.strip_prefix("net:")) {
                hosts.push(host_shown(ask, host, words));
                continue;
            }
            let interface = match ask.name.strip_prefix(SHARED) {
                Some(_) => RECORDS_SHARED,
                None => &ask.name,
            };
            let known = MEANINGS.iter().find(|meaning| meaning.name == interface);
            reads |= known.is_none_or(|meaning| meaning.is_reading);
            let told = |meaning: &Meaning| match is_chinese {
                true => meaning.chinese,
                false => meaning.english,
            };
            interfaces.push(Shown {
                ask,
                name: &ask.name,
                // What is not known is not waved through.
                risk: known.map_or(Risk::High, |meaning| meaning.risk),
                meaning: known.map_or(words.permission_unknown, told),
            });
        }
        let may_leave = reads && !hosts.is_empty();
        for list in [&mut interfaces, &mut hosts] {
            list.sort_by_key(|shown| std::cmp::Reverse(shown.risk));
        }
        Self {
            interfaces,
            hosts,
            may_leave,
        }
    }

    /// The weight of the weightiest.
    pub(super) fn risk(&self) -> Risk {
        let highest = self
            .interfaces
            .iter()
            .chain(&self.hosts)
            .map(|shown| shown.risk)
            .max();
        highest.unwrap_or(Risk::Low)
    }
}

fn host_shown<'a>(ask: &'a Ask, host: &'a str, words: &'static Words) -> Shown<'a> {
    let (risk, meaning) = match host {
        _ if host.starts_with("*.") => (Risk::High, words.host_below),
        _ if host.starts_with('{') => (Risk::Medium, words.host_setting),
        _ => (Risk::Medium, words.host_exact),
    };
    Shown {
        ask,
        name: host,
        risk,
        meaning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::words::{CHINESE, ENGLISH};
    use guichet_package::{component::GRANTED, manifest::Texts};

    fn ask(name: &str) -> Ask {
        Ask {
            name: name.to_owned(),
            reason: Texts::new(),
            optional: false,
        }
    }

    #[test]
    fn every_permission_of_the_contract_is_told_in_plain_words() {
        for name in GRANTED {
            let meaning = MEANINGS.iter().find(|meaning| meaning.name == name);
            let meaning = meaning.unwrap_or_else(|| panic!("{name} has no words"));
            assert!(meaning.chinese.chars().any(|c| c > '\u{4e00}'), "{name}");
        }
        assert_eq!(MEANINGS.len(), GRANTED.len());
    }

    #[test]
    fn the_weightiest_come_first_and_what_may_leave_is_told() {
        let asks = ["records", "tickets-read", "intake", "http:api.example.com"].map(ask);
        let asked = Asked::of(&asks, &ENGLISH, false);
        let names: Vec<_> = asked.interfaces.iter().map(|shown| shown.name).collect();
        assert_eq!(names, ["intake", "tickets-read", "records"]);
        assert!(asked.may_leave);
        assert_eq!(asked.risk(), Risk::High);
        let mails = ["tickets-read", "net:mail.example.com:993"].map(ask);
        assert!(Asked::of(&mails, &ENGLISH, false).may_leave);
        let shared = ["shared:business-calendar", "http:a.example"].map(ask);
        let asked = Asked::of(&shared, &ENGLISH, false);
        assert!(asked.may_leave, "what others keep is read");
        assert_eq!(asked.interfaces[0].name, "shared:business-calendar");
        assert!(asked.interfaces[0].meaning.contains("another plugin keeps"));
        let own = ["records", "http:*.example.com"].map(ask);
        let asked = Asked::of(&own, &CHINESE, true);
        assert!(!asked.may_leave, "what it keeps itself is its own");
        assert_eq!(asked.hosts[0].risk, Risk::High);
    }

    #[test]
    fn a_permission_that_nobody_knows_is_not_waved_through() {
        let asks = [ask("everything"), ask("http:a.example")];
        let asked = Asked::of(&asks, &ENGLISH, false);
        assert_eq!(asked.risk(), Risk::High);
        assert!(asked.may_leave);
        assert_eq!(asked.interfaces[0].meaning, ENGLISH.permission_unknown);
    }
}
