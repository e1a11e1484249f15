use super::*;
use guichet_calendar::{Calendar, Holiday};
use serde_json::json;

fn named(calendar: &str, name: &str) -> Named {
    Named {
        name: name.into(),
        version: 1,
        calendar: Calendar::read(calendar).unwrap(),
    }
}

const OFFICE: &str =
    r#"{ "zone": "UTC", "day_minutes": 480, "week": { "monday": ["09:00-17:00"] } }"#;

fn pointers(wish: &Named) -> Vec<String> {
    let policy = |calendar: &str| -> Policy {
        let targets = json!([{ "clock": "resolution", "within": { "default": "1d" } }]);
        serde_json::from_value(json!({ "name": "Gold", "calendar": calendar, "targets": targets }))
            .unwrap()
    };
    let policies = [("gold", "office"), ("other", "elsewhere")]
        .map(|(id, calendar)| (id.to_owned(), policy(calendar)));
    let found = complaints("office", wish, &policies, Instant::FIRST);
    found.into_iter().map(|one| one.pointer).collect()
}

#[test]
fn a_calendar_by_which_its_policies_can_be_measured_is_saved() {
    assert!(pointers(&named(OFFICE, "Office")).is_empty());
    let without_days = r#"{ "zone": "UTC", "week": { "monday": ["09:00-17:00"] } }"#;
    assert_eq!(pointers(&named(without_days, "Office")), ["/day_minutes"]);
}

#[test]
fn a_calendar_that_never_opens_is_refused() {
    let closed = r#"{ "zone": "UTC", "day_minutes": 480 }"#;
    assert_eq!(pointers(&named(closed, "Office")), ["/week/monday"]);
}

#[test]
fn a_name_and_a_calendar_are_as_long_as_they_may_be_and_no_longer() {
    assert_eq!(pointers(&named(OFFICE, " ")), ["/name"]);
    assert!(pointers(&named(OFFICE, &"名".repeat(NAME_CHARS_MAX))).is_empty());
    assert_eq!(
        pointers(&named(OFFICE, &"名".repeat(NAME_CHARS_MAX + 1))),
        ["/name"]
    );
    let with_holidays = |bytes: usize| {
        let mut written = Calendar::read(OFFICE).unwrap().written().clone();
        let holiday = |name: &str| Holiday {
            name: name.to_owned(),
            date: "2026-10-01".to_owned(),
            ..Holiday::default()
        };
        written.holidays = vec![holiday(&"x".repeat(60)); 400];
        let named = |written| Named {
            name: "Office".into(),
            version: 1,
            calendar: Calendar::try_from(written).unwrap(),
        };
        let length = |named: &Named| serde_json::to_string(named).unwrap().len();
        let mut more = bytes - length(&named(written.clone()));
        for holiday in &mut written.holidays {
            let part = more.min(40);
            holiday.name.push_str(&"x".repeat(part));
            more -= part;
        }
        let named = named(written);
        assert_eq!(length(&named), bytes);
        named
    };
    assert!(pointers(&with_holidays(CALENDAR_BYTES_MAX)).is_empty());
    assert_eq!(pointers(&with_holidays(CALENDAR_BYTES_MAX + 1)), [""]);
}
