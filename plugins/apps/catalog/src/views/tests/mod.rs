//! What is shown is drawn by the console, in both languages, and offers what its viewer may do.

mod editor;

use super::{entry::Known, sidebar::Said, *};
use crate::{
    catalog::{Catalog, change::Change, document::Plan},
    entry::{Article, Entry},
    language::Texts,
    limits,
    template::Template,
};
use guichet_sdk::view::View;
use serde_json::json;

const ALL: [(Language, bool); 4] = [
    (Language::English, true),
    (Language::English, false),
    (Language::Chinese, true),
    (Language::Chinese, false),
];

fn viewers() -> impl Iterator<Item = Viewer> {
    ALL.into_iter()
        .map(|(language, is_admin)| Viewer { language, is_admin })
}

const ADMIN: Viewer = Viewer {
    language: Language::English,
    is_admin: true,
};

fn it() -> Catalog {
    let document = Template::It.document();
    let change = Change::Import { document };
    let before = Catalog::default();
    let after = change.apply(&before).unwrap();
    let written = before.difference(&after);
    before.with(&written)
}

fn form() -> Form {
    let form = json!({
        "schema": { "type": "object", "required": ["reason"], "properties": {
            "reason": { "type": "string", "title": "Reason", "x-title-zh-CN": "原因" },
            "system": { "type": "string", "title": "System", "enum": ["erp", "crm"] },
        } },
        "shown": [{ "field": "system", "when": [{ "field": "reason", "operator": "is", "value": "work" }] }],
    });
    serde_json::from_value(form).unwrap()
}

fn json_of(view: &View) -> String {
    view.check().unwrap();
    serde_json::to_string(view).unwrap()
}

fn page(viewer: Viewer, catalog: &Catalog, id: &str, uses: u64) -> String {
    let known = Known {
        catalog,
        id,
        uses,
        group: "Network".to_owned(),
        approval: "nobody".to_owned(),
    };
    json_of(&entry::view(viewer, &known, "about").unwrap())
}

#[test]
fn the_tree_shows_archived_entries_only_where_they_are_asked_for() {
    let catalog = Change::Archive {
        id: "cloud".to_owned(),
    }
    .apply(&it())
    .unwrap();
    for viewer in viewers() {
        let without = json_of(&tree::view(viewer, &catalog, false));
        let with = json_of(&tree::view(viewer, &catalog, true));
        let mark = format!(
            "\"badge\":{{\"text\":\"{}\"",
            viewer.say("archived", "已归档")
        );
        assert!(!without.contains("file-sharing") && with.contains("file-sharing"));
        assert_eq!(with.matches(&mark).count(), 3);
        assert_eq!(without.contains("\"make\""), viewer.is_admin);
    }
}

#[test]
fn an_empty_catalog_offers_admins_two_trees_and_tells_others_who_fills_it() {
    for viewer in viewers() {
        let shown = json_of(&tree::view(viewer, &Catalog::default(), false));
        assert_eq!(shown.contains("e-commerce"), viewer.is_admin, "{shown}");
    }
}

#[test]
fn only_admins_are_offered_what_changes_an_entry() {
    let mut catalog = it();
    let desktop = catalog.entries.get_mut("desktop").unwrap();
    desktop.form = Some(form());
    desktop.articles = vec![
        Article {
            title: "How to".to_owned(),
            link: "https://kb.example/1".to_owned(),
            ..Article::default()
        },
        Article {
            title: "More".to_owned(),
            article: "kb-2".to_owned(),
            ..Article::default()
        },
    ];
    for viewer in viewers() {
        let shown = page(viewer, &catalog, "desktop", 3);
        for action in ["edit", "archive", "move", "make", "field"] {
            assert_eq!(
                shown.contains(&format!("\"action\":\"{action}\"")),
                viewer.is_admin,
                "{action}"
            );
        }
        assert!(shown.contains("\"action\":\"preview\"") && shown.contains("kb.example"));
        assert!(
            !shown.contains("\"delete\""),
            "tickets name it, and something stands below"
        );
    }
}

