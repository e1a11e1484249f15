//! What happened. Made by verbs, written by the commit, never changed.

use crate::{
    actor::Actor,
    id::{CustomerId, InstallId, TicketId},
    ticket::work::Stamp,
    time::Timestamp,
    value::Change,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeSet};
use uuid::Uuid;

/// The kind of an event that is an action directed at one plugin.
pub const ACTION: &str = "plugin.action";

/// Why an effect was made: the rule and what it saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Because {
    pub rule: String,
    pub detail: serde_json::Value,
}

/// The plugin by which something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    pub install: InstallId,
    /// `publisher/name@version`.
    pub plugin: String,
    /// sha-256 of the component, hex.
    pub digest: String,
}

/// What led to an event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The event before it, where a plugin answered to one.
    pub event: Option<u64>,
    pub by: Option<By>,
    /// The first event of the chain; absent where this one begins it.
    pub root: Option<u64>,
    /// Effects between the first event and this one.
    pub depth: u32,
}

/// An event before its commit, which gives the sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct EventDraft {
    pub kind: String,
    pub at: Timestamp,
    pub actor: Actor,
    pub ticket: Option<TicketId>,
    /// The ticket's version after this event.
    pub ticket_version: Option<u64>,
    pub customer: Option<CustomerId>,
    pub changes: Vec<Change>,
    /// Whatever else belongs to this kind of event. Never the text of a message.
    pub data: serde_json::Value,
    pub origin: Origin,
    pub because: Option<Because>,
}

impl EventDraft {
    /// An event about a ticket.
    pub fn of_ticket(kind: &str, ticket: TicketId, version: u64, stamp: &Stamp) -> Self {
        Self {
            ticket: Some(ticket),
            ticket_version: Some(version),
            ..Self::of_tenant(kind, stamp)
        }
    }

    /// An event about neither ticket nor customer.
    pub fn of_tenant(kind: &str, stamp: &Stamp) -> Self {
        Self {
            kind: kind.to_owned(),
            at: stamp.at,
            actor: stamp.principal.actor,
            ticket: None,
            ticket_version: None,
            customer: None,
            changes: Vec::new(),
            data: serde_json::Value::Null,
            origin: stamp.origin.clone(),
            because: stamp.because.clone(),
        }
    }
}

/// An event in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Gapless per tenant.
    pub sequence: u64,
    pub draft: EventDraft,
}

impl Event {
    /// The first event of the chain: this one, where it began it.
    pub fn root(&self) -> u64 {
        self.draft.origin.root.unwrap_or(self.sequence)
    }

    /// What of it may be told to an install with these grants: what is about tickets to who reads tickets, what is about customers to who reads
    /// customers, what is about people and plugins to nobody. That something happened is told to all.
    pub fn seen_with(&self, grants: &BTreeSet<String>) -> Cow<'_, Self> {
        let draft = &self.draft;
        // A plugin's own kinds and actions are told to who asked for them by name.
        let is_told = draft.kind.contains('/') || draft.kind == ACTION;
        let is_readable = if draft.ticket.is_some() {
            grants.contains("tickets-read")
        } else if draft.customer.is_some() {
            grants.contains("customers-read")
        } else {
            is_told || draft.kind == "loop.stopped"
        };
        if is_readable {
            return Cow::Borrowed(self);
        }
        let mut event = self.clone();
        event.draft.changes = Vec::new();
        if !is_told {
            event.draft.data = serde_json::Value::Null;
        }
        Cow::Owned(event)
    }

    /// In whose order it is delivered.
    pub fn lane(&self) -> Lane {
        match (self.draft.ticket, self.draft.customer) {
            (Some(ticket), _) => Lane(ticket.0),
            (None, Some(customer)) => Lane(customer.0),
            (None, None) => Lane(Uuid::from_u128(u128::from(self.sequence))),
        }
    }
}

/// The ticket that an event is about, else the customer, else the event itself. Serial within, parallel without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane(pub Uuid);
