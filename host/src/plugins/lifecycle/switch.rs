//! Enabled, disabled, set, put in order. Done twice, each changes nothing.

use super::{LifecycleError, Step, pause};
use crate::{
    desk::Desk,
    lane::{Asker, LaneError},
    limits::{BEHIND_EVENTS_MAX, BEHIND_MS_MAX},
    plugins::{manifest, market, settings},
};
use guichet_core::{
    changeset::CursorWrite,
    install::{Install, InstallState, Revoked},
    refusal::Refusal,
};

/// From where in the log an install that is enabled sees events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// What comes from now on.
    Now,
    /// Where it left off, if its place was kept.
    Place,
    /// Everything that ever happened.
    Beginning,
}

/// Enables an install; one that is paused is tried again at once. Without a word where it is to begin, it goes on where its place was kept, and else
/// sees what comes from now on.
///
/// # Errors
/// [`Refusal::Conflict`] where somebody else changed it, nobody has consented to it, its marketplace took it back, its place was not kept, or is so far
/// back that it must be said what is wanted.
pub async fn enable(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    since: Option<Since>,
) -> Result<Install, LaneError> {
    let conflict = |told: String| Err(LaneError::from(Refusal::Conflict(told)));
    match install.state {
        InstallState::Enabled if since.is_some_and(|since| since != Since::Place) => {
            let told = "disable it first: it sees the log's events already";
            return conflict(format!("{} is enabled; {told}", install.plugin));
        }
        InstallState::Enabled => return pause::resume(desk, asker, install).await,
        InstallState::Staged => {
            let told = "waits for consent: say first what it may do";
            return conflict(format!("{} {told}", install.plugin));
        }
        InstallState::Disabled | InstallState::Removed => {}
    }
    if let Some(revoked) = &install.history.revoked {
        return conflict(format!(
            "{} {} was taken back by its marketplace ({}): upgrade it, roll it back, or remove it",
            install.plugin, install.version, revoked.reason
        ));
    }
    let since = match since {
        Some(Since::Place) if !install.apart => {
            let told = "say from=now or from=beginning";
            return conflict(format!(
                "the place of {} was not kept: {told}",
                install.plugin
            ));
        }
        Some(since) => since,
        None if !install.apart => Since::Now,
        None => {
            if let Some(behind) = behind(desk, asker, &install).await? {
                let told = "say from=place to have it catch up, or from=now to skip to now";
                return conflict(format!("{} is {behind} behind: {told}", install.plugin));
            }
            Since::Place
        }
    };
    install.state = InstallState::Enabled;
    install.history.breaker = None;
    market::refuse_revoked_version(desk, &install.current()).await?;
    let manifest = manifest::of(&install).map_err(|error| Refusal::Invalid(error.to_string()))?;
    let secrets = settings::set(desk, asker, &manifest, &mut install, None).await?;
    let mut step = Step::of(install, "install.enabled");
    step.write.secrets = secrets;
    step.write.starts_here = since != Since::Place;
    step.write.cursor = match since {
        Since::Now => CursorWrite::Goes,
        Since::Place => CursorWrite::Stays,
        Since::Beginning => CursorWrite::Begins { after: 0 },
    };
    step.commit(desk, asker).await
}

/// How far its kept place is behind, where that is too far to be caught up without a word.
async fn behind(
    desk: &Desk,
    asker: &Asker,
    install: &Install,
) -> Result<Option<String>, LaneError> {
    let store = desk.store.tenant(asker.tenant);
    let Some(cursor) = store.own_cursor(install.id).await? else {
        return Ok(None);
    };
    let events = cursor.sequence.saturating_sub(cursor.low);
    if events > BEHIND_EVENTS_MAX {
        return Ok(Some(format!("{events} events")));
    }
    let first = store.event(cursor.low + 1).await?;
    let age_ms = first.map_or(0, |first| (desk.clock.now().0 - first.draft.at.0) / 1_000);
    Ok((age_ms > BEHIND_MS_MAX).then(|| format!("{} days", age_ms / 86_400_000)))
}

/// Disables an install: nothing of it commits any more. Enabled again, it sees what comes from then on; with its place kept, what came meanwhile, too.
///
/// # Errors
/// [`Refusal::Conflict`] where somebody else changed it.
pub async fn disable(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    keep: KeepPlace,
) -> Result<Install, LaneError> {
    let gives_up_its_place = install.apart && keep == KeepPlace::No;
    if install.state == InstallState::Staged
        || (install.state == InstallState::Disabled && !gives_up_its_place)
    {
        return Ok(install);
    }
    install.state = InstallState::Disabled;
    let mut step = Step::of(install, "install.disabled");
    step.write.cursor = match keep {
        KeepPlace::Yes => CursorWrite::Leaves,
        KeepPlace::No => CursorWrite::Goes,
    };
    step.commit(desk, asker).await
}

/// Whether an install that is disabled keeps its place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeepPlace {
    Yes,
    No,
}

/// Its settings from now on; secrets that are left out stay.
///
/// # Errors
/// [`Refusal::Invalid`] where they do not fit the manifest's schema.
pub async fn set_settings(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    wished: serde_json::Value,
) -> Result<Install, LifecycleError> {
    let manifest = manifest::of(&install)?;
    let before = install.settings.clone();
    let secrets = settings::set(desk, asker, &manifest, &mut install, Some(wished)).await?;
    if secrets.is_empty() && install.settings == before {
        return Ok(install);
    }
    // What an admin mended is tried at once.
    install.history.breaker = None;
    let mut step = Step::of(install, "install.set");
    step.write.secrets = secrets;
    Ok(step.commit(desk, asker).await?)
}

/// Its place in the order in which installs see an event.
///
/// # Errors
/// Where somebody else changed it.
pub async fn set_position(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    position: i64,
) -> Result<Install, LaneError> {
    if install.position == position {
        return Ok(install);
    }
    install.position = position;
    let mut step = Step::of(install, "install.moved");
    step.tells = serde_json::json!({ "position": position });
    step.commit(desk, asker).await
}

/// What becomes of changes when its guard fails.
///
/// # Errors
/// [`Refusal::Conflict`] where it has no guard.
pub async fn set_guard(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    fails_closed: bool,
) -> Result<Install, LifecycleError> {
    if manifest::of(&install)?.guard.is_none() {
        return Err(Refusal::Conflict(format!("{} has no guard", install.plugin)).into());
    }
    if install.history.guard_fails_closed == Some(fails_closed) {
        return Ok(install);
    }
    install.history.guard_fails_closed = Some(fails_closed);
    let mut step = Step::of(install, "install.set");
    step.tells = serde_json::json!({ "guard_fails": if fails_closed { "closed" } else { "open" } });
    Ok(step.commit(desk, asker).await?)
}

/// Its marketplace took this version back: it does not run any more, and people see why.
///
/// # Errors
/// Where somebody else changed it.
pub async fn revoke(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    reason: &str,
) -> Result<Install, LaneError> {
    if install.history.revoked.is_some() {
        return Ok(install);
    }
    install.history.revoked = Some(Revoked {
        reason: reason.to_owned(),
        at: desk.clock.now(),
    });
    if install.state == InstallState::Enabled {
        install.state = InstallState::Disabled;
    }
    let mut step = Step::of(install, "install.revoked");
    step.tells = serde_json::json!({ "reason": reason });
    step.commit(desk, asker).await
}
