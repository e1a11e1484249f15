//! How a ticket stands by what the desk says of it now, against what its record says.
//!
//! They are one, but where an event was not handled: it waits still, or the plugin was disabled when it happened.

use crate::{
    heard,
    kept::Kept,
    limits::CATCH_UP_ATTEMPT,
    progress::{Happened, Sight, Standing},
};
use guichet_calendar::Instant;
use guichet_sdk::Value;

/// How a ticket stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    /// Nothing where that is not seen: of a ticket that is out of sight.
    standing: Option<Standing>,
    deleted: bool,
    merged: bool,
    /// Since when it is solved, where it is.
    solved_at: Option<Instant>,
}

/// What is to be done with a ticket's record before its clocks are driven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Course {
    /// The event that tells of the difference is waited for.
    Wait,
    /// Its clocks are driven by this.
    Drive(Happened),
}

impl Stands {
    /// By the ticket's state and its fields.
    pub fn of(state: &str, field: impl Fn(&str) -> Value) -> Self {
        let deleted = state == "deleted";
        let merged = !matches!(field("merged_into"), Value::None);
        let standing = match deleted || merged {
            true => None,
            false => heard::standing(Some(state), Some(&field("pending_reason"))),
        };
        Self {
            solved_at: match (&standing, field("solved_at")) {
                (Some(Standing::Solved), Value::Instant(at)) => Some(at.into()),
                _ => None,
            },
            standing,
            deleted,
            merged,
        }
    }

    /// Whether its record says the same.
    pub fn is_known_to(&self, kept: &Kept) -> bool {
        let is_standing = |standing: &Standing| standing == kept.progress.standing();
        (self.deleted, self.merged) == (kept.deleted, kept.merged)
            && self.standing.as_ref().is_none_or(is_standing)
    }

    /// What a job does at an attempt. Where the ticket stands otherwise than its record says, the record is brought up to it once the event was waited for long
    /// enough: nothing is told of the time after it was solved, or went out of sight.
    pub fn course(&self, kept: &mut Kept, now: Instant, attempt: u32) -> Course {
        if self.is_known_to(kept) {
            return Course::Drive(Happened::nothing(now));
        }
        if attempt < CATCH_UP_ATTEMPT {
            return Course::Wait;
        }
        // Since when it is out of sight is not known: what was reached meanwhile is told as late when it is back.
        kept.deleted |= self.deleted;
        kept.merged |= self.merged;
        let sight = match (kept.deleted && !self.deleted, kept.merged && !self.merged) {
            (true, was_merged) => {
                kept.merged &= !was_merged;
                Some(Sight::Restored)
            }
            (false, true) => Some(Sight::Unmerged),
            (false, false) => None,
        };
        let since = kept.progress.history.last().map(|turn| turn.at);
        let solved_at = self
            .solved_at
            .map(|at| at.max(since.unwrap_or(at)).min(now));
        Course::Drive(Happened {
            at: match kept.progress.is_solved() {
                true => now,
                false => solved_at.unwrap_or(now),
            },
            standing: self.standing.clone(),
            said: None,
            sight,
        })
    }
}

#[cfg(test)]
mod tests;
