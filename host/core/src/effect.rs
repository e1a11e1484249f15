//! What can be asked of the core, as data: by people over the API, by plugins over the contract.
//!
//! An effect names what it needs ([`Overlay::missing`]); the host loads that, and the overlay carries the effect out ([`Overlay::apply`]). As data it can be
//! carried out again on another state: a turn that keeps meeting conflicts ends so, and a job that has talked to the outside is never run twice for one.

use crate::{
    actor::{Actor, ActorKind, Role},
    changeset::{FileWrite, RecordKey},
    customer::{Identity, check_identity, checked_name},
    delivery::Delivery,
    event::EventDraft,
    id::{CustomerId, FileId, InstallId, MessageId, TicketId},
    job::{Job, JobWrite},
    limits,
    message::{Message, MessageDraft},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{
        Quarantine,
        relation::{Participant, inverse, is_reserved},
        state::State,
        verbs::TicketDraft,
        work::{Stamp, Work},
    },
    value::{Field, Value},
};
use std::{collections::BTreeSet, str::FromStr, sync::Arc};

/// One thing asked.
#[derive(Debug, Clone)]
pub enum Effect {
    CreateTicket(TicketDraft),
    SetFields {
        ticket: TicketId,
        fields: Vec<Field>,
    },
    Tag {
        ticket: TicketId,
        add: Vec<String>,
        remove: Vec<String>,
    },
    /// A command of the state machine, by name: `assign`, `wait`, `resume`, `solve`, `reopen`, `close`, `delete`, `restore`, `reject`, `unmerge`.
    Transition {
        ticket: TicketId,
        command: String,
        arguments: Vec<Field>,
    },
    /// What a customer says on a merged ticket goes to the one that took it in; on a closed one it begins a follow-up.
    AddMessage {
        ticket: TicketId,
        message: MessageDraft,
    },
    AddParticipant {
        ticket: TicketId,
        participant: Participant,
    },
    RemoveParticipant {
        ticket: TicketId,
        role: String,
        who: Actor,
    },
    Link {
        ticket: TicketId,
        relation: String,
        other: TicketId,
    },
    Unlink {
        ticket: TicketId,
        relation: String,
        other: TicketId,
    },
    Merge {
        source: TicketId,
        target: TicketId,
    },
    Quarantine(Quarantine),
    /// What was suspended becomes a ticket of `requester`, or a reply on `into`.
    Recover {
        ticket: TicketId,
        into: Option<TicketId>,
        requester: CustomerId,
        /// What was kept in the queue, to be said by the requester.
        message: MessageDraft,
    },
    /// Finds the customer who has any of these identities, or makes one with the id.
    EnsureCustomer {
        id: CustomerId,
        identities: Vec<Identity>,
        fields: Vec<Field>,
    },
    SetCustomer {
        id: CustomerId,
        fields: Vec<Field>,
    },
    PutRecord {
        key: RecordKey,
        body: Option<String>,
        if_version: Option<u64>,
    },
    /// Adds to the number at a JSON Pointer; document and number are made where they are missing.
    AddToRecord {
        key: RecordKey,
        pointer: String,
        amount: f64,
    },
    PutFile(FileWrite),
    /// Adds to a file that the same invocation put.
    AppendFile {
        id: FileId,
        content: Arc<Vec<u8>>,
    },
    /// What became of a message on its way out.
    SetDelivery {
        ticket: TicketId,
        message: MessageId,
        delivery: Delivery,
    },
    Enqueue(Job),
    CancelJob {
        install: InstallId,
        key: String,
    },
    /// An event of the plugin's own, or an action directed at another plugin.
    Emit {
        kind: String,
        ticket: Option<TicketId>,
        data: serde_json::Value,
    },
}

/// What an effect needs that is not on the overlay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    Ticket(TicketId),
    Customer(CustomerId),
    /// Whoever has one of these.
    Identities(Vec<String>),
    Record(RecordKey),
    /// Where it stands.
    Message(MessageId),
}

