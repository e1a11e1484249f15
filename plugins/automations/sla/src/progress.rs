//! What happened to a ticket, as far as clocks ask for it. It is known of every ticket, also of one that no policy is for: a policy may come later.

use crate::limits::HISTORY_MAX;
use guichet_calendar::Instant;
use serde::{Deserialize, Serialize};

/// How a ticket stands, as clocks see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state", content = "reason")]
pub enum Standing {
    /// New or open.
    Working,
    /// Pending, for a reason.
    Waiting(String),
    /// Solved or closed.
    Solved,
}

/// Since when it stands so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub at: Instant,
    pub standing: Standing,
}

/// Who said something in public, in person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    Customer,
    Agent,
}

/// Where a ticket went out of sight, or came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    Deleted,
    Restored,
    Merged,
    Unmerged,
}

/// What an event says of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub at: Instant,
    pub standing: Option<Standing>,
    pub said: Option<Said>,
    pub sight: Option<Sight>,
}

impl Happened {
    /// Time went by.
    pub fn nothing(at: Instant) -> Self {
        Self {
            at,
            standing: None,
            said: None,
            sight: None,
        }
    }
}

/// What happened so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// When the ticket was made; of one that was suspended, when it was recovered.
    pub created: Instant,
    /// Since when a first reply is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<Instant>,
    /// When the first reply was given, or made needless by a solution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Instant>,
    /// The oldest message of a customer that nobody answered; what the first reply is for is not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<Instant>,
    /// The last public answer, until the ticket is solved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Instant>,
    /// Changes of its standing, the oldest first.
    pub history: Vec<Turn>,
}

impl Progress {
    pub fn new(created: Instant) -> Self {
        Self {
            created,
            begun: None,
            answered: None,
            unanswered: None,
            told: None,
            history: vec![Turn {
                at: created,
                standing: Standing::Working,
            }],
        }
    }

    pub fn standing(&self) -> &Standing {
        self.history
            .last()
            .map_or(&Standing::Working, |turn| &turn.standing)
    }

    pub fn is_solved(&self) -> bool {
        *self.standing() == Standing::Solved
    }

    /// A first reply is owed since then.
    pub fn begin(&mut self, at: Instant) {
        self.begun.get_or_insert(at);
    }

    /// The ticket stands otherwise. Solving it answers whatever was asked.
    pub fn turn(&mut self, at: Instant, standing: Standing) {
        if *self.standing() == standing {
            return;
        }
        if standing == Standing::Solved {
            if self.begun.is_some() {
                self.answered.get_or_insert(at);
            }
            self.unanswered = None;
            self.told = None;
        }
        if self.history.len() >= HISTORY_MAX {
            self.history.remove(0);
        }
        self.history.push(Turn { at, standing });
    }

    /// Only how it stands is remembered, and since when.
    pub fn forget_turns(&mut self) {
        self.history.drain(..self.history.len().saturating_sub(1));
    }

    /// Somebody said something.
    pub fn hear(&mut self, at: Instant, said: Said) {
        match said {
            Said::Customer if self.answered.is_some() => {
                self.unanswered.get_or_insert(at);
            }
            Said::Customer => self.begin(at),
            Said::Agent => {
                if self.begun.is_some() {
                    self.answered.get_or_insert(at);
                }
                self.unanswered = None;
                self.told = (!self.is_solved()).then_some(at);
            }
        }
    }
}

#[cfg(test)]
mod tests;
