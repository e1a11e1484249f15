//! From an answer to a mail. It is composed, kept as a file and reported as waiting: there is no way out yet, and people can download it.

/// The mail itself.
pub mod compose;

/// To whom, from whom, and in which conversation.
mod envelope;

use crate::{
    limits::{FILE_PART_BYTES, OUTGOING_FILES_BYTES_MAX},
    marks::Keys,
    rates::{Counted, Window},
    records,
    settings::Settings,
};
use compose::{File, Machine};
use envelope::Envelope;
use guichet_sdk::{
    Attachment, Error, Event, MessageDraft, boolean_field, clock, customers_read, files, intake,
    text_field, tickets_read, tickets_write, typed_settings,
};
use serde::Deserialize;

/// The job that answers a new ticket.
pub const ACKNOWLEDGE: &str = "acknowledge";

/// Why a mail does not go, for people; its code for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reason(pub(crate) &'static str, pub(crate) &'static str);

const NO_WAY_OUT: Reason = Reason(
    "no-way-out",
    "The mail is ready. No way out (SMTP) is configured yet.",
);
const NO_MAILBOX: Reason = Reason(
    "no-mailbox",
    "No mailbox is configured from which it could be sent.",
);
const NO_ADDRESS: Reason = Reason("no-address", "The requester has no e-mail address.");
const UNDELIVERABLE: Reason = Reason(
    "undeliverable-address",
    "Mail to this address came back; it is written to again once it has written.",
);
const UNANSWERABLE: Reason = Reason(
    "automatic-mail",
    "A machine wrote, and machines do not answer each other.",
);
const TOO_OFTEN: Reason = Reason(
    "rate-limited",
    "Too many automatic answers went to this address, its domain or from this mailbox lately.",
);
const TOO_LARGE: Reason = Reason(
    "too-large",
    "The attachments are too large to be sent by mail.",
);

#[derive(Deserialize)]
struct Told {
    message: Option<String>,
    visibility: Option<String>,
    author: Option<Author>,
}

#[derive(Deserialize)]
struct Author {
    kind: String,
}

/// Answers to what was said: public, by an agent or by a machine of ours.
pub(crate) fn answer(event: &Event) -> Result<(), Error> {
    let (Some(ticket), Ok(told)) = (&event.ticket, serde_json::from_str::<Told>(&event.data))
    else {
        return Ok(());
    };
    let author = told.author.map(|author| author.kind).unwrap_or_default();
    let is_ours = matches!(author.as_str(), "agent" | "plugin" | "system");
    let (Some(message), true, Some("public")) = (told.message, is_ours, told.visibility.as_deref())
    else {
        return Ok(());
    };
    let settings: Settings = typed_settings()?;
    let keys = records::keys(settings.key_generation)?;
    send(&settings, &keys, ticket, &message)
}

#[derive(Deserialize)]
struct Acknowledge {
    ticket: String,
}

