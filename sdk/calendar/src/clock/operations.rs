//! Started, paused, resumed, stopped, reopened, cancelled, begun anew.

use super::{Clock, ClockError, State, Stretch};
use crate::{
    calendar::Calendar,
    limits::{REASON_BYTES_MAX, STRETCHES_MAX},
    time::Instant,
};

/// Each operation leaves the clock as it was where it returns an error.
///
/// # Errors
/// Where the clock stands otherwise than the operation needs it; where more would be kept than may be.
impl Clock {
    /// Starts a clock that waits.
    pub fn start(&mut self, at: Instant) -> Result<(), ClockError> {
        self.start_since(at, at)
    }

    /// Starts a clock that waits as if it had been started before: marks that are reached already are late.
    pub fn start_since(&mut self, since: Instant, at: Instant) -> Result<(), ClockError> {
        self.must("started", &[State::Waiting])?;
        self.stretches.push(Stretch::run(since.min(at)));
        self.changed_at = at;
        Ok(())
    }

    /// Pauses a clock that runs. One that is paused goes over to the other reason; with the same reason nothing changes.
    pub fn pause(&mut self, at: Instant, reason: &str) -> Result<(), ClockError> {
        let state = self.must("paused", &[State::Running, State::Paused])?;
        let most = REASON_BYTES_MAX;
        if !(1..=most).contains(&reason.len()) || reason.contains(char::is_control) {
            return Err(ClockError::Reason { most });
        }
        let known = self
            .stretches
            .last()
            .and_then(|last| last.reason.as_deref());
        if state == State::Paused && known == Some(reason) {
            return Ok(());
        }
        self.go_over(at, |at| Stretch::pause(at, reason))
    }

    /// Lets a clock that is paused go on.
    pub fn resume(&mut self, at: Instant) -> Result<(), ClockError> {
        self.must("resumed", &[State::Paused])?;
        self.go_over(at, Stretch::run)
    }

    /// Stops a clock that runs or is paused, and says whether it was in time: its target must not have gone by, as the mark of 100 % comes when it has.
    pub fn stop(&mut self, calendar: &Calendar, at: Instant) -> Result<State, ClockError> {
        self.must("stopped", &[State::Running, State::Paused])?;
        let at = self.not_before_last(at);
        let end = match self.is_missed(calendar, at) {
            true => State::Missed,
            false => State::Met,
        };
        self.finish(at, end);
        Ok(end)
    }

    /// Lets a clock that was stopped or cancelled go on: what has elapsed stays, what lies between does not count, marks that were told are not told again.
    pub fn reopen(&mut self, at: Instant) -> Result<(), ClockError> {
        self.must("reopened", &[State::Met, State::Missed, State::Cancelled])?;
        self.room()?;
        let at = self.not_before_last(at);
        // One that was cancelled before its start waits for it again.
        if !self.stretches.is_empty() {
            self.stretches.push(Stretch::run(at));
        }
        self.end = None;
        Ok(())
    }

    /// Cancels a clock that has not been stopped. Marks that were not taken are told no more, unless it is opened again.
    pub fn cancel(&mut self, at: Instant) -> Result<(), ClockError> {
        self.must("cancelled", State::LIVE)?;
        let at = self.not_before_last(at);
        self.finish(at, State::Cancelled);
        Ok(())
    }

    /// Begins the next cycle of a clock that was started once: nothing has elapsed, it runs, and each mark is told anew. Marks of the cycle that ends are to
    /// be taken before.
    pub fn reset(&mut self, at: Instant) -> Result<(), ClockError> {
        let state = self.state();
        if self.stretches.is_empty() {
            let asked = "reset";
            return Err(ClockError::Illegal { asked, state });
        }
        let at = self.not_before_last(at);
        self.cycle = self.cycle.saturating_add(1);
        self.stretches = vec![Stretch::run(at)];
        self.end = None;
        self.marks.clear();
        self.told = 0;
        self.changed_at = at;
        Ok(())
    }

    pub(super) fn must(&self, asked: &'static str, states: &[State]) -> Result<State, ClockError> {
        let state = self.state();
        match states.contains(&state) {
            true => Ok(state),
            false => Err(ClockError::Illegal { asked, state }),
        }
    }

    pub(super) fn not_before_last(&self, at: Instant) -> Instant {
        at.max(self.last_at())
    }

    pub(super) fn room(&self) -> Result<(), ClockError> {
        let most = STRETCHES_MAX;
        match self.stretches.len() < most {
            true => Ok(()),
            false => Err(ClockError::Full { most }),
        }
    }

    /// Ends the last stretch where another begins.
    fn go_over(
        &mut self,
        at: Instant,
        next: impl FnOnce(Instant) -> Stretch,
    ) -> Result<(), ClockError> {
        self.room()?;
        let at = self.not_before_last(at);
        self.end_last(at);
        self.stretches.push(next(at));
        Ok(())
    }

    fn finish(&mut self, at: Instant, end: State) {
        self.end_last(at);
        self.end = Some(end);
    }

    fn end_last(&mut self, at: Instant) {
        if let Some(last) = self.stretches.last_mut() {
            last.to.get_or_insert(at);
        }
    }
}
