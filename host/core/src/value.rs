//! Typed values of named fields. The same eight shapes cross the WIT, the API and the log.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a field holds. In the log, plain JSON where JSON can tell the shape, `{"at": µs}`, `{"number": x}` or `{"json": …}` where it cannot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    #[default]
    None,
    Boolean(bool),
    Integer(i64),
    Text(String),
    Texts(Vec<String>),
    Instant {
        at: Timestamp,
    },
    Number {
        number: f64,
    },
    Json {
        json: serde_json::Value,
    },
}

impl Value {
    /// The text of an optional name, or nothing.
    pub fn text_or_none(text: Option<impl ToString>) -> Self {
        text.map_or(Self::None, |text| Self::Text(text.to_string()))
    }

    /// The instant, or nothing.
    pub fn instant_or_none(at: Option<Timestamp>) -> Self {
        at.map_or(Self::None, |at| Self::Instant { at })
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if it is one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(*integer),
            _ => None,
        }
    }

    /// The instant, if it is one.
    pub fn as_instant(&self) -> Option<Timestamp> {
        match self {
            Self::Instant { at } => Some(*at),
            _ => None,
        }
    }
}

/// A named value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    pub value: Value,
}

/// One field's step from one value to another: complete, so that any past state can be folded from the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub name: String,
    #[serde(default, skip_serializing_if = "is_none")]
    pub old: Value,
    #[serde(default, skip_serializing_if = "is_none")]
    pub new: Value,
}

fn is_none(value: &Value) -> bool {
    *value == Value::None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::None),
            any::<bool>().prop_map(Value::Boolean),
            any::<i64>().prop_map(Value::Integer),
            ".*".prop_map(Value::Text),
            proptest::collection::vec(".*", 0..4).prop_map(Value::Texts),
            any::<i64>().prop_map(|at| Value::Instant { at: Timestamp(at) }),
            (-1e300f64..1e300).prop_map(|number| Value::Number { number }),
            any::<i64>().prop_map(|n| Value::Json {
                json: serde_json::json!({ "n": [n] })
            }),
        ]
    }

    proptest! {
        #[test]
        fn a_value_survives_the_log(value in any_value()) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
