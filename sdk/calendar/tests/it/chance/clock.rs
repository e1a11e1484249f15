//! What a clock says after each operation, against what was counted.

use super::{Begin, case::Case, long, tally::Tally};
use crate::minutes::clock::{Counted, Verb};
use guichet_calendar::{Calendar, Clock, ClockError, Instant, Mark, State, Terms};
use proptest::{prelude::*, test_runner::TestCaseError};

pub(super) fn check(
    case: &Case,
    calendars: &[Calendar],
    open: &[Vec<bool>],
    begin: &Begin,
    tally: &mut Tally,
) -> Result<(), TestCaseError> {
    let mut clock = Clock::new(terms(0, case.target, &case.thresholds)).unwrap();
    let mut now = case.since;
    clock.start_since(begin.at(0), begin.at(now)).unwrap();
    let mut counted = Counted::new(open, case.target, &case.thresholds, now as usize);
    for (gap, verb) in &case.verbs {
        now += gap;
        counted.wait(*gap as usize);
        let calendar = &calendars[counted.calendar];
        let (is_done, taken) = counted.act(verb);
        let taken = taken.iter().map(|(percent, minute, late)| Mark {
            percent: *percent,
            at: begin.at(*minute),
            late: *late,
        });
        let taken: Vec<_> = taken.collect();
        let found = act(&mut clock, calendar, begin.at(now), verb);
        prop_assert_eq!(found.is_ok(), is_done, "{:?} at {}: {:?}", verb, now, found);
        prop_assert_eq!(found.unwrap_or_default(), &taken[..], "marks at {}", now);
        tally.done += u32::from(is_done);
        tally.refused += u32::from(!is_done);
        tally.marks += taken.len() as u32;
        tally.late_marks += taken.iter().filter(|mark| mark.late).count() as u32;
        let calendar = &calendars[counted.calendar];
        check_readings(&clock, &counted, calendar, begin, now)?;
        check_due(&clock, &counted, calendar, begin, tally)?;
    }
    Ok(())
}

fn terms(calendar: usize, target: i64, thresholds: &[u16]) -> Terms {
    Terms::new("p", calendar.to_string(), long(target)).with_thresholds(thresholds)
}

/// The marks that it took.
fn act(
    clock: &mut Clock,
    calendar: &Calendar,
    at: Instant,
    verb: &Verb,
) -> Result<Vec<Mark>, ClockError> {
    match verb {
        Verb::Pause(reason) => clock.pause(at, reason)?,
        Verb::Resume => clock.resume(at)?,
        Verb::Stop => {
            clock.stop(calendar, at)?;
        }
        Verb::Reopen => clock.reopen(at)?,
        Verb::Cancel => clock.cancel(at)?,
        Verb::Reset => clock.reset(at)?,
        Verb::Retarget {
            target,
            calendar: other,
            thresholds,
        } => clock.retarget(calendar, at, terms(*other, *target, thresholds))?,
        Verb::Correct(other) => clock.correct(calendar, at, other.to_string())?,
        Verb::Take => return Ok(clock.take_marks(calendar, at)),
    }
    Ok(Vec::new())
}

fn check_readings(
    clock: &Clock,
    counted: &Counted,
    calendar: &Calendar,
    begin: &Begin,
    now: i64,
) -> Result<(), TestCaseError> {
    let at = begin.at(now);
    prop_assert_eq!(clock.state(), counted.state, "at {}", now);
    let (elapsed, wanted) = (clock.elapsed(calendar, at), counted.elapsed());
    prop_assert_eq!(elapsed, long(wanted), "elapsed at {}", now);
    let remaining = clock.remaining(calendar, at);
    prop_assert_eq!(remaining, long(counted.target - wanted));
    let sums = clock.paused(calendar, at).into_iter();
    let sums: Vec<_> = sums
        .map(|sum| (sum.reason, sum.business, sum.wall))
        .collect();
    let wanted = counted.paused().into_iter();
    let wanted = wanted.map(|(reason, business, wall)| (reason, long(business), long(wall)));
    prop_assert_eq!(sums, wanted.collect::<Vec<_>>(), "paused at {}", now);
    Ok(())
}

fn check_due(
    clock: &Clock,
    counted: &Counted,
    calendar: &Calendar,
    begin: &Begin,
    tally: &mut Tally,
) -> Result<(), TestCaseError> {
    let due = clock.due(calendar);
    if clock.state() != State::Running {
        prop_assert_eq!(due, None);
        return Ok(());
    }
    tally.overrun += u32::from(counted.elapsed() > counted.target);
    match counted.due() {
        Some((minute, false)) => {
            tally.dues += 1;
            prop_assert_eq!(due, Some(begin.at(minute)));
        }
        // Within what is measured for good, only the stretch is known.
        Some((minute, true)) => prop_assert!(due.is_some_and(|due| due >= begin.at(minute))),
        None => prop_assert!(due.is_none_or(|due| due > begin.at(counted.known()))),
    }
    Ok(())
}
