//! Calendars and clocks by chance, against the implementation that counts minutes.

mod calendar;
mod case;
mod clock;
mod tally;

use crate::minutes::walls::Walls;
use case::{Case, any_case};
use guichet_calendar::{Calendar, Instant, Micros};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use std::cell::RefCell;
use tally::Tally;

const CASES: u32 = 10_000;

/// From minutes since the beginning of a case to what the crate counts in.
struct Begin(i64);

impl Begin {
    fn at(&self, minute: i64) -> Instant {
        Instant::from_micros((self.0 + minute) * 60_000_000)
    }
}

fn long(minutes: i64) -> Micros {
    Micros::from_minutes(minutes)
}

fn check(case: &Case, tally: &mut Tally) -> Result<(), TestCaseError> {
    let (from, to) = case.minutes();
    let begin = Begin(from);
    let mut walls: Vec<Walls> = Vec::new();
    let (mut calendars, mut open): (Vec<Calendar>, Vec<Vec<bool>>) = Default::default();
    for plan in case.plans() {
        let known = walls.iter().position(|walls| walls.zone == plan.zone);
        let known = known.unwrap_or_else(|| {
            walls.push(Walls::of(plan.zone, from, to));
            walls.len() - 1
        });
        tally.changes_of_the_wall += u32::from(walls[known].is_changed());
        open.push(walls[known].open(&plan));
        calendars.push(plan.written().try_into().unwrap());
    }
    for (calendar, open) in calendars.iter().zip(&open) {
        calendar::check(calendar, open, &begin)?;
    }
    clock::check(case, &calendars, &open, &begin, tally)
}

#[test]
fn whatever_happens_both_implementations_say_the_same() {
    let mut runner = TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    });
    let tally = RefCell::new(Tally::default());
    runner
        .run(&any_case(), |case| {
            let mut tally = tally.borrow_mut();
            tally.cases += 1;
            check(&case, &mut tally)
        })
        .unwrap();
    tally.borrow().assert_enough(CASES);
}