impl Overlay {
    /// What is to be loaded before the effect can be carried out. Ask again after loading: what is found may need more.
    pub fn missing(&self, effect: &Effect) -> Vec<Missing> {
        let mut missing = BTreeSet::new();
        let mut ticket = |id: TicketId| {
            if !self.has_ticket(id) {
                missing.insert(Missing::Ticket(id));
            }
        };
        match effect {
            Effect::SetFields { ticket: id, .. }
            | Effect::Tag { ticket: id, .. }
            | Effect::RemoveParticipant { ticket: id, .. }
            | Effect::AddParticipant { ticket: id, .. }
            | Effect::SetDelivery { ticket: id, .. }
            | Effect::Emit {
                ticket: Some(id), ..
            } => ticket(*id),
            Effect::Link {
                ticket: id, other, ..
            }
            | Effect::Unlink {
                ticket: id, other, ..
            }
            | Effect::Merge {
                source: id,
                target: other,
            } => {
                ticket(*id);
                ticket(*other);
            }
            Effect::Transition {
                ticket: id,
                command,
                ..
            } => {
                ticket(*id);
                if let Ok(loaded) = self.ticket(*id) {
                    match command.as_str() {
                        "solve" => loaded.linked("blocked-by").for_each(&mut ticket),
                        "unmerge" => loaded.merged_into.into_iter().for_each(&mut ticket),
                        _ => {}
                    }
                }
            }
            Effect::AddMessage {
                ticket: id,
                message,
            } => {
                ticket(*id);
                if message.author.kind == ActorKind::Customer
                    && let Some(last) = self.end_of_merges(*id)
                {
                    ticket(last);
                }
            }
            Effect::Recover {
                ticket: id, into, ..
            } => {
                ticket(*id);
                if let Some(into) = into {
                    ticket(*into);
                    self.end_of_merges(*into).into_iter().for_each(&mut ticket);
                }
            }
            _ => {}
        }
        let mut customer = |id: CustomerId| {
            if !self.has_customer(id) {
                missing.insert(Missing::Customer(id));
            }
        };
        match effect {
            Effect::CreateTicket(draft) => customer(draft.requester),
            Effect::SetCustomer { id, .. } => customer(*id),
            Effect::AddMessage { message, .. } if message.author.kind == ActorKind::Customer => {
                customer(CustomerId(message.author.id));
            }
            Effect::AddParticipant { participant, .. }
                if participant.who.kind == ActorKind::Customer =>
            {
                customer(CustomerId(participant.who.id));
            }
            Effect::Recover { requester, .. } => customer(*requester),
            Effect::EnsureCustomer { identities, .. } => {
                let names: Vec<_> = identities
                    .iter()
                    .map(|identity| identity.name.clone())
                    .collect();
                missing.insert(Missing::Identities(names));
            }
            Effect::PutRecord { key, .. } | Effect::AddToRecord { key, .. }
                if !self.has_record(key) =>
            {
                missing.insert(Missing::Record(key.clone()));
            }
            _ => {}
        }
        if let Effect::SetDelivery { message, .. } = effect
            && self.said(*message).is_none()
        {
            missing.insert(Missing::Message(*message));
        }
        missing.into_iter().collect()
    }

    /// Where merges lead from a ticket: the last one known, which may have to be loaded.
    fn end_of_merges(&self, id: TicketId) -> Option<TicketId> {
        let mut seen = BTreeSet::from([id]);
        let mut last = id;
        while let Some(next) = self
            .ticket(last)
            .ok()
            .filter(|ticket| ticket.state == State::Closed)
            .and_then(|ticket| ticket.merged_into)
            .filter(|next| seen.insert(*next))
        {
            last = next;
        }
        (last != id).then_some(last)
    }

    /// Carries an effect out, whole or not at all, and keeps that it was asked.
    ///
    /// # Errors
    /// What the verbs answer; [`Refusal::NotFound`] where something it needs is not there.
    pub fn apply(&mut self, effect: &Effect, stamp: &Stamp) -> Result<(), Refusal> {
        let touches_two = matches!(
            effect,
            Effect::Link { .. }
                | Effect::Unlink { .. }
                | Effect::Merge { .. }
                | Effect::Recover { .. }
                | Effect::AddMessage { .. }
                | Effect::Transition { .. }
        );
        let before = touches_two.then(|| self.clone());
        let done = self.carry_out(effect, stamp);
        match (&done, before) {
            (Ok(()), _) => self.note(effect.clone(), stamp),
            (Err(_), Some(before)) => *self = before,
            (Err(_), None) => {}
        }
        done
    }

