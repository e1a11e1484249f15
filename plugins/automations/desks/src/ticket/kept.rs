//! What is remembered of a ticket: who has it as far as desks know, so that whatever somebody else did to it is told apart from what desks did.

use super::reason::Reason;
use crate::limits::HANDLERS_MAX;
use serde::{Deserialize, Serialize};

/// What is remembered of a ticket. Ids that are empty: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    pub desk: String,
    /// The desk that covers it.
    pub wanted: String,
    pub reason: Option<Reason>,
    pub group: String,
    pub assignee: String,
    /// The group was a person's choice, and is never overruled.
    pub person: bool,
    /// A person took it from its assignee and gave it to nobody: it is left to the group.
    pub left: bool,
    /// Nobody works on it: it is pending, solved, closed or deleted.
    pub rests: bool,
    /// When the timer of its assignee's silence rings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ring: Option<u64>,
    /// Since when it was silent.
    pub since: u64,
    /// The desk for whose next free member it waits, and since when: as text, in whose order the oldest comes first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits: Option<String>,
    /// Who was silent on it, since anybody last stirred.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<String>,
    /// Who had it, the newest last.
    pub handlers: Vec<Handler>,
}

/// Somebody who has or had a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    pub at: u64,
    pub desk: String,
    pub group: String,
    pub agent: String,
    pub reason: Option<Reason>,
}

/// The place in the queue of a desk, at an instant.
pub fn place(desk: &str, at_us: u64) -> String {
    format!("{desk}/{at_us:020}")
}

/// Where the queue of a desk begins, and where it has ended.
pub fn queue(desk: &str) -> (String, String) {
    (format!("{desk}/"), format!("{desk}0"))
}

/// The desk of a place in its queue.
pub fn desk_of(place: &str) -> &str {
    place.split_once('/').map_or(place, |(desk, _)| desk)
}

impl Kept {
    /// Who has it now, as an entry of its handlers.
    pub fn handler(&self, at_us: u64) -> Handler {
        Handler {
            at: at_us,
            desk: self.desk.clone(),
            group: self.group.clone(),
            agent: self.assignee.clone(),
            reason: self.reason,
        }
    }

    /// Who has it, since when he does, as far as is remembered.
    pub fn present(&self, at_us: u64) -> Handler {
        let last = self.handlers.last().cloned();
        last.unwrap_or_else(|| self.handler(at_us))
    }

    /// Notes who has it, where that is somebody else than before.
    pub fn note(&mut self, at_us: u64) {
        let now = self.handler(at_us);
        let is_same = |last: &Handler| {
            (&last.desk, &last.group, &last.agent) == (&now.desk, &now.group, &now.agent)
        };
        if self.handlers.last().is_some_and(is_same) {
            return;
        }
        self.handlers.push(now);
        let excess = self.handlers.len().saturating_sub(HANDLERS_MAX);
        self.handlers.drain(..excess);
    }

    /// Nobody works on it: no timer runs, and it waits for nobody.
    pub fn rest(&mut self) {
        (self.ring, self.waits) = (None, None);
        self.rests = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_of_a_desk_has_its_places_the_oldest_first_and_no_other_desk_s() {
        let (from, to) = queue("it");
        let within = |place: &str| *place >= *from && *place < *to;
        let (old, new) = (place("it", 9), place("it", 1_791_129_600_000_000));
        assert!(within(&old) && within(&new) && old < new);
        assert_eq!(desk_of(&old), "it");
        assert!(!within(&place("it-2", 9)) && !within(&place("itx", 9)) && !within(&place("i", 9)));
    }

    #[test]
    fn twenty_handlers_are_remembered_each_once_in_a_row() {
        let mut kept = Kept::default();
        for at in 0..=HANDLERS_MAX as u64 {
            kept.assignee = format!("agent-{at}");
            kept.note(at);
            kept.note(at + 1);
        }
        assert_eq!(kept.handlers.len(), HANDLERS_MAX);
        assert_eq!(kept.handlers[0].agent, "agent-1");
        assert_eq!(kept.handlers.last().unwrap().at, HANDLERS_MAX as u64);
    }
}
