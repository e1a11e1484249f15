use super::{change::*, document::*, *};
use crate::{language::Texts, limits, template::Template};
use proptest::prelude::*;

/// Entries by id and parent.
fn catalog(entries: &[(&str, &str)]) -> Catalog {
    let mut catalog = Catalog::default();
    for (position, (id, parent)) in (0..).zip(entries) {
        let entry = Entry {
            parent: (*parent).to_owned(),
            position,
            ..Entry::new(Texts::new(*id, ""))
        };
        catalog.entries.insert((*id).to_owned(), entry);
    }
    catalog
}

/// Five levels, one entry each, and another root with a child.
fn deep() -> Catalog {
    catalog(&[
        ("a", ""),
        ("b", "a"),
        ("c", "b"),
        ("d", "c"),
        ("e", "d"),
        ("x", ""),
        ("y", "x"),
    ])
}

fn make(id: &str, parent: &str) -> Change {
    Change::Make {
        id: id.to_owned(),
        parent: parent.to_owned(),
        title: Texts::new(id, ""),
    }
}

fn moved(id: &str, parent: &str) -> Change {
    Change::Move {
        id: id.to_owned(),
        parent: parent.to_owned(),
    }
}

fn archive(id: &str) -> Change {
    Change::Archive { id: id.to_owned() }
}

fn restore(id: &str) -> Change {
    Change::Restore { id: id.to_owned() }
}

fn archived(catalog: &Catalog) -> Vec<&str> {
    let all = catalog.entries.iter().filter(|(_, entry)| entry.archived);
    all.map(|(id, _)| id.as_str()).collect()
}

#[test]
fn a_tree_has_five_levels_and_no_sixth() {
    let deep = deep();
    assert_eq!(deep.level("e"), limits::LEVELS_MAX);
    assert_eq!(
        make("f", "e").apply(&deep),
        Err(Refused::Levels("f".to_owned()))
    );
    assert_eq!(make("f", "d").apply(&deep).unwrap().level("f"), 5);
}

#[test]
fn an_entry_moves_with_what_stands_below_it_and_only_where_all_of_it_fits() {
    let deep = deep();
    let after = moved("d", "y").apply(&deep).unwrap();
    assert_eq!(after.path("e"), ["x", "y", "d", "e"]);
    assert_eq!(
        moved("x", "d").apply(&deep),
        Err(Refused::Levels("y".to_owned()))
    );
    assert_eq!(moved("b", "").apply(&deep).unwrap().level("e"), 4);
    assert_eq!(
        moved("y", "x").apply(&deep).unwrap(),
        deep,
        "where it stands already"
    );
}

#[test]
fn an_entry_never_stands_below_itself() {
    for parent in ["a", "b", "e"] {
        assert_eq!(
            moved("a", parent).apply(&deep()),
            Err(Refused::BelowItself("a".to_owned()))
        );
    }
    let child = catalog(&[("z", ""), ("y", "z")]);
    assert_eq!(
        moved("z", "y").apply(&child),
        Err(Refused::BelowItself("z".to_owned()))
    );
    let mut round = catalog(&[("a", "b"), ("b", "a")]);
    assert!(matches!(round.check(), Err(Refused::BelowItself(_))));
    round.settle();
    assert_eq!(
        round.below("a"),
        ["b"],
        "and whoever walks it comes to an end"
    );
}

#[test]
fn places_are_offered_where_moving_is_not_refused_and_nowhere_else() {
    let chains = [
        ("a", ""),
        ("b", "a"),
        ("c", "b"),
        ("d", "c"),
        ("e", "d"),
        ("p", ""),
        ("q", "p"),
        ("r", "q"),
        ("s", "r"),
        ("t", "s"),
        ("x", ""),
        ("y", "x"),
        ("old", ""),
    ];
    let catalog = archive("old").apply(&catalog(&chains)).unwrap();
    for (id, count) in [("a", 0), ("c", 6), ("d", 8), ("e", 10), ("x", 6), ("y", 9)] {
        let places = catalog.places_for(id);
        for other in catalog.entries.keys() {
            let is_there = catalog.entries[id].parent == *other;
            let can_be = moved(id, other).apply(&catalog).is_ok();
            assert_eq!(
                places.contains(&other.as_str()),
                can_be || is_there,
                "{id} below {other}"
            );
        }
        assert_eq!(places.len(), count, "{id}: {places:?}");
    }
}

