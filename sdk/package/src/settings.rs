//! What a manifest's `[settings]` says: a JSON Schema in which properties may be marked as secret.
//!
//! A secret stands at the top, in objects below it, or in the entries of a list whose schema says by `x-key` which of their properties tells them apart. It is
//! known by its **name**, which is its path with the entry's key in the place of its index: `token`, `incoming.password`,
//! `mailboxes[support@desk.example].password`. So an entry that moves keeps its secrets.

use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write};

/// The place of a secret in settings as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretPlace {
    /// Its name.
    pub name: String,
    /// Where it stands (JSON Pointer, RFC 6901).
    pub pointer: String,
}

/// Entries of a list that cannot be told apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{list}: each entry needs a `{key}` of its own, which tells its secrets from the others'")]
pub struct SameEntries {
    /// JSON Pointer.
    pub list: String,
    pub key: String,
}

/// Where settings may hold secrets, whether they do or not.
///
/// # Errors
/// [`SameEntries`].
pub fn secret_places(schema: &Value, settings: &Value) -> Result<Vec<SecretPlace>, SameEntries> {
    let mut found = Vec::new();
    let top = SecretPlace {
        name: String::new(),
        pointer: String::new(),
    };
    places_below(schema, Some(settings), &top, &mut found)?;
    Ok(found)
}

fn places_below(
    schema: &Value,
    value: Option<&Value>,
    at: &SecretPlace,
    found: &mut Vec<SecretPlace>,
) -> Result<(), SameEntries> {
    for (name, property) in properties(schema) {
        let inner = value.and_then(|value| value.get(name));
        let dot = if at.name.is_empty() { "" } else { "." };
        let place = SecretPlace {
            name: format!("{}{dot}{name}", at.name),
            pointer: format!("{}/{}", at.pointer, pointed(name)),
        };
        if is_secret(property) {
            found.push(place);
        } else if let Some((key, items)) = keyed_items(property) {
            let entries = inner.and_then(Value::as_array).into_iter().flatten();
            let mut keys = BTreeSet::new();
            for (index, entry) in entries.enumerate() {
                let named = entry.get(key).and_then(Value::as_str).unwrap_or_default();
                if named.is_empty() || !keys.insert(named) {
                    return Err(SameEntries {
                        list: place.pointer,
                        key: key.to_owned(),
                    });
                }
                let entry_place = SecretPlace {
                    name: format!("{}[{}]", place.name, spelled(named)),
                    pointer: format!("{}/{index}", place.pointer),
                };
                places_below(items, Some(entry), &entry_place, found)?;
            }
        } else {
            places_below(property, inner, &place, found)?;
        }
    }
    Ok(())
}

/// The key of a list's entry as names of secrets have it: whatever is no letter, digit or one of `@._+-` is written as `%` and two digits.
pub fn spelled(key: &str) -> String {
    let mut spelled = String::with_capacity(key.len());
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"@._+-".contains(&byte) {
            spelled.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(spelled, "%{byte:02X}");
        }
    }
    spelled
}

/// A key as a JSON Pointer has it.
fn pointed(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten()
}

fn is_secret(schema: &Value) -> bool {
    schema.get("secret") == Some(&Value::Bool(true))
}

/// The schema of a list's entries, where something tells them apart: a text of theirs that anybody may read, for their secrets are named by it.
fn keyed_items(schema: &Value) -> Option<(&str, &Value)> {
    let items = schema.get("items")?;
    let key = items.get("x-key")?.as_str()?;
    let property = items.get("properties")?.get(key)?;
    let is_open_text = property.get("type")? == "string" && !is_secret(property);
    is_open_text.then_some((key, items))
}

/// Where a schema marks something as secret that would not be sealed: behind `allOf` and its like, or in a list whose entries nothing tells apart.
pub fn misplaced_secret(schema: &Value) -> Option<String> {
    let mut sealed = BTreeSet::new();
    sealed_below(schema, "", &mut sealed);
    find_misplaced(schema, "", &sealed)
}

fn sealed_below(schema: &Value, place: &str, sealed: &mut BTreeSet<String>) {
    for (name, property) in properties(schema) {
        let path = format!("{place}.properties.{name}");
        if is_secret(property) {
            sealed.insert(path);
        } else if let Some((_, items)) = keyed_items(property) {
            sealed_below(items, &format!("{path}.items"), sealed);
        } else {
            sealed_below(property, &path, sealed);
        }
    }
}

fn find_misplaced(value: &Value, place: &str, sealed: &BTreeSet<String>) -> Option<String> {
    match value {
        Value::Object(members) => {
            if is_secret(value) && !sealed.contains(place) {
                return Some(place.to_owned());
            }
            members
                .iter()
                .find_map(|(name, inner)| find_misplaced(inner, &format!("{place}.{name}"), sealed))
        }
        // Nothing in a list of schemas is sealed, and its path is none of those.
        Value::Array(items) => items
            .iter()
            .find_map(|inner| find_misplaced(inner, &format!("{place}[]"), sealed)),
        _ => None,
    }
}

