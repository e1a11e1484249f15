//! `plugin.toml`, of anybody.

use crate::is_told;
use guichet_package::{
    Inspection, Manifest, Points,
    limits::{ENTRIES_OF_A_LIST_MAX, MANIFEST_BYTES_MAX, NAME_BYTES_MAX, TEXT_BYTES_MAX},
    manifest::{self, is_name},
    schema::Schema,
    settings,
};
use jiff::Timestamp;
use std::{collections::BTreeSet, sync::LazyLock};

/// The schema that editors are given.
static SCHEMA: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    jsonschema::validator_for(&manifest::schema()).expect("the published schema is one")
});

/// **Promised** of any text: it is refused with a reason, or taken. What is taken is what its published schema allows, says the same when it is written
/// and read again, keeps every bound, names each thing once, has every ask explained, finds each of its routes by its own path, and has schedules that are
/// due later than now or never.
pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let manifest = match Manifest::parse_for_any_platform(text) {
        Ok(manifest) => manifest,
        Err(refusal) => return is_told(&refusal, text.len()),
    };
    assert!(text.len() <= MANIFEST_BYTES_MAX);
    if let Err(refusal) = Manifest::parse(text) {
        is_told(&refusal, text.len());
        assert!(manifest.check_platform(&manifest::PLATFORM).is_err());
    }
    is_read_again(&manifest);
    is_as_its_schema_says(text);
    is_named(&manifest);
    is_explained(&manifest);
    is_served(&manifest);
    is_due(&manifest);
    has_settings(&manifest);
    is_compared(&manifest);
}

fn is_read_again(manifest: &Manifest) {
    let json = serde_json::to_string(manifest).expect("a manifest is written");
    let again: Manifest = serde_json::from_str(&json).expect("what was written is read");
    assert_eq!(again, *manifest);
}

fn is_as_its_schema_says(text: &str) {
    let file: serde_json::Value = toml::from_str(text).expect("what was taken is TOML");
    if let Err(error) = SCHEMA.validate(&file) {
        panic!("taken, and refused by the schema: {error}");
    }
}

fn is_named(manifest: &Manifest) {
    let (publisher, name) = manifest.id.split_once('/').expect("publisher/name");
    assert!(is_name(publisher) && is_name(name) && publisher == manifest.publisher());
    is_once(
        "permissions",
        manifest.permissions.iter().map(|one| &one.name),
    );
    is_once(
        "collections",
        manifest.collections.iter().map(|one| &one.name),
    );
    is_once("actions", manifest.actions.iter().map(|one| &one.name));
    is_once("reports", manifest.reports.iter().map(|one| &one.name));
    is_once("fields", manifest.fields.iter().map(|one| &one.name));
    for field in manifest.indexed_fields() {
        assert!(field.starts_with(&manifest.id) && field.len() <= 3 * NAME_BYTES_MAX + 2);
    }
}

/// Each of them is a name, and there once.
fn is_once<'a>(what: &str, names: impl Iterator<Item = &'a String>) {
    let mut seen = BTreeSet::new();
    for name in names {
        assert!(is_name(name) && seen.insert(name), "{what}: {name:?}");
    }
    assert!(seen.len() <= ENTRIES_OF_A_LIST_MAX, "{what}");
}

fn is_explained(manifest: &Manifest) {
    assert!(!manifest.title.is_empty());
    let asks: Vec<_> = manifest.asks().collect();
    assert_eq!(
        asks.len(),
        manifest.permissions.len() + manifest.egress.len()
    );
    let mut seen = BTreeSet::new();
    for ask in asks {
        assert!(!ask.reason.is_empty(), "{} has no reason", ask.name);
        for text in ask.reason.values() {
            assert!(!text.trim().is_empty() && text.len() <= TEXT_BYTES_MAX);
        }
        assert!(seen.insert(ask.name.clone()), "{} is asked twice", ask.name);
    }
    for egress in &manifest.egress {
        let written = egress.host.to_string();
        assert_eq!(written.parse::<manifest::Host>().as_ref(), Ok(&egress.host));
    }
}

fn is_served(manifest: &Manifest) {
    for route in &manifest.routes {
        let found = manifest
            .route(&route.path)
            .expect("a route serves its path");
        assert_eq!(found.path, route.path);
        let below = format!("{}/below", route.path.trim_end_matches('/'));
        assert!(manifest.route(&below).is_some(), "{below}");
    }
}

fn is_due(manifest: &Manifest) {
    let now = Timestamp::from_second(1_790_000_000).expect("a second of this century");
    for schedule in &manifest.schedules {
        let next = schedule
            .next_after(now, "Asia/Shanghai")
            .expect("a schedule that was checked");
        assert!(next.is_none_or(|next| next > now), "{schedule:?}: {next:?}");
        assert!(manifest.schedule(&schedule.name).is_some());
    }
}

fn has_settings(manifest: &Manifest) {
    let Some(schema) = &manifest.settings else {
        return;
    };
    let mut names = BTreeSet::new();
    for place in settings::secret_places(schema, &serde_json::json!({})).expect("no lists") {
        assert!(place.pointer.starts_with('/') && names.insert(place.name));
    }
    assert_eq!(settings::misplaced_secret(schema), None);
    let schema = Schema::new(schema).expect("a schema that was checked");
    // Whatever it says of them, it says it.
    for settings in [
        "{}",
        "null",
        r#"{"url": "https://a.example", "count": 1e300}"#,
    ] {
        let settings = serde_json::from_str(settings).expect("JSON");
        for misfit in schema.misfits(&settings) {
            assert!(!misfit.reason.is_empty() && !misfit.masked.is_empty());
        }
    }
}

/// Beside a component that has nothing, and one that has everything.
fn is_compared(manifest: &Manifest) {
    let nothing = Inspection {
        digest: String::new(),
        permissions: BTreeSet::new(),
        points: Points::default(),
    };
    if let Err(refusal) = manifest.check(&nothing) {
        is_told(&refusal, 0);
    }
    assert!(
        manifest
            .unused(&nothing)
            .iter()
            .all(|told| !told.is_empty())
    );
    let everything = Inspection {
        permissions: manifest
            .permissions
            .iter()
            .map(|permission| permission.name.clone())
            .collect(),
        points: Points {
            event_handler: true,
            job_handler: true,
            request_handler: true,
            guard: true,
            channel: true,
            report: true,
            views: true,
        },
        ..nothing
    };
    assert_eq!(manifest.check(&everything), Ok(()));
}
