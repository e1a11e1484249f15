//! What follows from a saving, for many tickets.
//!
//! What was saved holds for a ticket from the moment at which its turn comes. The tickets are gone through in slices, each of which asks for the next, and each
//! ticket has a job of its own: one that fails holds up no other, and a crash between them loses nothing.

use crate::{
    limits::{BREAK_SECONDS, SLICES_IN_A_ROW_MAX, TICKETS_PER_SLICE_MAX},
    store::{self, CLOCKS},
};
use guichet_sdk::{
    Error, clock, jobs,
    records::{self, Range},
};
use serde::{Deserialize, Serialize};

/// A slice of the tickets that a saving concerns.
pub(super) const FOLLOW: &str = "follow";

/// One of these.
pub(super) const REFIT: &str = "refit";

/// What was saved, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Saved {
    Policy(String),
    Calendar(String),
}

/// A slice, as its job has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slice {
    saved: Saved,
    /// By which the slices of one saving are told from those of the next.
    since: u64,
    #[serde(default)]
    cursor: Option<String>,
    /// Slices before it that followed at once.
    #[serde(default)]
    in_a_row: u32,
}

/// A ticket, as its job has it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Turn {
    pub(super) ticket: String,
    pub(super) saved: Saved,
}

/// Asks for all tickets that the saving concerns to follow it.
pub(crate) fn ask(saved: Saved, now: u64) -> Result<(), Error> {
    let first = Slice {
        saved,
        since: now,
        cursor: None,
        in_a_row: 0,
    };
    enqueue(&first, now)
}

/// Lets each ticket of the slice follow, and asks for the next slice.
pub(super) fn follow(slice: Slice) -> Result<(), Error> {
    let now = clock::now();
    let (what, index, id) = slice.saved.found_by();
    let range = Range {
        index: Some(index.to_owned()),
        equal: Some(serde_json::Value::from(id).to_string()),
        cursor: slice.cursor.clone(),
        limit: TICKETS_PER_SLICE_MAX,
        ..Range::all()
    };
    let page = records::query(CLOCKS, &range)?;
    for found in page.items {
        let key = format!("{REFIT}/{what}/{}", found.key);
        let turn = Turn {
            ticket: found.key,
            saved: slice.saved.clone(),
        };
        let payload = serde_json::to_string(&turn).map_err(|error| store::invalid(&error))?;
        jobs::enqueue(REFIT, &payload, Some(now), Some(&key))?;
    }
    match page.next {
        None => Ok(()),
        Some(cursor) => {
            let (next, wait_us) = slice.next(cursor);
            enqueue(&next, now + wait_us)
        }
    }
}

fn enqueue(slice: &Slice, due: u64) -> Result<(), Error> {
    let (what, _, id) = slice.saved.found_by();
    let payload = serde_json::to_string(slice).map_err(|error| store::invalid(&error))?;
    let key = format!("{FOLLOW}/{what}/{id}/{}", slice.since);
    jobs::enqueue(FOLLOW, &payload, Some(due), Some(&key)).map(drop)
}

impl Saved {
    /// What it is, and by what the clocks of its tickets are found.
    fn found_by(&self) -> (&'static str, &'static str, &str) {
        match self {
            Self::Policy(id) => ("policy", "/policy", id),
            Self::Calendar(id) => ("calendar", "/calendars", id),
        }
    }
}

impl Slice {
    /// The next one, and after how many microseconds.
    fn next(self, cursor: String) -> (Self, u64) {
        let (in_a_row, wait_us) = match self.in_a_row + 1 < SLICES_IN_A_ROW_MAX {
            true => (self.in_a_row + 1, 0),
            false => (0, BREAK_SECONDS * 1_000_000),
        };
        let next = Self {
            cursor: Some(cursor),
            in_a_row,
            ..self
        };
        (next, wait_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_slices_follow_at_once_as_may_and_then_there_is_a_break() {
        let mut slice = Slice {
            saved: Saved::Policy("gold".to_owned()),
            since: 7,
            cursor: None,
            in_a_row: 0,
        };
        let mut waits = Vec::new();
        for number in 0..SLICES_IN_A_ROW_MAX * 2 {
            let (next, wait_us) = slice.next(number.to_string());
            assert_eq!(
                (next.since, next.cursor.as_deref()),
                (7, Some(number.to_string().as_str()))
            );
            waits.push(wait_us / 1_000_000);
            slice = next;
        }
        let mut row = vec![0; SLICES_IN_A_ROW_MAX as usize - 1];
        row.push(BREAK_SECONDS);
        assert_eq!(waits, row.repeat(2));
    }

    #[test]
    fn a_slice_is_read_as_it_was_written() {
        let slice = Slice {
            saved: Saved::Calendar("cn".to_owned()),
            since: 1,
            cursor: Some("c".to_owned()),
            in_a_row: 3,
        };
        let written = serde_json::to_string(&slice).unwrap();
        assert_eq!(serde_json::from_str::<Slice>(&written).unwrap(), slice);
    }
}
