//! Clocks driven by lists of events.

/// Each clock's life.
mod lives;

/// Other terms, other calendars, no policy.
mod terms;

/// Out of sight and back.
mod sight;

/// The vectors of the domain.
mod golden;

/// Any events, against a count of minutes.
mod chance;

use super::*;
use crate::{
    policy::{Policy, label},
    progress::Progress,
};
use guichet_calendar::{Calendar, Micros};
use serde_json::{Value, json};

pub(super) fn at(minute: i64) -> Instant {
    Instant::from_micros(minute * 60_000_000)
}

/// A ticket, its events, and what was told.
pub(super) struct Desk {
    pub(super) kept: Kept,
    pub(super) plan: Option<Plan>,
    pub(super) shelf: Shelf,
    pub(super) told: Vec<(Kind, u16, i64, bool)>,
    pub(super) cancelled: Vec<Kind>,
}

pub(super) fn plan_of(targets: Value, version: u32, calendar: &str, shelf: &Shelf) -> Plan {
    let written = json!({ "name": "Gold", "version": version, "targets": targets });
    let policy: Policy = serde_json::from_value(written).unwrap();
    Plan::of("gold", &policy, 3, calendar, shelf.get(calendar))
}

/// One target by a calendar that is always open.
pub(super) fn target(clock: &str, within: &str, pauses: &[&str]) -> Value {
    json!([{ "clock": clock, "within": { "default": within }, "pauses": pauses }])
}

impl Desk {
    /// A customer's ticket of the first minute.
    pub(super) fn new(targets: Value) -> Self {
        let mut progress = Progress::new(at(0));
        progress.begin(at(0));
        Self::with(progress, targets)
    }

    /// An agent's.
    pub(super) fn by_agent(targets: Value) -> Self {
        Self::with(Progress::new(at(0)), targets)
    }

    fn with(progress: Progress, targets: Value) -> Self {
        let shelf = Shelf::default();
        let mut desk = Self {
            kept: Kept::new(progress),
            plan: Some(plan_of(targets, 1, &label("always", 1), &shelf)),
            shelf,
            told: Vec::new(),
            cancelled: Vec::new(),
        };
        desk.goes_on(0);
        desk
    }

    fn happens(&mut self, happened: &Happened) {
        let plan = self.plan.clone();
        let driven = drive(&mut self.kept, happened, plan.as_ref(), &self.shelf);
        assert_eq!(driven.notes, Vec::<String>::new());
        let told = driven.told.into_iter().map(|told| {
            let minute = told.at.as_micros() / 60_000_000;
            (told.kind, told.percent, minute, told.late)
        });
        self.told.extend(told);
        self.cancelled.extend(driven.cancelled);
    }

    pub(super) fn goes_on(&mut self, minute: i64) {
        self.happens(&Happened::nothing(at(minute)));
    }

    pub(super) fn turns(&mut self, minute: i64, standing: Standing) {
        self.happens(&Happened {
            standing: Some(standing),
            ..Happened::nothing(at(minute))
        });
    }

    pub(super) fn waits(&mut self, minute: i64, reason: &str) {
        self.turns(minute, Standing::Waiting(reason.to_owned()));
    }

    pub(super) fn says(&mut self, minute: i64, said: Said) {
        self.happens(&Happened {
            said: Some(said),
            ..Happened::nothing(at(minute))
        });
    }

    pub(super) fn sees(&mut self, minute: i64, sight: Sight) {
        self.happens(&Happened {
            sight: Some(sight),
            ..Happened::nothing(at(minute))
        });
    }

    pub(super) fn clock(&self, kind: Kind) -> &Clock {
        &self.kept.clocks[&kind]
    }

    pub(super) fn state(&self, kind: Kind) -> Option<State> {
        self.kept.clocks.get(&kind).map(Clock::state)
    }

    pub(super) fn elapsed(&self, kind: Kind, minute: i64) -> i64 {
        let clock = self.clock(kind);
        let calendar = self.shelf.get(&clock.terms().calendar);
        clock.elapsed(calendar, at(minute)).0 / 60_000_000
    }

