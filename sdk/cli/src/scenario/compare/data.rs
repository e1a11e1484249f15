//! Two JSON values: the first names the least that is to be there. Members that it does not name may be anything; lists are the same, item by item.

use super::Differences;
use serde_json::Value as Json;

/// Notes each place where the second is not what the first says.
pub(super) fn compare(place: &str, expected: &Json, found: &Json, differences: &mut Differences) {
    match (expected, found) {
        (Json::Object(wanted), Json::Object(there)) => {
            for (name, value) in wanted {
                let place = format!("{place}.{name}");
                match there.get(name) {
                    Some(found) => compare(&place, value, found, differences),
                    None => differences.add(&place, value, "nothing"),
                }
            }
        }
        (Json::Array(wanted), Json::Array(there)) if wanted.len() == there.len() => {
            for (index, (value, found)) in wanted.iter().zip(there).enumerate() {
                compare(&format!("{place}[{index}]"), value, found, differences);
            }
        }
        // 1 and 1.0 are one number.
        (Json::Number(wanted), Json::Number(there)) if wanted.as_f64() == there.as_f64() => {}
        _ if expected == found => {}
        _ => differences.add(place, expected, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places(expected: &Json, found: &Json) -> Vec<String> {
        let mut differences = Differences::default();
        compare("body", expected, found, &mut differences);
        differences.0.into_iter().map(|one| one.place).collect()
    }

    #[test]
    fn members_that_are_not_named_may_be_anything() {
        let found = json!({ "a": 1, "b": { "c": [1, { "d": 2 }] }, "e": null });
        assert!(places(&json!({ "a": 1.0, "b": { "c": [1, {}] } }), &found).is_empty());
        assert_eq!(
            places(&json!({ "b": { "c": [1, { "d": 3 }] } }), &found),
            ["body.b.c[1].d"]
        );
        assert_eq!(places(&json!({ "x": 1 }), &found), ["body.x"]);
        assert_eq!(places(&json!({ "b": { "c": [1] } }), &found), ["body.b.c"]);
    }
}
