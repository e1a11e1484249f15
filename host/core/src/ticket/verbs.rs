//! The verbs of a ticket. Each is idempotent: done twice it changes nothing and tells nobody.

use super::work::{Stamp, Work};
use crate::{
    actor::{ActorKind, Role},
    customer::check_plugin_field,
    event::EventDraft,
    id::{AgentId, CustomerId, GroupId, TicketId},
    limits,
    message::{Message, MessageDraft, Visibility},
    refusal::Refusal,
    ticket::state::{Command, State},
    time::Timestamp,
    value::{Field, Value},
};
use serde_json::json;

/// A ticket to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketDraft {
    pub id: TicketId,
    pub subject: String,
    pub requester: CustomerId,
    pub channel: String,
    pub first_message: Option<MessageDraft>,
    /// Any fields that [`Work::set_field`] takes.
    pub fields: Vec<Field>,
}

impl Work {
    /// Makes a ticket, new, with its first message. One event tells of both.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] or [`Refusal::Limit`] where the draft breaks a bound.
    pub fn create(draft: TicketDraft, stamp: &Stamp) -> Result<(Self, Option<Message>), Refusal> {
        let mut work = Self::blank(draft.id, draft.requester, stamp.at);
        work.begin("ticket.created", stamp);
        // A new ticket's log begins at nothing: what a blank ticket has by itself is told, too.
        for name in [
            "kind",
            "state",
            "requester",
            "impact",
            "urgency",
            "priority",
        ] {
            let new = work.ticket().field(name);
            work.record_beginning(name, new);
        }
        work.change("subject", Value::Text(checked_subject(&draft.subject)?));
        work.change("channel", Value::Text(draft.channel));
        for field in draft.fields {
            work.set_field(&field.name, field.value, stamp)?;
        }
        let message = match draft.first_message {
            None => None,
            Some(message) => {
                check_message(&message)?;
                work.tell(message_data(&message));
                Some(Message {
                    ticket: draft.id,
                    at: stamp.at,
                    draft: message,
                    delivery: None,
                })
            }
        };
        Ok((work, message))
    }

    /// Says something. A customer's public answer reopens what waits or is solved; an agent's first message takes the ticket.
    /// A message that says of itself `hide` (an automatic answer) reopens nothing.
    ///
    /// # Errors
    /// [`Refusal::State`] where the ticket takes no messages, [`Refusal::Limit`] where the message is too large.
    pub fn add_message(
        &mut self,
        message: MessageDraft,
        stamp: &Stamp,
    ) -> Result<Message, Refusal> {
        self.must_be_live()?;
        check_message(&message)?;
        let author = if message.author == stamp.principal.actor {
            stamp.clone()
        } else {
            Stamp {
                principal: message.author.into(),
                ..stamp.clone()
            }
        };
        let role = self.role(&author.principal, stamp.at);
        if message.author.kind == ActorKind::Agent && role == Role::Stranger {
            return Err(Refusal::Right(
                "only agents who work this ticket, or take part in it, may say something here"
                    .to_owned(),
            ));
        }
        self.begin("message.added", stamp);
        let mut data = message_data(&message);
        // Whoever takes no part is heard, reopens nothing, and agents are told that it may not be who it seems.
        if message.author.kind == ActorKind::Customer && role == Role::Stranger {
            data["stranger"] = true.into();
        }
        self.tell(data);
        let automatic = message
            .fields
            .iter()
            .any(|field| field.name == "hide" && field.value == Value::Boolean(true));
        match (message.author.kind, message.visibility) {
            (ActorKind::Customer, Visibility::Public) if !automatic => {
                if let Ok(state) = self.may(Command::Answer, &author) {
                    self.leave_waiting_or_solved(state);
                }
            }
            (ActorKind::Agent, _) => {
                if let Ok(state) = self.may(Command::Start, &author) {
                    self.enter(state);
                }
            }
            _ => {}
        }
        Ok(Message {
            ticket: self.ticket().id,
            at: stamp.at,
            draft: message,
            delivery: None,
        })
    }

