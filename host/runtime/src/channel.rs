//! What goes to a channel, and what came of it.

use crate::{
    bindings::{
        channel_point::exports::guichet::platform::channel as wit, guichet::platform::types,
    },
    convert,
};
use guichet_core::{
    id::{CustomerId, TicketId},
    message::MessageDraft,
    value::Field,
};

/// A message on its way out.
#[derive(Debug, Clone)]
pub struct Outbound {
    pub ticket: TicketId,
    pub recipient: CustomerId,
    pub message: MessageDraft,
    /// The same on every attempt.
    pub idempotency_key: String,
    /// Starts at 1.
    pub attempt: u32,
    /// An attempt before began, and nobody knows whether the message went out.
    pub previous_unknown: bool,
}

/// That a channel took it.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The message's name in the outside world.
    pub external_id: Option<String>,
    pub fields: Vec<Field>,
}

/// That it did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCarried {
    pub why: Why,
    /// For programs.
    pub code: String,
    /// For people.
    pub detail: String,
    pub address: Option<String>,
}

/// What is to become of a message that was not carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Tried again, not before so many seconds.
    Retry(Option<u32>),
    /// Another channel is looked for.
    WindowClosed,
    /// Another channel is looked for.
    Unreachable,
    /// Another channel is looked for; where there is none, nothing is told.
    Declined,
    /// Nobody knows whether it went out.
    Unknown,
    GiveUp,
}

pub(crate) fn outbound(outbound: Outbound) -> wit::Outbound {
    let Outbound {
        ticket,
        recipient,
        message,
        idempotency_key,
        attempt,
        previous_unknown,
    } = outbound;
    wit::Outbound {
        ticket: ticket.to_string(),
        message: message.id.to_string(),
        recipient: recipient.to_string(),
        text: message.text,
        html: message.html,
        attachments: message
            .attachments
            .iter()
            .map(convert::attachment)
            .collect(),
        idempotency_key,
        attempt,
        previous_unknown,
        extra: Vec::new(),
    }
}

pub(crate) fn receipt(receipt: wit::Receipt) -> Result<Receipt, types::Error> {
    Ok(Receipt {
        external_id: receipt.external_id,
        fields: convert::fields_from(receipt.fields)?,
    })
}

pub(crate) fn failure(failure: wit::Failure) -> NotCarried {
    let of = |why, reason: wit::Reason| NotCarried {
        why,
        code: reason.code,
        detail: reason.detail,
        address: reason.address,
    };
    match failure {
        wit::Failure::Retry((seconds, reason)) => of(Why::Retry(seconds), reason),
        wit::Failure::WindowClosed(reason) => of(Why::WindowClosed, reason),
        wit::Failure::Unreachable(reason) => of(Why::Unreachable, reason),
        wit::Failure::Unknown(reason) => of(Why::Unknown, reason),
        wit::Failure::GiveUp(reason) => of(Why::GiveUp, reason),
        // What is not known here is tried again: a newer host may know it.
        wit::Failure::Other((_, reason)) => of(Why::Retry(None), reason),
        wit::Failure::Declined => NotCarried {
            why: Why::Declined,
            code: String::new(),
            detail: String::new(),
            address: None,
        },
    }
}
