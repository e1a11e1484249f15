//! What each operator means, by examples; and what holds for all of them, by chance.

use super::*;
use crate::rule::Rules;
use proptest::prelude::*;
use serde_json::json;

fn snapshot(fields: Value, changes: Value) -> Snapshot {
    let pairs = |value: &Value| {
        value
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Vec<_>>()
    };
    Snapshot {
        fields: pairs(&fields).into_iter().collect(),
        changes: pairs(&changes)
            .into_iter()
            .map(|(name, pair)| (name, (pair[0].clone(), pair[1].clone())))
            .collect(),
        is_beginning: false,
    }
}

fn condition(field: &str, operator: &str, value: Value) -> Condition {
    serde_json::from_value(json!({ "field": field, "operator": operator, "value": value })).unwrap()
}

fn rule(all: Value, any: Value) -> Rule {
    let rule = json!({ "name": "a rule", "events": ["ticket.changed"], "all": all, "any": any, "actions": [] });
    let rules: Rules = serde_json::from_value(json!({ "rules": [rule] })).unwrap();
    rules.rules[0].clone()
}

#[test]
fn text_is_found_in_any_case_and_the_finding_is_told() {
    let rule = rule(
        json!([{ "field": "subject", "operator": "contains", "value": "vpn" }]),
        json!([]),
    );
    let found = matches(
        &rule,
        &snapshot(json!({ "subject": "My VPN is down" }), json!({})),
    );
    let wanted = Found {
        field: "subject".into(),
        operator: Operator::Contains,
        wanted: "vpn".into(),
        found: "My VPN is down".into(),
    };
    assert_eq!(found, Some(vec![wanted]));
}

#[test]
fn all_must_hold_and_one_of_any() {
    let has = |text: &str| json!({ "field": "subject", "operator": "contains", "value": text });
    let rule = rule(
        json!([{ "field": "state", "operator": "is", "value": "new" }]),
        json!([has("a"), has("b")]),
    );
    let matched = |state: &str, subject: &str| {
        matches(
            &rule,
            &snapshot(json!({ "state": state, "subject": subject }), json!({})),
        )
        .is_some()
    };
    assert!(matched("new", "b"));
    assert!(!matched("open", "b"));
    assert!(!matched("new", "c"));
}

#[test]
fn a_rule_without_conditions_matches_each_of_its_events() {
    assert_eq!(
        matches(&rule(json!([]), json!([])), &Snapshot::default()),
        Some(Vec::new())
    );
}

#[test]
fn each_operator_means_what_the_table_says() {
    let ticket = snapshot(
        json!({ "priority": 2, "tags": ["VIP", "office"], "kind": "request", "created_at": "2026-11-23T09:00:00Z", "group": null, "a/b/count": "10" }),
        json!({ "state": ["open", "solved"] }),
    );
    let holds = |field: &str, operator: &str, value: Value| {
        holds(&condition(field, operator, value), &ticket)
    };
    assert!(holds("kind", "is", json!(["incident", "Request"])));
    assert!(holds("kind", "is-not", json!("incident")));
    assert!(holds("tags", "is", json!(["office", "vip"])));
    assert!(!holds("tags", "is", json!("vip")));
    assert!(holds("tags", "includes", json!("vip")));
    assert!(holds("tags", "includes-not", json!(["gold", "silver"])));
    assert!(holds("kind", "includes", json!(["request"])));
    assert!(holds("tags", "contains", json!("off")));
    assert!(holds("kind", "starts-with", json!("req")));
    assert!(!holds("kind", "contains", json!("")));
    assert!(holds("priority", "less-than", json!(3)));
    assert!(!holds("priority", "greater-than", json!("2")));
    assert!(holds("a/b/count", "greater-than", json!(9)));
    assert!(holds("created_at", "less-than", json!("2026-11-24")));
    assert!(!holds("group", "less-than", json!(1)));
    assert!(holds("group", "is-empty", json!(null)));
    assert!(holds("tags", "is-not-empty", json!(null)));
    assert!(holds("state", "changed", json!(null)));
    assert!(!holds("kind", "changed", json!(null)));
    assert!(holds("state", "changed-to", json!(["solved", "closed"])));
    assert!(!holds("state", "changed-to", json!("open")));
    assert!(holds("state", "changed-from", json!("open")));
    assert!(holds("state", "is", json!("solved")));
}

#[test]
fn eighty_characters_of_a_finding_are_told_and_no_more() {
    let told = |characters: usize| {
        shortened(&Value::String("漢".repeat(characters)))
            .as_str()
            .unwrap()
            .chars()
            .count()
    };
    assert_eq!(told(SHOWN_CHARACTERS_MAX), SHOWN_CHARACTERS_MAX);
    assert_eq!(told(SHOWN_CHARACTERS_MAX + 1), SHOWN_CHARACTERS_MAX);
    assert!(
        shortened(&Value::String("漢".repeat(SHOWN_CHARACTERS_MAX + 1)))
            .as_str()
            .unwrap()
            .ends_with('…')
    );
}

