//! A policy as a form, and a policy as it is read from one.

use super::{
    calendars::{choices, titles},
    page::Page,
};
use crate::{
    complaint::Complaint,
    kind::Kind,
    limits::{ITEMS_MAX, NAME_CHARS_MAX, PAUSES_MAX, PRIORITY_LAST, TARGETS_MAX, THRESHOLDS_MAX},
    policy::{ALWAYS, DEFAULT, Policy, Target},
    words::{Language, Name},
};
use guichet_sdk::view::{Action, Form, form};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Priorities that have a field of their own.
const PRIORITIES: [&str; PRIORITY_LAST as usize] = ["1", "2", "3", "4"];

/// What the form holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(super) struct Values {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) id: String,
    name_en: String,
    name_zh: String,
    enabled: bool,
    calendar: String,
    who: Vec<String>,
    what: Vec<String>,
    classes: Vec<String>,
    kinds: Vec<String>,
    channels: Vec<String>,
    groups: Vec<String>,
    priorities: Vec<u8>,
    targets: Vec<TargetValues>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct TargetValues {
    clock: Kind,
    default: String,
    p1: String,
    p2: String,
    p3: String,
    p4: String,
    thresholds: Vec<u16>,
    pauses: Vec<String>,
}

impl Default for TargetValues {
    fn default() -> Self {
        Self {
            clock: Kind::Resolution,
            default: String::new(),
            p1: String::new(),
            p2: String::new(),
            p3: String::new(),
            p4: String::new(),
            thresholds: vec![75, 100, 150],
            pauses: Vec::new(),
        }
    }
}

impl Default for Values {
    fn default() -> Self {
        let target = |clock, default: &str| TargetValues {
            clock,
            default: default.to_owned(),
            ..TargetValues::default()
        };
        Self {
            id: String::new(),
            name_en: String::new(),
            name_zh: String::new(),
            enabled: true,
            calendar: ALWAYS.to_owned(),
            who: Vec::new(),
            what: Vec::new(),
            classes: Vec::new(),
            kinds: Vec::new(),
            channels: Vec::new(),
            groups: Vec::new(),
            priorities: Vec::new(),
            targets: vec![
                target(Kind::FirstReply, "4h"),
                target(Kind::Resolution, "24h"),
            ],
        }
    }
}

impl Values {
    pub(super) fn of(policy: &Policy) -> Self {
        let name = |language| policy.name.exactly(language).to_owned();
        Self {
            id: String::new(),
            name_en: name(Language::English),
            name_zh: name(Language::Chinese),
            enabled: policy.enabled,
            calendar: policy.calendar.clone(),
            who: policy.who.clone(),
            what: policy.what.clone(),
            classes: policy.classes.clone(),
            kinds: policy.kinds.clone(),
            channels: policy.channels.clone(),
            groups: policy.groups.clone(),
            priorities: policy.priorities.clone(),
            targets: policy.targets.iter().map(TargetValues::of).collect(),
        }
    }

    /// What is to be saved. Its version and its place are given when it is.
    pub(super) fn policy(self) -> Policy {
        Policy {
            name: Name::of(&self.name_en, &self.name_zh),
            enabled: self.enabled,
            order: 0,
            version: 1,
            calendar: self.calendar,
            who: self.who,
            what: self.what,
            classes: self.classes,
            kinds: self.kinds,
            channels: self.channels,
            groups: self.groups,
            priorities: self.priorities,
            targets: self.targets.into_iter().map(TargetValues::target).collect(),
        }
    }
}

impl TargetValues {
    fn of(target: &Target) -> Self {
        let within = |priority: &str| target.within.get(priority).cloned().unwrap_or_default();
        Self {
            clock: target.clock,
            default: within(DEFAULT),
            p1: within("1"),
            p2: within("2"),
            p3: within("3"),
            p4: within("4"),
            thresholds: target.thresholds.clone(),
            pauses: target.pauses.clone(),
        }
    }

    fn target(self) -> Target {
        let given = [
            (DEFAULT, self.default),
            ("1", self.p1),
            ("2", self.p2),
            ("3", self.p3),
            ("4", self.p4),
        ];
        let within = given
            .into_iter()
            .filter(|(_, text)| !text.trim().is_empty())
            .map(|(priority, text)| (priority.to_owned(), text));
        Target {
            clock: self.clock,
            within: within.collect(),
            thresholds: self.thresholds,
            pauses: self.pauses,
        }
    }
}

/// Where in the form a complaint belongs.
pub(super) fn pointer(complaint: &Complaint) -> String {
    if complaint.wrong.is_of_the_whole() {
        return String::new();
    }
    let pointer = complaint.pointer.as_str();
    if matches!(pointer, "" | "/name") {
        return "/name-en".to_owned();
    }
    match pointer.split_once("/within") {
        None => pointer.to_owned(),
        Some((target, priority)) => match priority.trim_start_matches('/') {
            one if PRIORITIES.contains(&one) => format!("{target}/p{one}"),
            _ => format!("{target}/default"),
        },
    }
}

