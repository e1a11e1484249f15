//! Records: what an effect writes of them.

use crate::{
    changeset::RecordKey, index::Indexes, limits, overlay::Overlay, refusal::Refusal,
    ticket::work::Stamp,
};

impl Overlay {
    pub(super) fn put_checked_record(
        &mut self,
        key: &RecordKey,
        body: Option<&String>,
        if_version: Option<u64>,
        indexes: &Indexes,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        if let Some(text) = body {
            if text.len() > limits::RECORD_BYTES_MAX {
                return Err(Refusal::Limit(format!(
                    "a record has at most {} bytes",
                    limits::RECORD_BYTES_MAX
                )));
            }
            if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
                return Err(Refusal::Invalid(format!(
                    "a record is one JSON text: {error}"
                )));
            }
        }
        self.put_record(key.clone(), body.cloned(), if_version, indexes, stamp.at)
            .map(drop)
    }
}

/// The document with the amount added at the pointer.
pub(super) fn added(body: Option<&str>, pointer: &str, amount: f64) -> Result<String, Refusal> {
    let wrong = |what: &str| Refusal::Invalid(format!("the JSON Pointer `{pointer}` {what}"));
    let mut document: serde_json::Value = match body {
        Some(body) => serde_json::from_str(body)
            .map_err(|error| Refusal::Invalid(format!("the record is no JSON: {error}")))?,
        None => serde_json::json!({}),
    };
    let (parent, last) = pointer
        .rsplit_once('/')
        .ok_or_else(|| wrong("does not begin with a slash"))?;
    let name = last.replace("~1", "/").replace("~0", "~");
    let parent = document
        .pointer_mut(parent)
        .and_then(serde_json::Value::as_object_mut)
        .ok_or_else(|| wrong("leads to nothing that has members"))?;
    let before = match parent.get(&name) {
        None | Some(serde_json::Value::Null) => 0.0,
        Some(number) => number.as_f64().ok_or_else(|| wrong("leads to no number"))?,
    };
    let after = before + amount;
    // Whole numbers stay whole, as far as a float can tell them apart.
    let after = if after.fract() == 0.0 && after.abs() < 9e15 {
        serde_json::json!(after as i64)
    } else if after.is_finite() {
        serde_json::json!(after)
    } else {
        return Err(wrong("would hold no finite number"));
    };
    parent.insert(name, after);
    Ok(document.to_string())
}