#[test]
fn what_stands_below_is_archived_along_and_restored_along() {
    let deep = deep();
    let early = archive("d").apply(&deep).unwrap();
    assert_eq!(archived(&early), ["d", "e"]);
    let all = archive("b").apply(&early).unwrap();
    assert_eq!(archived(&all), ["b", "c", "d", "e"]);
    let back = restore("b").apply(&all).unwrap();
    assert_eq!(
        archived(&back),
        ["d", "e"],
        "what was archived before stays archived"
    );
    assert_eq!(
        restore("e").apply(&all),
        Err(Refused::ArchivedParent("e".to_owned()))
    );
    assert_eq!(
        archived(&restore("d").apply(&back).unwrap()),
        Vec::<&str>::new()
    );
    assert_eq!(
        archive("b").apply(&all).unwrap(),
        all,
        "done twice it changes nothing more"
    );
}

#[test]
fn nothing_new_stands_below_what_is_archived() {
    let deep = archive("x").apply(&deep()).unwrap();
    assert_eq!(
        make("z", "y").apply(&deep),
        Err(Refused::ArchivedParent("z".to_owned()))
    );
    assert_eq!(
        moved("e", "x").apply(&deep),
        Err(Refused::ArchivedParent("e".to_owned()))
    );
}

#[test]
fn an_id_is_given_once_and_what_has_children_is_not_deleted() {
    let deep = deep();
    assert_eq!(
        make("a", "").apply(&deep),
        Err(Refused::Taken("a".to_owned()))
    );
    assert!(matches!(make("A", "").apply(&deep), Err(Refused::Id(_))));
    assert!(matches!(
        make("z", "nowhere").apply(&deep),
        Err(Refused::NoParent { .. })
    ));
    let delete = |id: &str| Change::Delete { id: id.to_owned() };
    assert_eq!(
        delete("d").apply(&deep),
        Err(Refused::HasChildren("d".to_owned()))
    );
    let after = delete("e").apply(&deep).unwrap();
    let written = deep.difference(&after);
    assert_eq!((written.len(), &written[0].entry), (1, &None));
    assert_eq!(deep.clone().with(&written), after);
}

#[test]
fn whoever_edits_what_somebody_else_changed_meanwhile_is_told() {
    let deep = deep();
    let ask = |version| Change::Ask {
        id: "a".to_owned(),
        version,
        form: None,
    };
    assert!(ask(0).apply(&deep).is_ok());
    assert_eq!(ask(1).apply(&deep), Err(Refused::Stale("a".to_owned())));
}

#[test]
fn only_what_changed_is_written_with_the_next_version() {
    let deep = deep();
    let after = moved("d", "y").apply(&deep).unwrap();
    let written = deep.difference(&after);
    assert_eq!(written.len(), 1);
    let entry = written[0].entry.as_ref().unwrap();
    assert_eq!((written[0].id.as_str(), entry.version), ("d", 1));
}

#[test]
fn a_new_entry_comes_last_among_its_neighbours() {
    let after = make("z", "").apply(&deep()).unwrap();
    let roots: Vec<_> = after.children("").into_iter().map(|(id, _)| id).collect();
    assert_eq!(roots, ["a", "x", "z"]);
}

#[test]
fn a_catalog_has_so_many_entries_and_bytes_and_one_change_writes_so_many() {
    let wide = |count: usize| {
        let entry = Entry::new(Texts::new("x", ""));
        let entries = (0..count).map(|n| (format!("e{n}"), entry.clone()));
        Catalog {
            entries: entries.collect(),
        }
    };
    assert!(wide(400).check().is_ok());
    assert_eq!(wide(401).check(), Err(Refused::TooManyEntries(401)));
    let import = |count| Change::Import {
        document: wide(count).export(),
    };
    assert!(import(190).apply(&Catalog::default()).is_ok());
    assert_eq!(
        import(191).apply(&Catalog::default()),
        Err(Refused::TooManyChanges(191))
    );
    let mut large = wide(400);
    for entry in large.entries.values_mut() {
        entry.summary = Texts::new("x".repeat(1_000), "字".repeat(1_000));
    }
    assert!(matches!(large.check(), Err(Refused::TooLarge(_))));
}

