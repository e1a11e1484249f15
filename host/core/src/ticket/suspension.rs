//! The queue before the desk: what must not become a ticket yet rests here as it came, with its reason. It has no number, no clock and no requester,
//! and wakes no trigger; people recover it, as a ticket of its own or as a reply, or reject it.

use super::{
    Ticket,
    relation::Link,
    state::Command,
    work::{Stamp, Work},
};
use crate::{
    id::{CustomerId, FileId, TicketId},
    limits,
    message::{Message, MessageDraft},
    refusal::Refusal,
    ticket::state::State,
    value::Value,
};
use serde::{Deserialize, Serialize};

/// Why something rests in the suspended queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspension {
    /// A code such as `automated`, `email_loop`, `unknown_sender`, `processing_failed`.
    pub reason: String,
    /// Who seems to have sent it, as an identity (`mailto:…`).
    pub sender: String,
    /// As it came.
    pub source: FileId,
}

/// What a channel puts into the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Quarantine {
    pub id: TicketId,
    pub subject: String,
    pub channel: String,
    pub suspension: Suspension,
    /// What it says; nobody's until it is recovered.
    pub message: MessageDraft,
}

impl Suspension {
    pub(super) fn to_value(suspension: Option<&Self>) -> Value {
        suspension
            .and_then(|suspension| serde_json::to_value(suspension).ok())
            .map_or(Value::None, |json| Value::Json { json })
    }

    pub(super) fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Json { json } => serde_json::from_value(json.clone()).ok(),
            _ => None,
        }
    }
}

impl Work {
    /// Puts something into the suspended queue.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] without a reason or with an ill-formed one, [`Refusal::Limit`] for a message larger than one may be.
    pub fn quarantine(wish: Quarantine, stamp: &Stamp) -> Result<(Self, Message), Refusal> {
        let reason = &wish.suspension.reason;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if reason.is_empty() || reason.len() > 40 || !reason.bytes().all(plain) {
            return Err(Refusal::Invalid(
                "a reason is a code of 1 to 40 small letters, such as email_loop".to_owned(),
            ));
        }
        wish.message.check_content()?;
        let mut work = Self::blank(wish.id, CustomerId::NOBODY, stamp.at);
        work.begin("ticket.suspended", stamp);
        for name in ["kind", "requester", "impact", "urgency", "priority"] {
            let new = work.ticket().field(name);
            work.record_beginning(name, new);
        }
        work.change("state", Value::Text(State::Suspended.name().to_owned()));
        let subject: String = wish
            .subject
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(limits::SUBJECT_CHARACTERS_MAX)
            .collect();
        work.change("subject", Value::Text(subject.trim().to_owned()));
        work.change("channel", Value::Text(wish.channel));
        work.change("suspension", Suspension::to_value(Some(&wish.suspension)));
        work.change("removed_at", Value::Instant { at: stamp.at });
        Ok((
            work,
            Message {
                ticket: wish.id,
                at: stamp.at,
                draft: wish.message,
                delivery: None,
            },
        ))
    }

    /// Makes a ticket of it after all: it gets its number and its requester, and automations see it as created.
    /// The clock starts now; when it came is kept beside it.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn recover(&mut self, requester: CustomerId, stamp: &Stamp) -> Result<(), Refusal> {
        let state = self.may(Command::Recover, stamp)?;
        self.begin("ticket.created", stamp);
        self.change("requester", Value::Text(requester.to_string()));
        self.change("recovered_at", Value::Instant { at: stamp.at });
        self.change("removed_at", Value::None);
        if self.ticket().subject.is_empty() {
            self.change("subject", Value::Text("(no subject)".to_owned()));
        }
        self.enter(state);
        Ok(())
    }

    /// Notes that what it says went to another ticket as a reply; the queue is rid of it.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn recover_into(&mut self, target: TicketId, stamp: &Stamp) -> Result<(), Refusal> {
        self.may(Command::Recover, stamp)?;
        self.begin("ticket.recovered", stamp);
        self.change("merged_into", Value::Text(target.to_string()));
        self.change("recovered_at", Value::Instant { at: stamp.at });
        self.change(
            "prior_state",
            Value::Text(State::Suspended.name().to_owned()),
        );
        self.enter(State::Deleted);
        Ok(())
    }

    /// Does away with it.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn reject(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        if self.ticket().state == State::Deleted && self.ticket().suspension.is_some() {
            return Ok(());
        }
        let state = self.may(Command::Reject, stamp)?;
        self.begin("ticket.rejected", stamp);
        self.change(
            "prior_state",
            Value::Text(State::Suspended.name().to_owned()),
        );
        self.change("removed_at", Value::Instant { at: stamp.at });
        self.enter(state);
        Ok(())
    }
}

impl Ticket {
    /// The tickets that this one is linked to by a relation.
    pub fn linked(&self, relation: &str) -> impl Iterator<Item = TicketId> {
        self.links
            .iter()
            .filter(move |link| link.relation == relation)
            .map(|link: &Link| link.ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        actor::Actor,
        message::{Attachment, Visibility},
        time::Timestamp,
    };
    use uuid::Uuid;

    fn quarantined(attachments: usize, text: &str) -> Result<(), Refusal> {
        let source = FileId(Uuid::from_u128(1));
        let attachment = Attachment {
            file: source,
            name: "a.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            size: 1,
            inline_id: None,
        };
        let wish = Quarantine {
            id: TicketId(Uuid::from_u128(2)),
            subject: "Away".to_owned(),
            channel: "email".to_owned(),
            suspension: Suspension {
                reason: "automated".to_owned(),
                sender: "mailto:ana@trade.example".to_owned(),
                source,
            },
            message: MessageDraft {
                id: crate::id::MessageId(Uuid::from_u128(3)),
                author: Actor::ANONYMOUS,
                visibility: Visibility::Public,
                text: text.to_owned(),
                html: None,
                attachments: vec![attachment; attachments],
                fields: Vec::new(),
            },
        };
        Work::quarantine(wish, &Stamp::of_system(Timestamp(0))).map(drop)
    }

    #[test]
    fn what_rests_is_no_larger_than_any_message_and_may_be_empty() {
        assert_eq!(quarantined(limits::ATTACHMENTS_MAX, ""), Ok(()));
        let too_many = quarantined(limits::ATTACHMENTS_MAX + 1, "");
        assert!(matches!(too_many, Err(Refusal::Limit(_))));
        let long = |bytes: usize| quarantined(0, &"x".repeat(bytes));
        assert_eq!(long(limits::MESSAGE_BYTES_MAX), Ok(()));
        assert!(matches!(
            long(limits::MESSAGE_BYTES_MAX + 1),
            Err(Refusal::Limit(_))
        ));
        assert!(matches!(quarantined(0, "a\0b"), Err(Refusal::Invalid(_))));
    }
}
