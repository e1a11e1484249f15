//! Enabled, disabled, set, put in order. Done twice, each changes nothing.

use super::{LifecycleError, Step};
use crate::{
    desk::Desk,
    lane::{Asker, LaneError},
    plugins::{manifest, market, settings},
};
use guichet_core::{
    install::{Install, InstallState, Revoked},
    refusal::Refusal,
};

/// Enables or disables an install. Enabled again, it sees the events from then on.
///
/// # Errors
/// [`Refusal::Conflict`] where somebody else changed it, nobody has consented to it, or its marketplace took it back.
pub async fn set_state(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    state: InstallState,
) -> Result<Install, LaneError> {
    if install.state == state {
        return Ok(install);
    }
    if install.state == InstallState::Staged {
        return Err(Refusal::Conflict(format!(
            "{} waits for consent: say first what it may do",
            install.plugin
        ))
        .into());
    }
    let kind = match (state, &install.history.revoked) {
        (InstallState::Enabled, Some(revoked)) => {
            return Err(Refusal::Conflict(format!(
                "{} {} was taken back by its marketplace ({}): upgrade it, roll it back, or remove it",
                install.plugin, install.version, revoked.reason
            ))
            .into());
        }
        (InstallState::Enabled, None) => "install.enabled",
        _ => "install.disabled",
    };
    install.state = state;
    if state == InstallState::Enabled {
        market::refuse_revoked_version(desk, &install.current()).await?;
        let manifest =
            manifest::of(&install).map_err(|error| Refusal::Invalid(error.to_string()))?;
        settings::set(desk, asker, &manifest, &mut install, None).await?;
    }
    let mut step = Step::of(install, kind);
    step.write.starts_here = state == InstallState::Enabled;
    step.commit(desk, asker).await
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
