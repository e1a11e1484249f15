//! Whether a rule's conditions hold, and what each found.
//!
//! | operator | holds where |
//! |---|---|
//! | `is` | the field is one of the values; a list field has exactly these items |
//! | `includes` | a list field has one of the values, any other is one of them |
//! | `contains`, `starts-with` | one of the texts stands in the field, or in one of its items |
//! | `less-than`, `greater-than` | numbers by size, dates by time; a field without a value is neither |
//! | `is-empty` | nothing, an empty text, or an empty list |
//! | `changed` | the event changed the field; on a new ticket nothing changed |
//! | `changed-to`, `changed-from` | and the new, or the old, value `is` one of these |
//!
//! The forms with `not` hold exactly where the others do not.

use crate::{
    compare::{is_empty, order, same, texts, wishes},
    limits::SHOWN_CHARACTERS_MAX,
    rule::{Condition, Operator, Rule},
    snapshot::Snapshot,
};
use serde_json::Value;
use std::cmp::Ordering;

/// A condition that held.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub field: String,
    pub operator: Operator,
    pub wanted: Value,
    pub found: Value,
}

/// What held, if the rule matches: all of `all`, and one of `any` where there are any. A rule without conditions matches each of its events.
pub fn matches(rule: &Rule, snapshot: &Snapshot) -> Option<Vec<Found>> {
    let found = |condition: &Condition| Found {
        field: condition.field.clone(),
        operator: condition.operator,
        wanted: condition.value.clone(),
        found: shortened(snapshot.field(&condition.field)),
    };
    if !rule.all.iter().all(|condition| holds(condition, snapshot)) {
        return None;
    }
    let mut held: Vec<_> = rule.all.iter().map(found).collect();
    if !rule.any.is_empty() {
        let one = rule
            .any
            .iter()
            .find(|condition| holds(condition, snapshot))?;
        held.push(found(one));
    }
    Some(held)
}

/// Whether one condition holds.
pub fn holds(condition: &Condition, snapshot: &Snapshot) -> bool {
    let value = snapshot.field(&condition.field);
    let wanted = &condition.value;
    let change = || snapshot.change(&condition.field);
    match condition.operator {
        Operator::Is => is(value, wanted),
        Operator::IsNot => !is(value, wanted),
        Operator::LessThan => order(value, wanted) == Some(Ordering::Less),
        Operator::GreaterThan => order(value, wanted) == Some(Ordering::Greater),
        Operator::Includes => includes(value, wanted),
        Operator::IncludesNot => !includes(value, wanted),
        Operator::Contains => any_text(value, wanted, |text, wish| text.contains(wish)),
        Operator::StartsWith => any_text(value, wanted, |text, wish| text.starts_with(wish)),
        Operator::IsEmpty => is_empty(value),
        Operator::IsNotEmpty => !is_empty(value),
        Operator::Changed => change().is_some(),
        Operator::ChangedTo => change().is_some_and(|(_, new)| is(new, wanted)),
        Operator::ChangedFrom => change().is_some_and(|(old, _)| is(old, wanted)),
    }
}

fn is(value: &Value, wanted: &Value) -> bool {
    match value {
        Value::Array(_) => same(value, &Value::Array(wishes(wanted).to_vec())),
        _ => wishes(wanted).iter().any(|wish| same(value, wish)),
    }
}

fn includes(value: &Value, wanted: &Value) -> bool {
    wishes(value)
        .iter()
        .any(|item| wishes(wanted).iter().any(|wish| same(item, wish)))
}

/// A text that asks nothing stands nowhere.
fn any_text(value: &Value, wanted: &Value, holds: impl Fn(&str, &str) -> bool) -> bool {
    let wishes = texts(wanted);
    texts(value).iter().any(|text| {
        wishes
            .iter()
            .any(|wish| !wish.is_empty() && holds(text, wish))
    })
}

/// Long texts are not repeated in the history.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > SHOWN_CHARACTERS_MAX => format!(
            "{}…",
            text.chars()
                .take(SHOWN_CHARACTERS_MAX - 1)
                .collect::<String>()
        )
        .into(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests;
