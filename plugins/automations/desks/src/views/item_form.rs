//! An item of the menu as a form: its schema, what it begins with, and what was filled in.

use super::{both, choice, number, or_empty, page::Page, texts_schema, values};
use crate::{language::Texts, limits::POSITION_MAX, menu::Item, refusal::Refused};
use guichet_sdk::view::{Action, Form, form};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// Entries and items that a form offers by their titles; of more, their ids are written.
const OFFERED_MAX: usize = 120;

/// The form of an item, or of a new one below `parent`.
pub(super) fn form_of(page: &Page, parent: &str, item: Option<(&str, &Item)>) -> Form {
    let key = item.map_or("", |(key, _)| key);
    let action = Action::new("save-item")
        .input(json!({ "key": key }))
        .primary();
    let fresh = Item {
        parent: parent.to_owned(),
        ..Item::default()
    };
    let begun = item.map_or(&fresh, |(_, item)| item);
    let values = json!({
        "code": begun.code, "title": both(&begun.title), "parent": begun.parent, "entry": begun.entry,
        "desk": begun.desk, "group": begun.group, "position": begun.position,
    });
    form(page.viewer.say("Save", "保存"), schema(page), action).values(values)
}

fn schema(page: &Page) -> Value {
    let top = ("", "the top", "顶层");
    let items = page.menu.0.iter();
    let titles: Vec<(String, String, String)> = items
        .filter(|(_, item)| !item.is_leaf())
        .map(|(key, item)| {
            let title = |language| format!("{key} · {}", item.title.of(language));
            use crate::language::Language::{Chinese, English};
            (key.clone(), title(English), title(Chinese))
        })
        .collect();
    let parent = match titles.len() <= OFFERED_MAX {
        true => {
            let items = titles
                .iter()
                .map(|(key, en, zh)| (key.as_str(), en.as_str(), zh.as_str()));
            choice("Below", "上级", [top].into_iter().chain(items))
        }
        false => {
            json!({ "type": "string", "title": "Below (key)", "x-title-zh-CN": "上级（标识）" })
        }
    };
    let desks = page.desks.0.iter();
    let desks = desks.map(|(id, desk)| {
        (
            id.as_str(),
            desk.name.of(crate::language::Language::English),
            desk.name.of(crate::language::Language::Chinese),
        )
    });
    let mut entry = json!({
        "type": "string", "title": "Catalog entry", "x-title-zh-CN": "目录条目",
        "description": "What a request becomes. None where this is a menu of its own.", "x-description-zh-CN": "请求归入的条目；如为子菜单请留空。",
    });
    if (1..=OFFERED_MAX).contains(&page.entries.len()) {
        let none = [(String::new(), json!({ "en": "none", "zh-CN": "无" }))];
        let titles = page
            .entries
            .iter()
            .map(|(id, title)| (id.clone(), both(title)));
        let titles: Map<String, Value> = none.into_iter().chain(titles).collect();
        entry["enum"] = titles.keys().cloned().collect::<Vec<_>>().into();
        entry["x-enum-titles"] = Value::Object(titles);
    }
    let mut position = number("Place", "位置", POSITION_MAX);
    position["description"] =
        "Among its neighbours: smaller comes first, then the smaller code.".into();
    position["x-description-zh-CN"] = "在同级中的顺序：小者在前，相同时按编号。".into();
    json!({
        "type": "object", "required": ["code", "title"],
        "x-order": ["code", "title", "parent", "entry", "desk", "group", "position"],
        "properties": {
            "code": {
                "type": "string", "minLength": 1, "maxLength": 4, "title": "Code", "x-title-zh-CN": "编号",
                "description": "1 to 4 digits, such as 1 or 100.", "x-description-zh-CN": "1 到 4 位数字，如 1 或 100。",
            },
            "title": texts_schema("Title", "名称"),
            "parent": parent,
            "entry": entry,
            "desk": choice("Desk, whatever the entry says", "指定服务台", [("", "none", "无")].into_iter().chain(desks)),
            "group": { "type": "string", "x-format": "group", "title": "Group, whatever the entry says", "x-title-zh-CN": "指定负责组" },
            "position": position,
        },
    })
}

/// What was filled in. What was emptied may be null, or not there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filled {
    #[serde(deserialize_with = "or_empty")]
    code: String,
    #[serde(deserialize_with = "or_empty")]
    title: Texts,
    #[serde(deserialize_with = "or_empty")]
    parent: String,
    #[serde(deserialize_with = "or_empty")]
    entry: String,
    #[serde(deserialize_with = "or_empty")]
    desk: String,
    #[serde(deserialize_with = "or_empty")]
    group: String,
    #[serde(deserialize_with = "or_empty")]
    position: u32,
}

/// The item. Whether it may be, the menu's check tells.
pub(super) fn read(input: &Value) -> Result<Item, Refused> {
    let filled = Filled::deserialize(values(input))?;
    Ok(Item {
        code: filled.code.trim().to_owned(),
        title: filled.title,
        parent: filled.parent.trim().to_owned(),
        entry: filled.entry.trim().to_owned(),
        group: filled.group,
        desk: filled.desk,
        position: filled.position,
    })
}
