//! What an effect does in several steps.

use crate::{
    actor::{Actor, ActorKind, Role},
    customer::{Identity, check_identity, checked_name},
    event::EventDraft,
    id::{CustomerId, TicketId},
    limits,
    message::{Message, MessageDraft},
    overlay::Overlay,
    refusal::Refusal,
    ticket::{
        relation::{Participant, inverse, is_reserved},
        state::State,
        verbs::TicketDraft,
        work::{Stamp, Work},
    },
    value::{Field, Value},
};
use std::{collections::BTreeSet, str::FromStr};

impl Overlay {
    pub(super) fn transition(
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
                self.must_be_worked_by(ticket, stamp)?;
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
                        // Which one it is, and how it stands, is for who may see it.
                        let by = match Work::is_visible_to(blocker, &stamp.principal, stamp.at) {
                            true => format!(
                                "ticket {}, which is {}",
                                blocker.number.unwrap_or(0),
                                blocker.state
                            ),
                            false => "another ticket, which you may not see".to_owned(),
                        };
                        return Err(Refusal::State(format!("the ticket is blocked by {by}")));
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

    pub(super) fn say(
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

    pub(super) fn link(
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
        if !is_there && matches!(relation, "split-from" | "split-into") {
            return Err(Refusal::State(
                "what was split stays linked: both have the same attachments".to_owned(),
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

    pub(super) fn recover(
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

    pub(super) fn ensure_customer(
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

    pub(super) fn emit(
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

    /// An agent who may not work the ticket is told so before he is told whom and what there is.
    pub(super) fn must_be_worked_by(&self, ticket: TicketId, stamp: &Stamp) -> Result<(), Refusal> {
        match self.work(ticket) {
            Some(work) if stamp.principal.actor.kind == ActorKind::Agent => {
                work.must_work_tickets(stamp)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn must_be_known(&self, who: Actor) -> Result<(), Refusal> {
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
