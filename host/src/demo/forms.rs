//! The demo's forms: what an admin would write into the settings of the web form plugin.

use guichet_core::id::GroupId;
use serde_json::{Value, json};

/// The form that the welcome names.
pub(super) const FIRST: &str = "it-help";

fn texts(english: &str, chinese: &str) -> Value {
    json!({ "en": english, "zh-CN": chinese })
}

fn option(value: &str, english: &str, chinese: &str) -> Value {
    json!({ "value": value, "label": texts(english, chinese) })
}

fn is(field: &str, value: Value) -> Value {
    json!([{ "field": field, "operator": "is", "value": value }])
}

/// Two forms: help with something that does not work, and a new computer.
pub(super) fn settings(groups: &[GroupId]) -> Value {
    json!({ "forms": [help(groups[0]), computer(groups[2])] })
}

fn help(group: GroupId) -> Value {
    json!({
        "id": FIRST, "group": group, "kind": "incident", "tags": ["form"], "attachments": 3,
        "title": texts("Something does not work", "电脑或网络出了问题"),
        "intro": texts("Tell us what happens and we will write to you within the hour, on working days.", "请描述遇到的问题，工作日一小时内会有人与您联系。"),
        "thanks": texts("If it gets worse meanwhile, call 5555 0100.", "如情况加重，请拨打 5555 0100。"),
        "fields": [
            {
                "name": "area", "type": "choice", "required": true, "label": texts("What is it about?", "问题类别"),
                "options": [
                    option("account", "Account or password", "账户与密码"), option("network", "Network or VPN", "网络与 VPN"),
                    option("printer", "Printer or scanner", "打印机与扫描仪"), option("software", "A program", "软件"), option("other", "Something else", "其他"),
                ],
            },
            {
                "name": "place", "type": "choice", "label": texts("Where are you?", "您在哪里？"), "show-when": is("area", json!(["network", "printer"])),
                "options": [option("shanghai", "Shanghai office", "上海办公室"), option("home", "At home", "居家办公"), option("travel", "Travelling", "出差中")],
            },
            {
                "name": "device", "type": "text", "required": true, "max-length": 40, "label": texts("Which printer?", "哪台打印机？"),
                "hint": texts("The number on the grey label, such as PR-014.", "灰色标签上的编号，例如 PR-014。"),
                "pattern": "PR-[0-9]{3}", "pattern-hint": texts("Please write it as PR and three digits, such as PR-014.", "请按 PR-014 的格式填写。"),
                "show-when": is("area", json!("printer")),
            },
            { "name": "blocked", "type": "yes-no", "label": texts("I cannot work at all", "完全无法工作") },
            { "name": "phone", "type": "phone", "required": true, "label": texts("Where can we call you?", "联系电话"), "show-when": is("blocked", json!("yes")) },
        ],
    })
}

fn computer(group: GroupId) -> Value {
    json!({
        "id": "new-computer", "group": group, "kind": "request", "urgency": 4, "tags": ["form", "hardware"], "message": "optional",
        "subject": "New computer for {{name}}: {{device}}",
        "title": texts("A new computer", "申请新电脑"),
        "intro": texts("For new colleagues, or where the old one is worn out.", "适用于新同事或旧电脑更换。"),
        "thanks": texts("Your manager is asked first; then it takes about three days.", "将先征得主管同意，之后约需三天。"),
        "fields": [
            {
                "name": "device", "type": "choice", "required": true, "label": texts("Device", "设备"),
                "options": [option("laptop", "Laptop", "笔记本电脑"), option("desktop", "Desktop", "台式机"), option("tablet", "Tablet", "平板电脑")],
            },
            { "name": "screens", "type": "number", "minimum": 0, "maximum": 3, "label": texts("Screens beside it", "外接显示器数量"), "show-when": is("device", json!(["laptop", "desktop"])) },
            {
                "name": "software", "type": "choices", "label": texts("Programs", "所需软件"), "hint": texts("Beside the usual ones.", "常用软件之外。"),
                "options": [option("visio", "Visio", "Visio"), option("cad", "CAD", "CAD"), option("statistics", "Statistics", "统计软件")],
            },
            { "name": "needed-by", "type": "date", "label": texts("Needed by", "需要日期") },
            { "name": "manager-agrees", "type": "yes-no", "required": true, "label": texts("My manager agrees", "主管已同意") },
        ],
    })
}
