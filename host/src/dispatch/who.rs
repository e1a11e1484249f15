//! Whose deliveries are followed: those that keep step share the tenant's cursor; an install that is paused or catches up has its own.

use crate::plugins::Ready;
use guichet_core::{changeset::Check, id::InstallId, time::Timestamp};
use std::sync::Arc;

/// A cursor, and the installs that it is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// All that keep step.
    Together,
    /// One with a cursor of its own.
    Apart(InstallId),
}

impl Who {
    /// Whether the install is of this cursor.
    pub(super) fn includes(self, ready: &Ready) -> bool {
        match self {
            Self::Together => !ready.install.apart,
            Self::Apart(install) => ready.install.apart && ready.install.id == install,
        }
    }

    /// As a change-set names the cursor.
    pub(super) fn cursor(self) -> Option<InstallId> {
        match self {
            Self::Together => None,
            Self::Apart(install) => Some(install),
        }
    }
}

/// A cursor as it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Follower {
    pub(super) who: Who,
    /// Of the install that is apart, when its cursor was read. In another epoch the cursor may be another.
    pub(super) epoch: u64,
}

impl Follower {
    /// Whether the cursor may be moved on now. An own one stands still while its install does not run: what would be passed over is lost to it.
    pub(super) fn moves(self, installs: &[Arc<Ready>], now: Timestamp) -> bool {
        let runs = |ready: &Arc<Ready>| {
            self.who.includes(ready) && ready.is_running(now) && ready.install.epoch == self.epoch
        };
        self.who == Who::Together || installs.iter().any(runs)
    }

    /// What must hold for whatever moves the cursor.
    pub(super) fn check(self) -> Option<Check> {
        let install = self.who.cursor()?;
        Some(Check::Epoch(install, self.epoch))
    }
}
