//! What a person writes, and what is said of it where it is wrong.

use crate::{at, long};
use guichet_calendar::{Calendar, DurationError, Fault};
use serde_json::{Value, json};

/// What is wrong, and where.
fn refused(calendar: Value) -> (String, Fault) {
    let error = Calendar::read(&calendar.to_string()).expect_err("it is refused");
    (error.pointer, error.fault)
}

fn with(key: &str, value: Value) -> Value {
    let mut calendar = json!({ "zone": "UTC" });
    calendar[key] = value;
    calendar
}

#[test]
fn a_fault_is_told_with_its_place() {
    let place = |key, value| refused(with(key, value)).0;
    assert_eq!(place("zone", json!("Asia/Peking")), "/zone");
    assert_eq!(place("zone", json!("Etc/Unknown")), "/zone");
    assert_eq!(place("day_minutes", json!(0)), "/day_minutes");
    let week = json!({ "friday": ["09:00-12:00", "13-18"] });
    assert_eq!(place("week", week), "/week/friday/1");
    let holidays = json!([{ "date": "2026-10-01" }, { "date": "2026-10-32" }]);
    assert_eq!(place("holidays", holidays), "/holidays/1/date");
    let holidays = json!([{ "date": "2026-10-01", "to": "soon" }]);
    assert_eq!(place("holidays", holidays), "/holidays/0/to");
    let special = json!([{ "date": "2026-10-10", "open": ["24:00-08:00"] }]);
    assert_eq!(place("special_days", special), "/special_days/0/open/0");
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let overlapping = json!({ "monday": ["13:00-18:00", "09:00-13:30"] });
    let (place, fault) = refused(with("week", overlapping));
    assert_eq!((place.as_str(), fault), ("/week/monday/1", Fault::Overlap));
    let (place, fault) = refused(with("week", json!({ "monday": ["08:00-08:00"] })));
    assert_eq!((place.as_str(), fault), ("/week/monday/0", Fault::Nothing));
    let backwards = json!([{ "date": "2026-10-07", "to": "2026-10-01" }]);
    let (place, fault) = refused(with("holidays", backwards));
    assert_eq!((place.as_str(), fault), ("/holidays/0/to", Fault::Order));
    let day = json!({ "date": "2026-10-10", "open": [] });
    let (place, fault) = refused(with("special_days", json!([day, day])));
    assert_eq!(
        (place.as_str(), fault),
        ("/special_days/1/date", Fault::Twice)
    );
}

#[test]
fn only_plain_dates_are_dates() {
    for date in [
        "2026-02-29",
        "2026-1-1",
        "20261001",
        "2026-10-01T09:00",
        "01.10.2026",
        "",
    ] {
        let (place, fault) = refused(with("holidays", json!([{ "date": date }])));
        assert_eq!(
            (place.as_str(), fault),
            ("/holidays/0/date", Fault::Date(date.to_owned()))
        );
    }
}

#[test]
fn a_slip_of_the_pen_is_told_and_never_ignored() {
    for calendar in [
        with("timezone", json!("UTC")),
        with("week", json!({ "mon": ["09:00-18:00"] })),
        with(
            "holidays",
            json!([{ "date": "2026-10-01", "until": "2026-10-07" }]),
        ),
        with(
            "special_days",
            json!([{ "date": "2026-10-10", "windows": [] }]),
        ),
        with("special_days", json!([{ "date": "2026-10-10" }])),
        json!({ "week": {} }),
    ] {
        let (place, fault) = refused(calendar);
        let Fault::Json(why) = fault else {
            panic!("{fault}");
        };
        assert!(
            place.is_empty() && why.contains(" field `") && why.contains("line 1"),
            "{why}"
        );
    }
}

#[test]
fn what_is_said_of_a_fault_says_what_to_do() {
    let calendar = with("week", json!({ "monday": ["9-18"] }));
    assert_eq!(
        Calendar::read(&calendar.to_string())
            .unwrap_err()
            .to_string(),
        "/week/monday/0: `9-18` is no window: write when it begins and ends, such as 09:00-18:00, or 00:00-24:00 for a whole day"
    );
    // Also where the calendar is a part of other settings.
    let error = serde_json::from_value::<Calendar>(with("zone", json!("CET/CEST"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "/zone: `CET/CEST` is no time zone: write its name in the IANA database, such as Asia/Shanghai, Europe/Berlin or UTC"
    );
}

#[test]
fn a_calendar_is_written_as_it_was_read() {
    let written = json!({
        "zone": "Asia/Shanghai",
        "day_minutes": 480,
        "week": { "monday": ["13:00–18:00", "9:00-12:00"] },
        "holidays": [{ "name": "国庆节", "date": "2026-10-01", "to": "2026-10-07", "yearly": true }],
        "special_days": [{ "date": "2026-10-10", "open": ["09:00-12:00"] }],
    });
    let calendar = Calendar::read(&written.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&calendar).unwrap(), written);
    assert!(calendar.is_open(at("2026-10-12T09:00+08:00")));
}

#[test]
fn the_calendar_of_the_page_for_authors_is_read() {
    let page = include_str!("../../../docs/calendar.md");
    let json = page.split("```json").nth(1).unwrap();
    let calendar = Calendar::read(json.split("```").next().unwrap()).unwrap();
    let due = calendar.add(at("2026-09-30T16:30+08:00"), long("4h"));
    assert_eq!(due, Some(at("2026-10-08T11:30+08:00")));
}

#[test]
fn round_the_clock_is_a_calendar_like_others() {
    let always = Calendar::always();
    let read = serde_json::to_string(always).unwrap();
    assert_eq!(&Calendar::read(&read).unwrap(), always);
    let (from, to) = (at("2026-01-01T00:00Z"), at("2027-01-01T00:00Z"));
    assert_eq!(always.windows(from, to).count(), 1);
    assert_eq!(always.overlap(from, to), long("365d"));
    assert_eq!(always.add(from, long("36h")), Some(at("2026-01-02T12:00Z")));
    assert_eq!(always.next_open(from), Some(from));
}

#[test]
fn a_day_in_durations_is_what_the_calendar_says() {
    let mut calendar = with("day_minutes", json!(450));
    let read = |calendar: &Value| Calendar::read(&calendar.to_string()).unwrap();
    assert_eq!(read(&calendar).parse_duration("2d"), Ok(long("15h")));
    calendar["day_minutes"] = Value::Null;
    assert_eq!(
        read(&calendar).parse_duration("2d"),
        Err(DurationError::Day)
    );
}
