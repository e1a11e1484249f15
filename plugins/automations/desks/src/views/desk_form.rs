//! A desk as a form: its schema, what it begins with, and what was filled in.

use super::{both, choice, number, or_empty, page::Page, texts_schema, values};
use crate::{
    desk::{Covers, Desk, Strategy},
    language::Texts,
    limits::{ORDER_MAX, SILENT_MINUTES_MAX},
    refusal::Refused,
};
use guichet_sdk::view::{Action, Form, form};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Entries that a form offers by their titles; of more, their ids are written.
const ENTRIES_OFFERED_MAX: usize = 150;

/// The form of a desk, or of a new one.
pub(super) fn form_of(page: &Page, desk: Option<(&str, &Desk)>) -> Form {
    let input = json!({ "id": desk.map_or("", |(id, _)| id), "new": desk.is_none() });
    let action = Action::new("save-desk").input(input).primary();
    let submit = page.viewer.say("Save", "保存");
    let fresh = Desk {
        central: page.desks.central().is_none(),
        ..Desk::new(Texts::default(), "")
    };
    let begun = desk.map_or(&fresh, |(_, desk)| desk);
    form(submit, schema(page, desk.is_none()), action)
        .values(begun_with(begun))
        .shown_when("first", "central", true)
}

fn schema(page: &Page, is_new: bool) -> Value {
    let list = |english: &str, chinese: &str, about: &str, zh_about: &str| {
        json!({
            "type": "array", "items": { "type": "string" }, "title": english, "x-title-zh-CN": chinese,
            "description": about, "x-description-zh-CN": zh_about,
        })
    };
    let tick = |english: &str, chinese: &str, about: &str, zh_about: &str| {
        json!({
            "type": "boolean", "title": english, "x-title-zh-CN": chinese,
            "description": about, "x-description-zh-CN": zh_about,
        })
    };
    let mut entries = list(
        "Catalog entries",
        "目录条目",
        "With everything below them. None: all.",
        "包括其下级；不选表示全部。",
    );
    if (1..=ENTRIES_OFFERED_MAX).contains(&page.entries.len()) {
        let ids: Vec<&String> = page.entries.keys().collect();
        let title = |(id, title): (&String, &Texts)| (id.clone(), both(title));
        let titles: Map<String, Value> = page.entries.iter().map(title).collect();
        entries["items"] = json!({ "type": "string", "enum": ids, "x-enum-titles": titles });
        entries["uniqueItems"] = true.into();
    }
    let strategies = Strategy::ALL.map(|one| (one.name(), one.titles().0, one.titles().1));
    let mut order = number("Order", "顺序", ORDER_MAX);
    order["description"] =
        "Smaller comes first among desks that cover a ticket equally well.".into();
    order["x-description-zh-CN"] = "同样适用时，小者优先。".into();
    let mut silent = number(
        "Minutes of silence",
        "未响应时长（分钟）",
        SILENT_MINUTES_MAX,
    );
    silent["description"] =
        "Business minutes after which a silent assignee loses a ticket; 0: never.".into();
    silent["x-description-zh-CN"] = "处理人在此工作时长内未响应则收回工单；0 表示从不。".into();
    let mut properties = json!({
        "name": texts_schema("Name", "名称"),
        "group": { "type": "string", "x-format": "group", "title": "Group that answers", "x-title-zh-CN": "负责组" },
        "central": tick("Central desk", "中心台", "The last resort. The one before is central no more.", "兜底服务台；原中心台将不再是中心台。"),
        "first": tick("Takes new tickets first", "优先接收新工单", "Other desks take over once it is said what a ticket is about.", "明确工单内容后由其他服务台接手。"),
        "enabled": tick("Switched on", "启用", "What is switched off has no new tickets.", "停用后不再接收新工单。"),
        "entries": entries,
        "channels": list("Channels", "渠道", "Such as chat or mail. None: all.", "如 chat、mail；不填表示全部。"),
        "kinds": list("Kinds of tickets", "工单类型", "Such as incident or conversation. None: all.", "如 incident、conversation；不填表示全部。"),
        "customer-groups": list("Customer groups", "客户组", "Their ids. None: all.", "填写标识；不填表示全部。"),
        "order": order,
        "strategy": choice("Who has a ticket", "工单分派方式", strategies),
        "silent-minutes": silent,
        "calendar": {
            "type": "string", "maxLength": 100, "title": "Business calendar", "x-title-zh-CN": "工作日历",
            "description": "The id of a calendar of service levels. None: round the clock.", "x-description-zh-CN": "服务级别中的日历标识；不填表示全天候。",
        },
    });
    let mut order = vec![
        "name",
        "group",
        "central",
        "first",
        "enabled",
        "entries",
        "channels",
        "kinds",
        "customer-groups",
        "order",
        "strategy",
        "silent-minutes",
        "calendar",
    ];
    if is_new {
        order.insert(1, "id");
        properties["id"] = json!({
            "type": "string", "minLength": 1, "maxLength": 60, "title": "Id", "x-title-zh-CN": "标识",
            "description": "Small letters, digits and dashes, such as front-desk. It never changes.",
            "x-description-zh-CN": "小写字母、数字和连字符，如 front-desk。标识不会更改。",
        });
    }
    json!({ "type": "object", "required": ["group"], "x-order": order, "properties": properties })
}

