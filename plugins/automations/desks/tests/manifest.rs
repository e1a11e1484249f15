//! The manifest and the README say what the plugin does.
#![cfg(test)]

use guichet_desks::{
    desk::{Desk, all::Desks},
    menu::{Item, Menu},
    ticket::reason::Reason,
};
use std::{collections::BTreeMap, path::Path};

fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn manifest() -> guichet_package::Manifest {
    guichet_package::Manifest::parse(&text("plugin.toml")).unwrap()
}

#[test]
fn the_manifest_is_taken_and_says_all_in_both_languages() {
    let manifest = manifest();
    let permissions = manifest.permissions.iter().map(|one| &one.reason);
    let shared = manifest.shared.iter().map(|one| &one.reason);
    let fields = manifest.fields.iter().map(|one| &one.title);
    let values = manifest.fields.iter().flat_map(|one| &one.values);
    let actions = manifest.actions.iter().map(|one| &one.title);
    let views = manifest.views.iter().map(|one| &one.title);
    let own = [&manifest.title, &manifest.summary].into_iter();
    let told = own.chain(permissions).chain(shared).chain(fields);
    for texts in told
        .chain(values.map(|one| &one.title))
        .chain(actions)
        .chain(views)
    {
        for language in ["en", "zh-CN"] {
            let is_said = texts.get(language).is_some_and(|text| !text.is_empty());
            assert!(is_said, "{texts:?}");
        }
    }
}

#[test]
fn each_reason_is_declared_with_its_title_and_no_other_is() {
    let manifest = manifest();
    let field = manifest.fields.iter().find(|field| field.name == "reason");
    let declared = field.unwrap().values.iter().map(|one| one.value.as_str());
    let known = Reason::ALL.map(Reason::name);
    assert_eq!(declared.collect::<Vec<_>>(), known);
}

#[test]
fn the_menu_is_published_and_found_by_parent_and_code() {
    let manifest = manifest();
    let menu = manifest.collections.iter().find(|one| one.name == "menu");
    let menu = menu.unwrap();
    assert_eq!(menu.publish.as_deref(), Some("navigation-menu"));
    assert_eq!(menu.indexes, ["/parent", "/code"]);
}

#[test]
fn the_settings_have_a_schema_that_takes_what_the_plugin_reads() {
    let schema = guichet_package::schema::Schema::new(&manifest().settings.unwrap()).unwrap();
    let misfits = |language: &str| schema.misfits(&serde_json::json!({ "language": language }));
    assert!(misfits("zh-CN").is_empty() && !misfits("fr").is_empty());
}

/// The JSON texts of the README, in their order.
fn examples() -> Vec<String> {
    let readme = text("README.md");
    let parts = readme.split("```json\n").skip(1);
    let examples = parts.filter_map(|part| part.split_once("```"));
    examples.map(|(json, _)| json.to_owned()).collect()
}

#[test]
fn the_desks_and_the_menu_of_the_readme_are_as_they_must_be() {
    let [desks, menu] = <[String; 2]>::try_from(examples()).unwrap();
    let desks: BTreeMap<String, Desk> = serde_json::from_str(&desks).unwrap();
    assert_eq!(desks.len(), 2);
    assert_eq!(Desks(desks).check(), Ok(()));
    let menu: BTreeMap<String, Item> = serde_json::from_str(&menu).unwrap();
    assert_eq!(menu.len(), 3);
    assert_eq!(Menu(menu).check(), Ok(()));
}
