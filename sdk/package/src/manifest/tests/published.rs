//! The schema of manifests, as it is published, and manifests of ours.

use super::*;

#[test]
fn the_published_schema_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/plugin.schema.json");
    let fresh = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    #[expect(
        clippy::disallowed_methods,
        reason = "a switch of this test alone, not a setting"
    )]
    if std::env::var("GUICHET_UPDATE").is_ok() {
        std::fs::write(path, &fresh).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == fresh,
        "plugin.schema.json is stale: GUICHET_UPDATE=1 cargo test --package guichet-package published_schema"
    );
}

#[test]
fn the_first_partys_manifests_are_read_and_fit_the_schema() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for path in [
        "plugins/apps/catalog/plugin.toml",
        "plugins/automations/desks/plugin.toml",
        "plugins/automations/sla/plugin.toml",
        "plugins/automations/triggers/plugin.toml",
        "plugins/channels/email/plugin.toml",
        "tests/guests/hostile/plugin.toml",
    ] {
        let text = std::fs::read_to_string(format!("{root}/{path}")).unwrap();
        Manifest::parse(&text).unwrap();
        let value: serde_json::Value = toml::from_str(&text).unwrap();
        assert!(validator.is_valid(&value), "{path}");
    }
    let slip: serde_json::Value =
        toml::from_str(&format!("{SMALL}[[event]]\nkind = \"x\"\n")).unwrap();
    assert!(!validator.is_valid(&slip));
}
