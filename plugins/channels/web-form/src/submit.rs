//! From a filled form to a ticket, or to the suspended queue. All effects are committed together, before anybody sees the next page.

use crate::{
    answers::Filled,
    language::Language,
    post::{Post, PostedFile},
    settings::{Guard, HONEYPOT},
    store::{self, Counted},
    token::Token,
};
use guichet_sdk::{
    Actor, Attachment, Body, Error, Field, MessageDraft, TicketDraft, customers_write, files,
    intake, log, text_field, tickets_write,
};

/// The name under which tickets say where they come from.
const CHANNEL: &str = "web";

/// Fields of the plugin on tickets: the form's id, and each answer by its question's name.
const FIELD_PREFIX: &str = "guichet/web-form/";

/// A post that may become a ticket.
pub(crate) struct Sent<'a> {
    pub(crate) filled: &'a Filled<'a>,
    pub(crate) post: &'a Post,
    pub(crate) body: &'a Body,
    pub(crate) content_type: &'a str,
    pub(crate) language: Language,
    pub(crate) token: Token,
    /// How long the form was open.
    pub(crate) age_s: u64,
    pub(crate) now_s: u64,
}

/// What became of it.
pub(crate) enum Outcome {
    /// It is a ticket, or rests in the suspended queue: the receipt knows which.
    Taken,
    /// There were too many, and nothing was kept.
    TooMany,
}

/// Takes a post in.
///
/// # Errors
/// Where the host refuses, which it does for no answer that was found to be right.
pub(crate) fn take(
    sent: &Sent<'_>,
    guard: Guard,
    key: &[u8],
    network: &str,
) -> Result<Outcome, Error> {
    let of_address = store::counted(key, "mail", &sent.filled.email)?;
    let of_network = store::counted(key, "net", network)?;
    let over = |counted: &Counted, most: u32| crate::guard::over(counted.so_far(sent.now_s), most);
    let fullness = over(&of_address, guard.per_address_per_hour)
        .max(over(&of_network, guard.per_network_per_hour));
    if fullness == crate::guard::Fullness::Refused {
        return Ok(Outcome::TooMany);
    }
    let is_trapped = !sent.post.text(HONEYPOT).is_empty() || sent.post.too_long.contains(HONEYPOT);
    let suspicion = crate::guard::suspicion(is_trapped, sent.age_s, guard.seconds_min, fullness);
    of_address.count(sent.now_s)?;
    of_network.count(sent.now_s)?;
    let ticket = match suspicion {
        Some(reason) => {
            suspend(sent, reason)?;
            String::new()
        }
        None => create(sent)?,
    };
    store::keep_receipt(&sent.token, sent.now_s, &ticket)?;
    Ok(Outcome::Taken)
}

fn create(sent: &Sent<'_>) -> Result<String, Error> {
    let filled = sent.filled;
    let identity = format!("mailto:{}", filled.email);
    // Whoever is known by the address keeps the name that is known: anybody may write any address here.
    let customer = customers_write::ensure(
        &[identity],
        false,
        &[text_field("name", filled.name.as_str())],
    )?;
    let author = Actor {
        kind: "customer".to_owned(),
        id: customer.clone(),
    };
    let draft = TicketDraft {
        subject: filled.subject.clone(),
        requester: customer,
        first_message: Some(message(sent)?),
        fields: ticket_fields(filled),
    };
    let ticket = intake::create(&draft, &author)?;
    let form = filled.form;
    if !form.tags.is_empty() {
        settle(
            &form.id,
            "tags",
            tickets_write::add_tags(&ticket, &form.tags),
        )?;
    }
    if !form.group.is_empty() {
        let group = [text_field("group", form.group.as_str())];
        settle(
            &form.id,
            "group",
            tickets_write::transition(&ticket, "assign", &group),
        )?;
    }
    Ok(ticket)
}

/// What the form's settings say wrongly (a group that is gone) must not lose a customer's request: it is told in the log.
fn settle(form: &str, what: &str, done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(
            Error::Invalid(reason)
            | Error::NotFound(reason)
            | Error::Conflict(reason)
            | Error::Limit(reason),
        ) => {
            log::write(
                "warn",
                &format!("the form `{form}`: its {what} could not be set: {reason}"),
            );
            Ok(())
        }
        done => done,
    }
}

fn ticket_fields(filled: &Filled<'_>) -> Vec<Field> {
    let form = filled.form;
    let integer = |name: &str, value: Option<u8>| {
        value.map(|value| Field {
            name: name.to_owned(),
            value: guichet_sdk::Value::Integer(value.into()),
        })
    };
    let mut fields = vec![
        text_field("channel", CHANNEL),
        text_field("kind", form.kind.as_str()),
        text_field(&format!("{FIELD_PREFIX}form"), form.id.as_str()),
    ];
    fields.extend(integer("impact", form.impact));
    fields.extend(integer("urgency", form.urgency));
    fields.extend(filled.answers.iter().map(|answer| Field {
        name: format!("{FIELD_PREFIX}{}", answer.field.name),
        value: answer.value.as_value(),
    }));
    fields
}

fn message(sent: &Sent<'_>) -> Result<MessageDraft, Error> {
    let attachments = sent
        .post
        .files
        .iter()
        .map(|file| attachment(file, sent.body))
        .collect::<Result<_, _>>()?;
    Ok(MessageDraft {
        visibility: "public".to_owned(),
        text: sent.filled.text(sent.language),
        html: None,
        attachments,
        fields: Vec::new(),
    })
}

fn attachment(file: &PostedFile, body: &Body) -> Result<Attachment, Error> {
    match body {
        Body::File(id) => files::cut(id, file.offset, file.length, &file.name, &file.media_type),
        Body::Bytes(bytes) => {
            let range = usize::try_from(file.offset)
                .ok()
                .zip(usize::try_from(file.length).ok());
            let content =
                range.and_then(|(from, length)| bytes.get(from..from.checked_add(length)?));
            files::put(&file.name, &file.media_type, content.unwrap_or_default())
        }
        Body::Other(_) => Err(Error::Invalid("the body came in an unknown way".to_owned())),
    }
}

fn suspend(sent: &Sent<'_>, reason: &str) -> Result<(), Error> {
    let source = match sent.body {
        Body::File(id) => id.clone(),
        Body::Bytes(bytes) => files::put("form.txt", sent.content_type, bytes)?.file,
        Body::Other(_) => files::put("form.txt", "text/plain", &[])?.file,
    };
    let filled = sent.filled;
    let mut message = message(sent)?;
    message.fields.push(text_field("channel", CHANNEL));
    let sender = format!("mailto:{}", filled.email);
    intake::quarantine(&source, &sender, &filled.subject, reason, &message).map(drop)
}