    /// Gives the ticket to a group, an agent, both or nobody. An agent makes a new ticket an open one.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn assign(
        &mut self,
        assignee: Option<AgentId>,
        group: Option<GroupId>,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        self.must_be_live()?;
        self.must_work_tickets(stamp)?;
        self.set("group", Value::text_or_none(group), stamp);
        self.set("assignee", Value::text_or_none(assignee), stamp);
        if assignee.is_some() && self.ticket().state == State::New {
            let state = self.may(Command::Start, stamp)?;
            self.begin("ticket.changed", stamp);
            self.enter(state);
        }
        Ok(())
    }

    /// Waits for somebody, with a reason.
    ///
    /// # Errors
    /// [`Refusal::State`], [`Refusal::Right`], or [`Refusal::Invalid`] without a reason.
    pub fn wait(
        &mut self,
        reason: &str,
        until: Option<Timestamp>,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        if reason.trim().is_empty() {
            return Err(Refusal::Invalid(
                "say what is being waited for: the reason is empty".to_owned(),
            ));
        }
        self.must_work_tickets(stamp)?;
        if self.ticket().state != State::Pending {
            let state = self.may(Command::Wait, stamp)?;
            self.begin("ticket.changed", stamp);
            self.enter(state);
        }
        self.set(
            "pending_reason",
            Value::Text(reason.trim().to_owned()),
            stamp,
        );
        self.set("pending_until", Value::instant_or_none(until), stamp);
        Ok(())
    }

    /// Ends the waiting.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn resume(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        if self.ticket().state == State::Open {
            return Ok(());
        }
        let state = self.may(Command::Resume, stamp)?;
        self.begin("ticket.changed", stamp);
        self.leave_waiting_or_solved(state);
        Ok(())
    }

    /// Solves the ticket. The agent who solves an unassigned ticket becomes its assignee.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn solve(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        if self.ticket().state == State::Solved {
            return Ok(());
        }
        let state = self.may(Command::Solve, stamp)?;
        self.begin("ticket.changed", stamp);
        let actor = stamp.principal.actor;
        if self.ticket().assignee.is_none() && actor.kind == ActorKind::Agent {
            self.change("assignee", Value::Text(actor.id.to_string()));
        }
        self.clear_waiting();
        self.enter(state);
        self.change("solved_at", Value::Instant { at: stamp.at });
        Ok(())
    }

    /// Takes a solution back, before the ticket is closed.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn reopen(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        if self.ticket().state == State::Open {
            return Ok(());
        }
        let state = self.may(Command::Reopen, stamp)?;
        self.begin("ticket.changed", stamp);
        self.leave_waiting_or_solved(state);
        Ok(())
    }

    /// Closes a solved ticket for good.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn close(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        self.step(State::Closed, Command::Close, stamp)
    }

    /// Puts the ticket away. What it was is kept for [`Work::restore`].
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn delete(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        if self.ticket().state == State::Deleted {
            return Ok(());
        }
        let state = self.may(Command::Delete, stamp)?;
        if self.ticket().legal_hold {
            return Err(Refusal::State(
                "the ticket is under legal hold: it cannot be deleted".to_owned(),
            ));
        }
        let prior = self.ticket().state;
        self.begin("ticket.changed", stamp);
        self.change("prior_state", Value::Text(prior.name().to_owned()));
        self.change("removed_at", Value::Instant { at: stamp.at });
        self.enter(state);
        Ok(())
    }

    /// Brings a deleted ticket back to exactly the state that it had.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn restore(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        let state = self.may(Command::Restore, stamp)?;
        self.begin("ticket.changed", stamp);
        let removed_at = match state {
            // Back in the queue, its time there begins anew.
            State::Suspended => Value::Instant { at: stamp.at },
            _ => Value::None,
        };
        self.enter(state);
        self.change("prior_state", Value::None);
        self.change("removed_at", removed_at);
        Ok(())
    }

    /// Adds and removes tags. Tags may be changed on a closed ticket, too.
    ///
    /// # Errors
    /// [`Refusal::Limit`], [`Refusal::Invalid`], [`Refusal::Right`], or [`Refusal::State`] on a deleted ticket.
    pub fn tag(&mut self, add: &[String], remove: &[String], stamp: &Stamp) -> Result<(), Refusal> {
        if matches!(self.ticket().state, State::Deleted | State::Suspended) {
            self.must_be_live()?;
        }
        self.must_work_tickets(stamp)?;
        let mut tags = self.ticket().tags.clone();
        for tag in remove {
            tags.remove(tag.trim());
        }
        for tag in add {
            let tag = tag.trim();
            if tag.is_empty()
                || tag.chars().count() > limits::TAG_CHARACTERS_MAX
                || tag.contains(char::is_control)
            {
                return Err(Refusal::Invalid(format!(
                    "a tag has 1 to {} characters",
                    limits::TAG_CHARACTERS_MAX
                )));
            }
            tags.insert(tag.to_owned());
        }
        if tags.len() > limits::TAGS_MAX {
            return Err(Refusal::Limit(format!(
                "a ticket has at most {} tags",
                limits::TAGS_MAX
            )));
        }
        self.set("tags", Value::Texts(tags.into_iter().collect()), stamp);
        Ok(())
    }

    /// Sets a field that has no verb of its own: `subject`, `kind`, `impact`, `urgency`, `priority_override`, `legal_hold`, or a plugin's `publisher/name/field`.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for other names or the wrong type, [`Refusal::Limit`], [`Refusal::State`], [`Refusal::Right`].
    pub fn set_field(&mut self, name: &str, value: Value, stamp: &Stamp) -> Result<(), Refusal> {
        // What is closed may be evidence, too.
        if name != "legal_hold" || self.ticket().state != State::Closed {
            self.must_be_live()?;
        }
        // Whoever opens a ticket describes it; afterwards it is described by those who work it.
        if self.loaded_version > 0 {
            self.must_work_tickets(stamp)?;
        }
        let value = match name {
            "subject" => Value::Text(checked_subject(
                value.as_text().ok_or_else(|| wants("subject", "a text"))?,
            )?),
            "kind" => Value::Text(checked_kind(
                value.as_text().ok_or_else(|| wants("kind", "a text"))?,
            )?),
            "impact" => in_range("impact", &value, super::priority::IMPACT_LAST)?,
            "urgency" => in_range("urgency", &value, super::priority::URGENCY_LAST)?,
            "legal_hold" => match (&value, self.role(&stamp.principal, stamp.at)) {
                (Value::Boolean(_), Role::Supervisor) => value,
                (Value::Boolean(_), _) => {
                    return Err(Refusal::Right(
                        "only a supervisor sets or lifts a legal hold".to_owned(),
                    ));
                }
                _ => return Err(wants("legal_hold", "true or false")),
            },
            "priority_override" if value == Value::None => value,
            "priority_override" => in_range("priority_override", &value, 4)?,
            _ => self.checked_plugin_field(name, value)?,
        };
        let priority = self.ticket().priority();
        self.set(name, value, stamp);
        self.record_step("priority", Value::Integer(priority.into()));
        Ok(())
    }

    fn checked_plugin_field(&self, name: &str, value: Value) -> Result<Value, Refusal> {
        check_plugin_field(name, &value)?;
        if self.ticket().fields.len() >= limits::FIELDS_MAX
            && !self.ticket().fields.contains_key(name)
        {
            return Err(Refusal::Limit(format!(
                "a ticket has at most {} plugin fields",
                limits::FIELDS_MAX
            )));
        }
        Ok(value)
    }

    fn step(&mut self, to: State, command: Command, stamp: &Stamp) -> Result<(), Refusal> {
        if self.ticket().state == to {
            return Ok(());
        }
        let state = self.may(command, stamp)?;
        self.begin("ticket.changed", stamp);
        self.enter(state);
        Ok(())
    }

    pub(super) fn enter(&mut self, state: State) {
        self.change("state", Value::Text(state.name().to_owned()));
    }

    fn leave_waiting_or_solved(&mut self, state: State) {
        if self.ticket().state == State::Solved {
            let count = self.ticket().reopen_count.saturating_add(1);
            self.change("reopen_count", Value::Integer(count.into()));
            self.change("solved_at", Value::None);
        }
        self.clear_waiting();
        self.enter(state);
    }

    fn clear_waiting(&mut self) {
        self.change("pending_reason", Value::None);
        self.change("pending_until", Value::None);
    }

    pub(crate) fn must_work_tickets(&self, stamp: &Stamp) -> Result<(), Refusal> {
        match self.role(&stamp.principal, stamp.at) {
            Role::Agent | Role::Supervisor | Role::System => Ok(()),
            Role::Helper | Role::Stranger => Err(Refusal::Right(
                "only agents with the right to change tickets of this group may do this".to_owned(),
            )),
            Role::Requester | Role::Participant => Err(Refusal::Right(
                "only agents and rules may change this; customers answer".to_owned(),
            )),
        }
    }
}

