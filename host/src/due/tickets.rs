//! What the host does with tickets by itself: waiting ends, what is solved closes, what is deleted or suspended goes.

use crate::{
    desk::Desk,
    lane::{self, LaneError},
    limits::{TICKET_POSTPONED_HOURS, TICKETS_DUE_AT_ONCE},
};
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, Check},
    event::Origin,
    id::{TenantId, TicketId},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{
        due::{Deed, Periods},
        verbs::tell,
        work::Stamp,
    },
};
use guichet_store::StoreError;

/// Does what is due now, a page of tickets; answers for how many. What meets a conflict is found again by the next round.
pub(super) async fn settle_due(desk: &Desk) -> Result<usize, StoreError> {
    let due = desk
        .store
        .tickets_due(desk.clock.now(), TICKETS_DUE_AT_ONCE)
        .await?;
    let mut done = 0;
    for (tenant, ticket) in due {
        match settle(desk, tenant, ticket).await {
            Ok(()) => done += 1,
            Err(LaneError::Refused(Refusal::Conflict(_))) => {}
            // One that cannot be settled must not hold up the others, nor be forgotten.
            Err(error) => {
                tracing::error!(%ticket, error = &error as &dyn std::error::Error, "what is due for a ticket cannot be done: it is tried again later");
                let later = desk
                    .clock
                    .now()
                    .plus_milliseconds(TICKET_POSTPONED_HOURS * 3_600_000);
                desk.store.postpone_ticket(tenant, ticket, later).await?;
            }
        }
    }
    Ok(done)
}

async fn settle(desk: &Desk, tenant: TenantId, id: TicketId) -> Result<(), LaneError> {
    let store = desk.store.tenant(tenant);
    let Some(ticket) = store.ticket(id).await? else {
        return Ok(());
    };
    let periods = Periods::default();
    let now = desk.clock.now();
    let stamp = Stamp {
        at: now,
        principal: Actor::SYSTEM.into(),
        origin: Origin::default(),
        because: None,
    };
    match ticket.next_deed(&periods) {
        Some((at, Deed::Purge)) if at <= now => {
            let mut changes = ChangeSet::new(tenant);
            let mut event = tell(
                "ticket.purged",
                serde_json::json!({ "number": ticket.number }),
                &stamp,
            );
            event.ticket = Some(id);
            changes.events.push(event);
            changes.checks.push(Check::Ticket(id, ticket.version));
            changes.erased.push(id);
            desk.commit(changes).await.map_err(lane::into_lane_error)?;
            Ok(())
        }
        Some((at, _)) if at <= now => {
            let mut overlay = Overlay::new(tenant, store.directory().await?);
            overlay.load_ticket(ticket);
            overlay.on_ticket(id, |work| work.fall_due(&periods, &stamp))?;
            lane::commit(desk, overlay).await.map(drop)
        }
        _ => Ok(()),
    }
}
