//! A delivery that was given up, once more, because a person wants it. It is out of order, and says so: its effects carry the reason `replay`.

use super::{
    call::{Delivery, Handled, handle},
    turn,
};
use crate::{
    desk::Desk,
    lane::{LaneError, guard, into_lane_error},
};
use guichet_core::{
    changeset::{Check, Park, ParkWrite},
    id::{InstallId, TenantId},
    refusal::Refusal,
};
use guichet_runtime::limits;
use std::time::Duration;

/// Hands the event to the install again. Done well, its effects and the end of the dead letter are one commit; answers outcome and detail.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such dead letter, [`Refusal::Conflict`] where the install does not run or others were first.
pub async fn replay(
    desk: &Desk,
    tenant: TenantId,
    install: InstallId,
    sequence: u64,
) -> Result<(String, Option<String>), LaneError> {
    let store = desk.store.tenant(tenant);
    let unknown = || Refusal::NotFound(format!("a dead letter {sequence} of that plugin"));
    if !store.is_dead_letter(install, sequence).await? {
        return Err(unknown().into());
    }
    let event = store.event(sequence).await?.ok_or_else(unknown)?;
    let installs = desk.installs(tenant).await?;
    let ready = installs
        .iter()
        .find(|ready| ready.install.id == install && ready.is_enabled())
        .ok_or_else(|| Refusal::Conflict("the plugin is not enabled".to_owned()))?;
    let overlay = turn::load(desk, tenant, &event).await?;
    let delivery = Delivery {
        desk,
        tenant,
        key: desk.key(tenant).await?,
        event: &event,
        redelivered: true,
    };
    let wall = Duration::from_millis(limits::EVENT.wall_ms);
    let after = match handle(&delivery, ready, &overlay, wall).await {
        Handled::Well(after) => after,
        Handled::NotCalled => Box::new(overlay),
        Handled::Refused(reason) => return Ok((guard::REFUSED.to_owned(), Some(reason))),
        Handled::TooSlow => return Ok(("wall".to_owned(), None)),
        Handled::Badly(outcome) => {
            return Ok((
                outcome.name().to_owned(),
                outcome.detail().map(str::to_owned),
            ));
        }
    };
    let mut changes = after.finish();
    changes
        .checks
        .push(Check::Epoch(ready.install.id, ready.install.epoch));
    changes.parks.push(ParkWrite {
        install,
        lane: event.lane(),
        what: Park::Replayed { sequence },
    });
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(("ok".to_owned(), None))
}
