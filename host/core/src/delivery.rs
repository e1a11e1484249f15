//! What becomes of a message on its way out: a channel reports it, people see it beside the message.

use crate::{
    event::EventDraft,
    id::{FileId, InstallId, MessageId, TicketId},
    limits,
    overlay::Overlay,
    refusal::Refusal,
    ticket::work::Stamp,
    time::Timestamp,
    value::{Field, Value},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// It is ready, and cannot go yet.
    Waiting,
    /// It was handed over, and nothing was heard yet.
    Sending,
    Sent,
    /// It did not go, or came back.
    Failed,
    /// It was handed over, and nobody knows what came of it: somebody is to decide.
    Unknown,
}

impl DeliveryState {
    const ALL: [Self; 5] = [
        Self::Waiting,
        Self::Sending,
        Self::Sent,
        Self::Failed,
        Self::Unknown,
    ];

    /// As it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The state of that name.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the names that there are.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        Self::ALL
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| {
                Refusal::Invalid(
                    "a delivery is `waiting`, `sending`, `sent`, `failed` or `unknown`".to_owned(),
                )
            })
    }
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub state: DeliveryState,
    /// A code such as `no-way-out`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The same for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What is or will be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The message's name in the outside world.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    pub at: Timestamp,
    /// Whose report it is.
    pub install: InstallId,
}

/// By which one report of a message is told from any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryMark {
    pub state: DeliveryState,
    pub at: Timestamp,
    pub install: InstallId,
}

impl Delivery {
    /// What tells it from a report of the same state at another time, or of another channel.
    pub fn mark(&self) -> DeliveryMark {
        DeliveryMark {
            state: self.state,
            at: self.at,
            install: self.install,
        }
    }

    /// From the names and values of a report.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for names that there are not and values of another type, [`Refusal::Limit`] for long ones.
    pub fn of(
        state: &str,
        fields: &[Field],
        at: Timestamp,
        install: InstallId,
    ) -> Result<Self, Refusal> {
        let mut delivery = Self {
            state: DeliveryState::parse(state)?,
            reason: None,
            detail: None,
            file: None,
            address: None,
            external_id: None,
            at,
            install,
        };
        for Field { name, value } in fields {
            let text = match value {
                Value::None => continue,
                Value::Text(text) => text,
                _ => {
                    return Err(Refusal::Invalid(format!(
                        "`{name}` of a delivery is a text"
                    )));
                }
            };
            if text.len() > limits::DELIVERY_TEXT_BYTES_MAX || text.contains('\0') {
                return Err(Refusal::Limit(format!(
                    "`{name}` of a delivery has at most {} bytes",
                    limits::DELIVERY_TEXT_BYTES_MAX
                )));
            }
            match name.as_str() {
                "reason" => delivery.reason = Some(text.clone()),
                "detail" => delivery.detail = Some(text.clone()),
                "address" => delivery.address = Some(text.clone()),
                "external_id" => delivery.external_id = Some(text.clone()),
                "file" => {
                    let id = text
                        .parse()
                        .map_err(|_| Refusal::NotFound(format!("file {text}")))?;
                    delivery.file = Some(id);
                }
                _ => {
                    return Err(Refusal::Invalid(format!(
                        "a delivery has no field `{}`: it has reason, detail, file, address and external_id",
                        name.chars().take(40).collect::<String>()
                    )));
                }
            }
        }
        Ok(delivery)
    }
}

/// What is known of a message without its content.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub ticket: TicketId,
    pub delivery: Option<Delivery>,
}

/// A delivery as it is to be; nothing where no channel carries the message after all.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveryWrite {
    pub ticket: TicketId,
    pub message: MessageId,
    pub delivery: Option<Delivery>,
}

impl DeliveryWrite {
    /// What the log tells of it, where the state was `before`. Of what is only begun it tells nothing.
    pub fn told(&self, before: Option<DeliveryState>, stamp: &Stamp) -> Option<EventDraft> {
        let delivery = self.delivery.as_ref()?;
        if before == Some(delivery.state) || delivery.state == DeliveryState::Sending {
            return None;
        }
        let mut event = EventDraft::of_tenant("message.delivery", stamp);
        event.ticket = Some(self.ticket);
        event.data = json!({ "message": self.message, "state": delivery.state.name(), "reason": delivery.reason });
        Some(event)
    }
}