#[test]
fn a_document_says_its_format_and_has_a_bound() {
    let text = serde_json::to_string(&deep().export()).unwrap();
    assert_eq!(Document::read(&text).unwrap(), deep().export());
    let padded = |bytes: usize| text.clone() + &" ".repeat(bytes - text.len());
    assert!(Document::read(&padded(limits::DOCUMENT_BYTES_MAX)).is_ok());
    for wrong in [
        padded(limits::DOCUMENT_BYTES_MAX + 1),
        text.replace("\"format\":1", "\"format\":2"),
        "[]".to_owned(),
        text.replace("\"position\"", "\"place\""),
    ] {
        assert!(matches!(Document::read(&wrong), Err(Refused::Document(_))));
    }
}

#[test]
fn a_document_waits_in_a_job_however_short_it_was_written() {
    let bare = r#"{"title":{"en":"a"}}"#;
    let entries: Vec<_> = (0..limits::ENTRIES_MAX)
        .map(|n| format!("\"e{n}\":{bare}"))
        .collect();
    let text = format!("{{\"format\":1,\"entries\":{{{}}}}}", entries.join(","));
    let document = Document::read(&text).unwrap();
    let grown = serde_json::to_string(&document).unwrap().len() - text.len();
    assert!(
        limits::DOCUMENT_BYTES_MAX + grown + 100 <= 256 << 10,
        "{grown}"
    );
}

#[test]
fn a_plan_tells_what_is_made_changed_moved_archived_and_restored() {
    let before = archive("x").apply(&deep()).unwrap();
    let mut document = before.export();
    document.entries.insert(
        "new".to_owned(),
        Entry {
            parent: "a".to_owned(),
            ..Entry::new(Texts::new("New", ""))
        },
    );
    document.entries.get_mut("a").unwrap().class = "gold".to_owned();
    document.entries.get_mut("e").unwrap().parent = "b".to_owned();
    document.entries.get_mut("c").unwrap().archived = true;
    document.entries.get_mut("x").unwrap().archived = false;
    document.entries.remove("y");
    let after = Change::Import { document }.apply(&before).unwrap();
    let ids = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let plan = Plan {
        made: ids(&["new"]),
        changed: ids(&["a"]),
        moved: ids(&["e"]),
        archived: ids(&["c", "d"]),
        restored: ids(&["x"]),
    };
    assert_eq!(before.plan(&after), plan);
    assert!(
        after.entries["y"].archived,
        "what is not named stays as it is"
    );
}

/// Changes of all sorts, by what there is.
fn any_change() -> impl Strategy<Value = Change> {
    let id = || "[a-f]|x|y|end-devices|desktop|other";
    prop_oneof![
        (id(), id()).prop_map(|(id, parent)| make(&format!("n-{id}"), &parent)),
        (id(), id()).prop_map(|(id, parent)| moved(&id, &parent)),
        id().prop_map(|id| moved(&id, "")),
        id().prop_map(|id| archive(&id)),
        id().prop_map(|id| restore(&id)),
        id().prop_map(|id| Change::Delete { id }),
        Just(Change::Import {
            document: Template::It.document()
        }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_done_the_catalog_stays_whole_and_importing_its_export_changes_nothing(
        changes in proptest::collection::vec(any_change(), 0..24)
    ) {
        let mut catalog = deep();
        for change in changes {
            if let Ok(after) = change.apply(&catalog) {
                let written = catalog.difference(&after);
                catalog = catalog.clone().with(&written);
            }
            prop_assert_eq!(catalog.check(), Ok(()));
            for (id, entry) in &catalog.entries {
                let parent = catalog.entries.get(&entry.parent);
                prop_assert!(entry.archived || parent.is_none_or(|parent| !parent.archived), "{}", id);
            }
        }
        let text = serde_json::to_string(&catalog.export()).unwrap();
        let again = Change::Import { document: Document::read(&text).unwrap() };
        let after = again.apply(&catalog).unwrap();
        prop_assert!(catalog.plan(&after).is_empty());
        prop_assert!(catalog.difference(&after).is_empty());
        let elsewhere = again.apply(&Catalog::default()).unwrap();
        prop_assert!(elsewhere.plan(&catalog).is_empty());
    }
}
