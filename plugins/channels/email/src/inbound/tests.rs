//! Cases for tests of what is decided of a mail, up to where the desk itself is asked.

use super::*;

/// Microseconds since 1970: some time in November 2026.
pub(super) const NOW: u64 = 1_795_000_000_000_000;

/// A desk that has taken no mail yet.
pub(super) struct Desk {
    settings: Settings,
    keys: Keys,
}

impl Desk {
    pub(super) fn with(settings: Settings) -> Self {
        Self {
            settings,
            keys: Keys::new(vec![b"key".to_vec()]),
        }
    }

    /// What is asked of a mail, as the route takes it.
    pub(super) fn takes<T>(&self, raw: &str, ask: impl FnOnce(&Case<'_>) -> T) -> T {
        let mail = mail::read(raw.as_bytes());
        let arrival = Arrival::of("/inbound", &[], &mail, &self.settings).unwrap();
        let content = arrival::content(&mail, raw.as_bytes());
        let source = Source::of(raw.as_bytes(), Some("source".to_owned()));
        let case = Case::of(
            &self.settings,
            &self.keys,
            &arrival,
            &mail,
            source,
            &content,
            NOW,
        );
        ask(&case)
    }
}
