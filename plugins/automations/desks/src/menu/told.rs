//! The menu as programs read it, in one language.

use super::Menu;
use crate::language::Language;
use serde_json::{Value, json};

/// What stands at the top, with all that stands below.
pub fn told(menu: &Menu, language: Language) -> Value {
    json!({ "language": language, "items": below(menu, "", language) })
}

fn below(menu: &Menu, parent: &str, language: Language) -> Vec<Value> {
    let children = menu.below(parent).into_iter();
    children
        .map(|(key, item)| {
            json!({
                "key": key,
                "code": item.code,
                "title": item.title.of(language),
                "entry": item.entry,
                "group": item.group,
                "desk": item.desk,
                "items": below(menu, key, language),
            })
        })
        .collect()
}
