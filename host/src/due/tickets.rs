//! What the host does with tickets by itself: waiting ends, what is solved closes, what is deleted or suspended goes.

use crate::{
    desk::Desk,
    lane::{self, LaneError},
    limits::TICKETS_DUE_AT_ONCE,
};
use guichet_core::{
    actor::Actor,
    changeset::ChangeSet,
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

/// Does what is due now, ticket by ticket. What meets a conflict is found again by the next round.
pub(super) async fn settle_due(desk: &Desk) -> Result<(), StoreError> {
    loop {
        let due = desk
            .store
            .tickets_due(desk.clock.now(), TICKETS_DUE_AT_ONCE)
            .await?;
        let is_last = due.len() < TICKETS_DUE_AT_ONCE as usize;
        for (tenant, ticket) in due {
            match settle(desk, tenant, ticket).await {
                Ok(()) | Err(LaneError::Refused(Refusal::Conflict(_))) => {}
                Err(LaneError::Store(error)) => return Err(error),
                Err(error) => {
                    tracing::error!(%ticket, %error, "what is due for a ticket is refused")
                }
            }
        }
        if is_last {
            return Ok(());
        }
    }
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
            if store.erase_ticket(id, ticket.version).await? {
                let mut changes = ChangeSet::new(tenant);
                let data = serde_json::json!({ "ticket": id, "number": ticket.number });
                changes.events.push(tell("ticket.purged", data, &stamp));
                desk.commit(changes).await.map_err(lane::into_lane_error)?;
            }
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
