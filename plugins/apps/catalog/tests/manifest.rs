//! The manifest, the scenarios and the README say what the plugin does.
#![cfg(test)]

use guichet_catalog::catalog::{Catalog, change::Change, document::Document};
use std::path::Path;

fn text(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_manifest_is_taken_and_says_all_in_both_languages() {
    let manifest = guichet_package::Manifest::parse(&text("plugin.toml")).unwrap();
    let permissions = manifest.permissions.iter().map(|one| &one.reason);
    let fields = manifest.fields.iter().map(|one| &one.title);
    let actions = manifest.actions.iter().map(|one| &one.title);
    let views = manifest.views.iter().map(|one| &one.title);
    let own = [&manifest.title, &manifest.summary];
    for texts in own
        .into_iter()
        .chain(permissions)
        .chain(fields)
        .chain(actions)
        .chain(views)
    {
        for language in ["en", "zh-CN"] {
            assert!(
                texts.get(language).is_some_and(|text| !text.is_empty()),
                "{texts:?}"
            );
        }
    }
}

#[test]
fn the_settings_have_a_schema_that_takes_what_the_plugin_reads() {
    let manifest = guichet_package::Manifest::parse(&text("plugin.toml")).unwrap();
    let schema = guichet_package::schema::Schema::new(&manifest.settings.unwrap()).unwrap();
    assert!(
        schema
            .misfits(&serde_json::json!({ "language": "zh-CN" }))
            .is_empty()
    );
    assert!(
        !schema
            .misfits(&serde_json::json!({ "language": "fr" }))
            .is_empty()
    );
}

#[test]
fn the_document_of_the_readme_can_be_imported() {
    let readme = text("README.md");
    let (_, rest) = readme.split_once("```json\n").unwrap();
    let (document, _) = rest.split_once("```").unwrap();
    let document = Document::read(document).unwrap();
    let after = Change::Import { document }
        .apply(&Catalog::default())
        .unwrap();
    assert!(after.entries.values().any(|entry| entry.form.is_some()));
}
