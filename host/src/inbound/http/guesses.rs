//! Guessed passwords: whoever was wrong too often waits, and only so many are looked at at once, as each look is meant to cost much.

use crate::limits::{GUESS_WAIT_MS, GUESSED_NAMES_MAX, GUESSES_MAX};
use guichet_core::{id::TenantId, time::Timestamp};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Semaphore;

/// For whom somewhere somebody tries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Tried {
    pub(super) tenant: TenantId,
    /// As it is kept: trimmed, in lower case.
    pub(super) email: String,
    pub(super) from: IpAddr,
}

/// What went wrong lately.
pub struct Guesses {
    wrong: Mutex<HashMap<Tried, Wrong>>,
    /// As many as there are processors: the rest waits.
    pub(super) looks: Semaphore,
}

#[derive(Debug, Clone, Copy)]
struct Wrong {
    times: u32,
    last: Timestamp,
}

impl Default for Guesses {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            wrong: Mutex::default(),
            looks: Semaphore::new(processors),
        }
    }
}

impl Guesses {
    /// How many seconds are to be waited before another try; none where one may be made now.
    pub(super) fn wait_seconds(&self, tried: &Tried, now: Timestamp) -> Option<u64> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let wrong = wrong
            .get(tried)
            .filter(|wrong| wrong.times >= GUESSES_MAX)?;
        let left = wrong.last.plus_milliseconds(GUESS_WAIT_MS).0 - now.0;
        u64::try_from(left)
            .ok()
            .filter(|left| *left > 0)
            .map(|left| left.div_ceil(1_000_000))
    }

    /// Notes a try that was wrong.
    pub(super) fn was_wrong(&self, tried: Tried, now: Timestamp) {
        let mut all = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |wrong: &Wrong| wrong.last.plus_milliseconds(GUESS_WAIT_MS) <= now;
        if all.len() >= GUESSED_NAMES_MAX {
            all.retain(|_, wrong| !is_over(wrong));
        }
        if all.len() >= GUESSED_NAMES_MAX && !all.contains_key(&tried) {
            // So many at once are one attack from many places: what it guesses is not worth more memory.
            return;
        }
        let wrong = all.entry(tried).or_insert(Wrong {
            times: 0,
            last: now,
        });
        *wrong = Wrong {
            times: if is_over(wrong) { 1 } else { wrong.times + 1 },
            last: now,
        };
    }

    /// Forgets what was wrong before.
    pub(super) fn was_right(&self, tried: &Tried) {
        let mut all = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(tried);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_so_many_wrong_ones_the_next_waits_its_time_and_others_do_not() {
        let guesses = Guesses::default();
        let tried = |email: &str| Tried {
            tenant: TenantId(uuid::Uuid::nil()),
            email: email.to_owned(),
            from: IpAddr::from([127, 0, 0, 1]),
        };
        let now = Timestamp(0);
        for _ in 1..GUESSES_MAX {
            guesses.was_wrong(tried("bo"), now);
        }
        assert_eq!(guesses.wait_seconds(&tried("bo"), now), None);
        guesses.was_wrong(tried("bo"), now);
        let whole = u64::try_from(GUESS_WAIT_MS / 1_000).unwrap();
        assert_eq!(guesses.wait_seconds(&tried("bo"), now), Some(whole));
        assert_eq!(guesses.wait_seconds(&tried("lin"), now), None);
        let then = now.plus_milliseconds(GUESS_WAIT_MS);
        assert_eq!(guesses.wait_seconds(&tried("bo"), then), None);
        guesses.was_wrong(tried("bo"), then);
        assert_eq!(
            guesses.wait_seconds(&tried("bo"), then),
            None,
            "it counts anew"
        );
    }
}
