//! What the clocks of a ticket show at an instant, also one that lies behind: for programs, and for the panel beside the ticket.

use crate::{
    kept::Kept,
    kind::Kind,
    shelf::Shelf,
    stage::Stage,
    time::{rfc3339, seconds},
};
use guichet_calendar::{Calendar, Clock, Instant, Mark, Micros, State, Stretch};
use serde::Serialize;

/// One clock at an instant. Durations are whole seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    pub clock: Kind,
    pub state: State,
    /// `met`, `paused`, `running`, `warning` or `missed`; null where it waits or was cancelled.
    pub stage: Option<&'static str>,
    /// With its version.
    pub policy: String,
    /// With its version.
    pub calendar: String,
    pub cycle: u32,
    pub target_seconds: i64,
    pub elapsed_seconds: i64,
    /// Less than nothing once the target has gone by.
    pub remaining_seconds: i64,
    /// Null while it does not run.
    pub due: Option<String>,
    pub paused: PausedReading,
    pub marks: Vec<MarkReading>,
}

/// How long it was paused in this cycle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PausedReading {
    /// Business time.
    pub total_seconds: i64,
    pub stretches: Vec<StretchReading>,
}

/// One pause.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StretchReading {
    pub reason: String,
    pub from: String,
    /// Null where it goes on.
    pub to: Option<String>,
    /// Business time.
    pub seconds: i64,
}

/// A mark that was reached, or will be if nothing happens.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarkReading {
    pub percent: u16,
    pub at: String,
    pub late: bool,
    /// It was told.
    pub taken: bool,
}

/// All clocks of a ticket.
pub fn readings(kept: &Kept, shelf: &Shelf, at: Instant) -> Vec<Reading> {
    kept.clocks
        .iter()
        .map(|(kind, clock)| reading(*kind, clock, shelf.get(&clock.terms().calendar), at))
        .collect()
}

fn reading(kind: Kind, clock: &Clock, calendar: &Calendar, at: Instant) -> Reading {
    let elapsed = elapsed(clock, calendar, at);
    let state = state(clock, elapsed, at);
    let marks = marks(clock, calendar);
    let target = clock.terms().target;
    let stretches = pauses(clock, calendar, at);
    Reading {
        clock: kind,
        state,
        stage: Stage::when(state, clock.terms(), elapsed).map(Stage::name),
        policy: clock.terms().policy.clone(),
        calendar: clock.terms().calendar.clone(),
        cycle: clock.cycle(),
        target_seconds: seconds(target),
        elapsed_seconds: seconds(elapsed),
        remaining_seconds: seconds(target - elapsed),
        due: due(state, calendar, target - elapsed, at, &marks).map(rfc3339),
        paused: PausedReading {
            total_seconds: stretches.iter().map(|one| one.seconds).sum(),
            stretches,
        },
        marks: marks
            .into_iter()
            .map(|(mark, is_told)| MarkReading {
                percent: mark.percent,
                at: rfc3339(mark.at),
                late: mark.late,
                taken: is_told && mark.at <= at,
            })
            .collect(),
    }
}

/// How it stood, or stands.
fn state(clock: &Clock, elapsed: Micros, at: Instant) -> State {
    let within = |stretch: &&Stretch| stretch.from <= at && stretch.to.is_none_or(|to| at < to);
    let stretches = clock.stretches();
    let began = stretches
        .iter()
        .filter(|stretch| stretch.from <= at)
        .count();
    match stretches.iter().find(within) {
        Some(stretch) if stretch.is_run() => State::Running,
        Some(_) => State::Paused,
        None if began == stretches.len() => clock.state(),
        None if began == 0 => State::Waiting,
        // It was stopped, and opened again later.
        None if elapsed < clock.terms().target => State::Met,
        None => State::Missed,
    }
}

fn elapsed(clock: &Clock, calendar: &Calendar, at: Instant) -> Micros {
    let runs = clock.stretches().iter().filter(|stretch| stretch.is_run());
    runs.map(|run| business(run, calendar, at)).sum()
}

/// Business time of a stretch up to an instant.
fn business(stretch: &Stretch, calendar: &Calendar, at: Instant) -> Micros {
    let to = stretch.to.unwrap_or(at).min(at);
    match stretch.measured {
        // What was measured by another calendar is known as a whole only.
        Some(measured) if stretch.to.is_some_and(|to| to <= at) => measured,
        _ => calendar.overlap(stretch.from, to),
    }
}

fn due(
    state: State,
    calendar: &Calendar,
    remaining: Micros,
    at: Instant,
    marks: &[(Mark, bool)],
) -> Option<Instant> {
    if state != State::Running {
        return None;
    }
    match remaining > Micros::ZERO {
        true => calendar.add(at, remaining),
        false => marks
            .iter()
            .find(|(mark, _)| mark.percent == 100)
            .map(|(mark, _)| mark.at),
    }
}

fn pauses(clock: &Clock, calendar: &Calendar, at: Instant) -> Vec<StretchReading> {
    let began = clock.stretches().iter().filter(|one| one.from <= at);
    began
        .filter_map(|stretch| {
            Some(StretchReading {
                reason: stretch.reason.clone()?,
                from: rfc3339(stretch.from),
                to: stretch.to.filter(|to| *to <= at).map(rfc3339),
                seconds: seconds(business(stretch, calendar, at)),
            })
        })
        .collect()
}

/// All marks of this cycle, and whether each was told. What was told, a clock keeps to itself, and says where it is written.
fn marks(clock: &Clock, calendar: &Calendar) -> Vec<(Mark, bool)> {
    let written = serde_json::to_value(clock).unwrap_or_default();
    let reached: Vec<Mark> = serde_json::from_value(written["marks"].clone()).unwrap_or_default();
    let told = written["told"].as_u64().unwrap_or_default();
    let told = reached
        .into_iter()
        .take(usize::try_from(told).unwrap_or(usize::MAX))
        .map(|mark| (mark, true));
    let open = clock.marks(calendar).into_iter().map(|mark| (mark, false));
    told.chain(open).collect()
}

#[cfg(test)]
mod tests;
