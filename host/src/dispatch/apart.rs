//! An install apart: its cursor stands while it is paused, goes on at its own pace, and is given up when all that the others were handed was handed
//! to it, too.

use crate::{
    admin,
    desk::Desk,
    lane::{LaneError, into_lane_error},
    plugins::Ready,
};
use guichet_core::{
    changeset::{ChangeSet, Check, Rejoin},
    id::{InstallId, TenantId},
    ticket::verbs::tell,
    time::Timestamp,
};
use guichet_store::CommitError;
use std::sync::Arc;

/// Whether an install's own cursor is to be followed.
pub(super) enum Standing {
    Follows,
    /// Not before that time.
    Rests(Timestamp),
    /// It keeps step with the others, or does not run.
    Ended,
}

/// How an install stands now.
pub(super) async fn standing(
    desk: &Desk,
    tenant: TenantId,
    install: InstallId,
) -> Result<Standing, LaneError> {
    let installs = desk.installs(tenant).await?;
    let ready = installs
        .iter()
        .find(|ready| ready.install.id == install && ready.install.apart && ready.is_enabled());
    Ok(match ready {
        None => Standing::Ended,
        Some(ready) => match ready.install.paused_until(desk.clock.now()) {
            Some(until) => Standing::Rests(until),
            None => Standing::Follows,
        },
    })
}

/// Takes back those that have caught up with what was handed out to the others; answers whether there were any.
pub(super) async fn rejoin(
    desk: &Arc<Desk>,
    tenant: TenantId,
    handed_out: u64,
) -> Result<bool, LaneError> {
    let mut any = false;
    for install in desk.dispatch.caught_up(tenant, handed_out) {
        let installs = desk.installs(tenant).await?;
        let runs =
            |ready: &&Arc<Ready>| ready.install.id == install && ready.is_running(desk.clock.now());
        let Some(ready) = installs.iter().find(runs) else {
            continue;
        };
        let mut changes = ChangeSet::new(tenant);
        let stamp = admin::operator(desk, tenant).await?.stamp(desk);
        let data = serde_json::json!({ "install": install });
        changes.events.push(tell("install.rejoined", data, &stamp));
        changes.rejoins = Some(Rejoin {
            install,
            handed_out,
        });
        changes
            .checks
            .push(Check::Epoch(install, ready.install.epoch));
        match desk.commit(changes).await {
            Ok(_) => any = true,
            // It went on meanwhile, or was disabled: another time.
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(into_lane_error(error)),
        }
        desk.forget_installs(tenant);
    }
    Ok(any)
}
