//! Time and chance come in here and nowhere else, so that a test can move the one and repeat the other.

use guichet_core::time::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use uuid::Uuid;

/// The time of day, and how far a test has moved it.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    moved_microseconds: Arc<AtomicI64>,
}

impl Clock {
    /// Now.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the door by which time comes in"
    )]
    pub fn now(&self) -> Timestamp {
        let real = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0, |since| since.as_micros());
        Timestamp(
            i64::try_from(real)
                .unwrap_or(i64::MAX)
                .saturating_add(self.moved_microseconds.load(Ordering::Relaxed)),
        )
    }

    /// Moves the time on; every clone sees it.
    pub fn advance_milliseconds(&self, milliseconds: i64) {
        self.moved_microseconds
            .fetch_add(milliseconds * 1_000, Ordering::Relaxed);
    }

    /// A new id of that time: UUIDv7.
    pub fn new_id(&self) -> Uuid {
        let mut random = [0; 10];
        random.copy_from_slice(&random_bytes::<10>());
        uuid::Builder::from_unix_timestamp_millis(self.now().milliseconds(), &random).into_uuid()
    }
}

/// Bytes that nobody can guess.
///
/// # Panics
/// Where the operating system has no randomness to give: nothing can be safe then.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "without randomness no secret may be made"
    )]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// An RFC 3339 text of an instant, in UTC.
pub fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.0)
        .map_or_else(|_| "0000-00-00T00:00:00Z".to_owned(), |at| at.to_string())
}

/// The instant of an RFC 3339 text.
pub fn parse_rfc3339(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>()
        .ok()
        .map(|at| Timestamp(at.as_microsecond()))
}
