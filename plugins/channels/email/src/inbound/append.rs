//! A reply on a ticket. Who takes part is heard; who does not is heard as *unverified*, reopens nothing, and agents are warned: a mark proves which
//! ticket is meant, never who writes.

use super::{Case, Fate, sender};
use crate::{
    automatic::Automatic,
    limits::{REFERENCES_FIRST, REFERENCES_LAST},
    records::{self, Conversation, SAID_MAX},
};
use guichet_sdk::{
    Actor, Error, MessageDraft, Value, boolean_field, intake, log, tickets_read, tickets_write,
};

impl Case<'_> {
    /// Says it on the ticket; nothing where the ticket takes no more.
    pub(super) fn append(&self, ticket: &str) -> Result<Option<Fate>, Error> {
        let mut conversation = records::conversation(ticket)?;
        if conversation.said.iter().any(|said| said == self.content) {
            return Ok(Some(Fate::Duplicate(ticket.to_owned())));
        }
        let found = tickets_read::get(ticket)?;
        let state = found.state();
        if matches!(state.as_str(), "suspended" | "deleted") {
            return Ok(None);
        }
        let is_merged = !matches!(found.field("merged_into"), Value::None);
        let address = &self.sender.address;
        let known = guichet_sdk::customers_read::find(&format!("mailto:{address}"))?
            .map(|customer| customer.id());
        let is_participant = known.as_deref().is_some_and(|customer| {
            sender::takes_part(&found.requester(), &found.participants(), customer)
        });
        if !is_participant && let Some(agent) = sender::agent(address)? {
            return self.append_of_agent(ticket, &agent.id, conversation);
        }
        if !is_participant && self.settings.stranger_replies_wait {
            return self.suspend("not_participant_reply").map(Some);
        }
        if state == "closed" && !is_merged && !self.follows_up(is_participant) {
            return Ok(None);
        }
        let customer = sender::writer(&self.sender.name, address)?;
        let mut message = self.draft()?;
        if !is_participant {
            distrust(&mut message);
        }
        let author = Actor {
            kind: "customer".to_owned(),
            id: customer.clone(),
        };
        let there = match intake::add_message(ticket, &message, &author) {
            Ok(there) => there,
            Err(Error::Conflict(reason)) => {
                log::write("info", &format!("not appended: {reason}"));
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let mut requester = found.requester();
        if there != ticket {
            if state == "closed" && !is_merged {
                // What is said later on the closed one goes on there, too.
                let successor = Conversation {
                    successor: there.clone(),
                    ..conversation.clone()
                };
                records::put_conversation(ticket, &successor)?;
            }
            // A ticket that took others in keeps its own conversation; a follow-up begins with that of what it follows.
            if let Some(known) = records::known_conversation(&there)? {
                conversation = known;
                requester = tickets_read::get(&there)?.requester();
            }
        }
        if is_participant {
            let wrote = if requester == customer {
                address.clone()
            } else {
                conversation.requester_address.clone()
            };
            self.note(&mut conversation, wrote);
        } else {
            // What a stranger says changes nothing of where and how those who take part are answered.
            self.remember_said(&mut conversation);
        }
        records::put_conversation(&there, &conversation)?;
        Ok(Some(Fate::Appended(there)))
    }

    /// Whether a reply to what is closed begins a follow-up: of who takes part, and of people only.
    fn follows_up(&self, is_participant: bool) -> bool {
        is_participant && !self.automatic.hide
    }

    /// An agent's mail is his answer where it is proven to be his; else it is a note that says what it claims, and no customer sees it.
    fn append_of_agent(
        &self,
        ticket: &str,
        agent: &str,
        mut conversation: Conversation,
    ) -> Result<Option<Fate>, Error> {
        let mut message = self.draft()?;
        if self.is_proven() && !self.automatic.hide {
            let author = Actor {
                kind: "agent".to_owned(),
                id: agent.to_owned(),
            };
            match intake::add_message(ticket, &message, &author) {
                Ok(there) => {
                    if there != ticket {
                        conversation = records::conversation(&there)?;
                    }
                    self.remember_said(&mut conversation);
                    records::put_conversation(&there, &conversation)?;
                    // It goes out to the customer as any answer does.
                    return Ok(Some(Fate::Appended(there)));
                }
                Err(Error::Denied(reason) | Error::Conflict(reason)) => {
                    log::write("info", &format!("not said as the agent: {reason}"));
                }
                Err(error) => return Err(error),
            }
        }
        distrust(&mut message);
        message.visibility = "internal".to_owned();
        message.text = format!(
            "[{} is an agent's address; nothing proves that the agent wrote this]\n\n{}",
            self.sender.address, message.text
        );
        match tickets_write::add_message(ticket, &message) {
            Ok(_) => {
                self.remember_said(&mut conversation);
                records::put_conversation(ticket, &conversation)?;
                Ok(Some(Fate::Appended(ticket.to_owned())))
            }
            // A closed ticket is followed up by customers only.
            Err(Error::Conflict(_)) => self.suspend("auth_failed").map(Some),
            Err(error) => Err(error),
        }
    }

    /// The conversation that a mail begins.
    pub(super) fn begun(&self, requester_address: String) -> Conversation {
        let mut conversation = Conversation {
            unanswerable: self.automatic.act,
            ..Conversation::default()
        };
        self.go_on(&mut conversation, requester_address);
        self.remember_said(&mut conversation);
        conversation
    }

    /// Notes in a conversation what somebody who takes part said. An automatic answer leads nowhere: people answer what was said before it.
    pub(super) fn note(&self, conversation: &mut Conversation, requester_address: String) {
        self.remember_said(conversation);
        match self.automatic {
            Automatic { act: false, .. } => {
                conversation.unanswerable = false;
                conversation.automatic_at = 0;
            }
            Automatic { act: true, .. } => conversation.automatic_at = self.now,
        }
        if !self.automatic.hide {
            self.go_on(conversation, requester_address);
        }
    }

    fn go_on(&self, conversation: &mut Conversation, requester_address: String) {
        conversation.mailbox.clone_from(&self.arrival.address);
        conversation.requester_address = requester_address;
        if let Some(id) = &self.mail.message_id {
            conversation.last.clone_from(id);
            conversation.references = trimmed(&self.mail.references);
        }
    }

    fn remember_said(&self, conversation: &mut Conversation) {
        conversation.said.push(self.content.to_owned());
        if conversation.said.len() > SAID_MAX {
            conversation.said.remove(0);
        }
    }
}

fn distrust(message: &mut MessageDraft) {
    message.fields.push(boolean_field("unverified", true));
    if message.fields.iter().all(|field| field.name != "hide") {
        message.fields.push(boolean_field("hide", true));
    }
}

/// The first and the last of a long conversation.
pub(crate) fn trimmed(references: &[String]) -> Vec<String> {
    if references.len() <= REFERENCES_FIRST + REFERENCES_LAST {
        return references.to_vec();
    }
    let last = &references[references.len() - REFERENCES_LAST..];
    references[..REFERENCES_FIRST]
        .iter()
        .chain(last)
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::{
        inbound::tests::{Desk, NOW},
        records::Conversation,
        settings::Settings,
    };

    #[test]
    fn what_is_closed_is_followed_up_by_people_who_take_part() {
        let desk = Desk::with(Settings::default());
        let follows_up = |headers: &str, is_participant| {
            let raw = format!("From: ana@trade.example\r\n{headers}\r\nx");
            desk.takes(&raw, |case| case.follows_up(is_participant))
        };
        assert!(follows_up("", true));
        assert!(follows_up("Precedence: list\r\n", true));
        assert!(!follows_up("", false));
        assert!(!follows_up("Auto-Submitted: auto-replied\r\n", true));
    }

    const ANA: &str = "ana@trade.example";
    const WINDOW_MINUTES: u64 = 180;
    const MINUTE: u64 = 60_000_000;

    fn begun_by(headers: &str) -> Conversation {
        let raw = format!(
            "From: {ANA}\r\nTo: support@desk.example\r\nMessage-ID: <1@t>\r\n{headers}\r\nx"
        );
        desk().takes(&raw, |case| case.begun(ANA.to_owned()))
    }

    fn noted(conversation: &mut Conversation, headers: &str) {
        let raw = format!(
            "From: {ANA}\r\nTo: sales@desk.example\r\nMessage-ID: <2@t>\r\nReferences: <1@t>\r\n{headers}\r\ny"
        );
        desk().takes(&raw, |case| case.note(conversation, ANA.to_owned()));
    }

    fn desk() -> Desk {
        let mailboxes = r#"{ "mailboxes": [{ "address": "support@desk.example" }, { "address": "sales@desk.example" }] }"#;
        Desk::with(serde_json::from_str(mailboxes).unwrap())
    }

    fn is_unanswerable(conversation: &Conversation, minutes: u64) -> bool {
        conversation.is_unanswerable(NOW + minutes * MINUTE, WINDOW_MINUTES)
    }

    #[test]
    fn what_people_say_leads_the_conversation_on() {
        let mut conversation = begun_by("");
        assert_eq!(
            (conversation.mailbox.as_str(), conversation.last.as_str()),
            ("support@desk.example", "1@t")
        );
        assert!(!is_unanswerable(&conversation, 0));
        noted(&mut conversation, "");
        assert_eq!(
            (conversation.mailbox.as_str(), conversation.last.as_str()),
            ("sales@desk.example", "2@t")
        );
        assert_eq!(conversation.references, ["1@t"]);
        assert_eq!(conversation.said.len(), 2);
    }

    #[test]
    fn an_automatic_answer_leads_nowhere_and_silences_machines_for_a_window() {
        let mut conversation = begun_by("");
        noted(&mut conversation, "Auto-Submitted: auto-replied\r\n");
        assert_eq!(
            (conversation.mailbox.as_str(), conversation.last.as_str()),
            ("support@desk.example", "1@t")
        );
        assert_eq!(conversation.said.len(), 2);
        assert!(is_unanswerable(&conversation, 0));
        assert!(is_unanswerable(&conversation, WINDOW_MINUTES - 1));
        assert!(!is_unanswerable(&conversation, WINDOW_MINUTES));
        noted(&mut conversation, "");
        assert!(!is_unanswerable(&conversation, 0), "a person wrote");
    }

    #[test]
    fn what_a_machine_began_no_machine_answers_until_a_person_writes() {
        let mut conversation = begun_by("Auto-Submitted: auto-generated\r\n");
        assert!(is_unanswerable(&conversation, 100 * WINDOW_MINUTES));
        noted(&mut conversation, "Auto-Submitted: auto-generated\r\n");
        assert_eq!(conversation.last, "2@t", "it is no automatic answer");
        assert!(is_unanswerable(&conversation, 100 * WINDOW_MINUTES));
        noted(&mut conversation, "");
        assert!(!is_unanswerable(&conversation, 0));
    }
}
