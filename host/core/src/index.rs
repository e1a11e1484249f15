//! By what records are found: the values at the JSON Pointers (RFC 6901) that their collection declares, as bytes whose order is the order of the values.
//! The database compares bytes, and so every database keeps the same order.
//!
//! `false` comes before `true`, both before numbers, numbers before texts; texts go by their UTF-8 bytes. Numbers are compared as 64-bit floats. A list is
//! found by each of its elements; nothing, `null` and objects are not found.

use crate::{limits, refusal::Refusal};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// The JSON Pointers that a collection declares.
pub type Indexes = Arc<[String]>;

/// One way to a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexEntry {
    /// The JSON Pointer.
    pub index: String,
    /// The value there, by [`sort_bytes`].
    pub value: Vec<u8>,
}

/// What a write changes about the ways to a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexChange {
    pub gone: Vec<IndexEntry>,
    pub come: Vec<IndexEntry>,
}

impl IndexChange {
    /// From the ways to a record before to those after.
    pub fn between(before: &BTreeSet<IndexEntry>, after: &BTreeSet<IndexEntry>) -> Self {
        Self {
            gone: before.difference(after).cloned().collect(),
            come: after.difference(before).cloned().collect(),
        }
    }
}

/// A scalar as bytes that sort as the values do; absent for anything else.
pub fn sort_bytes(value: &Value) -> Option<Vec<u8>> {
    const BOOLEAN: u8 = 1;
    const NUMBER: u8 = 2;
    const TEXT: u8 = 3;
    match value {
        Value::Bool(yes) => Some(vec![BOOLEAN, u8::from(*yes)]),
        Value::Number(number) => {
            // Minus zero is zero.
            let bits = (number.as_f64()? + 0.0).to_bits();
            // Of two positive floats the greater has the greater bits, of two negative ones the lesser.
            let negative = bits >> 63 == 1;
            let sorted = if negative { !bits } else { bits | 1 << 63 };
            Some([&[NUMBER], &sorted.to_be_bytes()[..]].concat())
        }
        Value::String(text) => Some([&[TEXT], text.as_bytes()].concat()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// All ways to a record with this body. What is beyond the limits is left out: it was written before the index was declared.
pub fn entries(body: &str, indexes: &[String]) -> BTreeSet<IndexEntry> {
    collect(body, indexes, |_| Ok(())).unwrap_or_default()
}

/// The same, of a body that is to be written.
///
/// # Errors
/// [`Refusal::Limit`] where a text is longer than [`limits::INDEXED_TEXT_BYTES_MAX`], or there are more than [`limits::INDEXED_VALUES_MAX`] values;
/// [`Refusal::Invalid`] where the body is no JSON.
pub fn checked_entries(body: &str, indexes: &[String]) -> Result<BTreeSet<IndexEntry>, Refusal> {
    collect(body, indexes, |too_much| Err(Refusal::Limit(too_much)))
}

fn collect(
    body: &str,
    indexes: &[String],
    on_too_much: impl Fn(String) -> Result<(), Refusal>,
) -> Result<BTreeSet<IndexEntry>, Refusal> {
    let mut all = BTreeSet::new();
    if indexes.is_empty() {
        return Ok(all);
    }
    let body: Value = serde_json::from_str(body)
        .map_err(|error| Refusal::Invalid(format!("a record is one JSON text: {error}")))?;
    for index in indexes {
        let values = match body.pointer(index) {
            Some(Value::Array(elements)) => elements.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        for value in values.iter().filter_map(sort_bytes) {
            // The first byte tells the kind.
            let bytes = value.len() - 1;
            if bytes > limits::INDEXED_TEXT_BYTES_MAX {
                on_too_much(format!(
                    "the text at {index} has {bytes} bytes, and records are found by texts of at most {}",
                    limits::INDEXED_TEXT_BYTES_MAX
                ))?;
                continue;
            }
            all.insert(IndexEntry {
                index: index.clone(),
                value,
            });
            if all.len() > limits::INDEXED_VALUES_MAX {
                on_too_much(format!(
                    "at {index} and before it are more than {} values by which the record would be found",
                    limits::INDEXED_VALUES_MAX
                ))?;
                all.pop_last();
                return Ok(all);
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::{IndexChange, checked_entries, entries, sort_bytes};
    use crate::{limits, refusal::Refusal};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn indexes(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_record_is_found_by_the_scalars_at_its_pointers_and_by_each_element_of_a_list() {
        let body = json!({ "group": "net", "days": [1, 2, 2], "open": true, "none": null, "deep": { "a/b": 5 } });
        let pointers = indexes(&[
            "/group",
            "/days",
            "/open",
            "/none",
            "/deep",
            "/deep/a~1b",
            "/missing",
        ]);
        let found = entries(&body.to_string(), &pointers);
        let named: Vec<_> = found.iter().map(|entry| entry.index.as_str()).collect();
        assert_eq!(named, ["/days", "/days", "/deep/a~1b", "/group", "/open"]);
    }

    #[test]
    fn only_what_is_different_comes_and_goes() {
        let pointers = indexes(&["/a", "/b"]);
        let before = entries(r#"{"a":1,"b":"x"}"#, &pointers);
        let after = entries(r#"{"a":2,"b":"x"}"#, &pointers);
        let change = IndexChange::between(&before, &after);
        assert_eq!((change.gone.len(), change.come.len()), (1, 1));
        assert_eq!(change.come[0].value, sort_bytes(&json!(2)).unwrap());
    }

    #[test]
    fn texts_and_values_are_found_up_to_their_limits() {
        let with_text = |bytes: usize| {
            checked_entries(
                &json!({ "a": "x".repeat(bytes) }).to_string(),
                &indexes(&["/a"]),
            )
        };
        assert_eq!(with_text(limits::INDEXED_TEXT_BYTES_MAX).unwrap().len(), 1);
        assert!(matches!(
            with_text(limits::INDEXED_TEXT_BYTES_MAX + 1),
            Err(Refusal::Limit(_))
        ));
        let with_values = |count: usize| {
            let list: Vec<_> = (1..count).collect();
            let body = json!({ "a": list, "b": true }).to_string();
            let pointers = indexes(&["/a", "/b"]);
            let left = entries(&body, &pointers).len();
            (
                checked_entries(&body, &pointers).map(|found| found.len()),
                left,
            )
        };
        let most = limits::INDEXED_VALUES_MAX;
        assert_eq!(with_values(most), (Ok(most), most));
        let (refused, left) = with_values(most + 1);
        assert!(matches!(refused, Err(Refusal::Limit(_))));
        assert_eq!(left, most);
    }

    #[test]
    fn what_was_too_long_already_is_left_out_where_an_index_is_made_anew() {
        let body =
            json!({ "a": ["x".repeat(limits::INDEXED_TEXT_BYTES_MAX + 1), "y"] }).to_string();
        assert_eq!(entries(&body, &indexes(&["/a"])).len(), 1);
    }

    #[test]
    fn kinds_are_in_order_and_minus_zero_is_zero() {
        let values = [
            json!(false),
            json!(true),
            json!(-1e300),
            json!(-1),
            json!(0),
            json!(0.5),
            json!(7),
            json!(""),
            json!("a"),
            json!("ab"),
            json!("é"),
        ];
        let bytes: Vec<_> = values
            .iter()
            .map(|value| sort_bytes(value).unwrap())
            .collect();
        assert!(bytes.is_sorted());
        assert_eq!(sort_bytes(&json!(-0.0)), sort_bytes(&json!(0)));
        assert_eq!(sort_bytes(&Value::Null), None);
    }

    proptest! {
        #[test]
        fn numbers_sort_as_numbers_do(one in -1e12_f64..1e12, other in -1e12_f64..1e12) {
            prop_assert_eq!(sort_bytes(&json!(one)).cmp(&sort_bytes(&json!(other))), one.total_cmp(&other));
        }

        #[test]
        fn texts_sort_as_their_bytes_do(one: String, other: String) {
            prop_assert_eq!(sort_bytes(&json!(one)).cmp(&sort_bytes(&json!(other))), one.as_bytes().cmp(other.as_bytes()));
        }
    }
}
