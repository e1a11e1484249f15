//! Other terms, or a calendar that was corrected, while a clock runs or is paused.
//!
//! What was reached before is settled by what the clock was measured by until then, at its exact instants. What the change itself makes true is late.

use super::{Clock, ClockError, State, Stretch, Terms};
use crate::{calendar::Calendar, time::Instant};

impl Clock {
    /// Goes over to other terms. What has elapsed stays, and so do all pauses: with another calendar, they were measured by the one until now, and what comes is
    /// measured by the other. A clock that was stopped keeps its terms; what is begun anew may get others right after.
    ///
    /// `calendar` is the one that the terms named until now.
    ///
    /// # Errors
    /// Where it cannot be measured by these terms; where it was stopped or cancelled.
    pub fn retarget(
        &mut self,
        calendar: &Calendar,
        at: Instant,
        terms: Terms,
    ) -> Result<(), ClockError> {
        terms.check()?;
        let state = self.must("measured by other terms", State::LIVE)?;
        if state != State::Waiting {
            let is_other = terms.calendar != self.terms.calendar;
            if is_other {
                self.room()?;
            }
            let at = self.not_before_last(at);
            self.settle(calendar, at);
            if is_other {
                self.measure_for_good(calendar, at);
            }
            self.changed_at = at;
        }
        self.terms = terms;
        Ok(())
    }

    /// The calendar was wrong, and its next version is right for what lies behind as well: all is measured by it, but for what was measured by another calendar
    /// before the clock went over to this one.
    ///
    /// `calendar` is the one that the terms named until now, `named` the name of the other.
    ///
    /// # Errors
    /// Where the name is none; where the clock was stopped or cancelled.
    pub fn correct(
        &mut self,
        calendar: &Calendar,
        at: Instant,
        named: impl Into<String>,
    ) -> Result<(), ClockError> {
        let terms = Terms {
            calendar: named.into(),
            ..self.terms.clone()
        };
        terms.check()?;
        let state = self.must("measured by a corrected calendar", State::LIVE)?;
        if state != State::Waiting {
            let at = self.not_before_last(at);
            self.settle(calendar, at);
            self.changed_at = at;
        }
        self.terms = terms;
        Ok(())
    }

    /// Ends the stretch that has no end, and lets one of the same kind begin.
    fn measure_for_good(&mut self, calendar: &Calendar, at: Instant) {
        let open = self.stretches.pop_if(|last| last.to.is_none());
        let next = open.map(|open| {
            // What has only begun needs no part of its own.
            if open.from < at {
                self.stretches.push(Stretch {
                    to: Some(at),
                    ..open.clone()
                });
            }
            Stretch { from: at, ..open }
        });
        for stretch in &mut self.stretches {
            stretch.measured = Some(stretch.business(calendar, at));
        }
        self.stretches.extend(next);
    }
}
