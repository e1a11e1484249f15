//! When a question is asked: conditions on answers before it. The page's script says the same for convenience; what counts is said here.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A condition on another field's answer.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Condition {
    /// A field that comes before.
    pub field: String,
    pub operator: Operator,
    /// A list means any of these.
    #[serde(default)]
    pub value: Values,
}

/// How answer and value are compared. What was not answered, or not asked, is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operator {
    /// The answer is one of the values; of several choices, one is.
    Is,
    IsNot,
    IsEmpty,
    IsNotEmpty,
    /// Numbers only.
    GreaterThan,
    LessThan,
}

/// One value or some, as texts: `yes` and `no` for a box to be ticked.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Values {
    One(String),
    Some(Vec<String>),
    Number(f64),
    #[default]
    None,
}

/// Answers so far by field: of what is shown, as texts.
pub type Given<'a> = BTreeMap<&'a str, Vec<String>>;

impl Values {
    /// As texts.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::One(text) => vec![text.clone()],
            Self::Some(texts) => texts.clone(),
            Self::Number(number) => vec![number.to_string()],
            Self::None => Vec::new(),
        }
    }
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, answers: &Given<'_>) -> bool {
        let given = answers
            .get(self.field.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let wanted = self.value.texts();
        let is_one = || given.iter().any(|answer| wanted.contains(answer));
        let number = |text: &String| text.trim().parse::<f64>().ok();
        let compared = |holds: fn(f64, f64) -> bool| match (
            given.first().and_then(number),
            wanted.first().and_then(number),
        ) {
            (Some(answer), Some(bound)) => holds(answer, bound),
            _ => false,
        };
        match self.operator {
            Operator::Is => is_one(),
            Operator::IsNot => !is_one(),
            Operator::IsEmpty => given.is_empty(),
            Operator::IsNotEmpty => !given.is_empty(),
            Operator::GreaterThan => compared(|answer, bound| answer > bound),
            Operator::LessThan => compared(|answer, bound| answer < bound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn holds(condition: serde_json::Value, answers: &[(&'static str, &[&str])]) -> bool {
        let given: Given<'_> = answers
            .iter()
            .map(|(field, values)| (*field, values.iter().map(|v| (*v).to_owned()).collect()))
            .collect();
        serde_json::from_value::<Condition>(condition)
            .unwrap()
            .holds(&given)
    }

    #[test]
    fn each_operator_holds_where_it_should_and_nowhere_else() {
        let is = json!({ "field": "device", "operator": "is", "value": ["laptop", "phone"] });
        assert!(holds(is.clone(), &[("device", &["phone"])]));
        assert!(!holds(is.clone(), &[("device", &["printer"])]));
        assert!(!holds(is, &[]));
        let is_not = json!({ "field": "device", "operator": "is-not", "value": "phone" });
        assert!(holds(is_not.clone(), &[]), "nothing is not a phone");
        assert!(!holds(is_not, &[("device", &["laptop", "phone"])]));
        let empty = json!({ "field": "device", "operator": "is-empty" });
        assert!(holds(empty.clone(), &[]));
        assert!(!holds(empty, &[("device", &["x"])]));
        let filled = json!({ "field": "device", "operator": "is-not-empty" });
        assert!(holds(filled, &[("device", &["x"])]));
        let more = json!({ "field": "seats", "operator": "greater-than", "value": 10 });
        assert!(holds(more.clone(), &[("seats", &["10.5"])]));
        assert!(!holds(more.clone(), &[("seats", &["10"])]));
        assert!(!holds(more.clone(), &[("seats", &["many"])]));
        assert!(!holds(more, &[]));
        let less = json!({ "field": "seats", "operator": "less-than", "value": "3" });
        assert!(holds(less, &[("seats", &["2"])]));
    }
}
