//! A ticket under change: its present state and the events that its verbs have made so far.

use super::Ticket;
use crate::{
    actor::{Actor, ActorKind, Principal, Role},
    directory::Access,
    event::{Because, EventDraft, Origin},
    id::{CustomerId, TicketId},
    refusal::Refusal,
    ticket::state::{Command, State, Target, next},
    time::Timestamp,
    value::{Change, Value},
};

/// With what a verb is done: who, when, and for what cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Stamp {
    pub at: Timestamp,
    pub principal: Principal,
    /// What led to it.
    pub origin: Origin,
    /// The rule and what it saw, if the plugin said so.
    pub because: Option<Because>,
}

impl Stamp {
    /// Done by the system itself, with nothing that led to it.
    pub fn of_system(at: Timestamp) -> Self {
        Self {
            at,
            principal: Actor::SYSTEM.into(),
            origin: Origin::default(),
            because: None,
        }
    }

    /// The same, done by somebody else; without an agent's rights.
    #[must_use]
    pub fn with(&self, actor: Actor) -> Self {
        Self {
            principal: actor.into(),
            ..self.clone()
        }
    }
}

/// A ticket under change. Made from a loaded ticket or a new one; ends as a write and its events.
#[derive(Debug, Clone)]
pub struct Work {
    ticket: Ticket,
    /// The version that was loaded; 0 for a new ticket. The commit checks it.
    pub loaded_version: u64,
    events: Vec<EventDraft>,
}

impl Work {
    /// Work on a loaded ticket.
    pub fn on(ticket: Ticket) -> Self {
        Self {
            loaded_version: ticket.version,
            ticket,
            events: Vec::new(),
        }
    }

    /// Work on a ticket that does not exist yet.
    pub(super) fn blank(id: TicketId, requester: CustomerId, at: Timestamp) -> Self {
        Self {
            ticket: Ticket::blank(id, requester, at),
            loaded_version: 0,
            events: Vec::new(),
        }
    }

    /// The ticket with all changes so far.
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// The events so far, in order.
    pub fn events(&self) -> &[EventDraft] {
        &self.events
    }

    /// Whether anything was changed.
    pub fn is_changed(&self) -> bool {
        !self.events.is_empty()
    }

    /// Ends the work: the ticket as it is to be, and what happened to it.
    pub fn finish(self) -> (Ticket, Vec<EventDraft>) {
        (self.ticket, self.events)
    }

    /// The rights with which this principal meets this ticket at that time.
    pub fn role(&self, principal: &Principal, at: Timestamp) -> Role {
        let actor = principal.actor;
        let takes_part = |role: Option<&str>| {
            self.ticket.participants.iter().any(|participant| {
                participant.who == actor
                    && role.is_none_or(|role| participant.role == role)
                    && participant.until.is_none_or(|until| at < until)
            })
        };
        match actor.kind {
            ActorKind::Customer if actor.id == self.ticket.requester.0 => Role::Requester,
            ActorKind::Customer if takes_part(None) => Role::Participant,
            ActorKind::Agent => match principal.rights.as_ref() {
                Some(rights) => match rights.on(self.ticket.group) {
                    Access::Supervise => Role::Supervisor,
                    Access::Change => Role::Agent,
                    _ if takes_part(Some("helper")) => Role::Helper,
                    _ => Role::Stranger,
                },
                None => Role::Stranger,
            },
            ActorKind::Plugin | ActorKind::System => Role::System,
            ActorKind::Customer | ActorKind::Anonymous => Role::Stranger,
        }
    }

    /// Whether the principal may know of the ticket at all.
    pub fn is_visible_to(ticket: &Ticket, principal: &Principal, at: Timestamp) -> bool {
        let takes_part = || {
            ticket.participants.iter().any(|participant| {
                participant.who == principal.actor
                    && participant.until.is_none_or(|until| at < until)
            })
        };
        match principal.actor.kind {
            ActorKind::Plugin | ActorKind::System => true,
            ActorKind::Agent => principal
                .rights
                .as_ref()
                .is_some_and(|rights| rights.on(ticket.group) >= Access::Read || takes_part()),
            ActorKind::Customer => principal.actor.id == ticket.requester.0 || takes_part(),
            ActorKind::Anonymous => false,
        }
    }

