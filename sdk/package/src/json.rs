//! How deep JSON is: what is kept within other JSON must be read again.

use serde_json::Value;

/// Whether it has more levels of lists and objects than that.
pub fn is_deeper(json: &Value, most: usize) -> bool {
    let inner = |json| most == 0 || is_deeper(json, most - 1);
    match json {
        Value::Array(items) => most == 0 || items.iter().any(inner),
        Value::Object(members) => most == 0 || members.values().any(inner),
        _ => false,
    }
}
