//! The manifest's schema of settings and the settings' own type tell the same.
#![cfg(test)]

use guichet_email::{limits::OUTGOING_FILES_BYTES_MAX, settings::Settings};

fn manifest() -> toml::Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("plugin.toml");
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_schema_s_defaults_are_the_plugin_s() {
    let manifest = manifest();
    let properties = &manifest["settings"]["properties"];
    let ours = Settings::default();
    let integer = |group: &str, name: &str| {
        properties[group]["properties"][name]["default"]
            .as_integer()
            .unwrap()
            .unsigned_abs()
    };
    for (name, wanted) in [
        ("window_minutes", ours.rates.window_minutes),
        ("answers_per_sender", ours.rates.answers_per_sender),
        ("answers_per_subject", ours.rates.answers_per_subject),
        ("answers_per_domain", ours.rates.answers_per_domain),
        ("answers_per_mailbox", ours.rates.answers_per_mailbox),
        ("mails_per_sender", ours.rates.mails_per_sender),
        ("mails_per_body", ours.rates.mails_per_body),
    ] {
        assert_eq!(integer("rates", name), wanted, "{name}");
    }
    assert_eq!(
        properties["acknowledgement"]["properties"]["text_zh"]["default"].as_str(),
        Some(ours.acknowledgement.text_zh.as_str())
    );
    assert_eq!(
        properties["acknowledgement"]["properties"]["text_en"]["default"].as_str(),
        Some(ours.acknowledgement.text_en.as_str())
    );
    assert_eq!(
        properties["copied_people_max"]["default"].as_integer(),
        i64::try_from(ours.copied_people_max).ok()
    );
    assert_eq!(
        properties["copy_people_in"]["default"].as_bool(),
        Some(ours.copy_people_in)
    );
    let channels: Vec<_> = properties["answered_channels"]["default"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(channels, ours.answered_channels);
}

#[test]
fn a_mail_carries_as_many_bytes_of_files_as_the_manifest_says() {
    let manifest = manifest();
    assert_eq!(
        manifest["channel"]["files-bytes-max"].as_integer(),
        i64::try_from(OUTGOING_FILES_BYTES_MAX).ok()
    );
}

#[test]
fn every_setting_has_its_title_in_two_languages() {
    fn titled(place: &str, schema: &toml::Value) {
        for (name, property) in schema
            .get("properties")
            .and_then(|all| all.as_table())
            .into_iter()
            .flatten()
        {
            let place = format!("{place}.{name}");
            for key in ["title", "x-title-zh-CN"] {
                assert!(
                    property
                        .get(key)
                        .and_then(|title| title.as_str())
                        .is_some_and(|title| !title.is_empty()),
                    "{place}: {key}"
                );
            }
            assert_eq!(
                property.get("description").is_some(),
                property.get("x-description-zh-CN").is_some(),
                "{place}"
            );
            titled(&place, property);
            if let Some(items) = property.get("items") {
                titled(&place, items);
            }
        }
    }
    titled("settings", &manifest()["settings"]);
}