/// `shown` is the id and the version of what is changed; nothing for a new one.
pub(super) fn build(page: &Page, shown: Option<(&str, u32)>, values: &Values) -> Form {
    let say = |english: &str, chinese: &str| page.say(english, chinese);
    let words = |title: String, description: String| {
        let items = json!({ "type": "string", "minLength": 1 });
        json!({ "type": "array", "title": title, "description": description, "maxItems": ITEMS_MAX, "items": items })
    };
    let all = say("Empty: all.", "留空表示全部。");
    let name =
        |title: String| json!({ "type": "string", "title": title, "maxLength": NAME_CHARS_MAX });
    let calendars = choices(page);
    let ids: Vec<&str> = calendars.iter().map(|(id, _)| id.as_str()).collect();
    let mut properties = json!({
        "name-en": name(say("Name in English", "英文名称")),
        "name-zh": name(say("Name in Chinese", "中文名称")),
        "enabled": { "type": "boolean", "title": say("On", "启用") },
        "calendar": { "type": "string", "title": say("Calendar", "日历"), "enum": ids, "x-enum-titles": titles(&calendars, page.language) },
        "who": words(say("Customer groups", "客户组"), format!("{} {all}", say("Their ids.", "填写标识。"))),
        "what": words(say("Catalog entries", "目录项"), format!("{} {all}", say("Their ids; what stands below them is meant, too.", "填写标识，包含其下级目录。"))),
        "classes": words(say("SLA classes", "服务等级"), all.clone()),
        "kinds": words(say("Kinds of tickets", "工单类型"), format!("{} {all}", say("Such as incident.", "例如 incident。"))),
        "channels": words(say("Channels", "渠道"), format!("{} {all}", say("Such as email.", "例如 email。"))),
        "groups": words(say("Groups of agents", "客服组"), all.clone()),
        "priorities": {
            "type": "array", "title": say("Priorities", "优先级"), "description": all, "maxItems": PRIORITY_LAST,
            "items": { "type": "integer", "minimum": 1, "maximum": PRIORITY_LAST },
        },
        "targets": { "type": "array", "title": say("Targets", "目标"), "minItems": 1, "maxItems": TARGETS_MAX, "items": target(page) },
    });
    properties["groups"]["items"]["x-format"] = json!("group");
    let mut order = vec![
        "name-en",
        "name-zh",
        "enabled",
        "calendar",
        "targets",
        "who",
        "what",
        "classes",
        "kinds",
        "channels",
        "groups",
        "priorities",
    ];
    let mut required = vec!["calendar", "targets"];
    if shown.is_none() {
        properties["id"] = json!({
            "type": "string", "title": say("Id", "标识"), "minLength": 1, "maxLength": 40,
            "description": say("Small letters, digits and dashes, such as gold. It stays.", "小写字母、数字和短横线，例如 gold，之后不可更改。"),
        });
        order.insert(0, "id");
        required.push("id");
    }
    let schema = json!({ "type": "object", "properties": properties, "required": required, "x-order": order });
    let (id, version) = shown.unzip();
    let action = Action::new("policy-save")
        .input(json!({ "id": id, "version": version }))
        .primary();
    form(say("Save", "保存"), schema, action)
        .values(serde_json::to_value(values).unwrap_or_default())
}

fn target(page: &Page) -> Value {
    let say = |english: &str, chinese: &str| page.say(english, chinese);
    let kinds = Kind::ALL.map(|kind| (kind.name().to_owned(), kind.title(page.language)));
    let ids = Kind::ALL.map(Kind::name);
    let within = |title: String| json!({ "type": "string", "title": title, "maxLength": 20 });
    let mut properties = json!({
        "clock": { "type": "string", "title": say("Clock", "时钟"), "enum": ids, "x-enum-titles": titles(&kinds, page.language) },
        "default": {
            "type": "string", "title": say("Within", "时限"), "maxLength": 20,
            "description": say("Business time, such as 30m, 4h, 1d or 1d4h.", "工作时间，例如 30m、4h、1d 或 1d4h。"),
        },
        "thresholds": {
            "type": "array", "title": say("Marks in percent", "阈值（百分比）"), "maxItems": THRESHOLDS_MAX,
            "description": say("100 is always among them.", "始终包含 100。"),
            "items": { "type": "integer", "minimum": 1, "maximum": 1000 },
        },
        "pauses": {
            "type": "array", "title": say("Pauses while waiting for", "等待以下原因时暂停"), "maxItems": PAUSES_MAX,
            "description": say("Pending reasons; * is every wait.", "等待原因；* 表示任何等待。"),
            "items": { "type": "string", "minLength": 1 },
        },
    });
    for priority in PRIORITIES {
        properties[format!("p{priority}")] = within(say(
            &format!("Within, priority {priority}"),
            &format!("时限，优先级 {priority}"),
        ));
    }
    json!({
        "type": "object", "properties": properties, "required": ["clock"],
        "x-order": ["clock", "default", "p1", "p2", "p3", "p4", "thresholds", "pauses"],
    })
}