fn any_value() -> impl Strategy<Value = Value> {
    let scalar = || {
        prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(|b| json!(b)),
            (-3i64..4).prop_map(|n| json!(n)),
            "[aAbB1 ]{0,3}".prop_map(|text| json!(text)),
        ]
    };
    prop_oneof![
        scalar(),
        proptest::collection::vec("[aAbB]{1,2}", 0..3).prop_map(|texts| json!(texts)),
    ]
}

const OPERATORS: [&str; 13] = [
    "is",
    "is-not",
    "less-than",
    "greater-than",
    "includes",
    "includes-not",
    "contains",
    "starts-with",
    "is-empty",
    "is-not-empty",
    "changed",
    "changed-to",
    "changed-from",
];

fn any_condition() -> impl Strategy<Value = Condition> {
    (
        prop::sample::select(vec!["x", "y", "z"]),
        prop::sample::select(OPERATORS.to_vec()),
        any_value(),
    )
        .prop_map(|(field, operator, value)| condition(field, operator, value))
}

fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    (
        any_value(),
        any_value(),
        proptest::option::of((any_value(), any_value())),
        any::<bool>(),
    )
        .prop_map(|(x, y, change, is_beginning)| Snapshot {
            fields: [("x".to_owned(), x), ("y".to_owned(), y)].into(),
            changes: change
                .map(|change| ("x".to_owned(), change))
                .into_iter()
                .collect(),
            is_beginning,
        })
}

fn with(condition: &Condition, operator: Operator) -> Condition {
    Condition {
        operator,
        ..condition.clone()
    }
}

proptest! {
    #[test]
    fn the_forms_with_not_hold_exactly_where_the_others_do_not(condition in any_condition(), snapshot in any_snapshot()) {
        for (one, other) in [
            (Operator::Is, Operator::IsNot),
            (Operator::Includes, Operator::IncludesNot),
            (Operator::IsEmpty, Operator::IsNotEmpty),
        ] {
            prop_assert_ne!(holds(&with(&condition, one), &snapshot), holds(&with(&condition, other), &snapshot));
        }
    }

    #[test]
    fn changed_to_a_value_is_to_have_changed_and_to_be_it(condition in any_condition(), snapshot in any_snapshot()) {
        let holds = |operator| holds(&with(&condition, operator), &snapshot);
        prop_assert_eq!(holds(Operator::ChangedTo), holds(Operator::Changed) && holds(Operator::Is));
    }

    #[test]
    fn nothing_is_less_and_greater_at_once(condition in any_condition(), snapshot in any_snapshot()) {
        let holds = |operator| holds(&with(&condition, operator), &snapshot);
        prop_assert!(!(holds(Operator::LessThan) && holds(Operator::GreaterThan)));
    }

    #[test]
    fn a_text_that_starts_so_contains_it(condition in any_condition(), snapshot in any_snapshot()) {
        let holds = |operator| holds(&with(&condition, operator), &snapshot);
        prop_assert!(!holds(Operator::StartsWith) || holds(Operator::Contains));
    }

    #[test]
    fn a_rule_matches_where_all_hold_and_one_of_any_and_tells_only_what_held(
        all in proptest::collection::vec(any_condition(), 0..4),
        any in proptest::collection::vec(any_condition(), 0..4),
        snapshot in any_snapshot(),
    ) {
        let expected = all.iter().all(|condition| holds(condition, &snapshot))
            && (any.is_empty() || any.iter().any(|condition| holds(condition, &snapshot)));
        let rule = Rule { all: all.clone(), any: any.clone(), ..rule(json!([]), json!([])) };
        let found = matches(&rule, &snapshot);
        prop_assert_eq!(found.is_some(), expected);
        for one in found.into_iter().flatten() {
            let told = Condition { field: one.field, operator: one.operator, value: one.wanted };
            prop_assert!(holds(&told, &snapshot));
        }
    }

    #[test]
    fn the_case_of_what_is_wanted_does_not_matter(condition in any_condition(), snapshot in any_snapshot()) {
        fn raised(value: &Value) -> Value {
            match value {
                Value::String(text) => text.to_uppercase().into(),
                Value::Array(items) => items.iter().map(raised).collect(),
                other => other.clone(),
            }
        }
        let loud = Condition { value: raised(&condition.value), ..condition.clone() };
        prop_assert_eq!(holds(&condition, &snapshot), holds(&loud, &snapshot));
    }
}
