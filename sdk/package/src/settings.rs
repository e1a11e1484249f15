//! What a manifest's `[settings]` says: a JSON Schema in which properties at the top may be marked as secret.

use serde_json::Value;

/// Properties that the schema calls secret; only those at the top can be.
pub fn secret_names(schema: &Value) -> Vec<String> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, property)| property.get("secret") == Some(&Value::Bool(true)))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Where a schema marks something as secret that would not be sealed: anything but a property at the top.
pub fn misplaced_secret(schema: &Value) -> Option<String> {
    fn find(value: &Value, place: &str, is_sealed: bool) -> Option<String> {
        match value {
            Value::Object(members) => {
                if members.get("secret") == Some(&Value::Bool(true)) && !is_sealed {
                    return Some(place.to_owned());
                }
                members.iter().find_map(|(name, inner)| {
                    let path = format!("{place}.{name}");
                    let is_sealed =
                        place.strip_prefix(".properties") == Some("") && inner.is_object();
                    find(inner, &path, is_sealed)
                })
            }
            Value::Array(items) => items.iter().find_map(|inner| find(inner, place, false)),
            _ => None,
        }
    }
    find(schema, "", false)
}

/// Whether the schema has a property of that name at the top.
pub(crate) fn has_property(schema: Option<&Value>, name: &str) -> bool {
    schema
        .and_then(|schema| schema.get("properties"))
        .and_then(|properties| properties.get(name))
        .is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_that_would_not_be_sealed_is_found() {
        let property = |inner: Value| json!({ "type": "object", "properties": { "smtp": inner } });
        assert_eq!(
            misplaced_secret(&property(json!({ "type": "string", "secret": true }))),
            None
        );
        let nested = property(json!({ "properties": { "password": { "secret": true } } }));
        assert_eq!(
            misplaced_secret(&nested).as_deref(),
            Some(".properties.smtp.properties.password")
        );
        let behind = json!({ "allOf": [property(json!({ "secret": true }))] });
        assert_eq!(
            misplaced_secret(&behind).as_deref(),
            Some(".allOf.properties.smtp")
        );
    }

    #[test]
    fn secrets_are_the_properties_at_the_top_that_say_so() {
        let schema = json!({ "properties": { "url": { "type": "string" }, "token": { "secret": true }, "odd": { "secret": "yes" } } });
        assert_eq!(secret_names(&schema), ["token"]);
    }
}
