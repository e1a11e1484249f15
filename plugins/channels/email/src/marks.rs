//! # Marks by which an answer finds its ticket
//! - A **Message-ID** of ours names ticket and message: `<t.TICKET.MESSAGE.MAC@domain>`.
//! - A **reply address** names the ticket's number: `support+t1042.MAC@…`; a **bounce address** does with `b`.
//! - A **subject tag**, `[Ticket#1042-MAC]`, and a **body marker** that nobody sees, `guichet:1042.MAC`, do the same.
//!
//! Whoever could guess one could write into somebody's ticket: each carries a message authentication code (HMAC-SHA-256, cut) by a key that only the
//! plugin has. A mark proves which ticket is meant, never who writes.

use crate::base32;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Bytes of the code in Message-IDs, addresses and markers: 80 bits.
const MAC_BYTES: usize = 10;

/// Letters of the code in a subject, which people see: 40 bits.
const SUBJECT_MAC_LETTERS: usize = 8;

/// The keys: the first signs, all verify. Older ones are kept for a while after a rotation.
#[derive(Debug, Clone)]
pub struct Keys(Vec<Vec<u8>>);

/// What a tag in an address means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressMark {
    /// An answer to the ticket of that number.
    Reply(u64),
    /// A report that mail for the ticket of that number could not be delivered.
    Bounce(u64),
}

impl Keys {
    /// The newest first.
    pub fn new(keys: Vec<Vec<u8>>) -> Self {
        Self(keys)
    }

    fn code(key: &[u8], purpose: &str, data: &[u8]) -> String {
        // Any length is a key: this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            return String::new();
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(data);
        base32::encode(&mac.finalize().into_bytes()[..MAC_BYTES])
    }

    fn sign(&self, purpose: &str, data: &[u8]) -> String {
        self.0
            .first()
            .map(|key| Self::code(key, purpose, data))
            .unwrap_or_default()
    }

    fn holds(&self, purpose: &str, data: &[u8], code: &str, letters: usize) -> bool {
        code.len() == letters
            && self.0.iter().any(|key| {
                let wanted = Self::code(key, purpose, data);
                // In one time, wherever they differ.
                wanted.len() >= letters
                    && wanted.as_bytes()[..letters]
                        .iter()
                        .zip(code.bytes())
                        .fold(0, |differs, (a, b)| differs | (a ^ b.to_ascii_lowercase()))
                        == 0
            })
    }

    /// The Message-ID, without brackets, of a message on a ticket. Both ids are UUIDs.
    pub fn message_id(&self, ticket: &str, message: &str, domain: &str) -> Option<String> {
        let (ticket, message) = (uuid_bytes(ticket)?, uuid_bytes(message)?);
        let mac = self.sign("message", &[ticket, message].concat());
        let (ticket, message) = (base32::encode(&ticket), base32::encode(&message));
        Some(format!("t.{ticket}.{message}.{mac}@{domain}"))
    }

    /// Ticket and message of a Message-ID, if it is ours.
    pub fn read_message_id(&self, id: &str) -> Option<(String, String)> {
        let (local, _) = id.trim_matches(['<', '>', ' ']).split_once('@')?;
        let mut parts = local.split('.');
        let (kind, ticket, message, mac) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if !kind.eq_ignore_ascii_case("t") || parts.next().is_some() {
            return None;
        }
        let (ticket, message) = (base32::decode(ticket)?, base32::decode(message)?);
        let is_ours = self.holds(
            "message",
            &[ticket.as_slice(), &message].concat(),
            mac,
            MAC_BYTES * 8 / 5,
        );
        is_ours.then_some(())?;
        Some((uuid_text(&ticket)?, uuid_text(&message)?))
    }

    /// An address to which answers go: the mailbox with the ticket in it. Nothing where it would be longer than an address may be.
    pub fn reply_address(&self, mailbox: &str, number: u64) -> Option<String> {
        self.address(mailbox, 't', number)
    }

    /// An address to which reports go of mail that cannot be delivered (the envelope's sender).
    pub fn bounce_address(&self, mailbox: &str, number: u64) -> Option<String> {
        self.address(mailbox, 'b', number)
    }

