//! # Lanes
//! - A **lane** loads what a request or an event is about onto an [`Overlay`] and runs the core's verbs on it.
//! - A **commit** writes all of it, or nothing, if nobody else changed what was read.
//!
//! No transaction, lock or connection is open while verbs or plugins run. What meets a conflict is run again from the present state.

/// A plugin's view of the desk, on the overlay of its invocation.
pub mod view;

/// Plugins that look at a change before it is committed.
pub mod guard;

/// Which tickets somebody sees, and by which names he may ask for them.
pub mod eyes;

/// What was asked, carried out on the present state.
pub mod again;

/// What an effect needs, fetched before the core carries it out.
pub mod load;

use crate::{desk::Desk, limits::CONFLICT_RUNS_MAX};
use guichet_core::{
    actor::Principal,
    changeset::Committed,
    directory::Directory,
    effect::Effect,
    event::Origin,
    id::{TenantId, TicketId},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{
        Ticket,
        work::{Stamp, Work},
    },
};
use guichet_store::{CommitError, StoreError};
use std::sync::Arc;

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

/// Who asks, in which tenant, among which people.
#[derive(Debug, Clone)]
pub struct Asker {
    pub tenant: TenantId,
    pub principal: Principal,
    pub directory: Arc<Directory>,
}

impl Asker {
    /// With what this asker's verbs are done, now.
    pub fn stamp(&self, desk: &Desk) -> Stamp {
        Stamp {
            at: desk.clock.now(),
            principal: self.principal.clone(),
            origin: Origin::default(),
            because: None,
        }
    }

    /// Nothing loaded yet.
    pub fn overlay(&self) -> Overlay {
        Overlay::new(self.tenant, self.directory.clone())
    }
}

/// Carries out what is asked of a ticket and commits; again from the present state where somebody else was first.
///
/// `ask` sees the ticket as it is and answers the effects that are wanted. Tickets that the asker may not see are not known.
///
/// # Errors
/// What the core refuses; [`LaneError::Stale`] where `if_version` is given and is no longer the ticket's.
pub async fn on_ticket(
    desk: &Desk,
    asker: &Asker,
    named: Named,
    if_version: Option<u64>,
    mut ask: impl FnMut(&Ticket) -> Result<Vec<Effect>, Refusal>,
) -> Result<(Ticket, Committed), LaneError> {
    let store = desk.store.tenant(asker.tenant);
    let stamp = asker.stamp(desk);
    for run in 1.. {
        let ticket = find(desk, asker, named).await?;
        if let Some(present) = if_version
            .map(|_| ticket.version)
            .filter(|version| Some(*version) != if_version)
        {
            return Err(LaneError::Stale { present });
        }
        let id = ticket.id;
        let effects = ask(&ticket)?;
        let mut overlay = asker.overlay();
        overlay.load_ticket(ticket);
        for effect in &effects {
            load::carry_out(&store, &mut overlay, effect, &stamp).await?;
        }
        let mut after = overlay.ticket(id)?.clone();
        if overlay.effects() == 0 {
            return Ok((after, Committed::default()));
        }
        match commit(desk, overlay).await {
            Ok(committed) => {
                after.number = after.number.or(committed.number(id));
                return Ok((after, committed));
            }
            Err(LaneError::Refused(Refusal::Conflict(_))) if run < CONFLICT_RUNS_MAX => {}
            Err(error) => return Err(error),
        }
    }
    Err(Refusal::Conflict("others kept changing the ticket: try again".to_owned()).into())
}

/// How a request names a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    Number(u64),
    /// What rests in the suspended queue has no number.
    Id(TicketId),
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "ticket {number}"),
            Self::Id(id) => write!(f, "ticket {id}"),
        }
    }
}

/// A ticket that the asker may see.
///
/// # Errors
/// [`Refusal::NotFound`] for others, whether they exist or not.
pub async fn find(desk: &Desk, asker: &Asker, named: Named) -> Result<Ticket, LaneError> {
    let store = desk.store.tenant(asker.tenant);
    let found = match named {
        Named::Number(number) => store.ticket_by_number(number).await?,
        Named::Id(id) => store.ticket(id).await?,
    };
    found
        .filter(|ticket| Work::is_visible_to(ticket, &asker.principal, desk.clock.now()))
        .ok_or_else(|| Refusal::NotFound(named.to_string()).into())
}

/// Commits an overlay.
///
/// # Errors
/// [`Refusal::Conflict`] where something that it read has changed.
pub async fn commit(desk: &Desk, overlay: Overlay) -> Result<Committed, LaneError> {
    let overlay = guard::check(desk, overlay, None).await?;
    desk.commit(overlay.finish()).await.map_err(into_lane_error)
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
