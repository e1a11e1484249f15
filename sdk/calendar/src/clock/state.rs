//! How a clock stands.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a clock stands. Whether its target has gone by, also while it runs or is paused, tells [`Clock::is_missed`](super::Clock::is_missed).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has not been started.
    Waiting,
    Running,
    Paused,
    /// Stopped before its target had gone by.
    Met,
    /// Stopped at the end of its target or later.
    Missed,
    /// It counts no more, and tells no marks.
    Cancelled,
}

impl State {
    pub(super) const LIVE: &[Self] = &[Self::Waiting, Self::Running, Self::Paused];

    /// Whether it has neither been stopped nor cancelled.
    pub fn is_live(self) -> bool {
        Self::LIVE.contains(&self)
    }
}

/// As the end of "a clock that…".
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Waiting => "waits for its start",
            Self::Running => "runs",
            Self::Paused => "is paused",
            Self::Met => "was stopped in time",
            Self::Missed => "was stopped too late",
            Self::Cancelled => "was cancelled",
        })
    }
}
