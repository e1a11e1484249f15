//! A ticket: what somebody asked, and how far it is.
//!
//! All of its state is named fields. Verbs change fields only through [`work::Work::change`], which records each step; [`Ticket::apply`] is the
//! same step taken again. So the log folds to any past state, and no change can be forgotten in it.

/// States, commands, and the table between them.
pub mod state;

/// Impact, urgency and what follows.
pub mod priority;

/// A ticket under change.
pub mod work;

/// The verbs.
pub mod verbs;

/// Links and participants.
pub mod relation;

/// Verbs on who takes part.
mod participation;

/// Verbs that make two tickets one, and two again.
mod merging;

/// The queue before the desk: what must not become a ticket yet.
mod suspension;

/// What the host does by itself once its time has come.
pub mod due;

#[cfg(test)]
mod properties;

use crate::{
    id::{AgentId, CustomerId, GroupId, TicketId},
    time::Timestamp,
    value::{Change, Value},
};
use relation::{Link, Participant};
use serde::{Deserialize, Serialize};
use state::State;
use std::collections::{BTreeMap, BTreeSet};
pub use suspension::{Quarantine, Suspension};

/// A ticket as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    pub id: TicketId,
    /// What people call it; given by the commit that makes the ticket.
    pub number: Option<u64>,
    /// How many events it has seen.
    pub version: u64,
    /// `incident`, `request`, `problem`, `change`, `task`, …
    pub kind: String,
    pub state: State,
    /// What it was when it was deleted.
    pub prior_state: Option<State>,
    pub subject: String,
    /// Where it came from: `email`, `web`, `api`, …
    pub channel: String,
    pub requester: CustomerId,
    pub assignee: Option<AgentId>,
    pub group: Option<GroupId>,
    pub impact: u8,
    pub urgency: u8,
    /// Set by a person or a rule; stands above impact × urgency, which goes on being kept.
    pub priority_override: Option<u8>,
    pub tags: BTreeSet<String>,
    pub pending_reason: Option<String>,
    pub pending_until: Option<Timestamp>,
    pub solved_at: Option<Timestamp>,
    pub reopen_count: u32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When it was deleted or suspended, and from when on the host may do away with it.
    #[serde(default)]
    pub removed_at: Option<Timestamp>,
    /// Kept from being purged.
    #[serde(default)]
    pub legal_hold: bool,
    #[serde(default)]
    pub links: BTreeSet<Link>,
    #[serde(default)]
    pub participants: BTreeSet<Participant>,
    /// The ticket that goes on in its stead.
    #[serde(default)]
    pub merged_into: Option<TicketId>,
    /// What it was when it was merged.
    #[serde(default)]
    pub merged_state: Option<State>,
    /// Why it is, or was, in the suspended queue.
    #[serde(default)]
    pub suspension: Option<Suspension>,
    #[serde(default)]
    pub recovered_at: Option<Timestamp>,
    /// Plugins' own fields, named `publisher/name/field`.
    pub fields: BTreeMap<String, Value>,
}

impl Ticket {
    /// A ticket of which nothing is known yet but its name and its requester; the ground on which a log is folded.
    pub fn blank(id: TicketId, requester: CustomerId, at: Timestamp) -> Self {
        Self {
            id,
            number: None,
            version: 0,
            kind: "incident".to_owned(),
            state: State::New,
            prior_state: None,
            subject: String::new(),
            channel: String::new(),
            requester,
            assignee: None,
            group: None,
            impact: priority::IMPACT_LAST,
            urgency: priority::URGENCY_DEFAULT,
            priority_override: None,
            tags: BTreeSet::new(),
            pending_reason: None,
            pending_until: None,
            solved_at: None,
            reopen_count: 0,
            created_at: at,
            updated_at: at,
            removed_at: None,
            legal_hold: false,
            links: BTreeSet::new(),
            participants: BTreeSet::new(),
            merged_into: None,
            merged_state: None,
            suspension: None,
            recovered_at: None,
            fields: BTreeMap::new(),
        }
    }

    /// 1 is the highest.
    pub fn priority(&self) -> u8 {
        self.priority_override
            .unwrap_or_else(|| priority::priority(self.impact, self.urgency))
    }