#[test]
fn an_unused_leaf_can_be_deleted_and_an_archived_one_restored() {
    let catalog = it();
    assert!(page(ADMIN, &catalog, "desktop", 0).contains("\"archive\""));
    assert!(!page(ADMIN, &catalog, "desktop", 0).contains("\"delete\""));
    assert!(page(ADMIN, &catalog, "inspection", 0).contains("\"delete\""));
    assert!(!page(ADMIN, &catalog, "inspection", 1).contains("\"delete\""));
    let archived = Change::Archive {
        id: "inspection".to_owned(),
    }
    .apply(&catalog)
    .unwrap();
    let shown = page(ADMIN, &archived, "inspection", 1);
    assert!(shown.contains("\"restore\"") && !shown.contains("\"action\":\"archive\""));
}

#[test]
fn an_entry_at_the_last_level_is_offered_no_entries_below_it() {
    let mut catalog = it();
    let leaf = Entry {
        parent: "reset".to_owned(),
        ..Entry::new(Texts::new("Leaf", ""))
    };
    catalog.entries.insert("leaf".to_owned(), leaf);
    assert_eq!(catalog.level("leaf"), limits::LEVELS_MAX);
    assert!(!page(ADMIN, &catalog, "leaf", 0).contains("\"make\""));
}

#[test]
fn the_edit_form_gives_back_what_it_began_with() {
    let mut entry = it().entries["desktop"].clone();
    entry.kind = "order".to_owned();
    entry.group = "0198c0de-0000-7000-8000-00000000002a".to_owned();
    entry.approval = serde_json::from_value(json!({ "by": "group", "id": "g" })).unwrap();
    entry.articles = vec![Article {
        title: "More".to_owned(),
        article: "kb-2".to_owned(),
        ..Article::default()
    }];
    let form = edit::form_of(ADMIN, "desktop", &entry);
    json_of(&View::new("x").block(form.clone()));
    let mut catalog = Catalog::default();
    entry.parent.clear();
    catalog.entries.insert("desktop".to_owned(), entry.clone());
    let change = Change::Edit {
        id: "desktop".to_owned(),
        version: entry.version,
        edit: Box::new(edit::read(&form.values).unwrap()),
    };
    assert_eq!(change.apply(&catalog).unwrap(), catalog);
}

#[test]
fn what_was_emptied_in_the_edit_form_is_empty() {
    let read = edit::read(&json!({ "title": { "en": "A" }, "group": null, "class": null, "kind": "request", "impact": 1, "urgency": 2, "approval": "none", "approval-group": "g" })).unwrap();
    assert_eq!(
        (read.group.as_str(), read.class.as_str(), read.approval),
        ("", "", None)
    );
    assert!(edit::read(&json!({ "impact": "high" })).is_err());
}

#[test]
fn what_an_import_would_do_is_shown_before_it_is_done() {
    let plan = Plan {
        made: vec!["a".to_owned()],
        ..Plan::default()
    };
    for viewer in viewers() {
        let catalog = it();
        json_of(&exchange::view(viewer, &catalog, None));
        let shown = json_of(&exchange::view(viewer, &catalog, Some(("{}", &plan))));
        assert!(shown.contains("\"action\":\"import\""));
        let nothing = json_of(&exchange::view(
            viewer,
            &catalog,
            Some(("{}", &Plan::default())),
        ));
        assert!(!nothing.contains("\"action\":\"import\""));
    }
}

#[test]
fn a_catalog_that_is_too_long_to_be_shown_says_where_it_is() {
    let small = Catalog {
        entries: [("a".to_owned(), Entry::new(Texts::new("A", "")))].into(),
    };
    assert!(!json_of(&exchange::view(ADMIN, &small, None)).contains("/export"));
    assert!(
        json_of(&exchange::view(ADMIN, &it(), None)).contains("\\\"end-devices\\\""),
        "a template fits"
    );
    let mut large = it();
    large.entries.get_mut("cloud").unwrap().summary =
        Texts::new("x".repeat(1_000), "x".repeat(1_000));
    large.entries.get_mut("assets").unwrap().summary =
        Texts::new("x".repeat(1_000), "x".repeat(1_000));
    assert!(json_of(&exchange::view(ADMIN, &large, None)).contains("/export"));
}

