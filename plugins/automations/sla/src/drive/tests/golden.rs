//! The vectors of the domain: Asia/Shanghai, Monday to Friday 09–12 and 13–18, holidays from 1 to 7 October 2026, Saturday 10 October worked.

use super::*;
use crate::time::{parse, rfc3339};

fn cn() -> Calendar {
    let day = r#"["09:00-12:00", "13:00-18:00"]"#;
    let json = format!(
        r#"{{
            "zone": "Asia/Shanghai",
            "week": {{ "monday": {day}, "tuesday": {day}, "wednesday": {day}, "thursday": {day}, "friday": {day} }},
            "holidays": [{{ "date": "2026-10-01", "to": "2026-10-07" }}],
            "special_days": [{{ "date": "2026-10-10", "open": {day} }}]
        }}"#
    );
    Calendar::read(&json).unwrap()
}

/// A ticket of that instant; its timer rings as often as it is set, up to another.
struct Timed {
    kept: Kept,
    plan: Plan,
    shelf: Shelf,
    rung: Vec<(u16, String, bool)>,
}

impl Timed {
    fn new(since: &str, within: &str) -> Self {
        let mut shelf = Shelf::default();
        shelf.put("cn@1", cn());
        let plan = plan_of(
            target("resolution", within, &["customer"]),
            1,
            "cn@1",
            &shelf,
        );
        let mut timed = Self {
            kept: Kept::new(Progress::new(parse(since).unwrap())),
            plan,
            shelf,
            rung: Vec::new(),
        };
        timed.happens(&Happened::nothing(parse(since).unwrap()));
        timed
    }

    fn happens(&mut self, happened: &Happened) {
        let driven = drive(&mut self.kept, happened, Some(&self.plan), &self.shelf);
        let rung = driven.told.into_iter();
        self.rung
            .extend(rung.map(|told| (told.percent, rfc3339(told.at), told.late)));
    }

    fn goes_on(&mut self, until: &str) {
        let until = parse(until).unwrap();
        let mut now = self.kept.progress.created;
        while let Some(next) = next_ring(&self.kept, &self.shelf, now).filter(|at| *at <= until) {
            self.happens(&Happened::nothing(next));
            now = next;
        }
    }

    fn turns(&mut self, at: &str, standing: Standing) {
        self.happens(&Happened {
            standing: Some(standing),
            ..Happened::nothing(parse(at).unwrap())
        });
    }
}

#[test]
fn v1_four_hours_from_before_the_holidays_ring_after_them() {
    let mut ticket = Timed::new("2026-09-30T16:30+08:00", "4h");
    ticket.goes_on("2026-10-08T12:00+08:00");
    let rung = [
        (75, "2026-10-08T02:30:00Z".to_owned(), false),
        (100, "2026-10-08T03:30:00Z".to_owned(), false),
    ];
    assert_eq!(ticket.rung, rung);
}

#[test]
fn v2_two_hours_from_friday_evening_ring_on_the_working_saturday() {
    let mut ticket = Timed::new("2026-10-09T17:00+08:00", "2h");
    ticket.goes_on("2026-10-10T10:00+08:00");
    let last = ticket.rung.last().cloned();
    assert_eq!(last, Some((100, "2026-10-10T02:00:00Z".to_owned(), false)));
}

#[test]
fn v4_a_pause_at_lunch_moves_nothing() {
    let mut ticket = Timed::new("2026-10-09T10:00+08:00", "4h");
    let waits = Standing::Waiting("customer".to_owned());
    ticket.turns("2026-10-09T12:30+08:00", waits);
    ticket.turns("2026-10-09T13:00+08:00", Standing::Working);
    ticket.goes_on("2026-10-09T15:00+08:00");
    let rung = [
        (75, "2026-10-09T06:00:00Z".to_owned(), false),
        (100, "2026-10-09T07:00:00Z".to_owned(), false),
    ];
    assert_eq!(ticket.rung, rung);
}
