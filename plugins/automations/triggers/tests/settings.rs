//! The schema of the settings, and the rules that the scenarios and the README write.
#![cfg(test)]

use guichet_triggers::{
    rule::{Operator, Rules},
    snapshot::Snapshot,
    template::{FIELDS, fill},
};
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

fn settings_with(condition: Value, action: Value) -> Value {
    json!({ "semantics": 1, "rules": [{ "name": "a rule", "events": ["ticket.created"], "all": [condition], "actions": [action] }] })
}

#[test]
fn the_rules_of_every_scenario_fit_the_schema_and_are_read() {
    let scenarios = folder().join("tests/scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(scenarios).unwrap() {
        let path = entry.unwrap().path().join("scenario.toml");
        let settings = toml(&path)["settings"].clone();
        is_taken(&settings).unwrap_or_else(|errors| panic!("{}: {errors}", path.display()));
        let rules: Rules = serde_json::from_value(settings).unwrap();
        rules.check().unwrap();
        count += 1;
    }
    assert!(count >= 5, "{count} scenarios");
}

#[test]
fn the_rules_of_the_readme_fit_the_schema_and_are_read() {
    let text = std::fs::read_to_string(folder().join("README.md")).unwrap();
    let example = text
        .split("```json")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let settings: Value = serde_json::from_str(example).unwrap();
    assert_eq!(is_taken(&settings), Ok(()));
    serde_json::from_value::<Rules>(settings).unwrap();
}

#[test]
fn every_operator_and_action_of_the_schema_is_one_that_is_read() {
    let schema = schema();
    let rule = &schema["properties"]["rules"]["items"]["properties"];
    let operators = rule["all"]["items"]["properties"]["operator"]["enum"]
        .as_array()
        .unwrap();
    for operator in operators {
        serde_json::from_value::<Operator>(operator.clone()).unwrap();
    }
    let samples = json!({
        "agent": "", "group": "g", "tags": ["t"], "field": "subject", "value": "v", "text": "t", "reason": "r", "hours": 1,
        "plugin": "acme/parcels", "action": "look-up", "input": {}, "impact": 1, "urgency": 4,
    });
    let actions = rule["actions"]["items"]["oneOf"].as_array().unwrap();
    assert_eq!(actions.len(), 12);
    for action in actions {
        let properties = action["properties"].as_object().unwrap().keys();
        let sample: Value = properties
            .map(|name| match name.as_str() {
                "type" => (name.clone(), action["properties"]["type"]["const"].clone()),
                _ => (name.clone(), samples[name].clone()),
            })
            .collect::<serde_json::Map<_, _>>()
            .into();
        let settings = settings_with(
            json!({ "field": "state", "operator": "changed" }),
            sample.clone(),
        );
        assert_eq!(is_taken(&settings), Ok(()), "{sample}");
        let rules: Rules = serde_json::from_value(settings).unwrap();
        assert_eq!(rules.rules[0].actions[0].name(), sample["type"], "{sample}");
    }
}

#[test]
fn what_the_plugin_could_not_read_the_schema_refuses_before() {
    let good = json!({ "type": "solve" });
    let state = json!({ "field": "state", "operator": "is", "value": "new" });
    assert_eq!(
        is_taken(&settings_with(state.clone(), good.clone())),
        Ok(())
    );
    for (condition, action) in [
        (
            json!({ "field": "sate", "operator": "is", "value": "new" }),
            good.clone(),
        ),
        (
            json!({ "field": "state", "operator": "equals" }),
            good.clone(),
        ),
        (json!({ "field": "state" }), good.clone()),
        (state.clone(), json!({ "type": "solve", "now": true })),
        (state.clone(), json!({ "type": "assign-group" })),
        (
            state.clone(),
            json!({ "type": "set-priority", "impact": 4 }),
        ),
        (state.clone(), json!({ "type": "launch" })),
    ] {
        let settings = settings_with(condition, action);
        assert!(is_taken(&settings).is_err(), "{settings}");
    }
    for text in [
        "{{ticket.nubmer}}",
        "{{tikcet.number}}",
        "{{}}",
        "{{ticket.number",
        "{{{ticket.number}}}",
        "words {{event.old.sate}}",
        "{ {{requester.nmae}} }",
        "{{ticket.parcels/count}}",
    ] {
        for action in with_text(text) {
            let settings = settings_with(state.clone(), action);
            assert!(is_taken(&settings).is_err(), "{settings}");
        }
    }
    let mut later = settings_with(state, good);
    later["semantics"] = json!(2);
    assert!(is_taken(&later).is_err());
}

/// Actions with a text that is filled in.
fn with_text(text: &str) -> [Value; 7] {
    [
        json!({ "type": "reply", "text": text }),
        json!({ "type": "note", "text": text }),
        json!({ "type": "wait", "reason": text }),
        json!({ "type": "add-tags", "tags": ["sound", text] }),
        json!({ "type": "remove-tags", "tags": [text] }),
        json!({ "type": "set-field", "field": "subject", "value": text }),
        json!({ "type": "set-field", "field": "acme/parcels/words", "value": [text] }),
    ]
}

#[test]
fn the_schema_takes_every_text_that_can_be_filled_in() {
    let snapshot = Snapshot::default();
    let mut texts: Vec<String> = [
        "words",
        "a\nline, 密码 and { one } brace",
        "\\{{meant}} and \\{ {\\{{meant",
        "back\\slash {\\x {",
        "{{ requester.name }}{{requester.locale}}{{assignee.name}}{{group.name}}{{event.actor}}",
        "{{ticket.acme/parcels/count}} {{event.old.acme/parcels/x-y_z}}",
    ]
    .map(str::to_owned)
    .into();
    for field in FIELDS {
        texts
            .extend(["ticket", "event.old", "event.new"].map(|of| format!("{{{{{of}.{field}}}}}")));
    }
    for text in texts {
        assert!(fill(&text, &snapshot).is_ok(), "{text}");
        for action in with_text(&text) {
            let settings =
                settings_with(json!({ "field": "state", "operator": "changed" }), action);
            assert_eq!(is_taken(&settings), Ok(()), "{text}");
        }
    }
}

#[test]
fn everything_that_people_read_in_the_schema_is_there_in_chinese_too() {
    fn look(value: &Value, place: &str) {
        match value {
            Value::Object(members) => {
                for (english, chinese) in [
                    ("title", "x-title-zh-CN"),
                    ("description", "x-description-zh-CN"),
                ] {
                    if members.get(english).is_some_and(Value::is_string) {
                        assert!(members.contains_key(chinese), "{place} lacks {chinese}");
                    }
                }
                if let (Some(Value::Array(choices)), Some(titles)) =
                    (members.get("enum"), members.get("x-enum-titles"))
                {
                    for choice in choices {
                        let title = &titles[choice.as_str().unwrap()];
                        assert!(
                            title["en"].is_string() && title["zh-CN"].is_string(),
                            "{place}: {choice}"
                        );
                    }
                }
                for (name, inner) in members {
                    look(inner, &format!("{place}/{name}"));
                }
            }
            Value::Array(items) => items.iter().for_each(|inner| look(inner, place)),
            _ => {}
        }
    }
    look(&schema(), "");
}
