//! A lane's turn: one event to the installs that listen, in their order, each seeing the effects of those before it, and one commit for all.

use super::{
    call::{Delivery, Handled, handle},
    who::{Follower, Who},
};
use crate::{
    channels::choose,
    desk::Desk,
    in_flight::IN_FLIGHT_AT_DEATHS,
    lane::{LaneError, again, into_lane_error},
    limits::{CONFLICT_RUNS_MAX, RERUNS_MAX, RETRY_AFTER_MS},
    plugins::{Ready, breaker},
};
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, Check, Done, Park, ParkWrite},
    event::{Event, Origin},
    id::{InstallId, TenantId},
    job::{Job, JobWrite},
    limits::{CHAIN_EFFECTS_MAX, DEPTH_MAX},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{verbs::tell, work::Stamp},
};
use guichet_runtime::Outcome;
use guichet_store::CommitError;
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::time::Instant;

/// Takes the turn, and answers who was parked in it; nothing where another run was first, whose rows are to be read, or the cursor stands still. Installs that are parked in this lane are passed over: their row finds the event again.
pub(super) async fn take(
    desk: &Desk,
    tenant: TenantId,
    follower: Follower,
    event: &Event,
    parked: &HashSet<InstallId>,
    passed: Vec<u64>,
) -> Result<Option<Vec<ParkWrite>>, LaneError> {
    let done = |changes: &mut ChangeSet, turn: &Turn| {
        changes.checks.extend(turn.epochs.iter().cloned());
        changes.parks.clone_from(&turn.parks);
        changes.passed.clone_from(&passed);
        changes.cursor = follower.who.cursor();
        changes.checks.extend(follower.check());
        changes.done = Some(Done {
            sequence: event.sequence,
        });
        changes
            .jobs
            .extend(turn.outgoing.iter().cloned().map(JobWrite::Enqueue));
    };
    for run in 1..=CONFLICT_RUNS_MAX {
        let Some(turn) = self::run(desk, tenant, follower, event, parked).await? else {
            return Ok(None);
        };
        let result = if run <= RERUNS_MAX {
            let mut changes = turn.overlay.clone().finish();
            done(&mut changes, &turn);
            desk.commit(changes).await.map(drop)
        } else {
            let asked = turn.overlay.asked();
            again::commit(desk, tenant, asked, |changes| done(changes, &turn)).await
        };
        match result {
            Ok(()) => {
                // Only now: a run that is made again has told nothing.
                for (ready, failure) in &turn.verdicts {
                    breaker::note(desk, tenant, ready, failure.as_deref()).await?;
                }
                return Ok(Some(turn.parks));
            }
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
    let is_parked = |install| turn.parks.iter().any(|park| park.install == install);
    let ran = turn.epochs.iter().filter_map(|check| match check {
        Check::Epoch(install, _) if !is_parked(*install) => Some(ParkWrite {
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
        epochs: turn.epochs.clone(),
        // Each is tried alone, and judged by that.
        verdicts: Vec::new(),
        parks: ran.chain(turn.parks.iter().cloned()).collect(),
        outgoing: turn.outgoing.clone(),
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
    /// Who was called, and what was wrong.
    verdicts: Vec<(Arc<Ready>, Option<String>)>,
    parks: Vec<ParkWrite>,
    /// What is to be carried to the person who asked.
    outgoing: Option<Job>,
}

/// Nothing where the cursor stands still meanwhile.
async fn run(
    desk: &Desk,
    tenant: TenantId,
    follower: Follower,
    event: &Event,
    parked: &HashSet<InstallId>,
) -> Result<Option<Turn>, LaneError> {
    let mut overlay = load(desk, tenant, event).await?;
    if is_loop(desk, tenant, follower.who, event, &overlay).await? {
        if !desk
            .store
            .tenant(tenant)
            .is_chain_stopped(event.root())
            .await?
        {
            tell_of_loop(&mut overlay, event);
        }
        return Ok(Some(Turn {
            overlay,
            epochs: Vec::new(),
            verdicts: Vec::new(),
            parks: Vec::new(),
            outgoing: None,
        }));
    }
    let key = desk.key(tenant).await?;
    let installs = desk.installs(tenant).await?;
    if !follower.moves(&installs, desk.clock.now()) {
        return Ok(None);
    }
    let outgoing = match follower.who {
        Who::Together => choose::outgoing(desk, tenant, &installs, event, &overlay).await?,
        Who::Apart(_) => None,
    };
    let delivery = Delivery {
        desk,
        tenant,
        key,
        event,
        redelivered: false,
    };
    let (mut parks, mut epochs, mut verdicts) = (Vec::new(), Vec::new(), Vec::new());
    let end_of_turn = Instant::now() + Duration::from_millis(desk.settings.turn_ms);
    for ready in installs.iter().filter(|ready| {
        follower.who.includes(ready)
            && ready.listens_to(event)
            && !parked.contains(&ready.install.id)
    }) {
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
        let trace = delivery.trace(ready.install.id);
        if let Some(wait_ms) = desk.in_flight.suspicion(&trace).wait_ms() {
            let due_at = now.plus_milliseconds(wait_ms);
            parks.push(park(0, due_at, IN_FLIGHT_AT_DEATHS.to_owned()));
            epochs.push(Check::Epoch(ready.install.id, ready.install.epoch));
            continue;
        }
        let handled = handle(&delivery, ready, &overlay, left).await;
        verdicts.extend(handled.verdict().map(|failure| (ready.clone(), failure)));
        // Of those that are parked, too: one that has a cursor of its own meanwhile finds the event there, and must not find it twice.
        epochs.push(Check::Epoch(ready.install.id, ready.install.epoch));
        match handled {
            Handled::Well(after) => overlay = *after,
            // A second try would meet the same guard: the install has done its part, and nothing came of it.
            Handled::Refused(_) | Handled::NotCalled => {}
            Handled::TooSlow => parks.push(park(0, now, "slow".to_owned())),
            Handled::Badly(outcome) => parks.push(park(
                u32::from(!matches!(outcome, Outcome::HostError(_))),
                now.plus_milliseconds(RETRY_AFTER_MS[0]),
                outcome.to_string(),
            )),
        }
    }
    Ok(Some(Turn {
        overlay,
        epochs,
        verdicts,
        parks,
        outgoing,
    }))
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
    who: Who,
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
    // Who comes late must not be kept from what the others were handed, because of what the chain became after it.
    let up_to = match who {
        Who::Together => i64::MAX as u64,
        Who::Apart(_) => event.sequence,
    };
    let (lane, root) = (event.lane(), event.root());
    Ok(store.chain_effects(lane, root, up_to).await? >= CHAIN_EFFECTS_MAX)
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