impl Overlay {
    /// Keeps what became of a message; the log tells where the state is another. The ticket itself stays as it is: nobody's change to it meets a
    /// conflict because a mail went out.
    pub(crate) fn deliver(
        &mut self,
        ticket: TicketId,
        message: MessageId,
        delivery: &Delivery,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        let unknown = || Refusal::NotFound(format!("message {message} on ticket {ticket}"));
        self.ticket(ticket)?;
        let said = self.said(message).ok_or_else(unknown)?;
        if said.ticket != ticket {
            return Err(unknown());
        }
        let write = DeliveryWrite {
            ticket,
            message,
            delivery: Some(delivery.clone()),
        };
        if let Some(event) = write.told(said.delivery.map(|before| before.state), stamp) {
            self.tell(event);
        }
        self.put_delivery(write);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        actor::Actor,
        changeset::FileWrite,
        effect::{Effect, Missing},
        event::Origin,
        id::{CustomerId, TenantId},
        ticket::Ticket,
    };
    use std::sync::Arc;
    use uuid::Uuid;

    fn field(name: &str, text: &str) -> Field {
        Field {
            name: name.to_owned(),
            value: Value::Text(text.to_owned()),
        }
    }

    fn of(state: &str, fields: &[Field]) -> Result<Delivery, Refusal> {
        Delivery::of(state, fields, Timestamp(1), InstallId(Uuid::from_u128(1)))
    }