/// Tells the requester of a new ticket that it arrived.
pub(crate) fn acknowledge(payload: &str) -> Result<(), Error> {
    let wanted: Acknowledge =
        serde_json::from_str(payload).map_err(|error| Error::Invalid(error.to_string()))?;
    let settings: Settings = typed_settings()?;
    let ticket = match tickets_read::get(&wanted.ticket) {
        Ok(ticket) => ticket,
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    // Merged, closed or deleted meanwhile: nobody needs to be told any more.
    let (Some(number), "new" | "open") = (ticket.number(), ticket.state().as_str()) else {
        return Ok(());
    };
    let requester = customers_read::get(&ticket.requester())?;
    let locale = requester.locale();
    let speaks_chinese =
        locale.starts_with("zh") || (locale.is_empty() && compose::has_han(&ticket.subject()));
    let text = if speaks_chinese {
        &settings.acknowledgement.text_zh
    } else {
        &settings.acknowledgement.text_en
    };
    let draft = MessageDraft {
        visibility: "public".to_owned(),
        text: text
            .replace("{{number}}", &number.to_string())
            .replace("{{subject}}", &ticket.subject()),
        html: None,
        attachments: Vec::new(),
        fields: vec![boolean_field("automatic", true)],
    };
    let keys = records::keys(settings.key_generation)?;
    let message = tickets_write::add_message(&wanted.ticket, &draft)?;
    send(&settings, &keys, &wanted.ticket, &message)
}

/// Composes a message of a ticket as a mail, keeps it, and reports what becomes of it.
pub(crate) fn send(
    settings: &Settings,
    keys: &Keys,
    ticket_id: &str,
    message_id: &str,
) -> Result<(), Error> {
    let ticket = tickets_read::get(ticket_id)?;
    let channel = ticket.channel();
    if !settings.answers(&channel) {
        return Ok(());
    }
    let (_, message) = tickets_read::read_message(message_id)?;
    let mut conversation = records::conversation(ticket_id)?;
    let report = |state: &str, reason: Reason, more: &[(&str, &str)]| {
        let mut fields = vec![
            text_field("reason", reason.0),
            text_field("detail", reason.1),
        ];
        fields.extend(more.iter().map(|(name, value)| text_field(name, *value)));
        intake::set_delivery(ticket_id, message_id, state, &fields)
    };
    let envelope = match Envelope::of(settings, &ticket, &conversation)? {
        Ok(envelope) => envelope,
        // On a ticket of another channel there is nobody to write to.
        Err(_) if channel != "email" => return Ok(()),
        Err(reason) => return report("failed", reason, &[]),
    };
    let to = envelope.to.address.clone();
    let is_machine = message.author.kind != "agent";
    let machine = is_machine.then_some(match conversation.last.as_str() {
        "" => Machine::Notifies,
        _ => Machine::Answers,
    });
    if is_machine && conversation.is_unanswerable(clock::now(), settings.rates.window_minutes) {
        return report("failed", UNANSWERABLE, &[("address", &to)]);
    }
    if envelope.is_undeliverable {
        return report("failed", UNDELIVERABLE, &[("address", &to)]);
    }
    if is_machine && is_too_often(settings, &envelope, &ticket.subject())? {
        return report("failed", TOO_OFTEN, &[("address", &to)]);
    }
    let size: u64 = message.attachments.iter().map(|one| one.size).sum();
    if size > OUTGOING_FILES_BYTES_MAX {
        return report("failed", TOO_LARGE, &[("address", &to)]);
    }
    let Some(number) = ticket.number() else {
        return Ok(());
    };
    let Some(own_id) = keys.message_id(ticket_id, message_id, &envelope.domain) else {
        return Ok(());
    };
    let (in_reply_to, references) = envelope::thread(&conversation);
    let mail = compose::Mail {
        from: envelope.from.clone(),
        to: envelope.to.clone(),
        // What a machine says is for who asked; what a person says, for all who take part.
        cc: match machine {
            None => envelope::in_copy(&ticket, &envelope.to)?,
            Some(_) => Vec::new(),
        },
        reply_to: keys.reply_address(&envelope.from.address, number),
        subject: compose::subject(
            &ticket.subject(),
            &keys.subject_tag(number),
            !conversation.last.is_empty(),
        ),
        message_id: own_id.clone(),
        in_reply_to,
        references,
        seconds: i64::try_from(message.at / 1_000_000).unwrap_or(0),
        text: message.text.clone(),
        signature: envelope.signature.clone(),
        marker: keys.body_marker(number),
        loop_tag: keys.loop_tag(),
        machine,
        files: message
            .attachments
            .iter()
            .map(file)
            .collect::<Result<_, _>>()?,
    };
    let raw = compose::write(&mail)?;
    let kept = keep(&format!("ticket-{number}.eml"), &raw)?;
    report("waiting", NO_WAY_OUT, &[("file", &kept), ("address", &to)])?;
    conversation.own_last = own_id;
    if conversation.mailbox.is_empty() {
        conversation.mailbox.clone_from(&envelope.from.address);
    }
    records::put_conversation(ticket_id, &conversation)
}

fn is_too_often(settings: &Settings, envelope: &Envelope, subject: &str) -> Result<bool, Error> {
    let (rates, window) = (
        &settings.rates,
        Window::at(clock::now(), settings.rates.window_minutes),
    );
    let to = envelope.to.address.as_str();
    let domain = to.rsplit_once('@').map_or("", |(_, domain)| domain);
    let under_subject = format!("{to}\0{}", compose::bare_subject(subject).to_lowercase());
    let mut is_too_often = false;
    for (kind, thing, most) in [
        ("answers-to", to, rates.answers_per_sender),
        (
            "answers-under",
            under_subject.as_str(),
            rates.answers_per_subject,
        ),
        ("answers-to-domain", domain, rates.answers_per_domain),
        (
            "answers-from",
            envelope.from.address.as_str(),
            rates.answers_per_mailbox,
        ),
    ] {
        is_too_often |= records::count(&Counted::new(kind, thing), window)? >= most;
    }
    Ok(is_too_often)
}

fn file(attachment: &Attachment) -> Result<File, Error> {
    let mut content = Vec::with_capacity(
        usize::try_from(attachment.size.min(OUTGOING_FILES_BYTES_MAX)).unwrap_or(0),
    );
    loop {
        let part = files::read(
            &attachment.file,
            content.len() as u64,
            FILE_PART_BYTES as u32,
        )?;
        if part.is_empty() {
            break;
        }
        content.extend(part);
        if content.len() as u64 > OUTGOING_FILES_BYTES_MAX {
            return Err(Error::Limit(format!(
                "a mail carries at most {OUTGOING_FILES_BYTES_MAX} bytes of attachments"
            )));
        }
    }
    Ok(File {
        name: attachment.name.clone(),
        media_type: attachment.media_type.clone(),
        content,
    })
}

fn keep(name: &str, raw: &[u8]) -> Result<String, Error> {
    let (first, rest) = raw.split_at(raw.len().min(FILE_PART_BYTES));
    let kept = files::put(name, "message/rfc822", first)?;
    for more in rest.chunks(FILE_PART_BYTES) {
        files::append(&kept.file, more)?;
    }
    Ok(kept.file)
}