    pub(super) fn due(&self, kind: Kind) -> Option<i64> {
        let clock = self.clock(kind);
        let due = clock.due(self.shelf.get(&clock.terms().calendar))?;
        Some(due.as_micros() / 60_000_000)
    }

    pub(super) fn rings(&self, minute: i64) -> Option<i64> {
        next_ring(&self.kept, &self.shelf, at(minute)).map(|at| at.as_micros() / 60_000_000)
    }
}

/// Monday to Friday, nine to five, in UTC.
pub(super) fn office() -> Calendar {
    let day = r#"["09:00-17:00"]"#;
    let json = format!(
        r#"{{ "zone": "UTC", "day_minutes": 480, "week": {{ "monday": {day}, "tuesday": {day}, "wednesday": {day}, "thursday": {day}, "friday": {day} }} }}"#
    );
    Calendar::read(&json).unwrap()
}

#[test]
fn a_timer_is_set_to_the_first_mark_and_to_none_once_all_are_told() {
    let mut desk = Desk::new(target("resolution", "100m", &[]));
    assert_eq!(desk.rings(0), Some(75));
    desk.goes_on(75);
    assert_eq!(desk.rings(75), Some(100));
    desk.goes_on(100);
    desk.goes_on(150);
    assert_eq!(desk.rings(150), None);
    let marks = [(75, 75), (100, 100), (150, 150)];
    let wanted = marks.map(|(percent, minute)| (Kind::Resolution, percent, minute, false));
    assert_eq!(desk.told, wanted);
}

#[test]
fn a_timer_that_rings_late_tells_the_instant_at_which_it_should_have_rung() {
    let mut desk = Desk::new(target("resolution", "100m", &[]));
    desk.goes_on(76);
    desk.goes_on(76);
    assert_eq!(desk.told, [(Kind::Resolution, 75, 75, false)], "once");
}

#[test]
fn a_clock_pauses_as_often_as_it_may_and_then_no_more() {
    let mut desk = Desk::new(target("resolution", "100h", &["*"]));
    let mut minute = 0;
    while desk.clock(Kind::Resolution).stretches().len() < STRETCHES_MAX - 1 {
        desk.waits(minute + 1, "customer");
        desk.turns(minute + 2, Standing::Working);
        minute += 2;
    }
    let waits = |minute| Happened {
        standing: Some(Standing::Waiting("customer".to_owned())),
        ..Happened::nothing(at(minute))
    };
    let plan = desk.plan.clone();
    let drive = |kept: &mut Kept, happened: &Happened| {
        drive(kept, happened, plan.as_ref(), &Shelf::default()).notes
    };
    assert!(drive(&mut desk.kept, &waits(minute + 1)).is_empty());
    desk.turns(minute + 2, Standing::Working);
    assert_eq!(
        desk.clock(Kind::Resolution).stretches().len(),
        STRETCHES_MAX + 1
    );
    assert_eq!(drive(&mut desk.kept, &waits(minute + 3)).len(), 1);
    assert_eq!(desk.state(Kind::Resolution), Some(State::Running));
}

#[test]
fn business_time_is_measured_by_the_calendar_that_the_terms_name() {
    // Monday 5 January 1970, 16:00.
    let monday = 4 * 1_440 + 16 * 60;
    let mut shelf = Shelf::default();
    shelf.put("office@1", office());
    let mut progress = Progress::new(at(monday));
    progress.begin(at(monday));
    let mut desk = Desk {
        kept: Kept::new(progress),
        plan: Some(plan_of(
            target("first-reply", "2h", &[]),
            1,
            "office@1",
            &shelf,
        )),
        shelf,
        told: Vec::new(),
        cancelled: Vec::new(),
    };
    desk.goes_on(monday);
    assert_eq!(desk.due(Kind::FirstReply), Some(5 * 1_440 + 10 * 60));
    assert_eq!(
        desk.clock(Kind::FirstReply).terms().target,
        Micros::from_minutes(120)
    );
}
