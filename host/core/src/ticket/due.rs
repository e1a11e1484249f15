//! What the host does by itself once its time has come: waiting ends, what is solved closes, what is deleted or suspended goes.

use super::{
    Ticket,
    state::State,
    work::{Stamp, Work},
};
use crate::{refusal::Refusal, time::Timestamp};

const DAY_MS: i64 = 86_400_000;

/// After how long. A tenant may set its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Periods {
    /// Days from solved to closed; at most 28.
    pub close_days: i64,
    /// Days in the suspended queue.
    pub suspended_days: i64,
    /// Days that a deleted ticket can be restored.
    pub restore_days: i64,
}

impl Default for Periods {
    fn default() -> Self {
        Self {
            close_days: 4,
            suspended_days: 14,
            restore_days: 30,
        }
    }
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Resume,
    Close,
    Reject,
    /// Its content is to be erased: see the store.
    Purge,
}

impl Ticket {
    /// What the host will do by itself, and when; nothing where only people decide.
    pub fn next_deed(&self, periods: &Periods) -> Option<(Timestamp, Deed)> {
        let after = |at: Timestamp, days: i64| at.plus_milliseconds(days * DAY_MS);
        match self.state {
            State::Pending => self.pending_until.map(|until| (until, Deed::Resume)),
            State::Solved => self
                .solved_at
                .map(|at| (after(at, periods.close_days), Deed::Close)),
            State::Suspended => self
                .removed_at
                .map(|at| (after(at, periods.suspended_days), Deed::Reject)),
            State::Deleted if !self.legal_hold => self
                .removed_at
                .map(|at| (after(at, periods.restore_days), Deed::Purge)),
            _ => None,
        }
    }
}

impl Work {
    /// Does what is due at the stamp's time, but for purging. Nothing where nothing is.
    ///
    /// # Errors
    /// What the verbs answer.
    pub fn fall_due(&mut self, periods: &Periods, stamp: &Stamp) -> Result<(), Refusal> {
        match self.ticket().next_deed(periods) {
            Some((at, Deed::Resume)) if at <= stamp.at => self.resume(stamp),
            Some((at, Deed::Close)) if at <= stamp.at => self.close(stamp),
            Some((at, Deed::Reject)) if at <= stamp.at => self.reject(stamp),
            _ => Ok(()),
        }
    }
}
