//! What a clock keeps of time: where it ran, and where it was paused.

use crate::{
    calendar::Calendar,
    time::{Instant, Micros},
};
use serde::{Deserialize, Serialize};

/// From one operation to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    pub from: Instant,
    /// The last may have no end yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Instant>,
    /// Why the clock was paused; none where it ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Business time of the stretch, where it was measured for good because the clock went over to another calendar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Micros>,
}

impl Stretch {
    pub(super) fn run(from: Instant) -> Self {
        Self {
            from,
            to: None,
            reason: None,
            measured: None,
        }
    }

    pub(super) fn pause(from: Instant, reason: &str) -> Self {
        Self {
            reason: Some(reason.to_owned()),
            ..Self::run(from)
        }
    }

    pub fn is_run(&self) -> bool {
        self.reason.is_none()
    }

    /// Its last instant that is known.
    pub(super) fn latest(&self) -> Instant {
        self.to.unwrap_or(self.from)
    }

    /// Business time of it, up to an instant where it has no end yet.
    pub(super) fn business(&self, calendar: &Calendar, at: Instant) -> Micros {
        self.measured
            .unwrap_or_else(|| calendar.overlap(self.from, self.to.unwrap_or(at)))
    }

    /// As the clock on the wall measures it.
    pub(super) fn wall(&self, at: Instant) -> Micros {
        self.to.unwrap_or(at) - self.from
    }
}
