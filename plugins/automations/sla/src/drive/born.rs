//! A clock that begins after its ticket, as if it had been there: a policy came later, or has one more target than before.

use crate::{
    kind::Kind,
    limits::STRETCHES_MAX,
    plan::Planned,
    progress::{Progress, Standing},
    shelf::Shelf,
};
use guichet_calendar::{Calendar, Clock, ClockError, Instant, State};

/// Since when something is owed; within, nothing where it is owed once somebody asks. Nothing at all where it is not owed.
#[expect(
    clippy::option_option,
    reason = "that nothing is owed is not that it is owed from an instant that is not known yet"
)]
pub(super) fn owed(kind: Kind, progress: &Progress) -> Option<Option<Instant>> {
    if progress.is_solved() {
        return None;
    }
    match kind {
        Kind::FirstReply if progress.answered.is_some() => None,
        Kind::FirstReply => Some(progress.begun),
        Kind::NextReply => progress.unanswered.map(Some),
        Kind::Update => progress.told.map(Some),
        Kind::Resolution | Kind::Work => Some(Some(progress.created)),
    }
}

/// The clock, with the pauses that it would have had.
pub(super) fn born(
    kind: Kind,
    planned: &Planned,
    progress: &Progress,
    shelf: &Shelf,
) -> Result<Option<Clock>, ClockError> {
    let Some(since) = owed(kind, progress) else {
        return Ok(None);
    };
    let mut clock = Clock::new(planned.terms.clone())?;
    let Some(since) = since else {
        return Ok(Some(clock));
    };
    clock.start(since)?;
    let calendar = shelf.get(&planned.terms.calendar);
    // How it stood at the beginning counts from there.
    let before = progress.history.iter().rev().find(|turn| turn.at <= since);
    let later = progress.history.iter().filter(|turn| turn.at > since);
    for turn in before.into_iter().chain(later) {
        if clock.stretches().len() >= STRETCHES_MAX {
            break;
        }
        stand(
            &mut clock,
            turn.at.max(since),
            &turn.standing,
            planned,
            calendar,
        )?;
    }
    Ok(Some(clock))
}

fn stand(
    clock: &mut Clock,
    at: Instant,
    standing: &Standing,
    planned: &Planned,
    calendar: &Calendar,
) -> Result<(), ClockError> {
    if *standing == Standing::Solved {
        return clock.stop(calendar, at).map(drop);
    }
    if !clock.state().is_live() {
        clock.reopen(at)?;
    }
    match standing {
        Standing::Waiting(reason) if planned.pauses_for(reason) => clock.pause(at, reason),
        _ if clock.state() == State::Paused => clock.resume(at),
        _ => Ok(()),
    }
}
