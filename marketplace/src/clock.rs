//! Time and chance come in here and nowhere else, so that a test can move the one and repeat the other.

use jiff::{SignedDuration, Timestamp};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// The time of day, and how far a test has moved it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    moved_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// Now.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the door by which time comes in"
    )]
    pub fn now(&self) -> Timestamp {
        let moved = SignedDuration::from_secs(self.moved_seconds.load(Ordering::Relaxed));
        Timestamp::now()
            .checked_add(moved)
            .unwrap_or(Timestamp::MAX)
    }

    /// Moves the time; every clone sees it.
    pub fn advance_seconds(&self, seconds: i64) {
        self.moved_seconds.fetch_add(seconds, Ordering::Relaxed);
    }
}

/// Bytes that nobody can guess.
///
/// # Errors
/// Where the operating system has no randomness to give.
pub(crate) fn random_bytes<const N: usize>() -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(bytes)
}