    /// Takes over where a ticket belongs and how much it matters: what follows from it is for the same eyes.
    pub(crate) fn inherit(&mut self, from: &Ticket) {
        for name in ["group", "impact", "urgency"] {
            let priority = self.ticket.priority();
            self.change(name, from.field(name));
            self.record_step("priority", Value::Integer(priority.into()));
        }
    }

    /// Begins an event. What one actor changes for one reason is one event.
    pub(crate) fn begin(&mut self, kind: &str, stamp: &Stamp) {
        let goes_on = self.events.last().is_some_and(|last| {
            kind == "ticket.changed"
                && matches!(last.kind.as_str(), "ticket.created" | "ticket.changed")
                && last.actor == stamp.principal.actor
                && last.origin == stamp.origin
                && last.because == stamp.because
        });
        if !goes_on {
            self.ticket.version += 1;
            self.events.push(EventDraft::of_ticket(
                kind,
                self.ticket.id,
                self.ticket.version,
                stamp,
            ));
        }
        self.ticket.updated_at = stamp.at;
    }

    /// Records one step and takes it. No step where nothing changes.
    pub(super) fn change(&mut self, name: &str, new: Value) {
        let old = self.ticket.field(name);
        if old == new {
            return;
        }
        let change = Change {
            name: name.to_owned(),
            old,
            new,
        };
        self.ticket.apply(&change);
        let Some(event) = self.events.last_mut() else {
            return;
        };
        // Two steps of one field in one event are one step.
        match event
            .changes
            .iter_mut()
            .find(|earlier| earlier.name == name)
        {
            Some(earlier) => earlier.new = change.new,
            None => event.changes.push(change),
        }
    }

    /// Records a step only if the value differs, beginning the event for it.
    pub(super) fn set(&mut self, name: &str, new: Value, stamp: &Stamp) {
        if self.ticket.field(name) != new {
            self.begin("ticket.changed", stamp);
            self.change(name, new);
        }
    }

    /// Records what a new ticket has by itself.
    pub(super) fn record_beginning(&mut self, name: &str, new: Value) {
        if let Some(event) = self.events.last_mut() {
            event.changes.push(Change {
                name: name.to_owned(),
                old: Value::None,
                new,
            });
        }
    }

    /// Records the step of a field that follows from others, if it took one.
    pub(super) fn record_step(&mut self, name: &str, old: Value) {
        let new = self.ticket.field(name);
        let Some(event) = self.events.last_mut().filter(|_| old != new) else {
            return;
        };
        match event
            .changes
            .iter_mut()
            .find(|earlier| earlier.name == name)
        {
            Some(earlier) => earlier.new = new,
            None => event.changes.push(Change {
                name: name.to_owned(),
                old,
                new,
            }),
        }
    }

    /// Writes into the data of the event that was begun last.
    pub(crate) fn tell(&mut self, data: serde_json::Value) {
        if let Some(event) = self.events.last_mut() {
            event.data = data;
        }
    }

    /// Where a command would lead, by the table.
    pub(super) fn may(&self, command: Command, stamp: &Stamp) -> Result<State, Refusal> {
        match next(
            self.ticket.state,
            command,
            self.role(&stamp.principal, stamp.at),
        )? {
            Target::To(state) => Ok(state),
            Target::Prior => Ok(self.ticket.prior_state.unwrap_or(State::New)),
        }
    }

    /// A ticket that is closed, suspended or deleted takes no more work.
    pub(super) fn must_be_live(&self) -> Result<(), Refusal> {
        match self.ticket.state {
            State::Closed | State::Suspended | State::Deleted => Err(Refusal::State(format!(
                "the ticket is {}: it can no longer be changed",
                self.ticket.state
            ))),
            _ => Ok(()),
        }
    }
}
