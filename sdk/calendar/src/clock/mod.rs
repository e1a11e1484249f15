//! A clock of a ticket: business time from a start to a stop, without its pauses, against a target.
//!
//! - **Terms** are what it is measured by: a policy, a calendar, a target, thresholds. A calendar is named, not kept; each reading is handed the one that is named.
//! - **Stretches** are where it ran and where it was paused, in order; only the last may have no end. They are added to, and never changed once they have ended.
//! - **Marks** are the thresholds that were reached. Each is told once a cycle.
//!
//! Operations come in the order of time. One that is dated before the last counts as if it came with it: what another machine's clock says may be a little off,
//! and a pause must not be lost for that. Readings of an instant before the last operation are those of that operation.

/// 1. What it is measured by, what it keeps, how it stands.
mod error;
mod state;
mod stretch;
mod terms;

/// 2. Started, paused, resumed, stopped, reopened, cancelled, begun anew.
mod operations;

/// 3. Other terms, a corrected calendar.
mod change;

/// 4. Which thresholds are reached, and when the others will be.
mod marks;

/// 5. Elapsed, remaining, paused, due.
mod readings;

/// 6. From a record.
mod kept;

pub use error::ClockError;
pub use marks::Mark;
pub use readings::Paused;
pub use state::State;
pub use stretch::Stretch;
pub use terms::{Terms, TermsError};

use crate::time::Instant;
use kept::Kept;
use serde::{Deserialize, Serialize};

/// A clock of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Kept")]
pub struct Clock {
    terms: Terms,
    cycle: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stretches: Vec<Stretch>,
    /// How it ended, if it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<State>,
    /// Those that were reached, in the order in which they were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Mark>,
    /// How many of these were taken.
    told: usize,
    /// When what it is measured by was last changed: a mark that is reached before was reached by this change.
    changed_at: Instant,
}

impl Clock {
    /// A clock that waits for its start.
    ///
    /// # Errors
    /// Where it cannot be measured by these terms.
    pub fn new(terms: Terms) -> Result<Self, TermsError> {
        terms.check()?;
        Ok(Self {
            terms,
            cycle: 1,
            stretches: Vec::new(),
            end: None,
            marks: Vec::new(),
            told: 0,
            changed_at: Instant::FIRST,
        })
    }

    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How many times it has begun, counted from one.
    pub fn cycle(&self) -> u32 {
        self.cycle
    }

    /// Where it ran and where it was paused in this cycle.
    pub fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    pub fn state(&self) -> State {
        match (self.end, self.stretches.last()) {
            (Some(end), _) => end,
            (None, None) => State::Waiting,
            (None, Some(last)) if last.is_run() => State::Running,
            (None, Some(_)) => State::Paused,
        }
    }

    /// When the last operation was, or came to count.
    fn last_at(&self) -> Instant {
        let last = self.stretches.last().map(Stretch::latest);
        last.unwrap_or_default().max(self.changed_at)
    }
}