    fn carry_out(&mut self, effect: &Effect, stamp: &Stamp) -> Result<(), Refusal> {
        match effect {
            Effect::CreateTicket(draft) => {
                self.customer(draft.requester)?;
                self.create_ticket(draft.clone(), stamp).map(drop)
            }
            Effect::SetFields { ticket, fields } => self.on_ticket(*ticket, |work| {
                fields
                    .iter()
                    .try_for_each(|field| work.set_field(&field.name, field.value.clone(), stamp))
            }),
            Effect::Tag {
                ticket,
                add,
                remove,
            } => self.on_ticket(*ticket, |work| work.tag(add, remove, stamp)),
            Effect::Transition {
                ticket,
                command,
                arguments,
            } => self.transition(*ticket, command, arguments, stamp),
            Effect::AddMessage { ticket, message } => self.say(*ticket, message, stamp),
            Effect::AddParticipant {
                ticket,
                participant,
            } => {
                self.must_be_known(participant.who)?;
                self.on_ticket(*ticket, |work| {
                    work.add_participant(participant.clone(), stamp)
                })
            }
            Effect::RemoveParticipant { ticket, role, who } => {
                self.on_ticket(*ticket, |work| work.remove_participant(role, *who, stamp))
            }
            Effect::Link {
                ticket,
                relation,
                other,
            } => self.link(*ticket, relation, *other, true, stamp),
            Effect::Unlink {
                ticket,
                relation,
                other,
            } => self.link(*ticket, relation, *other, false, stamp),
            Effect::Merge { source, target } => {
                self.on_ticket(*target, |work| work.take_in(*source, stamp))?;
                self.on_ticket(*source, |work| work.merge_into(*target, stamp))?;
                // Whoever asked twice, or asked the same, goes on being heard.
                let asked = self.ticket(*source)?.requester;
                if asked == self.ticket(*target)?.requester {
                    return Ok(());
                }
                let participant = Participant {
                    role: "cc".to_owned(),
                    who: Actor::customer(asked),
                    until: None,
                };
                self.on_ticket(*target, |work| work.add_participant(participant, stamp))
            }
            Effect::Quarantine(wish) => {
                let (work, message) = Work::quarantine(wish.clone(), stamp)?;
                self.add_work(work, Some(message));
                Ok(())
            }
            Effect::Recover {
                ticket,
                into,
                requester,
                message,
            } => self.recover(*ticket, *into, *requester, message, stamp),
            Effect::EnsureCustomer {
                id,
                identities,
                fields,
            } => self.ensure_customer(*id, identities, fields, stamp),
            Effect::SetCustomer { id, fields } => {
                let directory = self.directory.clone();
                self.on_customer(*id, stamp, |customer| {
                    fields.iter().try_for_each(|field| customer.set(field))?;
                    match customer
                        .groups
                        .iter()
                        .find(|group| directory.customer_group(**group).is_none())
                    {
                        Some(group) => Err(Refusal::NotFound(format!("customer group {group}"))),
                        None => Ok(()),
                    }
                })
            }
            Effect::PutRecord {
                key,
                body,
                if_version,
            } => self.put_checked_record(key, body.as_ref(), *if_version, stamp),
            Effect::AddToRecord {
                key,
                pointer,
                amount,
            } => {
                let body = added(
                    self.record(key).map(|record| record.body.as_str()),
                    pointer,
                    *amount,
                )?;
                self.put_checked_record(key, Some(&body), None, stamp)
            }
            Effect::PutFile(file) => {
                self.put_file(file.clone());
                Ok(())
            }
            Effect::AppendFile { id, content } => self.append_file(*id, content),
            Effect::SetDelivery {
                ticket,
                message,
                delivery,
            } => self.deliver(*ticket, *message, delivery, stamp),
            Effect::Enqueue(job) => {
                job.check()?;
                self.write_job(JobWrite::Enqueue(job.clone()));
                Ok(())
            }
            Effect::CancelJob { install, key } => {
                self.write_job(JobWrite::Cancel {
                    install: *install,
                    key: key.clone(),
                });
                Ok(())
            }
            Effect::Emit { kind, ticket, data } => self.emit(kind, *ticket, data, stamp),
        }
    }

