//! A ticket of its own: of the sender, or, where an agent passes on what a customer wrote, of that customer.

use super::{Case, Fate, sender};
use crate::{
    limits::{COPIED_MAX, TEXT_BYTES_MAX},
    mail::{address::Address, forward},
    outbound, records,
};
use guichet_sdk::{
    Actor, Error, MessageDraft, TicketDraft, boolean_field, intake, jobs, log, text_field,
    tickets_write,
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

    /// Whoever was written to beside us takes part, as far as there is room; agents are told of the others.
    fn copy_in(&self, ticket: &str, asker: &Address) -> Result<(), Error> {
        let (copied, left_out) = self.others(asker);
        for one in copied {
            match add(ticket, one) {
                Ok(()) => {}
                Err(error @ Error::Unavailable(_)) => return Err(error),
                Err(error) => {
                    log::write("warn", &format!("somebody was not copied in: {error}"));
                }
            }
        }
        if left_out.is_empty() {
            return Ok(());
        }
        let note = MessageDraft {
            visibility: "internal".to_owned(),
            text: not_copied_in(&left_out),
            html: None,
            attachments: Vec::new(),
            fields: vec![boolean_field("automatic", true)],
        };
        match tickets_write::add_message(ticket, &note) {
            Err(error @ Error::Unavailable(_)) => Err(error),
            Err(error) => {
                log::write("warn", &format!("who was left out is not noted: {error}"));
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }

    /// Who was written to beside us and the asker, each once: those for whom there is room, and those for whom there is none.
    fn others(&self, asker: &Address) -> (Vec<&Address>, Vec<&Address>) {
        let mut others: Vec<&Address> = Vec::new();
        for one in self.mail.to.iter().chain(&self.mail.cc) {
            let is_other = one.address != asker.address
                && one.address != self.arrival.address
                && !self.settings.is_ours(&one.address)
                && crate::automatic::is_reachable(&one.address)
                && others.iter().all(|known| known.address != one.address);
            if is_other {
                others.push(one);
            }
        }
        let left_out = others.split_off(others.len().min(COPIED_MAX));
        (others, left_out)
    }
}

fn not_copied_in(left_out: &[&Address]) -> String {
    let addresses: Vec<_> = left_out.iter().map(|one| one.address.as_str()).collect();
    let addresses = addresses.join(", ");
    crate::mail::shortened(
        &format!(
            "[At most {COPIED_MAX} people are copied in. The mail also went to: {addresses}]\n[最多抄送 {COPIED_MAX} 人。邮件还发给了：{addresses}]"
        ),
        TEXT_BYTES_MAX,
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{inbound::tests::Desk, settings::Settings};

    #[test]
    fn eight_people_are_copied_in_and_the_others_are_named() {
        let settings: Settings =
            serde_json::from_str(r#"{ "mailboxes": [{ "address": "support@desk.example" }] }"#)
                .unwrap();
        let to_people = |count: usize, check: &dyn Fn(usize, &[&str])| {
            let people: Vec<_> = (0..count).map(|n| format!("p{n}@trade.example")).collect();
            let raw = format!(
                "From: ana@trade.example\r\nTo: support@desk.example, {0}\r\nCc: ana@trade.example, {0}, no-reply@trade.example\r\n\r\nx",
                people.join(", ")
            );
            Desk::with(settings.clone()).takes(&raw, |case| {
                let (copied, left_out) = case.others(&case.sender);
                let left_out: Vec<_> = left_out.iter().map(|one| one.address.as_str()).collect();
                check(copied.len(), &left_out);
            });
        };
        to_people(COPIED_MAX, &|copied, left_out| {
            assert_eq!((copied, left_out), (COPIED_MAX, &[][..]));
        });
        to_people(COPIED_MAX + 2, &|copied, left_out| {
            let wanted = ["p8@trade.example", "p9@trade.example"];
            assert_eq!((copied, left_out), (COPIED_MAX, &wanted[..]));
        });
        let bo = Address {
            name: "Bo".to_owned(),
            address: "bo@trade.example".to_owned(),
        };
        let note = not_copied_in(&[&bo]);
        assert_eq!(note.matches("bo@trade.example").count(), 2, "{note}");
        assert!(note.contains("At most 8 people") && note.contains("最多抄送 8 人"));
    }
}
