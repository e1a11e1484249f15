//! Whether a rule's conditions hold, and what each found.

use crate::rule::{Condition, Rule};
use serde_json::Value;

/// What conditions look at.
pub trait Facts {
    /// A field's present value.
    fn field(&self, name: &str) -> Value;
    /// Whether the event changed it.
    fn changed(&self, name: &str) -> bool;
}

/// A condition that held.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub field: String,
    pub operator: &'static str,
    pub wanted: Value,
    pub found: Value,
}

/// What held, if the rule matches: all of `all`, and one of `any` where there are any.
pub fn matches(rule: &Rule, facts: &impl Facts) -> Option<Vec<Found>> {
    let mut found = Vec::new();
    for condition in &rule.all {
        found.extend(holds(condition, facts)?);
    }
    if !rule.any.is_empty() {
        found.extend(
            rule.any
                .iter()
                .find_map(|condition| holds(condition, facts))?,
        );
    }
    Some(found)
}

fn holds(condition: &Condition, facts: &impl Facts) -> Option<Vec<Found>> {
    let value = facts.field(&condition.field);
    let mut found = Vec::new();
    let mut say = |operator, wanted: Value, holds: bool| {
        let one = Found {
            field: condition.field.clone(),
            operator,
            wanted,
            found: shortened(&value),
        };
        if holds {
            found.push(one);
        }
        holds
    };
    let tests = [
        condition
            .is
            .as_ref()
            .is_none_or(|wanted| say("is", wanted.clone(), same(&value, wanted))),
        condition
            .is_not
            .as_ref()
            .is_none_or(|wanted| say("is not", wanted.clone(), !same(&value, wanted))),
        condition.contains.as_ref().is_none_or(|wanted| {
            say(
                "contains",
                wanted.clone().into(),
                texts(&value)
                    .iter()
                    .any(|text| text.contains(&wanted.to_lowercase())),
            )
        }),
        condition.starts_with.as_ref().is_none_or(|wanted| {
            say(
                "starts with",
                wanted.clone().into(),
                texts(&value)
                    .iter()
                    .any(|text| text.starts_with(&wanted.to_lowercase())),
            )
        }),
        condition.any_of.as_ref().is_none_or(|wanted| {
            say(
                "is one of",
                wanted.clone().into(),
                wanted.iter().any(|wanted| same(&value, wanted)),
            )
        }),
        condition.less_than.is_none_or(|wanted| {
            say(
                "is less than",
                wanted.into(),
                value.as_f64().is_some_and(|number| number < wanted),
            )
        }),
        condition.greater_than.is_none_or(|wanted| {
            say(
                "is greater than",
                wanted.into(),
                value.as_f64().is_some_and(|number| number > wanted),
            )
        }),
        condition.has_tag.as_ref().is_none_or(|wanted| {
            say(
                "has the tag",
                wanted.clone().into(),
                texts(&facts.field("tags")).contains(&wanted.to_lowercase()),
            )
        }),
        condition.changed.is_none_or(|wanted| {
            say(
                "changed",
                wanted.into(),
                facts.changed(&condition.field) == wanted,
            )
        }),
    ];
    // A condition that asks nothing holds for nobody.
    (tests.iter().all(|holds| *holds) && !found.is_empty()).then_some(found)
}

fn same(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => {
            value.to_lowercase() == wanted.to_lowercase()
        }
        _ => value == wanted,
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.to_lowercase()],
        Value::Array(texts) => texts
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_lowercase)
            .collect(),
        _ => Vec::new(),
    }
}

/// Long texts are not repeated in the history.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > 80 => {
            format!("{}…", text.chars().take(79).collect::<String>()).into()
        }
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rules;
    use serde_json::json;

    struct Ticket(Value);

    impl Facts for Ticket {
        fn field(&self, name: &str) -> Value {
            self.0.get(name).cloned().unwrap_or_default()
        }

        fn changed(&self, name: &str) -> bool {
            name == "state"
        }
    }

    fn found(rule: Value, ticket: Value) -> Option<Vec<Found>> {
        let rules: Rules = serde_json::from_value(json!({ "rules": [rule] })).unwrap();
        matches(&rules.rules[0], &Ticket(ticket))
    }

    fn rule(all: Value, any: Value) -> Value {
        json!({ "name": "a rule", "on": ["ticket.created"], "all": all, "any": any, "do": [] })
    }

    #[test]
    fn text_is_found_in_any_case_and_the_finding_is_told() {
        let found = found(
            rule(
                json!([{ "field": "subject", "contains": "vpn" }]),
                json!([]),
            ),
            json!({ "subject": "My VPN is down" }),
        )
        .unwrap();
        assert_eq!(
            found,
            [Found {
                field: "subject".into(),
                operator: "contains",
                wanted: "vpn".into(),
                found: "My VPN is down".into()
            }]
        );
    }

    #[test]
    fn all_must_hold_and_one_of_any() {
        let conditions = rule(
            json!([{ "field": "state", "is": "new" }]),
            json!([{ "field": "subject", "contains": "a" }, { "field": "subject", "contains": "b" }]),
        );
        assert!(
            found(
                conditions.clone(),
                json!({ "state": "new", "subject": "b" })
            )
            .is_some()
        );
        assert!(
            found(
                conditions.clone(),
                json!({ "state": "open", "subject": "b" })
            )
            .is_none()
        );
        assert!(found(conditions, json!({ "state": "new", "subject": "c" })).is_none());
    }

    #[test]
    fn numbers_tags_lists_and_changes_are_compared() {
        let holds = |condition: Value| {
            found(
                rule(json!([condition]), json!([])),
                json!({ "priority": 2, "tags": ["VIP"], "kind": "request" }),
            )
            .is_some()
        };
        assert!(holds(json!({ "field": "priority", "less_than": 3 })));
        assert!(!holds(json!({ "field": "priority", "greater_than": 2 })));
        assert!(holds(json!({ "field": "tags", "has_tag": "vip" })));
        assert!(holds(
            json!({ "field": "kind", "any_of": ["incident", "request"] })
        ));
        assert!(holds(json!({ "field": "state", "changed": true })));
        assert!(!holds(json!({ "field": "subject", "changed": true })));
        assert!(
            !holds(json!({ "field": "priority" })),
            "a condition that asks nothing holds for nobody"
        );
    }

    #[test]
    fn a_slip_of_the_pen_is_told() {
        let error = serde_json::from_value::<Rules>(
            json!({ "rules": [{ "name": "x", "on": [], "do": [{ "asign": {} }] }] }),
        )
        .unwrap_err();
        assert!(error.to_string().contains("asign"), "{error}");
    }
}