    fn transition(
        &mut self,
        ticket: TicketId,
        command: &str,
        arguments: &[Field],
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        let known: &[&str] = match command {
            "assign" => &["assignee", "group"],
            "wait" => &["reason", "until"],
            "resume" | "solve" | "reopen" | "close" | "delete" | "restore" | "reject"
            | "unmerge" => &[],
            _ => {
                return Err(Refusal::Invalid(format!(
                    "there is no command `{}`: use assign, wait, resume, solve, reopen, close, delete, restore, reject or unmerge",
                    command.chars().take(40).collect::<String>()
                )));
            }
        };
        if let Some(unknown) = arguments
            .iter()
            .find(|field| !known.contains(&field.name.as_str()))
        {
            return Err(Refusal::Invalid(format!(
                "`{command}` has no argument `{}`",
                unknown.name
            )));
        }
        let argument = |name: &str| {
            arguments
                .iter()
                .find(|field| field.name == name)
                .map(|field| &field.value)
        };
        match command {
            // What is not named stays as it is; an empty value takes it away.
            "assign" => {
                let present = self.ticket(ticket)?;
                let assignee = id_or(argument("assignee"), present.assignee)?;
                let group = id_or(argument("group"), present.group)?;
                if let Some(group) = group.filter(|id| self.directory.group(*id).is_none()) {
                    return Err(Refusal::NotFound(format!("group {group}")));
                }
                if let Some(assignee) = assignee {
                    let name = self
                        .directory
                        .agent(assignee)
                        .map(|agent| agent.name.clone())
                        .ok_or_else(|| Refusal::NotFound(format!("agent {assignee}")))?;
                    if !self.directory.works_in(assignee, group) {
                        return Err(Refusal::Invalid(format!(
                            "{name} does not work tickets of this group"
                        )));
                    }
                }
                self.on_ticket(ticket, |work| work.assign(assignee, group, stamp))
            }
            "wait" => {
                let reason = argument("reason")
                    .and_then(Value::as_text)
                    .unwrap_or_default();
                let until = argument("until").and_then(Value::as_instant);
                self.on_ticket(ticket, |work| work.wait(reason, until, stamp))
            }
            "solve" => {
                let blockers: Vec<_> = self.ticket(ticket)?.linked("blocked-by").collect();
                // A blocker that has been purged blocks nothing.
                for blocker in blockers.into_iter().filter_map(|id| self.ticket(id).ok()) {
                    if !matches!(
                        blocker.state,
                        State::Solved | State::Closed | State::Deleted
                    ) {
                        return Err(Refusal::State(format!(
                            "the ticket is blocked by ticket {}, which is {}",
                            blocker.number.unwrap_or(0),
                            blocker.state
                        )));
                    }
                }
                self.on_ticket(ticket, |work| work.solve(stamp))
            }
            "unmerge" => {
                let target = self.ticket(ticket)?.merged_into;
                self.on_ticket(ticket, |work| work.unmerge(stamp))?;
                match target {
                    Some(target) if self.has_ticket(target) => {
                        let asked = self.ticket(ticket)?.requester;
                        self.on_ticket(target, |work| work.give_back(ticket, stamp))?;
                        let is_closed = self.ticket(target)?.state == State::Closed;
                        if is_closed || asked == self.ticket(target)?.requester {
                            return Ok(());
                        }
                        // Who took part through the merge takes part no more.
                        let who = Actor::customer(asked);
                        self.on_ticket(target, |work| work.remove_participant("cc", who, stamp))
                    }
                    _ => Ok(()),
                }
            }
            "resume" => self.on_ticket(ticket, |work| work.resume(stamp)),
            "reopen" => self.on_ticket(ticket, |work| work.reopen(stamp)),
            "close" => self.on_ticket(ticket, |work| work.close(stamp)),
            "delete" => self.on_ticket(ticket, |work| work.delete(stamp)),
            "reject" => self.on_ticket(ticket, |work| work.reject(stamp)),
            _ => self.on_ticket(ticket, |work| work.restore(stamp)),
        }
    }

