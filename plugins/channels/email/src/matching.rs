//! To which ticket a mail belongs: what it shows is tried in a fixed order, and the first that leads to a ticket decides.
//!
//! Where the marks of [`crate::marks`] prove a ticket, its number or id is known at once; a stored Message-ID of somebody else's is looked up per
//! mailbox. A number without a code is never looked for: whoever can guess it could write into somebody's ticket.

use crate::{
    mail::Mail,
    marks::{AddressMark, Keys},
};

/// Something that may lead to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clue {
    /// A reply address: the ticket's number.
    Address(u64),
    /// A Message-ID of ours: the ticket's id.
    OwnId(String),
    /// A Message-ID of somebody else's.
    ForeignId(String),
    /// The tag in the subject: the ticket's number.
    Subject(u64),
    /// The marker in the body: the ticket's number.
    Body(u64),
}

impl Clue {
    /// A word for the trace.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Address(_) => "reply-address",
            Self::OwnId(_) => "own-message-id",
            Self::ForeignId(_) => "message-id",
            Self::Subject(_) => "subject-tag",
            Self::Body(_) => "body-marker",
        }
    }
}

/// All clues of a mail, in the order in which they are tried.
pub fn clues(mail: &Mail<'_>, keys: &Keys, scan_body_for_tags: bool) -> Vec<Clue> {
    let mut clues: Vec<Clue> = mail
        .recipients()
        .filter_map(|address| match keys.read_address(&address) {
            Some(AddressMark::Reply(number)) => Some(Clue::Address(number)),
            _ => None,
        })
        .collect();
    let answered = || mail.in_reply_to.iter().chain(mail.references.iter().rev());
    clues.extend(
        answered()
            .filter_map(|id| keys.read_message_id(id))
            .map(|(ticket, _)| Clue::OwnId(ticket)),
    );
    clues.extend(
        answered()
            .filter(|id| keys.read_message_id(id).is_none())
            .map(|id| Clue::ForeignId(id.clone())),
    );
    clues.extend(keys.read_subject(&mail.whole_subject()).map(Clue::Subject));
    let html = mail.html.as_deref().unwrap_or_default();
    clues.extend(
        keys.read_body(html)
            .or_else(|| keys.read_body(&mail.text))
            .map(Clue::Body),
    );
    if scan_body_for_tags {
        clues.extend(keys.read_subject(&mail.text).map(Clue::Body));
    }
    let mut seen = Vec::new();
    clues.retain(|clue| {
        let is_new = !seen.contains(clue);
        if is_new {
            seen.push(clue.clone());
        }
        is_new
    });
    clues
}

/// The number in the address to which reports of undelivered mail go.
pub fn bounced_number(mail: &Mail<'_>, keys: &Keys) -> Option<u64> {
    mail.recipients()
        .find_map(|address| match keys.read_address(&address) {
            Some(AddressMark::Bounce(number)) => Some(number),
            _ => None,
        })
}

/// Whether it is our own mail that came back: by its Message-ID or by the mark of all that goes out.
pub fn is_own_echo(mail: &Mail<'_>, keys: &Keys) -> bool {
    mail.message_id
        .as_ref()
        .is_some_and(|id| keys.read_message_id(id).is_some())
        || mail.head.all("x-loop").any(|value| keys.is_loop_tag(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{limits::SUBJECT_CHARACTERS_MAX, mail};

    #[test]
    fn clues_are_tried_in_their_order() {
        let keys = Keys::new(vec![b"key".to_vec()]);
        let (ticket, message) = (
            "0198c1de-7a3b-7c11-8d2e-001122334455",
            "0198c1de-7a3b-7c11-8d2e-66778899aabb",
        );
        let own = keys.message_id(ticket, message, "desk.example").unwrap();
        let address = keys.reply_address("support@desk.example", 7).unwrap();
        let raw = format!(
            "From: ana@t.example\r\nTo: x@y.example\r\nDelivered-To: {address}\r\nIn-Reply-To: <theirs-1@t.example>\r\nReferences: <oldest@t.example> <{own}> <theirs-2@t.example>\r\nSubject: Re: x {}\r\n\r\ntext {} and [Ticket#9]",
            keys.subject_tag(8),
            keys.body_marker(9),
        );
        let mail = mail::read(raw.as_bytes());
        let foreign = |id: &str| Clue::ForeignId(id.to_owned());
        assert_eq!(
            clues(&mail, &keys, false),
            [
                Clue::Address(7),
                Clue::OwnId(ticket.to_owned()),
                foreign("theirs-1@t.example"),
                foreign("theirs-2@t.example"),
                foreign("oldest@t.example"),
                Clue::Subject(8),
                Clue::Body(9)
            ]
        );
        assert!(!is_own_echo(&mail, &keys));
        let strangers = Keys::new(vec![b"other".to_vec()]);
        assert!(
            clues(&mail, &strangers, true)
                .iter()
                .all(|clue| matches!(clue, Clue::ForeignId(_)))
        );
    }

    #[test]
    fn a_mark_behind_more_of_a_subject_than_is_kept_still_finds_its_ticket() {
        let keys = Keys::new(vec![b"key".to_vec()]);
        let long = "very ".repeat(SUBJECT_CHARACTERS_MAX);
        let raw = format!("Subject: Re: {long}{}\r\n\r\nYes.", keys.subject_tag(8));
        let mail = mail::read(raw.as_bytes());
        assert_eq!(mail.subject.chars().count(), SUBJECT_CHARACTERS_MAX);
        assert_eq!(clues(&mail, &keys, false), [Clue::Subject(8)]);
    }

    #[test]
    fn our_own_mail_is_known_when_it_comes_back() {
        let keys = Keys::new(vec![b"key".to_vec()]);
        let id = keys
            .message_id(
                "0198c1de-7a3b-7c11-8d2e-001122334455",
                "0198c1de-7a3b-7c11-8d2e-66778899aabb",
                "d",
            )
            .unwrap();
        for headers in [
            format!("Message-ID: <{id}>"),
            format!("X-Loop: {}", keys.loop_tag()),
        ] {
            assert!(
                is_own_echo(&mail::read(format!("{headers}\r\n\r\n").as_bytes()), &keys),
                "{headers}"
            );
        }
        assert!(!is_own_echo(
            &mail::read(b"X-Loop: somebody@else.example\r\n\r\n"),
            &keys
        ));
        let bounce = keys.bounce_address("support@d.example", 3).unwrap();
        assert_eq!(
            bounced_number(
                &mail::read(format!("To: {bounce}\r\n\r\n").as_bytes()),
                &keys
            ),
            Some(3)
        );
    }
}
