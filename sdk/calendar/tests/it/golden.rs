//! The vectors of the domain: Asia/Shanghai, Monday to Friday 09–12 and 13–18, holidays from 1 to 7 October 2026, Saturday 10 October worked.

use crate::{at, long};
use guichet_calendar::{Calendar, Clock, Micros, Terms};

fn cn() -> Calendar {
    let windows = r#"["09:00-12:00", "13:00-18:00"]"#;
    let json = format!(
        r#"{{
            "zone": "Asia/Shanghai",
            "week": {{ "monday": {windows}, "tuesday": {windows}, "wednesday": {windows}, "thursday": {windows}, "friday": {windows} }},
            "holidays": [{{ "date": "2026-10-01", "to": "2026-10-07" }}],
            "special_days": [{{ "date": "2026-10-10", "open": {windows} }}]
        }}"#
    );
    Calendar::read(&json).unwrap()
}

fn clock(target: &str) -> Clock {
    Clock::new(Terms::new("gold@1", "cn@1", long(target))).unwrap()
}

#[test]
fn v1_four_hours_from_before_the_holidays_are_due_after_them() {
    let mut clock = clock("4h");
    clock.start(at("2026-09-30T16:30+08:00")).unwrap();
    let marks: Vec<_> = clock
        .marks(&cn())
        .iter()
        .map(|mark| (mark.percent, mark.at, mark.late))
        .collect();
    assert_eq!(
        marks[..2],
        [
            (75, at("2026-10-08T10:30+08:00"), false),
            (100, at("2026-10-08T11:30+08:00"), false)
        ]
    );
    assert_eq!(clock.due(&cn()), Some(at("2026-10-08T11:30+08:00")));
}

#[test]
fn v2_two_hours_from_friday_evening_are_due_on_the_working_saturday() {
    let mut clock = clock("2h");
    clock.start(at("2026-10-09T17:00+08:00")).unwrap();
    assert_eq!(clock.due(&cn()), Some(at("2026-10-10T10:00+08:00")));
}

#[test]
fn v4_a_pause_at_lunch_adds_nothing() {
    let (mut paused, mut other) = (clock("4h"), clock("4h"));
    paused.start(at("2026-10-09T10:00+08:00")).unwrap();
    other.start(at("2026-10-09T10:00+08:00")).unwrap();
    let lunch = at("2026-10-09T12:30+08:00");
    paused.pause(lunch, "customer").unwrap();
    paused.resume(at("2026-10-09T13:00+08:00")).unwrap();
    assert_eq!(paused.due(&cn()), other.due(&cn()));
    assert_eq!(paused.due(&cn()), Some(at("2026-10-09T15:00+08:00")));
    let sums = paused.paused(&cn(), at("2026-10-09T14:00+08:00"));
    assert_eq!(sums.len(), 1);
    assert_eq!(
        (sums[0].business, sums[0].wall),
        (Micros::ZERO, long("30m"))
    );
}