    fn say(
        &mut self,
        ticket: TicketId,
        message: &MessageDraft,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        self.must_be_known(message.author)?;
        if message.author.kind != ActorKind::Customer {
            return self.add_message(ticket, message.clone(), stamp);
        }
        // A ticket that took this one in and has been purged meanwhile takes no more.
        let ticket = self
            .end_of_merges(ticket)
            .filter(|last| self.has_ticket(*last))
            .unwrap_or(ticket);
        let present = self.ticket(ticket)?;
        let author = stamp.with(message.author);
        let takes_part = self.work(ticket).is_some_and(|work| {
            matches!(
                work.role(&author.principal, stamp.at),
                Role::Requester | Role::Participant
            )
        });
        let is_hidden = message
            .fields
            .iter()
            .any(|field| field.name == "hide" && field.value == Value::Boolean(true));
        if present.state != State::Closed || !takes_part || is_hidden {
            return self.add_message(ticket, message.clone(), stamp);
        }
        // What is closed stays closed: a ticket of its own follows it up. Its id is the message's, so that a second run makes the same.
        let draft = TicketDraft {
            id: TicketId(message.id.0),
            subject: present.subject.clone(),
            requester: present.requester,
            channel: present.channel.clone(),
            first_message: Some(message.clone()),
            fields: vec![Field {
                name: "kind".to_owned(),
                value: Value::Text(present.kind.clone()),
            }],
        };
        let before = present.clone();
        let follow_up = self.create_ticket(draft, stamp)?;
        // It is the host that knows what follows from what; and whoever spoke goes on taking part.
        let host = stamp.with(Actor::SYSTEM);
        self.on_ticket(follow_up, |work| {
            work.inherit(&before);
            if message.author.id == before.requester.0 {
                return Ok(());
            }
            let role = "cc".to_owned();
            let participant = Participant {
                role,
                who: message.author,
                until: None,
            };
            work.add_participant(participant, &host)
        })?;
        self.link(follow_up, "follow-up-of", ticket, true, &host)
    }

    fn link(
        &mut self,
        ticket: TicketId,
        relation: &str,
        other: TicketId,
        is_there: bool,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        let back = inverse(relation)?;
        if is_reserved(relation) {
            return Err(Refusal::Invalid(
                "tickets are merged by the command `merge`".to_owned(),
            ));
        }
        self.on_ticket(ticket, |work| match is_there {
            true => work.link(relation, other, stamp),
            false => work.unlink(relation, other, stamp),
        })?;
        // The other one may have been purged: its half is gone.
        match is_there || self.has_ticket(other) {
            true => self.on_ticket(other, |work| match is_there {
                true => work.link(back, ticket, stamp),
                false => work.unlink(back, ticket, stamp),
            }),
            false => Ok(()),
        }
    }

    fn recover(
        &mut self,
        ticket: TicketId,
        into: Option<TicketId>,
        requester: CustomerId,
        message: &MessageDraft,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        self.customer(requester)?;
        let said = MessageDraft {
            author: Actor::customer(requester),
            ..message.clone()
        };
        match into {
            None => {
                self.on_ticket(ticket, |work| work.recover(requester, stamp))?;
                self.restate(Message {
                    ticket,
                    at: stamp.at,
                    draft: said,
                    delivery: None,
                });
                Ok(())
            }
            Some(into) => {
                self.on_ticket(ticket, |work| work.recover_into(into, stamp))?;
                self.on_ticket(into, |work| work.must_work_tickets(stamp))?;
                self.say(into, &said, stamp)
            }
        }
    }

    fn ensure_customer(
        &mut self,
        id: CustomerId,
        identities: &[Identity],
        fields: &[Field],
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        if identities.is_empty() || identities.len() > 20 {
            return Err(Refusal::Invalid(
                "a customer is known by 1 to 20 identities".to_owned(),
            ));
        }
        identities
            .iter()
            .try_for_each(|identity| check_identity(&identity.name))?;
        // Named twice, an identity is one.
        let mut seen = BTreeSet::new();
        let identities: Vec<_> = identities
            .iter()
            .filter(|identity| seen.insert(&identity.name))
            .cloned()
            .collect();
        let names: Vec<_> = identities
            .iter()
            .map(|identity| identity.name.clone())
            .collect();
        if let Some(known) = self.customer_with(&names)?.map(|customer| customer.id) {
            return self.add_identities(known, &identities, stamp);
        }
        let fallback = names[0].split_once(':').map_or("", |(_, value)| value);
        let name = fields
            .iter()
            .find(|field| field.name == "name")
            .and_then(|field| field.value.as_text())
            .filter(|name| !name.trim().is_empty())
            .unwrap_or(fallback);
        self.create_customer(id, &checked_name(name)?, identities, stamp);
        Ok(())
    }

