//! A lane's turn: one event to the installs that listen, in their order, each seeing the effects of those before it, and one commit for all.

use super::call::{Delivery, Handled, handle};
use crate::{
    desk::Desk,
    lane::{LaneError, again, into_lane_error},
    limits::{CONFLICT_RUNS_MAX, RERUNS_MAX, RETRY_AFTER_MS},
};
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, Check, Done, Park, ParkWrite},
    event::{Event, Origin},
    id::{InstallId, TenantId},
    limits::{CHAIN_EFFECTS_MAX, DEPTH_MAX},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{verbs::tell, work::Stamp},
};
use guichet_runtime::Outcome;
use guichet_store::CommitError;
use std::{collections::HashSet, time::Duration};
use tokio::time::Instant;

/// Takes the turn, and answers who was parked in it; nothing where another run was first, whose rows are to be read. Installs that are parked in this lane are passed over: their row finds the event again.
pub(super) async fn take(
    desk: &Desk,
    tenant: TenantId,
    event: &Event,
    parked: &HashSet<InstallId>,
    passed: Vec<u64>,
) -> Result<Option<Vec<ParkWrite>>, LaneError> {
    let done = |changes: &mut ChangeSet, turn: &Turn| {
        changes.checks.extend(turn.epochs.iter().cloned());
        changes.parks.clone_from(&turn.parks);
        changes.passed.clone_from(&passed);
        changes.done = Some(Done {
            sequence: event.sequence,
        });
    };
    for run in 1..=CONFLICT_RUNS_MAX {
        let turn = self::run(desk, tenant, event, parked).await?;
        let result = if run <= RERUNS_MAX {
            let mut changes = turn.overlay.clone().finish();
            done(&mut changes, &turn);
            desk.commit(changes).await.map(drop)
        } else {
            let asked = turn.overlay.asked();
            again::commit(desk, tenant, asked, |changes| done(changes, &turn)).await
        };
        match result {
            Ok(()) => return Ok(Some(turn.parks)),
            // Done already: a run before a crash, or beside this one, was first. Its effects are the effects.
            Err(CommitError::AlreadyDone(_)) => return Ok(None),
            // A person changed the ticket meanwhile, or an install changed: again, from the present state.
            Err(CommitError::Conflict(_)) => desk.forget_installs(tenant),
            // What cannot be written must not hold up the lane: each goes on alone, and who is to blame is found out there.
            Err(error) => return part(desk, tenant, event, &turn, &done, error).await,
        }
    }
    Err(Refusal::Conflict(format!(
        "event {} meets a conflict each time",
        event.sequence
    ))
    .into())
}

/// Commits the turn without any effect, and parks whoever ran in it.
async fn part(
    desk: &Desk,
    tenant: TenantId,
    event: &Event,
    turn: &Turn,
    done: &impl Fn(&mut ChangeSet, &Turn),
    error: CommitError,
) -> Result<Option<Vec<ParkWrite>>, LaneError> {
    tracing::warn!(sequence = event.sequence, %error, "a turn cannot be committed: its installs are tried one by one");
    let ran = turn.epochs.iter().filter_map(|check| match check {
        Check::Epoch(install, _) => Some(ParkWrite {
            install: *install,
            lane: event.lane(),
            what: Park::At {
                sequence: event.sequence,
                attempts: 0,
                due_at: desk.clock.now(),
                reason: error.to_string(),
            },
        }),
        _ => None,
    });
    let parted = Turn {
        overlay: turn.overlay.clone(),
        epochs: Vec::new(),
        parks: ran.chain(turn.parks.iter().cloned()).collect(),
    };
    let mut changes = ChangeSet::new(tenant);
    done(&mut changes, &parted);
    match desk.commit(changes).await {
        Ok(_) => Ok(Some(parted.parks)),
        Err(CommitError::AlreadyDone(_)) => Ok(None),
        Err(_) => Err(into_lane_error(error)),
    }
}

/// A turn that waits for its commit.
struct Turn {
    overlay: Overlay,
    epochs: Vec<Check>,
    parks: Vec<ParkWrite>,
}

async fn run(
    desk: &Desk,
    tenant: TenantId,
    event: &Event,
    parked: &HashSet<InstallId>,
) -> Result<Turn, LaneError> {
    let mut overlay = load(desk, tenant, event).await?;
    if is_loop(desk, tenant, event, &overlay).await? {
        if !desk
            .store
            .tenant(tenant)
            .is_chain_stopped(event.root())
            .await?
        {
            tell_of_loop(&mut overlay, event);
        }
        return Ok(Turn {
            overlay,
            epochs: Vec::new(),
            parks: Vec::new(),
        });
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
            // A second try would meet the same guard: the install has done its part, and nothing came of it.
            Handled::Refused(_) => {
                epochs.push(Check::Epoch(ready.install.id, ready.install.epoch));
            }
            Handled::TooSlow => parks.push(park(0, now, "slow".to_owned())),
            Handled::Badly(outcome) => parks.push(park(
                u32::from(!matches!(outcome, Outcome::HostError(_))),
                now.plus_milliseconds(RETRY_AFTER_MS[0]),
                outcome.to_string(),
            )),
        }
    }
    Ok(Turn {
        overlay,
        epochs,
        parks,
    })
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

/// Whether the chain of events that led here goes round: too deep, or with too many effects on this ticket.
async fn is_loop(
    desk: &Desk,
    tenant: TenantId,
    event: &Event,
    overlay: &Overlay,
) -> Result<bool, LaneError> {
    let depth = event.draft.origin.depth;
    if depth >= DEPTH_MAX {
        return Ok(true);
    }
    // A ticket that has not seen so many changes is rarely at the end of such a chain, and no event that comes so soon after its root is: most are
    // not asked for. Events that change nothing of the ticket raise no version, but come later and later.
    let version = event
        .draft
        .ticket
        .and_then(|id| overlay.ticket(id).ok())
        .map_or(0, |ticket| ticket.version);
    let since_root = event.sequence.saturating_sub(event.root());
    if depth == 0 || version.max(since_root) < CHAIN_EFFECTS_MAX {
        return Ok(false);
    }
    let store = desk.store.tenant(tenant);
    Ok(store.chain_effects(event.lane(), event.root()).await? >= CHAIN_EFFECTS_MAX)
}

/// The chain ends here, and the log tells.
fn tell_of_loop(overlay: &mut Overlay, event: &Event) {
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
    let data = serde_json::json!({ "root": event.root(), "depth": event.draft.origin.depth, "ticket": event.draft.ticket });
    overlay.tell(tell("loop.stopped", data, &stamp));
}
