//! # Lanes
//! - A **lane** loads what a request or an event is about onto an [`Overlay`] and runs the core's verbs on it.
//! - A **commit** writes all of it, or nothing, if nobody else changed what was read.
//!
//! No transaction, lock or connection is open while verbs or plugins run. What meets a conflict is run again from the present state.

/// A plugin's view of the desk, on the overlay of its invocation.
pub mod view;

/// What plugins ask by name: transitions and fields.
mod asked;

use crate::{desk::Desk, limits::CONFLICT_RUNS_MAX};
use guichet_core::{
    changeset::Committed,
    event::Origin,
    id::{TenantId, TicketId},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{Ticket, work::Stamp},
};
use guichet_store::{CommitError, StoreError};

/// Why a request was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum LaneError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("the ticket has changed meanwhile: it has version {present}")]
    Stale { present: u64 },
    #[error("the database")]
    Store(#[from] StoreError),
}

/// Who asks, in which tenant.
#[derive(Debug, Clone, Copy)]
pub struct Asker {
    pub tenant: TenantId,
    pub principal: guichet_core::actor::Principal,
}

impl Asker {
    /// With what this asker's verbs are done, now.
    pub fn stamp(&self, desk: &Desk) -> Stamp {
        Stamp {
            at: desk.clock.now(),
            principal: self.principal,
            origin: Origin::default(),
            because: None,
        }
    }
}

/// Runs `verbs` on an overlay with the ticket loaded and commits; runs them again where somebody else was first.
///
/// # Errors
/// What the verbs refuse; [`LaneError::Stale`] where `if_version` is given and is no longer the ticket's.
pub async fn on_ticket<T>(
    desk: &Desk,
    asker: Asker,
    number: u64,
    if_version: Option<u64>,
    mut verbs: impl FnMut(&mut Overlay, TicketId, &Stamp) -> Result<T, Refusal>,
) -> Result<(Ticket, T), LaneError> {
    let store = desk.store.tenant(asker.tenant);
    let stamp = asker.stamp(desk);
    for run in 1.. {
        let ticket = store
            .ticket_by_number(number)
            .await?
            .ok_or_else(|| Refusal::NotFound(format!("ticket {number}")))?;
        if let Some(present) = if_version
            .map(|_| ticket.version)
            .filter(|version| Some(*version) != if_version)
        {
            return Err(LaneError::Stale { present });
        }
        let id = ticket.id;
        let mut overlay = Overlay::new(asker.tenant);
        overlay.load_ticket(ticket);
        let answer = verbs(&mut overlay, id, &stamp)?;
        let after = overlay.ticket(id)?.clone();
        if overlay.effects() == 0 {
            return Ok((after, answer));
        }
        match commit(desk, overlay).await {
            Ok(_) => return Ok((after, answer)),
            Err(LaneError::Refused(Refusal::Conflict(_))) if run < CONFLICT_RUNS_MAX => {}
            Err(error) => return Err(error),
        }
    }
    Err(Refusal::Conflict("others kept changing the ticket: try again".to_owned()).into())
}

/// Commits an overlay.
///
/// # Errors
/// [`Refusal::Conflict`] where something that it read has changed.
pub async fn commit(desk: &Desk, overlay: Overlay) -> Result<Committed, LaneError> {
    desk.store
        .commit(overlay.finish())
        .await
        .map_err(into_lane_error)
}

/// A commit's refusal as the lane tells it.
pub(crate) fn into_lane_error(error: CommitError) -> LaneError {
    match error {
        CommitError::Conflict(what) => Refusal::Conflict(what).into(),
        CommitError::AlreadyDone(sequence) => {
            Refusal::Conflict(format!("event {sequence} has been handled")).into()
        }
        CommitError::Invalid(what) => Refusal::Invalid(what).into(),
        CommitError::Store(error) => error.into(),
    }
}