    fn put_checked_record(
        &mut self,
        key: &RecordKey,
        body: Option<&String>,
        if_version: Option<u64>,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        if let Some(text) = body {
            if text.len() > limits::RECORD_BYTES_MAX {
                return Err(Refusal::Limit(format!(
                    "a record has at most {} bytes",
                    limits::RECORD_BYTES_MAX
                )));
            }
            if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
                return Err(Refusal::Invalid(format!(
                    "a record is one JSON text: {error}"
                )));
            }
        }
        self.put_record(key.clone(), body.cloned(), if_version, stamp.at)
            .map(drop)
    }

    fn emit(
        &mut self,
        kind: &str,
        ticket: Option<TicketId>,
        data: &serde_json::Value,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        if data.to_string().len() > limits::EVENT_DATA_BYTES_MAX {
            return Err(Refusal::Limit(format!(
                "an event's data has at most {} bytes",
                limits::EVENT_DATA_BYTES_MAX
            )));
        }
        match ticket {
            Some(ticket) => self.on_ticket(ticket, |work| {
                work.begin(kind, stamp);
                work.tell(data.clone());
                Ok(())
            }),
            None => {
                self.tell(EventDraft {
                    data: data.clone(),
                    ..EventDraft::of_tenant(kind, stamp)
                });
                Ok(())
            }
        }
    }

    fn must_be_known(&self, who: Actor) -> Result<(), Refusal> {
        let known = match who.kind {
            ActorKind::Customer => self.has_customer(CustomerId(who.id)),
            ActorKind::Agent => self
                .directory
                .agent(crate::id::AgentId(who.id))
                .is_some_and(|agent| agent.active),
            ActorKind::Plugin | ActorKind::System | ActorKind::Anonymous => true,
        };
        match known {
            true => Ok(()),
            false => Err(Refusal::NotFound(format!("{} {}", who.kind.name(), who.id))),
        }
    }
}

fn id_or<Id: FromStr>(value: Option<&Value>, present: Option<Id>) -> Result<Option<Id>, Refusal>
where
    Id::Err: std::fmt::Display,
{
    match value {
        None => Ok(present),
        Some(Value::None) => Ok(None),
        Some(Value::Text(text)) if text.is_empty() => Ok(None),
        Some(Value::Text(text)) => text
            .parse()
            .map(Some)
            .map_err(|error: Id::Err| Refusal::Invalid(error.to_string())),
        Some(_) => Err(Refusal::Invalid("an id is a text".to_owned())),
    }
}

/// The document with the amount added at the pointer.
fn added(body: Option<&str>, pointer: &str, amount: f64) -> Result<String, Refusal> {
    let wrong = |what: &str| Refusal::Invalid(format!("the JSON Pointer `{pointer}` {what}"));
    let mut document: serde_json::Value = match body {
        Some(body) => serde_json::from_str(body)
            .map_err(|error| Refusal::Invalid(format!("the record is no JSON: {error}")))?,
        None => serde_json::json!({}),
    };
    let (parent, last) = pointer
        .rsplit_once('/')
        .ok_or_else(|| wrong("does not begin with a slash"))?;
    let name = last.replace("~1", "/").replace("~0", "~");
    let parent = document
        .pointer_mut(parent)
        .and_then(serde_json::Value::as_object_mut)
        .ok_or_else(|| wrong("leads to nothing that has members"))?;
    let before = match parent.get(&name) {
        None | Some(serde_json::Value::Null) => 0.0,
        Some(number) => number.as_f64().ok_or_else(|| wrong("leads to no number"))?,
    };
    let after = before + amount;
    // Whole numbers stay whole, as far as a float can tell them apart.
    let after = if after.fract() == 0.0 && after.abs() < 9e15 {
        serde_json::json!(after as i64)
    } else if after.is_finite() {
        serde_json::json!(after)
    } else {
        return Err(wrong("would hold no finite number"));
    };
    parent.insert(name, after);
    Ok(document.to_string())
}
