//! A parked install, alone in its lane: the delivery that failed or was slow, then those it was passed over for, one by one.

use super::{
    call::{Delivery, Handled, handle},
    turn::load,
};
use crate::{
    desk::Desk,
    lane::{LaneError, into_lane_error},
    limits::{HOST_RETRY_MS, LANE_PAGE, RETRY_AFTER_MS},
    plugins::Ready,
};
use guichet_core::{
    changeset::{ChangeSet, Check, Park, ParkWrite, Parked},
    id::TenantId,
    time::Timestamp,
};
use guichet_runtime::{Outcome, limits};
use guichet_store::{CommitError, TenantStore};
use std::time::Duration;

/// Tries the delivery at which the row stands, and answers what became of the row; nothing where somebody else was first. All events of the lane up to `frontier` were handed to the others.
pub(super) async fn take(
    desk: &Desk,
    tenant: TenantId,
    row: &Parked,
    frontier: u64,
) -> Result<Option<Vec<ParkWrite>>, LaneError> {
    let (changes, instead) = run(desk, tenant, row, frontier).await?;
    let mut parks = changes.parks.clone();
    let mut result = desk.commit(changes).await;
    if let (Err(CommitError::Invalid(reason)), Some(instead)) = (&result, instead) {
        // What the plugin asked cannot be written: that is a failure like others.
        let changes = instead.failed(reason.clone());
        parks.clone_from(&changes.parks);
        result = desk.commit(changes).await;
    }
    match result {
        Ok(_) => Ok(Some(parks)),
        // A conflict is tried again: the row stands where it stood.
        Err(CommitError::Conflict(_) | CommitError::AlreadyDone(_)) => {
            desk.forget_installs(tenant);
            Ok(None)
        }
        Err(error) => Err(into_lane_error(error)),
    }
}

/// What becomes of the row where its delivery fails.
struct Instead {
    tenant: TenantId,
    row: Parked,
    go_on: Park,
    now: Timestamp,
}

impl Instead {
    fn park(&self, what: Park) -> ParkWrite {
        ParkWrite {
            install: self.row.install,
            lane: self.row.lane,
            what,
        }
    }

    fn changes(&self) -> ChangeSet {
        let mut changes = ChangeSet::new(self.tenant);
        changes.checks.push(Check::Parked(
            self.row.install,
            self.row.lane,
            self.row.sequence,
            self.row.attempts,
        ));
        changes
    }

    /// Tried again after a while, as often as it may be; then given up, and the lane goes on.
    fn failed(&self, reason: String) -> ChangeSet {
        let attempts = self.row.attempts + 1;
        let mut changes = self.changes();
        match RETRY_AFTER_MS.get(attempts as usize - 1) {
            Some(wait) => changes.parks.push(self.again(attempts, *wait, reason)),
            None => {
                changes.parks.push(self.park(Park::Dead {
                    sequence: self.row.sequence,
                    reason,
                    at: self.now,
                }));
                changes.parks.push(self.park(self.go_on.clone()));
            }
        }
        changes
    }

    fn again(&self, attempts: u32, wait_ms: i64, reason: String) -> ParkWrite {
        self.park(Park::At {
            sequence: self.row.sequence,
            attempts,
            due_at: self.now.plus_milliseconds(wait_ms),
            reason,
        })
    }
}

async fn run(
    desk: &Desk,
    tenant: TenantId,
    row: &Parked,
    frontier: u64,
) -> Result<(ChangeSet, Option<Instead>), LaneError> {
    let store = desk.store.tenant(tenant);
    let installs = desk.installs(tenant).await?;
    let ready = installs
        .iter()
        .find(|ready| ready.install.id == row.install);
    let event = store.event(row.sequence).await?;
    let mut instead = Instead {
        tenant,
        row: row.clone(),
        go_on: Park::Release,
        now: desk.clock.now(),
    };
    let listening = match (ready, event) {
        (Some(ready), Some(event)) if ready.listens_to(&event) => Some((ready, event)),
        // The install is gone or disabled (it forgets its failures, and starts anew), or the event was erased: nothing is left to deliver.
        _ => None,
    };
    let Some((ready, event)) = listening else {
        let mut changes = instead.changes();
        changes.parks.push(instead.park(Park::Release));
        return Ok((changes, None));
    };
    if let Some(sequence) = next(&store, row, ready, frontier).await? {
        instead.go_on = Park::At {
            sequence,
            attempts: 0,
            due_at: instead.now,
            reason: row.reason.clone(),
        };
    }
    let overlay = load(desk, tenant, &event).await?;
    let delivery = Delivery {
        desk,
        tenant,
        key: desk.key(tenant).await?,
        event: &event,
        redelivered: row.attempts > 0,
    };
    let wall = Duration::from_millis(limits::EVENT.wall_ms);
    let changes = match handle(&delivery, ready, &overlay, wall).await {
        Handled::Well(after) => {
            let mut changes = after.finish();
            let mut same = instead.changes();
            changes.checks.append(&mut same.checks);
            changes
                .checks
                .push(Check::Epoch(ready.install.id, ready.install.epoch));
            changes.parks.push(instead.park(instead.go_on.clone()));
            return Ok((changes, Some(instead)));
        }
        // The host's own failure is nobody's fault: it does not count.
        Handled::Badly(Outcome::HostError(reason)) => {
            let mut changes = instead.changes();
            let again = instead.again(row.attempts, HOST_RETRY_MS, reason);
            changes.parks.push(again);
            changes
        }
        Handled::Badly(outcome) => instead.failed(outcome.to_string()),
        // A third try would meet the same guard.
        Handled::Refused(_) => {
            let mut changes = instead.changes();
            changes.parks.push(instead.park(instead.go_on.clone()));
            changes
        }
        Handled::TooSlow => instead.failed("took longer than it may".to_owned()),
    };
    Ok((changes, None))
}

/// The next event of the lane that the install was passed over for.
async fn next(
    store: &TenantStore,
    row: &Parked,
    ready: &Ready,
    frontier: u64,
) -> Result<Option<u64>, LaneError> {
    let mut from = row.sequence + 1;
    loop {
        let later = store.events_of_lane(row.lane, from, LANE_PAGE).await?;
        let found = later
            .iter()
            .take_while(|event| event.sequence <= frontier)
            .find(|event| ready.listens_to(event));
        match (found, later.last()) {
            (Some(event), _) => return Ok(Some(event.sequence)),
            (None, Some(last)) if last.sequence < frontier && later.len() == LANE_PAGE as usize => {
                from = last.sequence + 1;
            }
            _ => return Ok(None),
        }
    }
}
