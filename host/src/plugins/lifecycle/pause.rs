//! Paused because it failed too often, and tried again.

use super::Step;
use crate::{
    clock::rfc3339,
    desk::Desk,
    lane::{Asker, LaneError},
    limits::{BREAKER_DAY_MS, BREAKER_OPENINGS_MAX, BREAKER_WAIT_MS, BREAKER_WAIT_MS_MAX},
};
use guichet_core::{
    changeset::CursorWrite,
    install::{Breaker, Install, InstallState},
    refusal::Refusal,
};

/// Pauses an install, with its place kept: for a minute, then for longer; the third time within a day it is disabled. One that somebody changed
/// meanwhile is left alone.
///
/// # Errors
/// Where the database fails.
pub async fn pause(
    desk: &Desk,
    asker: &Asker,
    seen: &Install,
    reason: &str,
) -> Result<(), LaneError> {
    let now = desk.clock.now();
    let mut install = seen.clone();
    let day_ago = now.plus_milliseconds(-BREAKER_DAY_MS);
    let before = install.history.breaker.take().unwrap_or_default();
    let mut opened = before.opened;
    opened.retain(|at| *at > day_ago);
    opened.push(now);
    let is_last = opened.len() >= BREAKER_OPENINGS_MAX;
    let wait = BREAKER_WAIT_MS
        .saturating_mul(1 << (opened.len() - 1).min(16))
        .min(BREAKER_WAIT_MS_MAX);
    let until = (!is_last).then(|| now.plus_milliseconds(wait));
    install.history.breaker = Some(Breaker {
        opened,
        until,
        reason: reason.to_owned(),
    });
    let kind = match until {
        Some(_) => "install.paused",
        None => {
            install.state = InstallState::Disabled;
            "install.disabled"
        }
    };
    tracing::warn!(plugin = install.plugin, reason, until = ?until.map(rfc3339), "a plugin failed too often");
    let mut step = Step::of(install, kind);
    step.write.cursor = CursorWrite::Leaves;
    // What falls due in a pause waits for its end.
    step.schedules = until.is_none();
    step.tells =
        serde_json::json!({ "reason": reason, "until": until.map(rfc3339), "by": "breaker" });
    match step.commit(desk, asker).await {
        Ok(_) => Ok(()),
        Err(LaneError::Refused(Refusal::Conflict(_))) => {
            desk.forget_installs(asker.tenant);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Tries a paused install again now.
///
/// # Errors
/// Where somebody else changed it.
pub async fn resume(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
) -> Result<Install, LaneError> {
    let now = desk.clock.now();
    let Some(breaker) = install
        .history
        .breaker
        .as_mut()
        .filter(|breaker| breaker.until.is_some_and(|until| until > now))
    else {
        return Ok(install);
    };
    breaker.until = Some(now);
    let mut step = Step::of(install, "install.resumed");
    step.schedules = false;
    step.commit(desk, asker).await
}
