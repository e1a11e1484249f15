//! From a message to the mail that it becomes, or why it becomes none.

use super::{
    Why,
    compose::{self, File, Machine},
    envelope::{self, Envelope},
    reason,
    template::{self, Values},
};
use crate::{
    limits::{FILE_PART_BYTES, OUTGOING_FILES_BYTES_MAX},
    marks::Keys,
    rates::{Counted, Window},
    records::{self, Conversation},
    settings::Settings,
};
use guichet_sdk::{
    Actor, Attachment, Error, NotCarried, Outbound, clock, directory_read, files, tickets_read,
};

pub(super) const NO_MAILBOX: Why = (
    "no-mailbox",
    "No mailbox is configured from which it could be sent.",
);
pub(super) const NO_ADDRESS: Why = ("no-address", "The requester has no e-mail address.");
const UNDELIVERABLE: Why = (
    "undeliverable-address",
    "Mail to this address came back; it is written to again once it has written.",
);
const UNANSWERABLE: Why = (
    "automatic-mail",
    "A machine wrote, and machines do not answer each other.",
);
const TOO_OFTEN: Why = (
    "rate-limited",
    "Too many automatic answers went to this address, its domain or from this mailbox lately.",
);
const TOO_LARGE: Why = (
    "too-large",
    "The attachments are too large to be sent by mail.",
);

/// A mail that is ready.
pub(super) struct Prepared {
    pub(super) raw: Vec<u8>,
    pub(super) number: u64,
    /// The mailbox, as the settings have it; empty where it is no longer one of them.
    pub(super) mailbox: String,
    /// Where it goes if it cannot be delivered.
    pub(super) sender: String,
    pub(super) to: String,
    /// Everybody who gets it.
    pub(super) recipients: Vec<String>,
    pub(super) message_id: String,
    /// As it is once the mail went out.
    pub(super) conversation: Conversation,
}

/// Composes the mail of a message. The inner error says what is to become of a message that cannot be one.
pub(super) fn prepare(
    settings: &Settings,
    keys: &Keys,
    outbound: &Outbound,
) -> Result<Result<Prepared, NotCarried>, Error> {
    let ticket = tickets_read::get(&outbound.ticket)?;
    let channel = ticket.channel();
    if !settings.answers(&channel) {
        return Ok(Err(NotCarried::Declined));
    }
    let (_, message) = tickets_read::read_message(&outbound.message)?;
    let mut conversation = records::conversation(&outbound.ticket)?;
    let envelope = match Envelope::of(settings, &ticket, &conversation)? {
        Ok(envelope) => envelope,
        // On a ticket of another channel there is nobody to write to.
        Err(_) if channel != "email" => return Ok(Err(NotCarried::Declined)),
        Err(why) => return Ok(Err(given_up(why, None))),
    };
    let to = envelope.to.address.clone();
    let is_machine = message.author.kind != "agent";
    let machine = is_machine.then_some(match conversation.last.as_str() {
        "" => Machine::Notifies,
        _ => Machine::Answers,
    });
    if is_machine && conversation.is_unanswerable(clock::now(), settings.rates.window_minutes) {
        return Ok(Err(given_up(UNANSWERABLE, Some(&to))));
    }
    if envelope.is_undeliverable {
        let (code, detail) = UNDELIVERABLE;
        return Ok(Err(NotCarried::Unreachable(reason(
            code,
            detail,
            Some(&to),
        ))));
    }
    if is_machine && is_too_often(settings, &envelope, &ticket.subject())? {
        return Ok(Err(given_up(TOO_OFTEN, Some(&to))));
    }
    let size: u64 = message.attachments.iter().map(|one| one.size).sum();
    if size > OUTGOING_FILES_BYTES_MAX {
        return Ok(Err(given_up(TOO_LARGE, Some(&to))));
    }
    let own_id = keys.message_id(&outbound.ticket, &outbound.message, &envelope.domain);
    // What has no number was never told to anybody.
    let (Some(number), Some(own_id)) = (ticket.number(), own_id) else {
        return Ok(Err(NotCarried::Declined));
    };
    let (in_reply_to, references) = envelope::thread(&conversation);
    let tagged = |address: Option<String>| address.filter(|_| settings.tagged_addresses);
    let from = envelope.from.address.clone();
    let mail = compose::Mail {
        from: envelope.from.clone(),
        to: envelope.to.clone(),
        // What a machine says is for who asked; what a person says, for all who take part.
        cc: match machine {
            None => envelope::in_copy(&ticket, &envelope.to)?,
            Some(_) => Vec::new(),
        },
        reply_to: tagged(keys.reply_address(&from, number)),
        subject: compose::subject(
            &ticket.subject(),
            &keys.subject_tag(number),
            !conversation.last.is_empty(),
        ),
        message_id: own_id.clone(),
        in_reply_to,
        references,
        seconds: i64::try_from(message.at / 1_000_000).unwrap_or(0),
        text: words(
            &envelope,
            &message.author,
            &message.text,
            number,
            &ticket.subject(),
        )?,
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
    conversation.own_last.clone_from(&own_id);
    if conversation.mailbox.is_empty() {
        conversation.mailbox.clone_from(&from);
    }
    Ok(Ok(Prepared {
        raw: compose::write(&mail)?,
        number,
        mailbox: envelope.mailbox,
        sender: tagged(keys.bounce_address(&from, number)).unwrap_or(from),
        recipients: std::iter::once(&mail.to)
            .chain(&mail.cc)
            .map(|one| one.address.clone())
            .collect(),
        to,
        message_id: own_id,
        conversation,
    }))
}

/// What is said, in the mailbox's template.
fn words(
    envelope: &Envelope,
    author: &Actor,
    text: &str,
    number: u64,
    subject: &str,
) -> Result<String, Error> {
    let agent = match author.kind.as_str() {
        "agent" if envelope.template.contains("agent") => directory_read::agent(&author.id)?.name,
        _ => envelope.from.name.clone(),
    };
    Ok(template::filled(
        &envelope.template,
        &Values {
            text,
            agent: &agent,
            customer: &envelope.to.name,
            number: &number.to_string(),
            subject,
        },
    ))
}

fn given_up((code, detail): Why, address: Option<&str>) -> NotCarried {
    NotCarried::GiveUp(reason(code, detail, address))
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