#[test]
fn the_sidebar_tells_entry_and_answers_and_what_is_not_asked_any_more_by_its_name() {
    let mut catalog = it();
    catalog.entries.get_mut("elevation").unwrap().form = Some(form());
    let said = Said {
        entry: "elevation".to_owned(),
        title: "elevation".to_owned(),
        class: "gold".to_owned(),
        answers: json!({ "reason": "work", "old": 7 })
            .as_object()
            .unwrap()
            .clone(),
    };
    for viewer in viewers() {
        let shown = json_of(&sidebar::shown(viewer, &catalog, &said));
        let path = viewer.say(
            "business › accounts and passwords › accounts › elevation",
            "业务 › 账户密码 › 账户相关 › 提权",
        );
        for part in [
            path,
            viewer.say("\"Reason\"", "\"原因\""),
            "\"old\"",
            "\"gold\"",
            "\"classify\"",
            "\"answer\"",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        let none = json_of(&sidebar::shown(viewer, &catalog, &Said::default()));
        assert!(none.contains("\"classify\"") && !none.contains("\"answer\""));
        let gone = Said {
            entry: "gone".to_owned(),
            ..said.clone()
        };
        assert!(
            json_of(&sidebar::shown(viewer, &Catalog::default(), &gone)).contains("\"elevation\"")
        );
    }
}

#[test]
fn an_archived_entry_s_form_is_shown_and_not_filled_in_again() {
    let mut catalog = it();
    catalog.entries.get_mut("elevation").unwrap().form = Some(form());
    let catalog = Change::Archive {
        id: "elevation".to_owned(),
    }
    .apply(&catalog)
    .unwrap();
    let said = Said {
        entry: "elevation".to_owned(),
        ..Said::default()
    };
    let shown = json_of(&sidebar::shown(ADMIN, &catalog, &said));
    assert!(shown.contains("\"archived\"") && !shown.contains("\"answer\""));
}

#[test]
fn the_largest_catalog_can_be_shown() {
    let title = |n: usize| Texts::new(format!("{n:03}{}", "字".repeat(97)), "");
    let mut catalog = Catalog::default();
    for n in 0..limits::ENTRIES_MAX {
        let parent = match n {
            0 => String::new(),
            n => format!("e{:0>59}", (n - 1) / 8),
        };
        let entry = Entry {
            parent,
            form: (n == 0).then(form),
            ..Entry::new(title(n))
        };
        catalog.entries.insert(format!("e{n:0>59}"), entry);
    }
    catalog.check().unwrap();
    let root = format!("e{:0>59}", 0);
    json_of(&tree::view(ADMIN, &catalog, true));
    page(ADMIN, &catalog, &root, 1);
    page(ADMIN, &catalog, &format!("e{:0>59}", 399), 1);
    let said = Said {
        entry: root,
        ..Said::default()
    };
    json_of(&sidebar::shown(ADMIN, &catalog, &said));
}

#[test]
fn a_notice_is_as_long_as_a_notice_may_be() {
    problem(&"字".repeat(TITLE_CHARS_MAX)).check().unwrap();
    problem(&"字".repeat(TITLE_CHARS_MAX + 1)).check().unwrap();
    assert_eq!(short("abc", 3), "abc");
    assert_eq!(short("abcd", 3), "ab…");
}

#[test]
fn what_is_pasted_can_be_shown_again_up_to_its_bound() {
    let around = json!({ "document": "" }).to_string().len();
    let pasted = |bytes: usize| "x".repeat(bytes - around);
    assert!(!page::is_too_long(&pasted(limits::PASTED_BYTES_MAX)));
    assert!(page::is_too_long(&pasted(limits::PASTED_BYTES_MAX + 1)));
    let plan = Plan {
        made: vec!["a".to_owned()],
        ..Plan::default()
    };
    let longest = "\"".repeat((limits::PASTED_BYTES_MAX - around) / 2);
    assert!(!page::is_too_long(&longest));
    json_of(&exchange::view(ADMIN, &it(), Some((&longest, &plan))));
}