/// Whether the schema has a property at that path: keys with dots between them, `[]` after one that holds a list.
pub(crate) fn has_path(schema: Option<&Value>, path: &str) -> bool {
    let mut at = schema;
    for step in path.split('.') {
        let (key, is_list) = match step.strip_suffix("[]") {
            Some(key) => (key, true),
            None => (step, false),
        };
        at = at
            .and_then(|schema| schema.get("properties"))
            .and_then(|properties| properties.get(key));
        if is_list {
            at = at.and_then(|schema| schema.get("items"));
        }
    }
    at.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn mailboxes() -> Value {
        json!({ "properties": {
            "url": { "type": "string" },
            "token": { "secret": true },
            "odd": { "secret": "yes" },
            "proxy": { "properties": { "password": { "secret": true } } },
            "mailboxes": { "type": "array", "items": { "x-key": "address", "properties": {
                "address": { "type": "string" },
                "incoming": { "properties": { "pass/word": { "secret": true } } },
            } } },
        } })
    }

    fn places(settings: &Value) -> Vec<(String, String)> {
        secret_places(&mailboxes(), settings)
            .unwrap()
            .into_iter()
            .map(|place| (place.name, place.pointer))
            .collect()
    }

    #[test]
    fn secrets_are_named_by_their_path_and_the_key_of_their_entry() {
        let mut found = places(&json!({ "mailboxes": [
            { "address": "a@desk.example" },
            { "address": "销售] [@desk.example" },
        ] }));
        found.sort();
        let named = |name: &str, pointer: &str| (name.to_owned(), pointer.to_owned());
        assert_eq!(
            found,
            [
                named(
                    "mailboxes[%E9%94%80%E5%94%AE%5D%20%5B@desk.example].incoming.pass/word",
                    "/mailboxes/1/incoming/pass~1word"
                ),
                named(
                    "mailboxes[a@desk.example].incoming.pass/word",
                    "/mailboxes/0/incoming/pass~1word"
                ),
                named("proxy.password", "/proxy/password"),
                named("token", "/token"),
            ]
        );
        assert_eq!(places(&json!({})).len(), 2);
        assert_eq!(places(&json!([1])).len(), 2);
    }

    #[test]
    fn entries_that_nothing_tells_apart_are_refused() {
        for twice in [
            json!({ "mailboxes": [{ "address": "a" }, { "address": "a" }] }),
            json!({ "mailboxes": [{ "address": "" }] }),
            json!({ "mailboxes": [{}] }),
            json!({ "mailboxes": [7] }),
        ] {
            let error = secret_places(&mailboxes(), &twice).unwrap_err().to_string();
            assert!(
                error.contains("/mailboxes") && error.contains("`address`"),
                "{error}"
            );
        }
    }

    #[test]
    fn only_a_text_that_anybody_may_read_names_secrets() {
        let schema = |named_by: Value| {
            json!({ "properties": { "list": { "items": { "x-key": "name", "properties": {
                "name": named_by, "password": { "secret": true },
            } } } } })
        };
        assert_eq!(misplaced_secret(&schema(json!({ "type": "string" }))), None);
        for named_by in [
            json!({ "type": "string", "secret": true }),
            json!({ "type": "number" }),
            json!({}),
        ] {
            let found = misplaced_secret(&schema(named_by.clone()));
            assert!(found.is_some(), "{named_by}");
        }
    }

    #[test]
    fn a_secret_that_would_not_be_sealed_is_found() {
        assert_eq!(misplaced_secret(&mailboxes()), None);
        let secret = json!({ "properties": { "password": { "secret": true } } });
        for (schema, place) in [
            (json!({ "secret": true }), ""),
            (json!({ "allOf": [secret] }), ".allOf[].properties.password"),
            (
                json!({ "properties": { "a": { "anyOf": [secret] } } }),
                ".properties.a.anyOf[].properties.password",
            ),
            (
                json!({ "properties": { "list": { "items": secret } } }),
                ".properties.list.items.properties.password",
            ),
            (
                json!({ "properties": { "list": { "items": { "secret": true, "x-key": "a" } } } }),
                ".properties.list.items",
            ),
            (
                json!({ "$defs": { "login": secret }, "properties": { "a": { "$ref": "#/$defs/login" } } }),
                ".$defs.login.properties.password",
            ),
            (
                json!({ "properties": { "a": { "additionalProperties": { "secret": true } } } }),
                ".properties.a.additionalProperties",
            ),
            (
                json!({ "properties": { "a": { "secret": true, "properties": { "b": { "secret": true } } } } }),
                ".properties.a.properties.b",
            ),
        ] {
            assert_eq!(
                misplaced_secret(&schema).as_deref(),
                Some(place),
                "{schema}"
            );
        }
    }

    #[test]
    fn a_path_leads_through_objects_and_lists() {
        let schema = mailboxes();
        for (path, is_there) in [
            ("url", true),
            ("mailboxes", true),
            ("mailboxes[]", true),
            ("mailboxes[].incoming", true),
            ("mailboxes.incoming", false),
            ("mailboxes[].outgoing", false),
            ("url[]", false),
            ("proxy.password", true),
        ] {
            assert_eq!(has_path(Some(&schema), path), is_there, "{path}");
        }
        assert!(!has_path(None, "url"));
    }
}
