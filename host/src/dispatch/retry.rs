//! A parked install, alone in its lane: the delivery that failed or was slow, then those it was passed over for, one by one.

use super::{
    call::{Delivery, Handled, handle},
    turn::load,
};
use crate::{
    desk::Desk,
    lane::{LaneError, into_lane_error},
    limits::RETRY_AFTER_MS,
};
use guichet_core::{
    changeset::{ChangeSet, Check, Park, ParkWrite, Parked},
    id::TenantId,
};
use guichet_runtime::limits;
use guichet_store::CommitError;
use std::time::Duration;

/// Tries the delivery at which the row stands, and answers what became of the row; nothing where somebody else was first. All events of the lane up to `frontier` were handed to the others.
pub(super) async fn take(
    desk: &Desk,
    tenant: TenantId,
    row: &Parked,
    frontier: u64,
) -> Result<Option<Vec<ParkWrite>>, LaneError> {
    let changes = run(desk, tenant, row, frontier).await?;
    let parks = changes.parks.clone();
    match desk.commit(changes).await {
        Ok(_) => Ok(Some(parks)),
        // A conflict is tried again: the row stands where it stood.
        Err(CommitError::Conflict(_) | CommitError::AlreadyDone(_)) => {
            desk.forget_installs(tenant);
            Ok(None)
        }
        Err(error) => Err(into_lane_error(error)),
    }
}

async fn run(
    desk: &Desk,
    tenant: TenantId,
    row: &Parked,
    frontier: u64,
) -> Result<ChangeSet, LaneError> {
    let store = desk.store.tenant(tenant);
    let installs = desk.installs(tenant).await?;
    let same_attempt = Check::Parked(row.install, row.lane, row.sequence, row.attempts);
    let park = |what| ParkWrite {
        install: row.install,
        lane: row.lane,
        what,
    };
    let ready = installs
        .iter()
        .find(|ready| ready.install.id == row.install);
    let event = store.event(row.sequence).await?;
    let (Some(ready), Some(event)) = (ready, event) else {
        // The install is gone, or the event was erased: nothing is left to deliver.
        let mut changes = ChangeSet::new(tenant);
        changes.checks.push(same_attempt);
        changes.parks.push(park(Park::Release));
        return Ok(changes);
    };
    // A release by a disabled install forgets its failures: when it is enabled again, it starts anew.
    if !ready.listens_to(&event) {
        let mut changes = ChangeSet::new(tenant);
        changes.checks.push(same_attempt);
        changes.parks.push(park(Park::Release));
        return Ok(changes);
    }
    let later = store
        .events_of_lane(row.lane, row.sequence + 1, 1_000)
        .await?;
    let next = later
        .iter()
        .find(|event| event.sequence <= frontier && ready.listens_to(event))
        .map(|event| event.sequence);
    let now = desk.clock.now();
    let go_on = match next {
        Some(sequence) => Park::At {
            sequence,
            attempts: 0,
            due_at: now,
            reason: row.reason.clone(),
        },
        None => Park::Release,
    };
    let overlay = load(desk, tenant, &event).await?;
    let key = desk.key(tenant).await?;
    let wall = Duration::from_millis(limits::EVENT.wall_ms);
    let delivery = Delivery {
        desk,
        tenant,
        key,
        event: &event,
        redelivered: row.attempts > 0,
    };
    let handled = handle(&delivery, ready, &overlay, wall).await;
    let mut changes = match handled {
        Handled::Well(after) => {
            let mut changes = after.finish();
            changes
                .checks
                .push(Check::Epoch(ready.install.id, ready.install.epoch));
            changes.parks.push(park(go_on));
            changes
        }
        Handled::TooSlow | Handled::Badly(_) => {
            let reason = match handled {
                Handled::Badly(outcome) => outcome.to_string(),
                _ => "took longer than it may".to_owned(),
            };
            let attempts = row.attempts + 1;
            let mut changes = ChangeSet::new(tenant);
            match RETRY_AFTER_MS
                .get(attempts as usize - 1)
                .filter(|_| attempts < 1 + RETRY_AFTER_MS.len() as u32)
            {
                Some(wait) => changes.parks.push(park(Park::At {
                    sequence: row.sequence,
                    attempts,
                    due_at: now.plus_milliseconds(*wait),
                    reason,
                })),
                None => {
                    changes.parks.push(park(Park::Dead {
                        sequence: row.sequence,
                        reason,
                        at: now,
                    }));
                    changes.parks.push(park(go_on));
                }
            }
            changes
        }
    };
    changes.checks.push(same_attempt);
    Ok(changes)
}
