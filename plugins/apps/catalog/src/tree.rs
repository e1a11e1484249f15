//! The tree as programs read it: portals, chats, forms.

use crate::{catalog::Catalog, entry::Entry, language::Language};
use serde_json::{Value, json};

/// What stands at the top, with all that stands below; archived entries where they are asked for.
pub fn told(catalog: &Catalog, language: Language, with_archived: bool) -> Value {
    json!({ "language": language, "entries": below(catalog, "", language, with_archived) })
}

fn below(catalog: &Catalog, parent: &str, language: Language, with_archived: bool) -> Vec<Value> {
    let children = catalog.children(parent).into_iter();
    children
        .filter(|(_, entry)| with_archived || !entry.archived)
        .map(|(id, entry)| {
            let mut node = node(id, entry, language);
            node["entries"] = below(catalog, id, language, with_archived).into();
            node
        })
        .collect()
}

fn node(id: &str, entry: &Entry, language: Language) -> Value {
    json!({
        "id": id,
        "title": entry.title(language),
        "summary": entry.summary.of(language),
        "archived": entry.archived,
        "kind": entry.kind,
        "group": entry.group,
        "impact": entry.impact,
        "urgency": entry.urgency,
        "class": entry.class,
        "approval": entry.approval,
        "articles": entry.articles,
        "form": entry.form,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Texts;

    #[test]
    fn neighbours_come_in_their_order_and_archived_ones_where_they_are_asked_for() {
        let mut catalog = Catalog::default();
        let mut add = |id: &str, parent: &str, position: u32, archived: bool| {
            let entry = Entry {
                parent: parent.to_owned(),
                position,
                archived,
                ..Entry::new(Texts::new(id, format!("{id} 中")))
            };
            catalog.entries.insert(id.to_owned(), entry);
        };
        add("a", "", 20, false);
        add("b", "", 10, false);
        add("old", "", 0, true);
        add("c", "a", 0, false);
        let told_in = |with_archived| told(&catalog, Language::Chinese, with_archived);
        let ids = |told: &Value| {
            let all = told["entries"].as_array().unwrap().iter();
            all.map(|one| one["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&told_in(false)), ["b", "a"]);
        assert_eq!(ids(&told_in(true)), ["old", "b", "a"]);
        assert_eq!(told_in(false)["entries"][1]["entries"][0]["title"], "c 中");
    }
}
