//! One event as those who look are told of it: that it happened, and to what. What it says is read by the API, with the rights of who asks.

use crate::{desk::Desk, limits::LIVE_PAGE};
use guichet_core::{
    actor::Principal,
    directory::AgentRole,
    event::Event,
    id::{CustomerId, TenantId, TicketId},
    ticket::{Ticket, work::Work},
    time::Timestamp,
    value::Value,
};
use guichet_store::StoreError;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// What happened.
#[derive(Debug)]
pub struct Change {
    pub sequence: u64,
    /// As in the log, such as `message.added`.
    pub kind: String,
    pub about: About,
}

/// To what it happened.
#[derive(Debug)]
pub enum About {
    Ticket {
        /// As it was when this was read.
        ticket: Arc<Ticket>,
        /// The same in the group that it left by this, with those who took part until then: who saw it has it before his eyes still.
        before: Option<Box<Ticket>>,
    },
    Customer(CustomerId),
    /// People, plugins, settings.
    Tenant,
    /// A ticket that is no more.
    Gone,
}

impl Change {
    /// Whether the agent may know of it.
    pub fn is_for(&self, principal: &Principal, at: Timestamp) -> bool {
        let role = principal.rights.as_ref().map(|rights| rights.role);
        match &self.about {
            About::Ticket { ticket, before } => std::iter::once(&**ticket)
                .chain(before.as_deref())
                .any(|ticket| Work::is_visible_to(ticket, principal, at)),
            About::Customer(_) | About::Tenant => {
                role.is_some_and(|role| role != AgentRole::Helper)
            }
            About::Gone => false,
        }
    }
}

/// The next changes after a sequence, oldest first, at most [`LIVE_PAGE`].
///
/// # Errors
/// [`StoreError`].
pub async fn after(
    desk: &Desk,
    tenant: TenantId,
    sequence: u64,
) -> Result<Vec<Arc<Change>>, StoreError> {
    let store = desk.store.tenant(tenant);
    let events = store.events_after(sequence, LIVE_PAGE).await?;
    let named: BTreeSet<TicketId> = events
        .iter()
        .filter_map(|event| event.draft.ticket)
        .collect();
    let named: Vec<_> = named.into_iter().collect();
    let tickets: HashMap<_, _> = store
        .tickets(&named)
        .await?
        .into_iter()
        .map(|ticket| (ticket.id, Arc::new(ticket)))
        .collect();
    let change = |event| Arc::new(of(event, &tickets));
    Ok(events.into_iter().map(change).collect())
}

fn of(event: Event, tickets: &HashMap<TicketId, Arc<Ticket>>) -> Change {
    let about = match (event.draft.ticket, event.draft.customer) {
        (Some(id), _) => tickets
            .get(&id)
            .map_or(About::Gone, |ticket| About::Ticket {
                ticket: ticket.clone(),
                before: before(&event, ticket),
            }),
        (None, Some(customer)) => About::Customer(customer),
        (None, None) => About::Tenant,
    };
    Change {
        sequence: event.sequence,
        kind: event.draft.kind,
        about,
    }
}

fn before(event: &Event, ticket: &Ticket) -> Option<Box<Ticket>> {
    let old = |name: &str| {
        let mut changes = event.draft.changes.iter();
        changes
            .find(|change| change.name == name)
            .map(|change| &change.old)
    };
    let (group, participants) = (old("group"), old("participants"));
    if group.is_none() && participants.is_none() {
        return None;
    }
    // A ticket that begins by this, or comes out of the suspended queue, was nobody's under its number: the group that it had for a moment counts for nothing.
    let begins =
        old("state").is_some_and(|state| matches!(state.as_text(), None | Some("suspended")));
    if begins {
        return None;
    }
    let mut before = ticket.clone();
    if let Some(group) = group {
        before.group = group.as_text().and_then(|id| id.parse().ok());
    }
    if let Some(Value::Json { json }) = participants {
        before.participants = serde_json::from_value(json.clone()).unwrap_or_default();
    }
    Some(Box::new(before))
}