    fn address(&self, mailbox: &str, kind: char, number: u64) -> Option<String> {
        let (local, domain) = mailbox.rsplit_once('@')?;
        let mac = self.sign(purpose(kind)?, number.to_string().as_bytes());
        let local = format!("{local}+{kind}{number}.{mac}");
        (local.len() <= 64).then(|| format!("{local}@{domain}"))
    }

    /// What the tag in an address means, if it is ours.
    pub fn read_address(&self, address: &str) -> Option<AddressMark> {
        let (local, _) = address.rsplit_once('@')?;
        let (_, tag) = local.rsplit_once('+')?;
        let kind = tag.chars().next()?.to_ascii_lowercase();
        let (number, mac) = tag.get(1..)?.split_once('.')?;
        let number = plain_number(number)?;
        let is_ours = self.holds(
            purpose(kind)?,
            number.to_string().as_bytes(),
            mac,
            MAC_BYTES * 8 / 5,
        );
        is_ours.then_some(match kind {
            't' => AddressMark::Reply(number),
            _ => AddressMark::Bounce(number),
        })
    }

    /// What stands in the subjects of a ticket's mails.
    pub fn subject_tag(&self, number: u64) -> String {
        let mac = self.sign("subject", number.to_string().as_bytes());
        let mac = mac.get(..SUBJECT_MAC_LETTERS).unwrap_or_default();
        format!("[Ticket#{number}-{mac}]")
    }

    /// The ticket's number in a subject, if one stands there that is ours.
    pub fn read_subject(&self, subject: &str) -> Option<u64> {
        let lower = subject.to_ascii_lowercase();
        lower.split("[ticket#").skip(1).find_map(|rest| {
            let (number, mac) = rest.split_once(']')?.0.split_once('-')?;
            let number = plain_number(number)?;
            let data = number.to_string();
            self.holds("subject", data.as_bytes(), mac, SUBJECT_MAC_LETTERS)
                .then_some(number)
        })
    }

    /// What stands in the body of a ticket's mails, unseen: some providers rewrite Message-IDs.
    pub fn body_marker(&self, number: u64) -> String {
        let mac = self.sign("body", number.to_string().as_bytes());
        format!("guichet:{number}.{mac}")
    }

    /// The ticket's number in a body, if one stands there that is ours.
    pub fn read_body(&self, text: &str) -> Option<u64> {
        text.split("guichet:").skip(1).take(20).find_map(|rest| {
            let (number, rest) = rest.split_once('.')?;
            let number = plain_number(number)?;
            let mac = rest.get(..MAC_BYTES * 8 / 5)?;
            let data = number.to_string();
            self.holds("body", data.as_bytes(), mac, MAC_BYTES * 8 / 5)
                .then_some(number)
        })
    }

    /// What stands in `X-Loop` of everything that goes out.
    pub fn loop_tag(&self) -> String {
        format!("guichet-{}", self.sign("loop", b""))
    }

    /// Whether an `X-Loop` is ours.
    pub fn is_loop_tag(&self, text: &str) -> bool {
        text.trim()
            .strip_prefix("guichet-")
            .is_some_and(|mac| self.holds("loop", b"", mac, MAC_BYTES * 8 / 5))
    }
}

fn purpose(kind: char) -> Option<&'static str> {
    match kind {
        't' => Some("reply"),
        'b' => Some("bounce"),
        _ => None,
    }
}

fn plain_number(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty()
        && text.len() <= 19
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.starts_with('0');
    is_plain.then(|| text.parse().ok()).flatten()
}

fn uuid_bytes(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    hex::decode_to_slice(text.replace('-', ""), &mut bytes).ok()?;
    Some(bytes)
}

