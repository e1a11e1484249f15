//! What a mail says, read without trusting it: whatever comes in, something readable comes out.

/// Bytes to text.
pub mod charset;

/// Encoded words in headers.
pub mod words;

/// The headers.
pub mod head;

/// People, by address.
pub mod address;

/// The parts of a mail.
pub mod parts;

/// How the bytes of a part are written.
pub mod transfer;

/// Text and HTML out of the parts.
mod body;

/// Invitations.
pub mod calendar;

/// What a mail server reports of mail that it was given.
pub mod report;

/// Mail that somebody passed on.
pub mod forward;

use crate::limits::{ANSWERS_TO_MAX, MESSAGE_ID_BYTES_MAX, SUBJECT_CHARACTERS_MAX, TEXT_BYTES_MAX};
use address::Address;
use head::Head;
use parts::Part;
use report::Report;

/// A mail, read. Attachments are decoded when they are asked for.
#[derive(Debug, Clone)]
pub struct Mail<'x> {
    pub head: Head,
    /// Without angle brackets; absent where there is none.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    /// As they stand: the oldest first.
    pub references: Vec<String>,
    pub from: Option<Address>,
    pub reply_to: Option<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub subject: String,
    pub text: String,
    /// As it came: not safe to be shown.
    pub html: Option<String>,
    pub files: Vec<Part<'x>>,
    pub report: Option<Report>,
    /// Where the body begins in the raw mail.
    pub body_at: usize,
}

impl Mail<'_> {
    /// The sender's address; empty where there is none.
    pub fn from_address(&self) -> &str {
        self.from.as_ref().map_or("", |from| &from.address)
    }

    /// The whole subject, for marks that stand behind what is kept of it.
    pub fn whole_subject(&self) -> String {
        clean_line(&words::decode(self.head.get("subject").unwrap_or_default()))
    }

    /// All addresses to which it was sent or delivered, as far as headers tell.
    pub fn recipients(&self) -> impl Iterator<Item = String> {
        let delivered = [
            "delivered-to",
            "x-original-to",
            "envelope-to",
            "x-envelope-to",
        ]
        .into_iter()
        .flat_map(|name| self.head.all(name))
        .flat_map(address::list)
        .map(|one| one.address);
        let named = self
            .to
            .iter()
            .chain(&self.cc)
            .map(|one| one.address.clone());
        named.chain(delivered)
    }
}

/// Reads a mail. Never fails: what cannot be parsed is a mail without headers.
pub fn read(raw: &[u8]) -> Mail<'_> {
    let head = Head::read(raw);
    // Without a single header it is no mail, and all of it is what it says.
    let body_at = if head.is_empty() {
        0
    } else {
        head::body_at(raw)
    };
    let leaves = parts::leaves(&head, raw, body_at);
    let report = report::read(&head, &leaves, &raw[body_at..]);
    let (mut text, html, files) = body::assemble(leaves);
    if let Some(event) = files
        .iter()
        .find(|file| file.media_type == "text/calendar")
        .and_then(|file| calendar::read(&file.text()))
    {
        text = format!("{}\n\n{}", event.text(), text).trim().to_owned();
    }
    let addresses = |name: &str| head.all(name).flat_map(address::list).collect::<Vec<_>>();
    let from = head
        .all("from")
        .find_map(address::first)
        .or_else(|| head.get("sender").and_then(address::first));
    Mail {
        message_id: head
            .get("message-id")
            .and_then(|value| ids(value).into_iter().next()),
        in_reply_to: head
            .all("in-reply-to")
            .flat_map(ids)
            .take(ANSWERS_TO_MAX)
            .collect(),
        references: {
            let mut all: Vec<_> = head.all("references").flat_map(ids).collect();
            all.drain(..all.len().saturating_sub(ANSWERS_TO_MAX));
            all
        },
        from,
        reply_to: head.get("reply-to").and_then(address::first),
        to: addresses("to"),
        cc: addresses("cc"),
        subject: subject(head.get("subject").unwrap_or_default()),
        text: shortened(text.trim_end(), TEXT_BYTES_MAX),
        html,
        files,
        report,
        body_at,
        head,
    }
}

/// Message-IDs in a header's value, without angle brackets.
pub fn ids(value: &str) -> Vec<String> {
    let clean = |id: &str| -> String {
        id.chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .collect()
    };
    let is_id = |id: &String| !id.is_empty() && id.len() <= MESSAGE_ID_BYTES_MAX;
    let bracketed: Vec<_> = value
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .map(|(id, _)| clean(id))
        .filter(is_id)
        .collect();
    if !bracketed.is_empty() {
        return bracketed;
    }
    // Broken programs leave the brackets out.
    value
        .split_whitespace()
        .map(|id| clean(id.trim_matches(['<', '>'])))
        .filter(is_id)
        .collect()
}

fn subject(value: &str) -> String {
    let text: String = clean_line(&words::decode(value))
        .chars()
        .take(SUBJECT_CHARACTERS_MAX)
        .collect();
    match text.trim() {
        "" => "(no subject)".to_owned(),
        text => text.to_owned(),
    }
}

/// One line, without characters that hide or turn what stands there.
pub fn clean_line(text: &str) -> String {
    text.chars()
        .filter(|c| !address::is_bidi(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// At most so many bytes; what was cut says so.
pub fn shortened(text: &str, bytes_max: usize) -> String {
    if text.len() <= bytes_max {
        return text.to_owned();
    }
    format!("{}\n[…]", &text[..text.floor_char_boundary(bytes_max)])
}

#[cfg(test)]
mod tests;
