//! # What an event does to a ticket's clocks
//!
//! In this order: marks that were reached before are taken at their own instants; the ticket stands otherwise; somebody said something; the policy's terms
//! hold from here on; what waits pauses. What that makes true is told as late.
//!
//! A ticket out of sight goes on measuring, and tells nothing until it is back: then it is as if it had never been away.
//!
//! Pure: the same events give the same clocks, whoever plays them again.

/// A clock that begins after its ticket, as if it had been there.
mod born;

use crate::{
    kept::{Chosen, Kept},
    kind::Kind,
    limits::STRETCHES_MAX,
    plan::{Plan, Planned},
    policy::id_of,
    progress::{Happened, Said, Sight, Standing},
    shelf::Shelf,
    stage::Stage,
};
use guichet_calendar::{Clock, ClockError, Instant, State};

/// A mark that was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub kind: Kind,
    pub percent: u16,
    pub at: Instant,
    /// It became true by a change, or while the ticket was out of sight.
    pub late: bool,
    /// The policy's label.
    pub policy: String,
    pub cycle: u32,
}

/// What came of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Driven {
    pub told: Vec<Told>,
    /// Clocks that no policy has any more.
    pub cancelled: Vec<Kind>,
    /// What was not done, for the log.
    pub notes: Vec<String>,
}

/// Plays an event. `plan` is what the ticket's policy says from now on; without one, it has no policy.
pub fn drive(kept: &mut Kept, happened: &Happened, plan: Option<&Plan>, shelf: &Shelf) -> Driven {
    let was_hidden = kept.is_hidden();
    let mut driver = Driver {
        kept,
        plan,
        shelf,
        at: happened.at,
        driven: Driven::default(),
    };
    if !was_hidden {
        driver.take(|_| false);
    }
    if let Some(sight) = happened.sight {
        driver.see(sight);
    }
    // A merged ticket is closed and not solved, also where it was deleted and comes back to that.
    if let Some(standing) = happened
        .standing
        .clone()
        .filter(|_| !driver.kept.is_hidden())
    {
        driver.turn(standing);
    }
    if let Some(said) = happened.said {
        driver.hear(said);
    }
    driver.fit();
    driver.pause();
    if !driver.kept.is_hidden() {
        let at = happened.at;
        driver.take(|mark_at| mark_at < at);
    }
    driver.driven.told.sort_by_key(|told| (told.at, told.kind));
    driver.driven
}

/// When the timer is to ring, if nothing happens: at the next mark that is not told, or where the ticket's stage becomes another without one.
pub fn next_ring(kept: &Kept, shelf: &Shelf, at: Instant) -> Option<Instant> {
    if kept.is_hidden() {
        return None;
    }
    let next = kept.live().filter_map(|(_, clock)| {
        let calendar = shelf.get(&clock.terms().calendar);
        let marks = clock.marks(calendar).into_iter().map(|mark| mark.at);
        marks.chain(Stage::next(clock, calendar, at)).min()
    });
    next.min()
}

struct Driver<'a> {
    kept: &'a mut Kept,
    plan: Option<&'a Plan>,
    shelf: &'a Shelf,
    at: Instant,
    driven: Driven,
}

