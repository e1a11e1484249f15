//! How often something happened lately. Headers lie, and two machines can answer each other for ever: whoever comes too often is not answered by one.
//!
//! Counts are kept in a few documents, by a digest of what is counted, in slots of time; a document forgets what is old when it is written again.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Documents over which counts are spread.
const DOCUMENTS: u8 = 64;

/// Slots of one window.
const SLOTS: u64 = 12;

/// Things counted in one document; the oldest are forgotten first.
const ENTRIES_MAX: usize = 500;

/// Counts of many things.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts(BTreeMap<String, BTreeMap<u64, u64>>);

/// What is counted, by digest: neither addresses nor texts are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub document: String,
    entry: String,
}

impl Counted {
    /// A thing of a kind, such as a `sender` by his address.
    pub fn new(kind: &str, thing: &str) -> Self {
        let digest = Sha256::digest(format!("{kind}\0{thing}").as_bytes());
        Self {
            document: format!("{:02}", digest[0] % DOCUMENTS),
            entry: hex::encode(&digest[1..9]),
        }
    }
}

/// A window of time at a moment.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    slot: u64,
}

impl Window {
    /// `now` in microseconds.
    pub fn at(now: u64, minutes: u64) -> Self {
        let slot_length = (minutes.max(1) * 60_000_000 / SLOTS).max(1);
        Self {
            slot: now / slot_length,
        }
    }

    fn holds(self, slot: u64) -> bool {
        slot <= self.slot && self.slot - slot < SLOTS
    }
}

impl Counts {
    /// How often it happened in the window.
    pub fn of(&self, counted: &Counted, window: Window) -> u64 {
        let slots = self.0.get(&counted.entry).into_iter().flatten();
        slots
            .filter(|(slot, _)| window.holds(**slot))
            .map(|(_, count)| count)
            .sum()
    }

    /// Counts it once more, and forgets what is old.
    pub fn add(&mut self, counted: &Counted, window: Window) {
        for slots in self.0.values_mut() {
            slots.retain(|slot, _| window.holds(*slot));
        }
        self.0.retain(|_, slots| !slots.is_empty());
        while self.0.len() >= ENTRIES_MAX && !self.0.contains_key(&counted.entry) {
            let oldest = self
                .0
                .iter()
                .min_by_key(|(_, slots)| slots.keys().max().copied())
                .map(|(entry, _)| entry.clone());
            let Some(oldest) = oldest else { break };
            self.0.remove(&oldest);
        }
        *self
            .0
            .entry(counted.entry.clone())
            .or_default()
            .entry(window.slot)
            .or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000_000;

    #[test]
    fn what_happened_lately_counts_and_what_is_old_does_not() {
        let (ana, bo) = (
            Counted::new("sender", "ana@t.example"),
            Counted::new("sender", "bo@t.example"),
        );
        let mut counts = Counts::default();
        for minute in [0, 10, 100, 170] {
            counts.add(&ana, Window::at(minute * MINUTE, 180));
        }
        assert_eq!(counts.of(&ana, Window::at(179 * MINUTE, 180)), 4);
        assert_eq!(counts.of(&ana, Window::at(185 * MINUTE, 180)), 2);
        assert_eq!(counts.of(&ana, Window::at(400 * MINUTE, 180)), 0);
        assert_eq!(counts.of(&bo, Window::at(179 * MINUTE, 180)), 0);
        counts.add(&bo, Window::at(1_000 * MINUTE, 180));
        assert_eq!(counts.0.len(), 1, "what is old is forgotten");
    }

    #[test]
    fn a_document_has_a_bound() {
        let mut counts = Counts::default();
        for number in 0..ENTRIES_MAX + 20 {
            counts.add(
                &Counted::new("sender", &number.to_string()),
                Window::at(number as u64 * MINUTE / 100, 180),
            );
        }
        assert_eq!(counts.0.len(), ENTRIES_MAX);
        let last = Counted::new("sender", &(ENTRIES_MAX + 19).to_string());
        assert_eq!(counts.of(&last, Window::at(6 * MINUTE, 180)), 1);
    }
}
