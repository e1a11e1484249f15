//! # The breaker
//! A plugin that fails again and again is paused for a while, and loses nothing by it: it leaves the others' cursor for one of its own, which stands
//! where it left off. Tried again, its first delivery decides. Paused too often within a day, it is disabled, with its place kept, and admins see why.
//!
//! Only what nobody waits for counts: events and jobs, and of each only the first try, so that one bad ticket is one failure. Whoever asks a route or a
//! report is told of its failure at once; were it counted, anybody could switch a plugin off from outside. A guard has a policy of its own.

use super::{Ready, lifecycle};
use crate::{
    admin,
    desk::Desk,
    lane::LaneError,
    limits::{BREAKER_DAY_MS, BREAKER_FAILURES, BREAKER_TRIES},
};
use guichet_core::{
    id::{InstallId, TenantId},
    time::Timestamp,
};
use guichet_runtime::Outcome;
use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

/// How the last first tries of each install ended. In memory: a pause stands in the database, what led to it need not.
#[derive(Debug, Default)]
pub struct Breakers {
    by_install: Mutex<HashMap<(TenantId, InstallId), Tries>>,
}

/// Of one epoch: what an install did before it was paused or changed says nothing of it now.
#[derive(Debug, Default)]
struct Tries {
    epoch: u64,
    /// Whether it failed; the last ones, oldest first.
    failed: VecDeque<bool>,
}

impl Breakers {
    /// Notes how a first try ended; answers whether that was one failure too many. On probation, the first is.
    fn note(&self, now: Timestamp, tenant: TenantId, ready: &Ready, failed: bool) -> bool {
        let mut all = self
            .by_install
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let key = (tenant, ready.install.id);
        let was_paused = ready
            .install
            .history
            .breaker
            .as_ref()
            .is_some_and(|breaker| {
                let day_ago = now.plus_milliseconds(-BREAKER_DAY_MS);
                breaker.opened.last().is_some_and(|at| *at > day_ago)
            });
        // A healthy install is not in the list.
        if !failed && !was_paused && !all.contains_key(&key) {
            return false;
        }
        let epoch = ready.install.epoch;
        let tries = all.entry(key).or_default();
        if epoch < tries.epoch {
            return false;
        }
        if epoch > tries.epoch {
            *tries = Tries {
                epoch,
                failed: VecDeque::new(),
            };
        }
        let tries = &mut tries.failed;
        let is_on_probation = was_paused && tries.is_empty();
        if tries.len() == BREAKER_TRIES {
            tries.pop_front();
        }
        tries.push_back(failed);
        let failures = tries.iter().filter(|failed| **failed).count();
        if failed && (is_on_probation || failures >= BREAKER_FAILURES) {
            return true;
        }
        if failures == 0 && !was_paused {
            all.remove(&key);
        }
        false
    }
}

/// Whether an outcome is the plugin's own failure. What the host failed in is nobody's.
pub fn is_blamed(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::Ok | Outcome::HostError(_))
}

/// Notes how the first try of a delivery or a job ended, and pauses the install where it was one failure too many. `failure` says what was wrong.
///
/// # Errors
/// Where the database fails.
pub async fn note(
    desk: &Desk,
    tenant: TenantId,
    ready: &Ready,
    failure: Option<&str>,
) -> Result<(), LaneError> {
    if !desk
        .breakers
        .note(desk.clock.now(), tenant, ready, failure.is_some())
    {
        return Ok(());
    }
    let operator = admin::operator(desk, tenant).await?;
    let reason = failure.unwrap_or_default();
    lifecycle::pause::pause(desk, &operator, &ready.install, reason).await
}
