//! A ticket of its own: of the sender, or, where an agent passes on what a customer wrote, of that customer.

use super::{Case, Fate, sender};
use crate::{
    limits::COPIED_MAX,
    mail::{address::Address, forward},
    outbound, records,
};
use guichet_sdk::{
    Actor, Error, MessageDraft, TicketDraft, intake, jobs, log, text_field, tickets_write,
};
use serde_json::json;

impl Case<'_> {
    pub(super) fn create(&self) -> Result<Fate, Error> {
        let agent = match self.is_proven() {
            true => sender::agent(&self.sender.address)?,
            false => None,
        };
        let passed_on = agent
            .as_ref()
            .and_then(|_| forward::original(self.mail))
            .filter(|original| !self.settings.is_ours(&original.address));
        let (asker, requester) = match &passed_on {
            Some(first) => (first, sender::customer(&first.name, &first.address)?),
            None => {
                let sender = &self.sender;
                (sender, sender::writer(&sender.name, &sender.address)?)
            }
        };
        let message = self.draft()?;
        let customer = Actor {
            kind: "customer".to_owned(),
            id: requester.clone(),
        };
        let ticket = match (agent, &passed_on) {
            (Some(agent), Some(_)) => {
                let author = Actor {
                    kind: "agent".to_owned(),
                    id: agent.id,
                };
                intake::create(&self.ticket(&requester, message), &author)?
            }
            _ => intake::create(&self.ticket(&requester, message), &customer)?,
        };
        self.settle(&ticket, asker, passed_on.is_some())?;
        Ok(Fate::Created(ticket))
    }

    fn ticket(&self, requester: &str, message: MessageDraft) -> TicketDraft {
        TicketDraft {
            subject: self.mail.subject.clone(),
            requester: requester.to_owned(),
            first_message: Some(message),
            fields: vec![text_field("channel", "email")],
        }
    }

    fn settle(&self, ticket: &str, asker: &Address, was_passed_on: bool) -> Result<(), Error> {
        give_to_group(ticket, &self.arrival.group);
        records::put_conversation(ticket, &self.begun(asker.address.clone()))?;
        if self.automatic.act || was_passed_on {
            return Ok(());
        }
        if self.settings.copy_people_in {
            self.copy_in(ticket, asker)?;
        }
        if self.settings.acknowledgement.enabled {
            // The ticket gets its number with this commit; an answer needs it.
            let payload = json!({ "ticket": ticket }).to_string();
            jobs::enqueue(
                outbound::ACKNOWLEDGE,
                &payload,
                None,
                Some(&format!("acknowledge/{ticket}")),
            )?;
        }
        Ok(())
    }

    /// Whoever was written to beside us takes part.
    fn copy_in(&self, ticket: &str, asker: &Address) -> Result<(), Error> {
        let mut copied: Vec<&Address> = Vec::new();
        for one in self.mail.to.iter().chain(&self.mail.cc) {
            let is_other = one.address != asker.address
                && one.address != self.arrival.address
                && !self.settings.is_ours(&one.address)
                && crate::automatic::is_reachable(&one.address)
                && copied.iter().all(|known| known.address != one.address);
            if is_other && copied.len() < COPIED_MAX {
                copied.push(one);
            }
        }
        for one in copied {
            match add(ticket, one) {
                Ok(()) => {}
                Err(error @ Error::Unavailable(_)) => return Err(error),
                Err(error) => {
                    log::write("warn", &format!("somebody was not copied in: {error}"));
                }
            }
        }
        Ok(())
    }
}

/// Gives a ticket to the group of its mailbox, if that has one.
pub(super) fn give_to_group(ticket: &str, group: &str) {
    if group.is_empty() {
        return;
    }
    let to = [text_field("group", group)];
    if let Err(error) = tickets_write::transition(ticket, "assign", &to) {
        log::write(
            "warn",
            &format!("the mailbox's group did not get the ticket: {error}"),
        );
    }
}

fn add(ticket: &str, one: &Address) -> Result<(), Error> {
    let who = match sender::agent(&one.address)? {
        Some(agent) => Actor {
            kind: "agent".to_owned(),
            id: agent.id,
        },
        None => Actor {
            kind: "customer".to_owned(),
            id: sender::customer(&one.name, &one.address)?,
        },
    };
    tickets_write::add_participant(ticket, "cc", &who, None)
}
