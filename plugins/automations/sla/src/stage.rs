//! How a ticket stands with what was promised: what lists colour it by.

use crate::{kept::Kept, shelf::Shelf, words::Language};
use guichet_calendar::{Calendar, Clock, Instant, Micros, State, Terms};

/// From the least to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// All that was promised was kept.
    Met,
    Paused,
    Running,
    /// The first mark is reached.
    Warning,
    /// The target has gone by.
    Missed,
}

impl Stage {
    /// As the ticket's field has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Paused => "paused",
            Self::Running => "running",
            Self::Warning => "warning",
            Self::Missed => "missed",
        }
    }

    /// For people.
    pub fn title(self, language: Language) -> String {
        match self {
            Self::Met => language.say("kept", "已达成"),
            Self::Paused => language.say("paused", "已暂停"),
            Self::Running => language.say("running", "计时中"),
            Self::Warning => language.say("soon due", "即将超时"),
            Self::Missed => language.say("missed", "已超时"),
        }
    }

    /// Of a clock at an instant. One that waits for its start, or was cancelled, has none.
    pub fn of(clock: &Clock, calendar: &Calendar, at: Instant) -> Option<Self> {
        Self::when(clock.state(), clock.terms(), clock.elapsed(calendar, at))
    }

    /// When a clock that runs comes to its next stage, if nothing happens. Marks are told once a cycle: where a target was lowered and raised again, the stage
    /// comes without one.
    pub fn next(clock: &Clock, calendar: &Calendar, at: Instant) -> Option<Instant> {
        if clock.state() != State::Running {
            return None;
        }
        let elapsed = clock.elapsed(calendar, at);
        let left = [warning(clock.terms()), clock.terms().target].map(|goal| goal - elapsed);
        let next = left.into_iter().filter(|left| *left > Micros::ZERO).min();
        next.and_then(|left| calendar.add(at, left))
    }

    /// Of a clock that stands so, after so much business time.
    pub fn when(state: State, terms: &Terms, elapsed: Micros) -> Option<Self> {
        match state {
            State::Waiting | State::Cancelled => None,
            State::Met => Some(Self::Met),
            State::Missed => Some(Self::Missed),
            _ if elapsed >= terms.target => Some(Self::Missed),
            State::Paused => Some(Self::Paused),
            State::Running if elapsed >= warning(terms) => Some(Self::Warning),
            State::Running => Some(Self::Running),
        }
    }
}

/// Business time after which a clock warns: its first mark, rounded up as marks are.
fn warning(terms: &Terms) -> Micros {
    let percent = terms.thresholds.first().copied().unwrap_or(100);
    let hundredths = i128::from(terms.target.0) * i128::from(percent);
    Micros(i64::try_from((hundredths + 99) / 100).unwrap_or(i64::MAX))
}

/// What is shown of all clocks of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Of the worst that runs or is paused; where there is none, of the one that ended last.
    pub stage: Option<Stage>,
    /// The nearest instant at which one that runs is due.
    pub due: Option<Instant>,
}

impl Summary {
    pub fn of(kept: &Kept, shelf: &Shelf, at: Instant) -> Self {
        let calendar = |clock: &Clock| shelf.get(&clock.terms().calendar);
        let stages = kept
            .live()
            .filter_map(|(_, clock)| Stage::of(clock, calendar(clock), at));
        let ended = kept.clocks.values().filter_map(|clock| {
            let stage = Stage::of(clock, calendar(clock), at)?;
            Some((clock.stretches().last()?.to?, stage))
        });
        Self {
            stage: stages.max().or_else(|| ended.max().map(|(_, stage)| stage)),
            due: kept
                .live()
                .filter_map(|(_, clock)| clock.due(calendar(clock)))
                .min(),
        }
    }
}

#[cfg(test)]
mod tests;
