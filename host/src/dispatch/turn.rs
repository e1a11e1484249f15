//! A lane's turn: one event to the installs that listen, in their order, each seeing the effects of those before it, and one commit for all.

use super::call::{Delivery, Handled, handle};
use crate::{
    desk::Desk,
    lane::{LaneError, into_lane_error},
    limits::{CONFLICT_RUNS_MAX, RETRY_AFTER_MS},
};
use guichet_core::{
    actor::Actor,
    changeset::{Check, Done, Park, ParkWrite},
    event::{Event, Origin},
    id::{InstallId, TenantId},
    limits::DEPTH_MAX,
    overlay::Overlay,
    refusal::Refusal,
    ticket::{verbs::tell, work::Stamp},
};
use guichet_store::CommitError;
use std::{collections::HashSet, time::Duration};
use tokio::time::Instant;

/// Takes the turn. Installs that are parked in this lane are passed over: their row finds the event again.
pub(super) async fn take(
    desk: &Desk,
    tenant: TenantId,
    event: &Event,
    parked: &HashSet<InstallId>,
    passed: Vec<u64>,
) -> Result<(), LaneError> {
    for _ in 0..CONFLICT_RUNS_MAX {
        let mut changes = run(desk, tenant, event, parked).await?;
        changes.done = Some(Done {
            sequence: event.sequence,
        });
        changes.passed.clone_from(&passed);
        match desk.commit(changes).await {
            // Done already: a run before a crash, or beside this one, was first. Its effects are the effects.
            Ok(_) | Err(CommitError::AlreadyDone(_)) => return Ok(()),
            // A person changed the ticket meanwhile, or an install changed: again, from the present state.
            Err(CommitError::Conflict(_)) => desk.forget_installs(tenant),
            Err(error) => return Err(into_lane_error(error)),
        }
    }
    Err(Refusal::Conflict(format!(
        "event {} meets a conflict each time",
        event.sequence
    ))
    .into())
}

async fn run(
    desk: &Desk,
    tenant: TenantId,
    event: &Event,
    parked: &HashSet<InstallId>,
) -> Result<guichet_core::changeset::ChangeSet, LaneError> {
    let mut overlay = load(desk, tenant, event).await?;
    if event.draft.origin.depth >= DEPTH_MAX {
        return Ok(stop_loop(overlay, event));
    }
    let key = desk.key(tenant).await?;
    let installs = desk.installs(tenant).await?;
    let delivery = Delivery {
        desk,
        tenant,
        key,
        event,
        redelivered: false,
    };
    let (mut parks, mut epochs) = (Vec::new(), Vec::new());
    let end_of_turn = Instant::now() + Duration::from_millis(desk.settings.turn_ms);
    for ready in installs
        .iter()
        .filter(|ready| ready.listens_to(event) && !parked.contains(&ready.install.id))
    {
        let left = end_of_turn.saturating_duration_since(Instant::now());
        let now = desk.clock.now();
        let park = |attempts: u32, due_at, reason| ParkWrite {
            install: ready.install.id,
            lane: event.lane(),
            what: Park::At {
                sequence: event.sequence,
                attempts,
                due_at,
                reason,
            },
        };
        match handle(&delivery, ready, &overlay, left).await {
            Handled::Well(after) => {
                overlay = *after;
                epochs.push(Check::Epoch(ready.install.id, ready.install.epoch));
            }
            Handled::TooSlow => parks.push(park(0, now, "slow".to_owned())),
            Handled::Badly(outcome) => parks.push(park(
                1,
                now.plus_milliseconds(RETRY_AFTER_MS[0]),
                outcome.to_string(),
            )),
        }
    }
    let mut changes = overlay.finish();
    changes.checks.extend(epochs);
    changes.parks = parks;
    Ok(changes)
}

/// What the event is about, loaded once for all installs.
pub(super) async fn load(
    desk: &Desk,
    tenant: TenantId,
    event: &Event,
) -> Result<Overlay, LaneError> {
    let store = desk.store.tenant(tenant);
    let mut overlay = Overlay::new(tenant, store.directory().await?);
    if let Some(id) = event.draft.ticket
        && let Some(ticket) = store.ticket(id).await?
    {
        overlay.load_ticket(ticket);
    }
    Ok(overlay)
}

/// A chain this long is a loop: it ends here, and the log tells.
fn stop_loop(overlay: Overlay, event: &Event) -> guichet_core::changeset::ChangeSet {
    let stamp = Stamp {
        at: event.draft.at,
        principal: Actor::SYSTEM.into(),
        origin: Origin {
            event: Some(event.sequence),
            by: None,
            root: Some(event.root()),
            depth: event.draft.origin.depth + 1,
        },
        because: None,
    };
    let mut changes = overlay.finish();
    if event.draft.kind != "loop.stopped" {
        let data = serde_json::json!({ "root": event.root(), "depth": event.draft.origin.depth, "ticket": event.draft.ticket });
        changes.events.push(tell("loop.stopped", data, &stamp));
    }
    changes
}