fn uuid_text(bytes: &[u8]) -> Option<String> {
    (bytes.len() == 16).then_some(())?;
    let hex = hex::encode(bytes);
    Some(format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKET: &str = "0198c1de-7a3b-7c11-8d2e-001122334455";
    const MESSAGE: &str = "0198c1de-7a3b-7c11-8d2e-66778899aabb";

    fn keys(names: &[&str]) -> Keys {
        Keys::new(names.iter().map(|name| name.as_bytes().to_vec()).collect())
    }

    #[test]
    fn each_mark_is_read_by_who_made_it_and_by_nobody_else() {
        let (mine, theirs) = (keys(&["mine"]), keys(&["theirs"]));
        let id = mine.message_id(TICKET, MESSAGE, "desk.example").unwrap();
        let both = Some((TICKET.to_owned(), MESSAGE.to_owned()));
        assert_eq!(mine.read_message_id(&id), both);
        assert_eq!(
            mine.read_message_id(&format!("<{}>", id.to_uppercase())),
            both
        );
        assert_eq!(theirs.read_message_id(&id), None);
        let address = mine.reply_address("support@desk.example", 1_042).unwrap();
        assert!(address.starts_with("support+t1042."), "{address}");
        assert_eq!(mine.read_address(&address), Some(AddressMark::Reply(1_042)));
        assert_eq!(
            mine.read_address(&address.to_uppercase()),
            Some(AddressMark::Reply(1_042))
        );
        assert_eq!(theirs.read_address(&address), None);
        let bounce = mine.bounce_address("support@desk.example", 7).unwrap();
        assert_eq!(mine.read_address(&bounce), Some(AddressMark::Bounce(7)));
        let subject = format!("Re: Fwd: VPN {}", mine.subject_tag(1_042));
        assert_eq!(mine.read_subject(&subject), Some(1_042));
        assert_eq!(theirs.read_subject(&subject), None);
        let body = format!("> text {} more", mine.body_marker(12));
        assert_eq!(mine.read_body(&body), Some(12));
        assert_eq!(theirs.read_body(&body), None);
        assert!(mine.is_loop_tag(&mine.loop_tag()) && !theirs.is_loop_tag(&mine.loop_tag()));
    }

    #[test]
    fn a_mark_with_anything_changed_is_no_mark() {
        let keys = keys(&["mine"]);
        let tag = keys.subject_tag(1_042);
        for wrong in [
            tag.replace("1042", "1043"),
            tag.replace('-', "-a"),
            "[Ticket#1042]".to_owned(),
            "[Ticket#1042-]".to_owned(),
        ] {
            assert_eq!(keys.read_subject(&wrong), None, "{wrong}");
        }
        let reply = keys.reply_address("a@b.example", 5).unwrap();
        // A reply address is no bounce address of the same ticket.
        assert_eq!(keys.read_address(&reply.replace("+t", "+b")), None);
        for wrong in [
            "a+t5.@b.example",
            "a+t05.aaaaaaaaaaaaaaaa@b.example",
            "a+t.@b",
            "a@b",
            "+",
            "a+t99999999999999999999.x@b",
            "a+é@b",
        ] {
            assert_eq!(keys.read_address(wrong), None, "{wrong}");
        }
        let id = keys.message_id(TICKET, MESSAGE, "d").unwrap();
        assert_eq!(keys.read_message_id(&id.replace("t.", "t.a")), None);
        assert_eq!(keys.read_message_id("t...@d"), None);
        assert_eq!(keys.message_id("no id", MESSAGE, "d"), None);
    }

    #[test]
    fn after_a_rotation_the_old_key_is_read_and_the_new_one_signs() {
        let (old, both) = (keys(&["old"]), keys(&["new", "old"]));
        let before = old.subject_tag(3);
        assert_eq!(both.read_subject(&before), Some(3));
        assert_ne!(both.subject_tag(3), before);
        assert_eq!(old.read_subject(&both.subject_tag(3)), None);
    }

    #[test]
    fn a_mailbox_too_long_for_a_tag_has_no_reply_address() {
        let keys = keys(&["mine"]);
        let fits = format!("{}@b.example", "a".repeat(64 - "+t1.".len() - 16));
        assert!(keys.reply_address(&fits, 1).is_some());
        assert_eq!(keys.reply_address(&format!("a{fits}"), 1), None);
    }
}
