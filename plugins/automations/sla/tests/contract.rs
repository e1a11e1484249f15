//! What is written for people and programs is what the plugin does.
#![cfg(test)]

use guichet_calendar::{Calendar, Clock, Instant, Micros, Terms};
use guichet_sla::{
    kept::Kept, kind::Kind, policy::Policy, progress::Progress, reading::readings, shelf::Shelf,
};
use serde_json::Value;
use std::{collections::BTreeSet, path::Path};

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest() -> Value {
    toml::from_str(&text("plugin.toml")).unwrap()
}

#[test]
fn the_manifest_is_one() {
    guichet_package::Manifest::parse(&text("plugin.toml")).unwrap();
}

#[test]
fn whatever_people_read_is_there_in_both_languages() {
    let manifest = manifest();
    let is_said = |texts: &Value| {
        ["en", "zh-CN"]
            .iter()
            .all(|tag| texts[*tag].as_str().is_some_and(|text| !text.is_empty()))
    };
    assert!(is_said(&manifest["title"]) && is_said(&manifest["summary"]));
    for (list, key) in [
        ("permissions", "reason"),
        ("actions", "title"),
        ("fields", "title"),
        ("views", "title"),
    ] {
        for entry in manifest[list].as_array().unwrap() {
            assert!(is_said(&entry[key]), "{entry}");
        }
    }
}

#[test]
fn the_policy_and_the_calendar_of_the_readme_are_taken() {
    let readme = text("README.md");
    let examples: Vec<&str> = readme
        .split("```json\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    let [policy, calendar] = examples[..] else {
        panic!("{} examples", examples.len());
    };
    let calendar = Calendar::read(calendar).unwrap();
    let policy: Policy = serde_json::from_str(policy).unwrap();
    assert_eq!(policy.complaints(&calendar), []);
}

#[test]
fn the_policies_and_calendars_of_every_scenario_are_taken() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path().join("scenario.toml");
        let scenario: Value = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for record in scenario["given"]["records"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let body = record["body"].clone();
            match record["collection"].as_str() {
                Some("policies") => {
                    let policy: Policy = serde_json::from_value(body).unwrap();
                    assert_eq!(
                        policy.complaints(Calendar::always()),
                        [],
                        "{}",
                        path.display()
                    );
                }
                Some("calendars") => {
                    Calendar::read(&body["calendar"].to_string()).unwrap();
                }
                other => panic!("{}: {other:?}", path.display()),
            }
        }
        count += 1;
    }
    assert!(count >= 12, "{count} scenarios");
}

#[test]
fn the_document_of_the_route_names_what_it_answers() {
    let document: Value = serde_json::from_str(&text("src/openapi.json")).unwrap();
    let schema = &document["components"]["schemas"]["Clock"];
    let terms = Terms::new("gold@1", "always@1", Micros::from_minutes(60));
    let mut clock = Clock::new(terms).unwrap();
    clock.start(Instant::FIRST).unwrap();
    clock.pause(Instant::from_micros(1), "customer").unwrap();
    let mut kept = Kept::new(Progress::new(Instant::FIRST));
    kept.clocks.insert(Kind::Resolution, clock);
    let read = readings(&kept, &Shelf::default(), Instant::from_micros(2));
    let read = serde_json::to_value(&read).unwrap();
    fits(schema, &read[0]);
    let kinds: Vec<Value> = Kind::ALL.iter().map(|kind| kind.name().into()).collect();
    assert_eq!(schema["properties"]["clock"]["enum"], Value::from(kinds));
}

/// Whether an answer has the members that its schema names, and no others, on all levels.
fn fits(schema: &Value, answer: &Value) {
    match answer {
        Value::Object(members) => {
            let there: BTreeSet<_> = members.keys().cloned().collect();
            let named = schema["properties"].as_object().unwrap();
            assert_eq!(there, named.keys().cloned().collect());
            let required = schema["required"].as_array().unwrap().iter();
            let required: BTreeSet<_> = required.filter_map(Value::as_str).collect();
            assert_eq!(there, required.into_iter().map(str::to_owned).collect());
            for (name, member) in members {
                fits(&named[name], member);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fits(&schema["items"], item)),
        _ => {}
    }
}
