//! Values of fields as JSON, which is what settings are written in.

use guichet_sdk::Value;

/// A field's value. An instant is its RFC 3339 text in UTC, to the second: it sorts as time does, and people can write one.
pub fn to_json(value: Value) -> serde_json::Value {
    match value {
        Value::None | Value::Other(_) => serde_json::Value::Null,
        Value::Text(text) => text.into(),
        Value::Integer(integer) => integer.into(),
        Value::Number(number) => number.into(),
        Value::Boolean(boolean) => boolean.into(),
        Value::Instant(at) => instant_text(at).into(),
        Value::Texts(texts) => texts.into(),
        Value::Json(text) => serde_json::from_str(&text).unwrap_or_default(),
    }
}

/// What a field is set to.
pub fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(boolean) => Value::Boolean(*boolean),
        serde_json::Value::Number(number) => number.as_i64().map_or_else(
            || Value::Number(number.as_f64().unwrap_or_default()),
            Value::Integer,
        ),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(texts) if texts.iter().all(serde_json::Value::is_string) => {
            Value::Texts(
                texts
                    .iter()
                    .filter_map(|text| text.as_str().map(str::to_owned))
                    .collect(),
            )
        }
        other => Value::Json(other.to_string()),
    }
}

/// As it stands in a text for people.
pub fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Microseconds since 1970 as `2026-11-23T09:00:00Z`.
pub fn instant_text(at_us: u64) -> String {
    let seconds = at_us / 1_000_000;
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Days are counted from 1 March of the year 0: leap days then come last in their year.
    let day = days + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{:02}T{:02}:{:02}:{:02}Z",
        of_year - (153 * shifted + 2) / 5 + 1,
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn instants_are_written_as_people_write_them() {
        assert_eq!(instant_text(0), "1970-01-01T00:00:00Z");
        assert_eq!(instant_text(1_709_210_096_000_000), "2024-02-29T12:34:56Z");
        assert_eq!(instant_text(1_795_424_400_999_999), "2026-11-23T09:00:00Z");
        assert_eq!(instant_text(4_107_542_400_000_000), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn values_go_there_and_back() {
        for value in [
            json!(null),
            json!(true),
            json!(7),
            json!(1.5),
            json!("text"),
            json!(["a", "b"]),
            json!({ "a": [1] }),
        ] {
            assert_eq!(to_json(from_json(&value)), value);
        }
    }

    #[test]
    fn lists_are_shown_with_commas_and_nothing_as_nothing() {
        assert_eq!(shown(&json!(["a", "b"])), "a, b");
        assert_eq!(shown(&json!(null)), "");
        assert_eq!(shown(&json!(3)), "3");
    }
}