fn begun_with(desk: &Desk) -> Value {
    json!({
        "name": both(&desk.name), "group": desk.group, "central": desk.central, "first": desk.first, "enabled": desk.enabled,
        "entries": desk.covers.entries, "channels": desk.covers.channels, "kinds": desk.covers.kinds, "customer-groups": desk.covers.customer_groups,
        "order": desk.order, "strategy": desk.strategy, "silent-minutes": desk.silent_minutes, "calendar": desk.calendar,
    })
}

/// What was filled in. What was emptied may be null, or not there.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Filled {
    #[serde(deserialize_with = "or_empty")]
    id: String,
    #[serde(deserialize_with = "or_empty")]
    name: Texts,
    #[serde(deserialize_with = "or_empty")]
    group: String,
    #[serde(deserialize_with = "or_empty")]
    central: bool,
    #[serde(deserialize_with = "or_empty")]
    first: bool,
    #[serde(deserialize_with = "or_empty")]
    enabled: bool,
    #[serde(deserialize_with = "or_empty")]
    entries: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    channels: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    kinds: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    customer_groups: Vec<String>,
    #[serde(deserialize_with = "or_empty")]
    order: u32,
    #[serde(deserialize_with = "or_empty")]
    strategy: Strategy,
    #[serde(deserialize_with = "or_empty")]
    silent_minutes: u32,
    #[serde(deserialize_with = "or_empty")]
    calendar: String,
}

/// The id that was filled in, and the desk. Whether it may be, its check tells.
pub(super) fn read(input: &Value) -> Result<(String, Desk), Refused> {
    let filled = Filled::deserialize(values(input))?;
    let lines = |list: Vec<String>| -> Vec<String> {
        let trimmed = list.into_iter().map(|one| one.trim().to_owned());
        trimmed.filter(|one| !one.is_empty()).collect()
    };
    let desk = Desk {
        name: filled.name,
        group: filled.group,
        covers: Covers {
            entries: lines(filled.entries),
            channels: lines(filled.channels),
            customer_groups: lines(filled.customer_groups),
            kinds: lines(filled.kinds),
        },
        order: filled.order,
        central: filled.central,
        first: filled.first && filled.central,
        enabled: filled.enabled,
        calendar: filled.calendar.trim().to_owned(),
        strategy: filled.strategy,
        silent_minutes: filled.silent_minutes,
    };
    Ok((filled.id.trim().to_owned(), desk))
}