fn checked_subject(subject: &str) -> Result<String, Refusal> {
    let subject: String = subject
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let subject = subject.trim();
    if subject.is_empty() || subject.chars().count() > limits::SUBJECT_CHARACTERS_MAX {
        return Err(Refusal::Invalid(format!(
            "a subject has 1 to {} characters",
            limits::SUBJECT_CHARACTERS_MAX
        )));
    }
    Ok(subject.to_owned())
}

fn checked_kind(kind: &str) -> Result<String, Refusal> {
    let plain = |c: char| c.is_ascii_lowercase() || c == '-';
    if kind.is_empty() || kind.len() > 40 || !kind.chars().all(plain) {
        return Err(Refusal::Invalid(
            "a kind is 1 to 40 small letters, such as incident or request".to_owned(),
        ));
    }
    Ok(kind.to_owned())
}

fn in_range(name: &str, value: &Value, last: u8) -> Result<Value, Refusal> {
    match value.as_integer() {
        Some(integer) if (1..=i64::from(last)).contains(&integer) => Ok(value.clone()),
        _ => Err(wants(name, &format!("a whole number from 1 to {last}"))),
    }
}

fn wants(name: &str, what: &str) -> Refusal {
    Refusal::Invalid(format!("`{name}` is {what}"))
}

fn check_message(message: &MessageDraft) -> Result<(), Refusal> {
    message.check_content()?;
    if message.text.trim().is_empty()
        && message.attachments.is_empty()
        && message.author.kind != ActorKind::Customer
    {
        return Err(Refusal::Invalid("the message is empty".to_owned()));
    }
    Ok(())
}

fn message_data(message: &MessageDraft) -> serde_json::Value {
    json!({
        "message": message.id,
        "visibility": message.visibility.name(),
        "author": { "kind": message.author.kind.name(), "id": message.author.id },
    })
}

/// Tells of a tenant's matter that is no ticket: a group made, a plugin enabled.
pub fn tell(kind: &str, data: serde_json::Value, stamp: &Stamp) -> EventDraft {
    EventDraft {
        data,
        ..EventDraft::of_tenant(kind, stamp)
    }
}