    #[test]
    fn a_report_is_read_by_its_names_and_anything_else_is_refused() {
        let file = Uuid::from_u128(7).to_string();
        let read = of(
            "waiting",
            &[
                field("reason", "no-way-out"),
                field("file", &file),
                field("address", "a@b"),
            ],
        )
        .unwrap();
        assert_eq!(
            (read.state, read.reason.as_deref()),
            (DeliveryState::Waiting, Some("no-way-out"))
        );
        assert_eq!(read.file, Some(FileId(Uuid::from_u128(7))));
        assert!(matches!(of("gone", &[]), Err(Refusal::Invalid(_))));
        assert!(matches!(
            of("sent", &[field("colour", "red")]),
            Err(Refusal::Invalid(_))
        ));
        assert!(matches!(
            of("sent", &[field("file", "none")]),
            Err(Refusal::NotFound(_))
        ));
        let number = Field {
            name: "reason".to_owned(),
            value: Value::Integer(1),
        };
        assert!(matches!(of("sent", &[number]), Err(Refusal::Invalid(_))));
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::parse(state.name()), Ok(state));
        }
    }

    #[test]
    fn a_text_of_a_thousand_bytes_is_taken_and_one_more_is_not() {
        let text = "a".repeat(limits::DELIVERY_TEXT_BYTES_MAX);
        assert!(of("failed", &[field("detail", &text)]).is_ok());
        assert!(matches!(
            of("failed", &[field("detail", &(text + "a"))]),
            Err(Refusal::Limit(_))
        ));
    }

    fn overlay(ticket: TicketId, message: MessageId) -> Overlay {
        let mut overlay = Overlay::new(TenantId(Uuid::from_u128(1)), Arc::default());
        overlay.load_ticket(Ticket::blank(
            ticket,
            CustomerId(Uuid::from_u128(2)),
            Timestamp(0),
        ));
        overlay.load_said(
            message,
            Said {
                ticket,
                delivery: None,
            },
        );
        overlay
    }

    fn stamp() -> Stamp {
        Stamp {
            at: Timestamp(1),
            principal: Actor::SYSTEM.into(),
            origin: Origin::default(),
            because: None,
        }
    }

    #[test]
    fn the_log_tells_of_a_delivery_once_a_state_and_the_ticket_keeps_its_version() {
        let (ticket, message) = (TicketId(Uuid::from_u128(3)), MessageId(Uuid::from_u128(4)));
        let mut overlay = overlay(ticket, message);
        for (state, reason) in [
            ("waiting", "a"),
            ("waiting", "b"),
            ("sending", "b"),
            ("sent", "b"),
        ] {
            let delivery = of(state, &[field("reason", reason)]).unwrap();
            let effect = Effect::SetDelivery {
                ticket,
                message,
                delivery,
            };
            assert_eq!(overlay.missing(&effect), []);
            overlay.apply(&effect, &stamp()).unwrap();
        }
        let changes = overlay.finish();
        let told: Vec<_> = changes
            .events
            .iter()
            .map(|event| {
                (
                    event.kind.as_str(),
                    event.data["state"].clone(),
                    event.ticket_version,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("message.delivery", json!("waiting"), None),
                ("message.delivery", json!("sent"), None)
            ]
        );
        assert_eq!((changes.tickets.len(), changes.deliveries.len()), (0, 1));
        let written = changes.deliveries[0].delivery.as_ref();
        assert_eq!(written.map(|one| one.state), Some(DeliveryState::Sent));
    }

    #[test]
    fn nobody_reports_on_a_message_of_another_ticket_or_on_none() {
        let (ticket, message) = (TicketId(Uuid::from_u128(3)), MessageId(Uuid::from_u128(4)));
        let mut overlay = overlay(ticket, message);
        let other = TicketId(Uuid::from_u128(5));
        overlay.load_ticket(Ticket::blank(
            other,
            CustomerId(Uuid::from_u128(2)),
            Timestamp(0),
        ));
        let delivery = of("sent", &[]).unwrap();
        let elsewhere = Effect::SetDelivery {
            ticket: other,
            message,
            delivery: delivery.clone(),
        };
        assert!(matches!(
            overlay.apply(&elsewhere, &stamp()),
            Err(Refusal::NotFound(_))
        ));
        let unknown = Effect::SetDelivery {
            ticket,
            message: MessageId(Uuid::from_u128(9)),
            delivery,
        };
        assert_eq!(
            overlay.missing(&unknown),
            [Missing::Message(MessageId(Uuid::from_u128(9)))]
        );
        assert!(matches!(
            overlay.apply(&unknown, &stamp()),
            Err(Refusal::NotFound(_))
        ));
        assert!(overlay.finish().is_empty());
    }

    #[test]
    fn a_file_that_is_forgotten_is_not_kept_and_counts_as_an_effect() {
        let mut overlay = overlay(TicketId(Uuid::from_u128(3)), MessageId(Uuid::from_u128(4)));
        let (made, kept) = (FileId(Uuid::from_u128(6)), FileId(Uuid::from_u128(7)));
        overlay.put_file(FileWrite {
            id: made,
            install: None,
            name: "a".to_owned(),
            media_type: "b".to_owned(),
            content: Arc::new(vec![1]),
            at: Timestamp(1),
        });
        for id in [made, kept] {
            overlay.apply(&Effect::DeleteFile { id }, &stamp()).unwrap();
            assert!(overlay.is_deleted_file(id));
        }
        assert_eq!(overlay.effects(), 2);
        let changes = overlay.finish();
        assert!(changes.files.is_empty());
        assert_eq!(changes.dropped_files, [made, kept]);
        assert!(!changes.is_empty());
    }

    #[test]
    fn a_file_grows_to_its_bound_and_only_by_who_made_it() {
        let mut overlay = overlay(TicketId(Uuid::from_u128(3)), MessageId(Uuid::from_u128(4)));
        let id = FileId(Uuid::from_u128(6));
        let grow = |overlay: &mut Overlay, bytes: usize| {
            let content = Arc::new(vec![0; bytes]);
            overlay.apply(&Effect::AppendFile { id, content }, &stamp())
        };
        assert!(matches!(grow(&mut overlay, 1), Err(Refusal::NotFound(_))));
        overlay.put_file(FileWrite {
            id,
            install: None,
            name: "a".to_owned(),
            media_type: "b".to_owned(),
            content: Arc::new(vec![1]),
            at: Timestamp(1),
        });
        grow(&mut overlay, limits::FILE_BYTES_MAX - 1).unwrap();
        assert!(matches!(grow(&mut overlay, 1), Err(Refusal::Limit(_))));
        assert_eq!(
            overlay.file(id).unwrap().content.len(),
            limits::FILE_BYTES_MAX
        );
    }
}
