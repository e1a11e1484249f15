//! A parked install, alone in its lane: the delivery that failed or was slow, then those it was passed over for, one by one.

use super::{
    call::{Delivery, Handled, handle},
    turn::load,
    who::{Follower, Who},
};
use crate::{
    desk::Desk,
    in_flight::{IN_FLIGHT_AT_DEATHS, Suspicion},
    lane::{LaneError, into_lane_error},
    limits::{HOST_RETRY_MS, LANE_PAGE, RETRY_AFTER_MS},
    plugins::{Ready, breaker},
};
use guichet_core::{
    changeset::{ChangeSet, Check, Park, ParkWrite, Parked},
    id::TenantId,
    time::Timestamp,
};
use guichet_runtime::{Outcome, limits};
use guichet_store::{CommitError, TenantStore};
use std::{sync::Arc, time::Duration};

const TOO_SLOW: &str = "took longer than it may";

/// Tries the delivery at which the row stands, and answers what became of the row; nothing where somebody else was first. All events of the lane up to `frontier` were handed to the others.
pub(super) async fn take(
    desk: &Desk,
    tenant: TenantId,
    follower: Follower,
    row: &Parked,
    frontier: u64,
) -> Result<Option<Vec<ParkWrite>>, LaneError> {
    let Some(tried) = run(desk, tenant, follower, row, frontier).await? else {
        return Ok(None);
    };
    let Tried {
        changes,
        instead,
        verdict,
    } = tried;
    let mut parks = changes.parks.clone();
    let mut result = desk.commit(changes).await;
    if let (Err(CommitError::Invalid(reason)), Some(instead)) = (&result, instead) {
        // What the plugin asked cannot be written: that is a failure like others.
        let changes = instead.failed(reason.clone());
        parks.clone_from(&changes.parks);
        result = desk.commit(changes).await;
    }
    match result {
        Ok(_) => {
            if let Some((ready, failure)) = verdict.filter(|_| row.attempts == 0) {
                breaker::note(desk, tenant, &ready, failure.as_deref()).await?;
            }
            Ok(Some(parks))
        }
        // A conflict is tried again: the row stands where it stood.
        Err(CommitError::Conflict(_) | CommitError::AlreadyDone(_)) => {
            desk.forget_installs(tenant);
            Ok(None)
        }
        Err(error) => Err(into_lane_error(error)),
    }
}

/// A delivery that was tried.
struct Tried {
    changes: ChangeSet,
    /// What is to be written where `changes` cannot be.
    instead: Option<Instead>,
    /// Who was called, and what was wrong.
    verdict: Option<(Arc<Ready>, Option<String>)>,
}

impl Tried {
    /// Nobody was called.
    fn silent(changes: ChangeSet) -> Self {
        Self {
            changes,
            instead: None,
            verdict: None,
        }
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
        let Some(wait) = RETRY_AFTER_MS.get(attempts as usize - 1) else {
            return self.given_up(reason);
        };
        let mut changes = self.changes();
        changes.parks.push(self.again(attempts, *wait, reason));
        changes
    }

    /// A dead letter, and the lane goes on.
    fn given_up(&self, reason: String) -> ChangeSet {
        let mut changes = self.changes();
        changes.parks.push(self.park(Park::Dead {
            sequence: self.row.sequence,
            reason,
            at: self.now,
        }));
        changes.parks.push(self.park(self.go_on.clone()));
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

/// What is to be written; nothing where the install is followed elsewhere meanwhile.
async fn run(
    desk: &Desk,
    tenant: TenantId,
    follower: Follower,
    row: &Parked,
    frontier: u64,
) -> Result<Option<Tried>, LaneError> {
    let store = desk.store.tenant(tenant);
    let installs = desk.installs(tenant).await?;
    let ready = installs
        .iter()
        .find(|ready| ready.install.id == row.install);
    let is_followed_elsewhere = ready.is_some_and(|ready| !follower.who.includes(ready));
    if is_followed_elsewhere || !follower.moves(&installs, desk.clock.now()) {
        return Ok(None);
    }
    let event = store.event(row.sequence).await?;
    let mut instead = Instead {
        tenant,
        row: row.clone(),
        go_on: Park::Release,
        now: desk.clock.now(),
    };
    let listening = match (ready, event) {
        (Some(ready), Some(event)) if ready.wants(&event) => Some((ready, event)),
        // The install is gone or disabled, or the event was erased: nothing is left to deliver.
        _ => None,
    };
    let Some((ready, event)) = listening else {
        let mut changes = instead.changes();
        changes.parks.push(instead.park(Park::Release));
        return Ok(Some(Tried::silent(changes)));
    };
    // What it was handed apart, it was handed for all that the lane holds before its place: those that keep step may be less far.
    let handed_out = match follower.who {
        Who::Together => frontier.max(ready.install.from_sequence.saturating_sub(1)),
        Who::Apart(_) => frontier,
    };
    if let Some(sequence) = next(&store, row, ready, handed_out).await? {
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
    if desk.in_flight.suspicion(&delivery.trace(row.install)) == Suspicion::GiveUp {
        let changes = instead.given_up(IN_FLIGHT_AT_DEATHS.to_owned());
        return Ok(Some(Tried::silent(changes)));
    }
    let wall = Duration::from_millis(limits::EVENT.wall_ms);
    let handled = handle(&delivery, ready, &overlay, wall).await;
    let failure = match &handled {
        // Alone, it had all the time that a handler may have.
        Handled::TooSlow => Some(Some(TOO_SLOW.to_owned())),
        handled => handled.verdict(),
    };
    let verdict = failure.map(|failure| (ready.clone(), failure));
    let mut changes = match handled {
        Handled::Well(after) => {
            let mut changes = after.finish();
            let mut same = instead.changes();
            changes.checks.append(&mut same.checks);
            changes
                .checks
                .push(Check::Epoch(ready.install.id, ready.install.epoch));
            changes.parks.push(instead.park(instead.go_on.clone()));
            return Ok(Some(Tried {
                changes,
                instead: Some(instead),
                verdict,
            }));
        }
        // The host's own failure is nobody's fault: it does not count.
        Handled::Badly(Outcome::HostError(reason)) => {
            let mut changes = instead.changes();
            let again = instead.again(row.attempts, HOST_RETRY_MS, reason);
            changes.parks.push(again);
            changes
        }
        Handled::Badly(outcome) => instead.failed(outcome.to_string()),
        // A third try would meet the same guard, or the same filter.
        Handled::Refused(_) | Handled::NotCalled => {
            let mut changes = instead.changes();
            changes.parks.push(instead.park(instead.go_on.clone()));
            changes
        }
        Handled::TooSlow => instead.failed(TOO_SLOW.to_owned()),
    };
    // It may have come to be followed elsewhere: there the row stands as it stood.
    changes
        .checks
        .push(Check::Epoch(ready.install.id, ready.install.epoch));
    Ok(Some(Tried {
        changes,
        instead: None,
        verdict,
    }))
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
            .find(|event| ready.wants(event));
        match (found, later.last()) {
            (Some(event), _) => return Ok(Some(event.sequence)),
            (None, Some(last)) if last.sequence < frontier && later.len() == LANE_PAGE as usize => {
                from = last.sequence + 1;
            }
            _ => return Ok(None),
        }
    }
}
