//! From a mail to a ticket or a reply. All effects are committed together, before the answer is sent.

use crate::{
    mail::{self, Mail},
    problem, respond,
};
use guichet_sdk::{
    Actor, Attachment, Body, Error, MessageDraft, Response, TicketDraft, boolean_field,
    customers_write, files, intake, log, records, text_field, tickets_read,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Bytes of one part of a file.
const PART_BYTES: u32 = 1 << 20;

/// Bytes of a mail.
const MAIL_BYTES_MAX: usize = 25 << 20;

/// What is remembered of a mail: which ticket it went to.
#[derive(Serialize, Deserialize)]
struct Known {
    ticket: String,
}

pub(crate) fn take(body: Body) -> Result<Response, Error> {
    let (raw, source) = match body {
        Body::Bytes(bytes) => (bytes, None),
        Body::File(id) => (whole_file(&id)?, Some(id)),
        Body::Other(_) => return Ok(problem(415, "send the raw mail as the request's body")),
    };
    if raw.iter().all(u8::is_ascii_whitespace) {
        return Ok(problem(
            400,
            "the body is empty: send the raw mail, for instance with curl --data-binary @mail.eml",
        ));
    }
    let mail = mail::read(&raw);
    // Message-IDs alone are neither safe nor reliable: the content counts, too.
    let fingerprint = hex(&[
        mail.message_id.as_deref().unwrap_or_default().as_bytes(),
        &raw,
    ]);
    if let Some(known) = known("mails", &fingerprint)? {
        return Ok(respond(
            200,
            "application/json",
            &json!({ "ticket": known.ticket, "duplicate": true }),
        ));
    }
    let source = match source {
        Some(id) => id,
        None => files::put("source.eml", "message/rfc822", &raw)?.file,
    };
    let (ticket, fate) = admit(&mail, &source)?;
    remember("mails", &fingerprint, &ticket)?;
    if let Some(id) = &mail.message_id {
        // The first mail of an id keeps it: whoever sends another one takes no thread over.
        let key = thread_key(id);
        if known("threads", &key)?.is_none() {
            remember("threads", &key, &ticket)?;
        }
    }
    let answer = json!({ "ticket": ticket, "appended": fate == Fate::Appended, "suspended": fate == Fate::Suspended });
    Ok(respond(201, "application/json", &answer))
}

/// What became of a mail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Created,
    Appended,
    /// It rests in the queue until somebody looks at it.
    Suspended,
}

/// Why a mail that answers nothing must not become a ticket by itself: a code of the suspended queue.
fn suspicion(mail: &Mail) -> Option<&'static str> {
    if mail.from_address == mail::UNKNOWN_SENDER {
        return Some("processing_failed");
    }
    if mail.automatic.hide {
        return Some("out_of_office");
    }
    let robot = ["mailer-daemon@", "postmaster@"];
    robot
        .iter()
        .any(|robot| mail.from_address.starts_with(robot))
        .then_some("automated")
}

fn admit(mail: &Mail, source: &str) -> Result<(String, Fate), Error> {
    let identity = format!("mailto:{}", mail.from_address);
    let mut message = draft(mail, source)?;
    let thread = thread(mail)?;
    if thread.is_none()
        && let Some(reason) = suspicion(mail)
    {
        return suspend(mail, source, reason, message);
    }
    let name = if mail.from_name.is_empty() {
        &mail.from_address
    } else {
        &mail.from_name
    };
    let customer =
        customers_write::ensure(&[identity], false, &[text_field("name", name.as_str())])?;
    let author = Actor {
        kind: "customer".to_owned(),
        id: customer.clone(),
    };
    if let Some(known) = thread {
        let ticket = tickets_read::get(&known)?;
        let takes_part = ticket.requester() == customer
            || ticket
                .participants()
                .iter()
                .any(|participant| participant.who.id == customer);
        if !takes_part {
            message.fields.push(boolean_field("unverified", true));
            message.fields.push(boolean_field("hide", true));
        }
        match intake::add_message(&known, &message, &author) {
            Ok(there) => return Ok((there, Fate::Appended)),
            // What takes no more (deleted, suspended) is not written to: what is asked now is a ticket of its own.
            Err(Error::Conflict(reason)) => log::write("info", &format!("not appended: {reason}")),
            Err(error) => return Err(error),
        }
        if let Some(reason) = suspicion(mail) {
            return suspend(mail, source, reason, message);
        }
    }
    let draft = TicketDraft {
        subject: mail.subject.clone(),
        requester: customer,
        first_message: Some(message),
        fields: vec![text_field("channel", "email")],
    };
    Ok((intake::create(&draft, &author)?, Fate::Created))
}

fn suspend(
    mail: &Mail,
    source: &str,
    reason: &str,
    mut message: MessageDraft,
) -> Result<(String, Fate), Error> {
    message.fields.push(text_field("channel", "email"));
    let sender = format!("mailto:{}", mail.from_address);
    let id = intake::quarantine(source, &sender, &mail.subject, reason, &message)?;
    Ok((id, Fate::Suspended))
}

/// The ticket of the first mail that this one answers and that we know.
fn thread(mail: &Mail) -> Result<Option<String>, Error> {
    for id in &mail.answers_to {
        let Some(known) = known("threads", &thread_key(id))? else {
            continue;
        };
        match tickets_read::get(&known.ticket) {
            Ok(_) => return Ok(Some(known.ticket)),
            // Purged meanwhile.
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn draft(mail: &Mail, source: &str) -> Result<MessageDraft, Error> {
    let mut text = mail.text.clone();
    let mut attachments: Vec<Attachment> = Vec::new();
    for part in &mail.attachments {
        if part.content.len() > PART_BYTES as usize {
            text.push_str(&format!(
                "\n[{}: too large to be kept apart, see the source of the mail]",
                part.name
            ));
        } else {
            attachments.push(files::put(&part.name, &part.media_type, &part.content)?);
        }
    }
    let mut fields = vec![text_field("source", source)];
    fields.extend(
        mail.message_id
            .as_ref()
            .map(|id| text_field("message-id", id.as_str())),
    );
    fields.extend(mail.automatic.act.then(|| boolean_field("automatic", true)));
    fields.extend(mail.automatic.hide.then(|| boolean_field("hide", true)));
    Ok(MessageDraft {
        visibility: "public".to_owned(),
        text,
        html: None,
        attachments,
        fields,
    })
}

fn whole_file(id: &str) -> Result<Vec<u8>, Error> {
    let mut raw = Vec::new();
    loop {
        let part = files::read(id, raw.len() as u64, PART_BYTES)?;
        if part.is_empty() {
            return Ok(raw);
        }
        raw.extend(part);
        if raw.len() > MAIL_BYTES_MAX {
            return Err(Error::Limit(format!(
                "a mail has at most {MAIL_BYTES_MAX} bytes"
            )));
        }
    }
}

fn known(collection: &str, key: &str) -> Result<Option<Known>, Error> {
    Ok(records::get(collection, key)?.and_then(|record| serde_json::from_str(&record.body).ok()))
}

fn remember(collection: &str, key: &str, ticket: &str) -> Result<(), Error> {
    records::put(
        collection,
        key,
        &json!({ "ticket": ticket }).to_string(),
        None,
    )
    .map(drop)
}

fn thread_key(message_id: &str) -> String {
    hex(&[message_id.as_bytes()])
}

fn hex(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hasher
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
