//! What the plugin remembers for a while, as documents that drop what is old when they are written: nothing has to be cleaned up, and nothing grows for ever.
//! Pure: reading and writing records is `store.rs`.

use crate::limits::SHARD_BYTES_MAX;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Receipts of the last two days: what became of each token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipts {
    /// By the day since 1970, then by the token's name: the ticket's id, empty where it rests in the suspended queue.
    days: BTreeMap<u64, BTreeMap<String, String>>,
}

/// Posts of this hour by pseudonym.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Since 1970.
    hour: u64,
    counts: BTreeMap<String, u32>,
}

/// A document holds as much as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl Receipts {
    /// What became of a token.
    pub fn of(&self, token: &str) -> Option<&str> {
        self.days
            .values()
            .find_map(|day| day.get(token))
            .map(String::as_str)
    }

    /// With one more, without those of the days before yesterday.
    ///
    /// # Errors
    /// [`Full`].
    pub fn with(mut self, now_s: u64, token: String, ticket: String) -> Result<Self, Full> {
        let today = now_s / 86_400;
        self.days.retain(|day, _| *day + 1 >= today);
        self.days.entry(today).or_default().insert(token, ticket);
        fits(self)
    }
}

impl Counts {
    /// How often somebody posted in this hour.
    pub fn of(&self, now_s: u64, pseudonym: &str) -> u32 {
        match self.is_of(now_s) {
            true => self.counts.get(pseudonym).copied().unwrap_or(0),
            false => 0,
        }
    }

    /// Whether these are counts of the present hour.
    pub fn is_of(&self, now_s: u64) -> bool {
        self.hour == now_s / 3_600
    }

    /// With one more, of this hour only.
    ///
    /// # Errors
    /// [`Full`].
    pub fn with(mut self, now_s: u64, pseudonym: String) -> Result<Self, Full> {
        if !self.is_of(now_s) {
            self = Self {
                hour: now_s / 3_600,
                counts: BTreeMap::new(),
            };
        }
        let count = self.counts.entry(pseudonym).or_default();
        *count = count.saturating_add(1);
        fits(self)
    }
}

fn fits<T: Serialize>(document: T) -> Result<T, Full> {
    match serde_json::to_vec(&document) {
        Ok(bytes) if bytes.len() <= SHARD_BYTES_MAX => Ok(document),
        _ => Err(Full),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_S: u64 = 86_400;

    #[test]
    fn a_receipt_is_kept_for_a_day_and_dropped_after_the_next() {
        let put = |receipts: Receipts, day: u64, token: &str| {
            receipts
                .with(day * DAY_S + 5, token.to_owned(), format!("ticket {token}"))
                .unwrap()
        };
        let receipts = put(put(Receipts::default(), 100, "a"), 101, "b");
        assert_eq!(
            (receipts.of("a"), receipts.of("b")),
            (Some("ticket a"), Some("ticket b"))
        );
        let later = put(receipts, 102, "c");
        assert_eq!((later.of("a"), later.of("b")), (None, Some("ticket b")));
    }

    #[test]
    fn an_hour_counts_by_itself() {
        let now = 500 * 3_600 + 3_599;
        let counts = Counts::default()
            .with(now, "x".to_owned())
            .and_then(|counts| counts.with(now, "x".to_owned()))
            .unwrap();
        assert_eq!(
            (
                counts.of(now, "x"),
                counts.of(now, "y"),
                counts.of(now + 1, "x")
            ),
            (2, 0, 0)
        );
        assert_eq!(
            counts
                .with(now + 1, "y".to_owned())
                .unwrap()
                .of(now + 1, "x"),
            0
        );
    }

    #[test]
    fn a_document_takes_no_more_than_its_bound() {
        let mut receipts = Receipts::default();
        let mut count = 0;
        let ticket = "0".repeat(5_000);
        while let Ok(more) = receipts
            .clone()
            .with(0, format!("{count:022}"), ticket.clone())
        {
            receipts = more;
            count += 1;
        }
        let bytes = serde_json::to_vec(&receipts).unwrap().len();
        assert!(
            bytes <= SHARD_BYTES_MAX && bytes + 5_100 > SHARD_BYTES_MAX,
            "{bytes} after {count}"
        );
    }
}
