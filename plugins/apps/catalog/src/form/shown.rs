//! Which fields are shown: the same as the console's form goes by. What is not shown is empty for the conditions of others.

use guichet_sdk::view::{Condition, Operator, Shown};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The names of the fields that are not shown while these are the answers.
pub fn hidden<'a>(shown: &'a [Shown], answers: &Map<String, Value>) -> BTreeSet<&'a str> {
    let mut gone = BTreeSet::new();
    // One that depends on another that is not shown is not shown either, in whatever order they stand: none comes back, so this ends.
    loop {
        let before = gone.len();
        for one in shown {
            if !one
                .when
                .iter()
                .all(|condition| holds(condition, answers, &gone))
            {
                gone.insert(one.field.as_str());
            }
        }
        if gone.len() == before {
            return gone;
        }
    }
}

/// Whether it holds where these are not shown.
fn holds(condition: &Condition, answers: &Map<String, Value>, gone: &BTreeSet<&str>) -> bool {
    let given = answers
        .get(&condition.field)
        .filter(|_| !gone.contains(condition.field.as_str()))
        .unwrap_or(&Value::Null);
    let is_one = || {
        let wanted = one_or_all(&condition.value);
        (one_or_all(given).iter()).any(|one| wanted.iter().any(|wanted| same(one, wanted)))
    };
    let compared = |holds: fn(&f64, &f64) -> bool| match (given.as_f64(), number(&condition.value))
    {
        (Some(given), Some(bound)) => holds(&given, &bound),
        _ => false,
    };
    match condition.operator {
        Operator::Is => is_one(),
        Operator::IsNot => !is_one(),
        Operator::IsEmpty => is_empty(given),
        Operator::IsNotEmpty => !is_empty(given),
        Operator::GreaterThan => compared(f64::gt),
        Operator::LessThan => compared(f64::lt),
    }
}

/// Whether nothing is said by it; a tick that is not set says nothing.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    }
}

fn one_or_all(value: &Value) -> &[Value] {
    match value {
        Value::Array(all) => all,
        one => std::slice::from_ref(one),
    }
}

/// 1 and 1.0 are one number.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        other => other.as_f64(),
    }
}
