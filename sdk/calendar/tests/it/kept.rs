//! A clock in a record, and what comes back from there.

use crate::{at, long};
use guichet_calendar::{Calendar, Clock, Terms};
use serde_json::{Value, json};

fn paused() -> Clock {
    let mut clock = Clock::new(Terms::new("gold@3", "cn@7", long("4h"))).unwrap();
    clock.start(at("2026-09-14T09:00Z")).unwrap();
    clock.pause(at("2026-09-14T12:30Z"), "customer").unwrap();
    clock.take_marks(Calendar::always(), at("2026-09-14T12:30Z"));
    clock
}

#[test]
fn a_record_is_short_and_can_be_read_by_people() {
    assert_eq!(
        serde_json::to_value(paused()).unwrap(),
        json!({
            "terms": { "policy": "gold@3", "calendar": "cn@7", "target": 14_400_000_000_u64, "thresholds": [75, 100, 150] },
            "cycle": 1,
            "stretches": [
                { "from": 1_789_376_400_000_000_u64, "to": 1_789_389_000_000_000_u64 },
                { "from": 1_789_389_000_000_000_u64, "reason": "customer" },
            ],
            "marks": [{ "percent": 75, "at": 1_789_387_200_000_000_u64 }],
            "told": 1,
            "changed_at": 1_789_376_400_000_000_u64,
        })
    );
}

#[test]
fn what_is_no_clock_is_not_taken_for_one() {
    let stretch = |from: u64, to: Option<u64>| json!({ "from": from, "to": to });
    let changed = |key: &str, value: Value| {
        let mut record = serde_json::to_value(paused()).unwrap();
        record[key] = value;
        serde_json::from_value::<Clock>(record).map_err(|error| error.to_string())
    };
    assert!(changed("cycle", json!(2)).is_ok());
    for (key, value, why) in [
        (
            "stretches",
            json!([stretch(1, Some(2)), stretch(1, None)]),
            "not in order",
        ),
        (
            "stretches",
            json!([stretch(2, Some(1)), stretch(3, None)]),
            "not in order",
        ),
        (
            "stretches",
            json!([stretch(1, None), stretch(2, None)]),
            "only the last stretch",
        ),
        (
            "stretches",
            json!([stretch(1, Some(2))]),
            "only the last stretch",
        ),
        ("end", json!("met"), "only the last stretch"),
        ("end", json!("running"), "only the last stretch"),
        ("told", json!(2), "more marks are told"),
        (
            "stretches",
            json!([{ "from": 1, "measured": 1 }]),
            "what is measured for good",
        ),
        ("paused", json!(true), "unknown field `paused`"),
        (
            "terms",
            json!({ "policy": "p", "calendar": "c", "target": 0, "thresholds": [] }),
            "the target is more",
        ),
    ] {
        let error = changed(key, value).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    let mut record = serde_json::to_value(paused()).unwrap();
    record["stretches"] = json!([]);
    record["end"] = json!("met");
    let error = serde_json::from_value::<Clock>(record).unwrap_err();
    assert!(error.to_string().contains("never started"), "{error}");
}