impl Driver<'_> {
    fn take(&mut self, is_late: impl Fn(Instant) -> bool) {
        for (kind, clock) in &mut self.kept.clocks {
            let calendar = self.shelf.get(&clock.terms().calendar);
            let marks = clock.take_marks(calendar, self.at);
            self.driven.told.extend(marks.into_iter().map(|mark| Told {
                kind: *kind,
                percent: mark.percent,
                at: mark.at,
                late: mark.late || is_late(mark.at),
                policy: clock.terms().policy.clone(),
                cycle: clock.cycle(),
            }));
        }
    }

    fn see(&mut self, sight: Sight) {
        match sight {
            Sight::Deleted => self.kept.deleted = true,
            Sight::Restored => self.kept.deleted = false,
            Sight::Merged => self.kept.merged = true,
            Sight::Unmerged => self.kept.merged = false,
        }
    }

    fn turn(&mut self, standing: Standing) {
        let was_solved = self.kept.progress.is_solved();
        self.kept.progress.turn(self.at, standing);
        match (was_solved, self.kept.progress.is_solved()) {
            (false, true) => Kind::ALL.into_iter().for_each(|kind| self.stop(kind)),
            (true, false) => {
                for kind in [Kind::Resolution, Kind::Work] {
                    self.on(kind, |clock, at| match clock.state() {
                        State::Met | State::Missed => clock.reopen(at),
                        _ => Ok(()),
                    });
                }
            }
            _ => {}
        }
    }

    fn hear(&mut self, said: Said) {
        let before = self.kept.progress.clone();
        self.kept.progress.hear(self.at, said);
        let now = &self.kept.progress;
        let is_begun = before.begun.is_none() && now.begun.is_some();
        let is_answered = before.answered.is_none() && now.answered.is_some();
        let (asked, asks) = (before.unanswered.is_some(), now.unanswered.is_some());
        let is_told = said == Said::Agent && now.told.is_some();
        if is_begun {
            self.on(Kind::FirstReply, |clock, at| match clock.state() {
                State::Waiting => clock.start(at),
                _ => Ok(()),
            });
        }
        if is_answered {
            self.stop(Kind::FirstReply);
        }
        match (asked, asks) {
            (true, false) => self.stop(Kind::NextReply),
            (false, true) => self.begin_again(Kind::NextReply),
            _ => {}
        }
        if is_told {
            self.stop(Kind::Update);
            self.begin_again(Kind::Update);
        }
    }

    /// A new cycle of a clock that was there. One that was not is made where the policy's terms are held against the clocks.
    fn begin_again(&mut self, kind: Kind) {
        if !self
            .plan
            .is_some_and(|plan| plan.clocks.contains_key(&kind))
        {
            return;
        }
        let is_fresh = |clock: &mut Clock| clock.stretches().is_empty();
        if self.kept.clocks.get_mut(&kind).is_some_and(is_fresh) {
            self.kept.clocks.remove(&kind);
        }
        self.on(kind, Clock::reset);
    }

    fn stop(&mut self, kind: Kind) {
        let shelf = self.shelf;
        self.on(kind, |clock, at| match clock.state() {
            State::Running | State::Paused => {
                let calendar = shelf.get(&clock.terms().calendar);
                clock.stop(calendar, at).map(drop)
            }
            _ => Ok(()),
        });
    }

    /// The policy's terms hold from here on.
    fn fit(&mut self) {
        let wanted = |kind: &Kind| self.plan.is_some_and(|plan| plan.clocks.contains_key(kind));
        let live = self.kept.live().map(|(kind, _)| kind);
        let dropped: Vec<Kind> = live.filter(|kind| !wanted(kind)).collect();
        for kind in dropped {
            self.on(kind, Clock::cancel);
            self.driven.cancelled.push(kind);
        }
        self.kept.chosen = self.plan.map(|plan| Chosen {
            id: plan.id.clone(),
            version: plan.version,
            priority: plan.priority,
        });
        let Some(plan) = self.plan else { return };
        for (kind, planned) in &plan.clocks {
            self.fit_one(*kind, planned);
        }
    }

    fn fit_one(&mut self, kind: Kind, planned: &Planned) {
        let shelf = self.shelf;
        let progress = &self.kept.progress;
        let Some(clock) = self.kept.clocks.get(&kind) else {
            match born::born(kind, planned, progress, shelf) {
                Ok(Some(clock)) => drop(self.kept.clocks.insert(kind, clock)),
                Ok(None) => {}
                Err(error) => self.note(kind, &error),
            }
            return;
        };
        if clock.state() == State::Cancelled {
            let Some(since) = born::owed(kind, progress) else {
                return;
            };
            self.on(kind, |clock, at| {
                clock.reopen(at)?;
                match (clock.state(), since) {
                    (State::Waiting, Some(since)) => clock.start_since(since, at),
                    _ => Ok(()),
                }
            });
        }
        self.on(kind, |clock, at| match clock.state().is_live() {
            true => go_over(clock, at, planned, shelf),
            false => Ok(()),
        });
    }

    /// What waits pauses, and what waits no more goes on.
    fn pause(&mut self) {
        let Some(plan) = self.plan else { return };
        for (kind, planned) in &plan.clocks {
            let reason = match self.kept.progress.standing() {
                Standing::Waiting(reason) if planned.pauses_for(reason) => Some(reason.clone()),
                _ => None,
            };
            self.on(*kind, |clock, at| match (clock.state(), &reason) {
                (State::Running | State::Paused, Some(reason)) => {
                    match clock.stretches().len() < STRETCHES_MAX {
                        true => clock.pause(at, reason),
                        false => Err(ClockError::Full {
                            most: STRETCHES_MAX,
                        }),
                    }
                }
                (State::Paused, None) => clock.resume(at),
                _ => Ok(()),
            });
        }
    }

    fn on(&mut self, kind: Kind, act: impl FnOnce(&mut Clock, Instant) -> Result<(), ClockError>) {
        let Some(clock) = self.kept.clocks.get_mut(&kind) else {
            return;
        };
        if let Err(error) = act(clock, self.at) {
            self.note(kind, &error);
        }
    }

    fn note(&mut self, kind: Kind, error: &ClockError) {
        let note = format!("the clock {}: {error}", kind.name());
        self.driven.notes.push(note);
    }
}

/// Other terms. A new version of the same calendar was meant for what lies behind, too; another calendar measures what comes.
fn go_over(
    clock: &mut Clock,
    at: Instant,
    planned: &Planned,
    shelf: &Shelf,
) -> Result<(), ClockError> {
    let terms = &planned.terms;
    if clock.terms() == terms {
        return Ok(());
    }
    let before = clock.terms().calendar.clone();
    if before != terms.calendar && id_of(&before) == id_of(&terms.calendar) {
        clock.correct(shelf.get(&before), at, terms.calendar.as_str())?;
    }
    let calendar = shelf.get(&clock.terms().calendar);
    if clock.terms() == terms {
        return Ok(());
    }
    clock.retarget(calendar, at, terms.clone())
}

#[cfg(test)]
mod tests;
