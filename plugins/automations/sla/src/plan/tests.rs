use super::*;
use crate::limits::REASON_BYTES_MAX;
use serde_json::json;

fn policy() -> Policy {
    serde_json::from_value(json!({
        "name": "Gold", "version": 3,
        "targets": [
            { "clock": "resolution", "within": { "1": "4h", "2": "1d" }, "pauses": ["Customer"], "thresholds": [150, 50] },
            { "clock": "work", "within": { "default": "2h" } }
        ]
    }))
    .unwrap()
}

fn plan(priority: u8) -> Plan {
    Plan::of("gold", &policy(), priority, "always@1", Calendar::always())
}

#[test]
fn a_target_is_by_priority_and_where_there_is_none_there_is_no_clock() {
    let hours = |priority, kind| {
        let target = plan(priority).clocks.get(&kind)?.terms.target;
        Some(target.0 / 3_600_000_000)
    };
    assert_eq!(hours(1, Kind::Resolution), Some(4));
    assert_eq!(hours(2, Kind::Resolution), Some(24));
    assert_eq!(hours(3, Kind::Resolution), None);
    assert_eq!(hours(3, Kind::Work), Some(2));
}

#[test]
fn marks_are_in_order_and_the_one_at_a_hundred_is_among_them() {
    let terms = &plan(1).clocks[&Kind::Resolution].terms;
    assert_eq!(terms.thresholds, [50, 100, 150]);
    assert_eq!(
        (terms.policy.as_str(), terms.calendar.as_str()),
        ("gold@3", "always@1")
    );
}

#[test]
fn a_clock_pauses_for_the_reasons_that_are_named_and_work_for_any() {
    let plan = plan(1);
    assert!(plan.clocks[&Kind::Resolution].pauses_for("customer"));
    assert!(!plan.clocks[&Kind::Resolution].pauses_for("supplier"));
    assert!(plan.clocks[&Kind::Work].pauses_for("supplier"));
}

#[test]
fn a_reason_is_cut_between_letters_and_never_empty() {
    assert_eq!(reason(" a\nb "), "a b");
    assert_eq!(reason(" "), "?");
    let most = "客".repeat(REASON_BYTES_MAX / 3);
    assert_eq!(reason(&most), most);
    assert_eq!(reason(&format!("{most}户")), most);
}
