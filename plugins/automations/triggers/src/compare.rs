//! Two values side by side: text without regard to case, numbers by their size, also where they are written as text.

use serde_json::Value;
use std::cmp::Ordering;

/// Whether they are the same.
pub fn same(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::String(value), Value::String(wanted)) => fold(value) == fold(wanted),
        (Value::Array(value), Value::Array(wanted)) => {
            let all_in = |one: &[Value], other: &[Value]| {
                one.iter()
                    .all(|item| other.iter().any(|there| same(item, there)))
            };
            all_in(value, wanted) && all_in(wanted, value)
        }
        (Value::Bool(value), Value::String(text)) | (Value::String(text), Value::Bool(value)) => {
            text == if *value { "true" } else { "false" }
        }
        (Value::Null, Value::String(text)) | (Value::String(text), Value::Null) => text.is_empty(),
        _ => match (number(value), number(wanted)) {
            (Some(value), Some(wanted)) => value == wanted,
            _ => value == wanted,
        },
    }
}

/// Which comes first: numbers by size, texts (and so instants) by their letters. Nothing, lists and truths have no order.
pub fn order(value: &Value, wanted: &Value) -> Option<Ordering> {
    match (number(value), number(wanted)) {
        (Some(value), Some(wanted)) => value.partial_cmp(&wanted),
        _ => Some(fold(value.as_str()?).cmp(&fold(wanted.as_str()?))),
    }
}

/// Its texts, without regard to case: one, or a list's.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![fold(text)],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Nothing, an empty text, or an empty list.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// What is wanted, one by one: a list means any of its items.
pub fn wishes(wanted: &Value) -> &[Value] {
    match wanted {
        Value::Array(items) => items,
        one => std::slice::from_ref(one),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn case_and_the_writing_of_numbers_do_not_matter() {
        assert!(same(&json!("VPN"), &json!("vpn ")));
        assert!(same(&json!(2), &json!("2")));
        assert!(same(&json!(2), &json!(2.0)));
        assert!(same(&json!(true), &json!("true")));
        assert!(same(&json!(null), &json!("")));
        assert!(!same(&json!(null), &json!(0)));
        assert!(!same(&json!("a"), &json!(["a"])));
    }

    #[test]
    fn lists_are_the_same_whatever_their_order() {
        assert!(same(&json!(["a", "B"]), &json!(["b", "a"])));
        assert!(!same(&json!(["a"]), &json!(["a", "b"])));
    }

    #[test]
    fn numbers_are_ordered_by_size_and_instants_by_time() {
        assert_eq!(order(&json!(9), &json!("10")), Some(Ordering::Less));
        assert_eq!(
            order(&json!("2026-11-23T09:00:00Z"), &json!("2026-11-24")),
            Some(Ordering::Less)
        );
        assert_eq!(order(&json!(null), &json!(1)), None);
        assert_eq!(order(&json!(true), &json!(1)), None);
    }
}
