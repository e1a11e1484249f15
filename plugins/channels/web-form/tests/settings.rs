//! The schema of the settings, and the forms that the scenarios and the README write.
#![cfg(test)]

use guichet_web_form::settings::{Kind, Settings};
use serde_json::{Value, json};
use std::path::Path;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn toml(path: &Path) -> Value {
    let text =
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn schema() -> Value {
    toml(&folder().join("plugin.toml"))["settings"].clone()
}

fn is_taken(settings: &Value) -> Result<(), String> {
    let schema =
        guichet_package::schema::Schema::new(&schema()).unwrap_or_else(|error| panic!("{error}"));
    let errors: Vec<_> = schema
        .misfits(settings)
        .into_iter()
        .map(|misfit| format!("{}: {}", misfit.place, misfit.reason))
        .collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors.join("; ")),
    }
}

fn is_read(settings: &Value) {
    assert_eq!(is_taken(settings), Ok(()));
    let read: Settings = serde_json::from_value(settings.clone()).unwrap();
    read.check().unwrap();
}

#[test]
fn the_forms_of_every_scenario_fit_the_schema_and_are_read() {
    let mut count = 0;
    for entry in std::fs::read_dir(folder().join("tests/scenarios")).unwrap() {
        let path = entry.unwrap().path().join("scenario.toml");
        is_read(&toml(&path)["settings"]);
        count += 1;
    }
    assert!(count >= 3, "{count} scenarios");
}

#[test]
fn the_forms_of_the_readme_fit_the_schema_and_are_read() {
    let text = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let example = text
        .split("```json")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    is_read(&serde_json::from_str(example).unwrap());
}

#[test]
fn every_type_and_operator_of_the_schema_is_one_that_is_read() {
    let schema = schema();
    let field =
        &schema["properties"]["forms"]["items"]["properties"]["fields"]["items"]["properties"];
    for kind in field["type"]["enum"].as_array().unwrap() {
        serde_json::from_value::<Kind>(kind.clone()).unwrap();
        assert!(
            field["type"]["x-enum-titles"][kind.as_str().unwrap()]["zh-CN"].is_string(),
            "{kind}"
        );
    }
    let condition = &field["show-when"]["items"]["properties"];
    for operator in condition["operator"]["enum"].as_array().unwrap() {
        for value in [json!("a"), json!(["a", "b"]), json!(3)] {
            is_read(
                &json!({ "forms": [{ "id": "f", "title": { "en": "F" }, "fields": [
                    { "name": "a", "type": "text", "label": { "en": "A" } },
                    { "name": "b", "type": "text", "label": { "en": "B" }, "show-when": [{ "field": "a", "operator": operator, "value": value }] },
                ]}]}),
            );
        }
    }
}

#[test]
fn every_key_of_the_schema_is_one_that_is_read_and_no_other() {
    is_read(&json!({
        "embed-on": ["https://www.example.com", "http://localhost:3000"],
        "guard": { "seconds-min": 0, "per-address-per-hour": 1, "per-network-per-hour": 1 },
        "forms": [{
            "id": "f", "title": { "en": "F", "zh-CN": "表" }, "intro": { "en": "I" }, "thanks": { "zh-CN": "谢" }, "enabled": false, "listed": false,
            "group": "g", "kind": "incident", "impact": 1, "urgency": 4, "tags": ["t"], "subject": "{{a}}", "message": "none", "attachments": 10,
            "fields": [{
                "name": "a", "type": "choice", "label": { "en": "A" }, "hint": { "en": "H" }, "required": true, "options": [{ "value": "x", "label": { "en": "X" } }],
                "min-length": 1, "max-length": 9, "pattern": "x", "pattern-hint": { "en": "x" }, "minimum": 0.5, "maximum": 1, "show-when": [],
            }],
        }],
    }));
    for wrong in [
        json!({ "form": [] }),
        json!({ "embed-on": ["https://a.example/path"] }),
        json!({ "embed-on": ["https://a.example; script-src *"] }),
        json!({ "forms": [{ "id": "Über", "title": { "en": "F" } }] }),
        json!({ "forms": [{ "id": "f", "title": {} }] }),
        json!({ "forms": [{ "id": "f", "title": { "en": "F" }, "fields": [{ "name": "a", "type": "password", "label": { "en": "A" } }] }] }),
        json!({ "guard": { "per-address-per-hour": 0 } }),
    ] {
        assert!(is_taken(&wrong).is_err(), "{wrong}");
    }
}
