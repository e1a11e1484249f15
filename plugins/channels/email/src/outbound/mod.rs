//! From an answer to a mail on its way: composed, kept as a file, handed to the mailbox's server. Where none is set it waits, and people can download it.

/// The mail itself.
pub mod compose;

/// To whom, from whom, and in which conversation.
mod envelope;

/// From a message to the mail that it becomes, or why it becomes none.
mod prepare;

/// What stands around the words of an answer.
mod template;

/// To the mailbox's server.
mod way;

/// The first answer of a machine.
mod acknowledge;

pub(crate) use acknowledge::{ACKNOWLEDGE, acknowledge};

use crate::{limits::FILE_PART_BYTES, records, settings::Settings};
use guichet_sdk::{
    Error, NotCarried, Outbound, Reason, Receipt, files, text_field, typed_settings,
};
use way::Handed;

/// Why a mail does not go: a code for programs, and the same for people.
pub(crate) type Why = (&'static str, &'static str);

const NO_WAY_OUT: Why = (
    "no-way-out",
    "The mail is ready. No server for outgoing mail is set for its mailbox.",
);

/// Carries a message to the requester, and to who takes part.
///
/// # Errors
/// [`NotCarried`], with what is to become of it.
pub(crate) fn deliver(outbound: &Outbound) -> Result<Receipt, NotCarried> {
    let again =
        |error: Error| NotCarried::Retry((None, reason("failed", &error.to_string(), None)));
    let settings: Settings = typed_settings().map_err(again)?;
    let keys = records::keys(settings.key_generation).map_err(again)?;
    let prepared = prepare::prepare(&settings, &keys, outbound).map_err(again)??;
    let file = keep(&format!("ticket-{}.eml", prepared.number), &prepared.raw).map_err(again)?;
    let (to, conversation) = (prepared.to.clone(), prepared.conversation.clone());
    let mut fields = vec![text_field("file", &file), text_field("address", &to)];
    match way::hand_over(&settings, &prepared)? {
        Handed::Taken(detail) => fields.extend(detail.map(|detail| text_field("detail", detail))),
        Handed::NotToRequester(detail) => fields.extend([
            text_field("state", "failed"),
            text_field("reason", "refused"),
            text_field("detail", detail),
        ]),
        Handed::NoServer => fields.extend([
            text_field("state", "waiting"),
            text_field("reason", NO_WAY_OUT.0),
            text_field("detail", NO_WAY_OUT.1),
        ]),
    }
    records::put_conversation(&outbound.ticket, &conversation).map_err(again)?;
    Ok(Receipt {
        external_id: Some(prepared.message_id),
        fields,
    })
}

fn reason(code: &str, detail: &str, address: Option<&str>) -> Reason {
    Reason {
        code: code.to_owned(),
        detail: detail.to_owned(),
        address: address.map(str::to_owned),
        extra: Vec::new(),
    }
}

fn keep(name: &str, raw: &[u8]) -> Result<String, Error> {
    let (first, rest) = raw.split_at(raw.len().min(FILE_PART_BYTES));
    let kept = files::put(name, "message/rfc822", first)?;
    for more in rest.chunks(FILE_PART_BYTES) {
        files::append(&kept.file, more)?;
    }
    Ok(kept.file)
}