    /// A field by its name, core or plugin's. Unknown names are [`Value::None`].
    pub fn field(&self, name: &str) -> Value {
        match name {
            "number" => self
                .number
                .map_or(Value::None, |number| Value::Integer(number.cast_signed())),
            "kind" => Value::Text(self.kind.clone()),
            "state" => Value::Text(self.state.name().to_owned()),
            "prior_state" => Value::text_or_none(self.prior_state),
            "subject" => Value::Text(self.subject.clone()),
            "channel" => Value::Text(self.channel.clone()),
            "requester" => Value::Text(self.requester.to_string()),
            "assignee" => Value::text_or_none(self.assignee),
            "group" => Value::text_or_none(self.group),
            "impact" => Value::Integer(self.impact.into()),
            "urgency" => Value::Integer(self.urgency.into()),
            "priority" => Value::Integer(self.priority().into()),
            "priority_override" => self
                .priority_override
                .map_or(Value::None, |priority| Value::Integer(priority.into())),
            "tags" => Value::Texts(self.tags.iter().cloned().collect()),
            "pending_reason" => Value::text_or_none(self.pending_reason.as_ref()),
            "pending_until" => Value::instant_or_none(self.pending_until),
            "solved_at" => Value::instant_or_none(self.solved_at),
            "reopen_count" => Value::Integer(self.reopen_count.into()),
            "removed_at" => Value::instant_or_none(self.removed_at),
            "legal_hold" => Value::Boolean(self.legal_hold),
            "links" => relation::to_value(&self.links),
            "participants" => relation::to_value(&self.participants),
            "merged_into" => Value::text_or_none(self.merged_into),
            "merged_state" => Value::text_or_none(self.merged_state),
            "suspension" => Suspension::to_value(self.suspension.as_ref()),
            "recovered_at" => Value::instant_or_none(self.recovered_at),
            _ => self.fields.get(name).cloned().unwrap_or_default(),
        }
    }

    /// Takes one recorded step. A change that this version cannot read leaves the field as it was: the log outlives its readers.
    pub fn apply(&mut self, change: &Change) {
        let new = &change.new;
        let text = || new.as_text().map(str::to_owned);
        let small = || {
            new.as_integer()
                .and_then(|integer| u8::try_from(integer).ok())
        };
        match change.name.as_str() {
            "number" => {
                self.number = new
                    .as_integer()
                    .and_then(|integer| u64::try_from(integer).ok())
            }
            "kind" => self.kind = text().unwrap_or_default(),
            "state" => self.state = new.as_text().and_then(State::parse).unwrap_or(self.state),
            "prior_state" => self.prior_state = new.as_text().and_then(State::parse),
            "subject" => self.subject = text().unwrap_or_default(),
            "channel" => self.channel = text().unwrap_or_default(),
            "requester" => {
                self.requester = new
                    .as_text()
                    .and_then(|id| id.parse().ok())
                    .unwrap_or(self.requester)
            }
            "assignee" => self.assignee = new.as_text().and_then(|id| id.parse().ok()),
            "group" => self.group = new.as_text().and_then(|id| id.parse().ok()),
            "impact" => self.impact = small().unwrap_or(self.impact),
            "urgency" => self.urgency = small().unwrap_or(self.urgency),
            // Follows from the other three; recorded for readers of the log.
            "priority" => {}
            "priority_override" => self.priority_override = small(),
            "tags" => {
                self.tags = if let Value::Texts(tags) = new {
                    tags.iter().cloned().collect()
                } else {
                    BTreeSet::new()
                }
            }
            "pending_reason" => self.pending_reason = text(),
            "pending_until" => self.pending_until = new.as_instant(),
            "solved_at" => self.solved_at = new.as_instant(),
            "reopen_count" => {
                self.reopen_count = new
                    .as_integer()
                    .and_then(|integer| u32::try_from(integer).ok())
                    .unwrap_or(0)
            }
            "removed_at" => self.removed_at = new.as_instant(),
            "legal_hold" => self.legal_hold = *new == Value::Boolean(true),
            "links" => self.links = relation::from_value(new),
            "participants" => self.participants = relation::from_value(new),
            "merged_into" => self.merged_into = new.as_text().and_then(|id| id.parse().ok()),
            "merged_state" => self.merged_state = new.as_text().and_then(State::parse),
            "suspension" => self.suspension = Suspension::from_value(new),
            "recovered_at" => self.recovered_at = new.as_instant(),
            _ if *new == Value::None => drop(self.fields.remove(&change.name)),
            _ => drop(self.fields.insert(change.name.clone(), new.clone())),
        }
    }
}
