//! The raw mail, and to which of our mailboxes it came.

use crate::{
    limits::{FILE_PART_BYTES, MAIL_BYTES_MAX},
    mail::{
        Mail,
        address::{self, Address},
    },
    problem, records,
    settings::{Mailbox, Settings},
};
use guichet_sdk::{Body, Error, Response, files};
use sha2::{Digest, Sha256};
use std::cell::OnceCell;

/// Bytes at the beginning and at the end of a mail's body that are digested by the strong function; it would take too long for all of a large one.
const DIGESTED_BYTES: usize = 1 << 20;

/// The mailbox of a mail.
pub(crate) struct Arrival {
    /// Empty where none is named and none is known.
    pub(crate) address: String,
    pub(crate) group: String,
    contact_forms: Vec<String>,
}

/// The raw mail and its file, which is made when something first names it: what is dropped leaves none behind.
pub(crate) struct Source<'x> {
    raw: &'x [u8],
    file: OnceCell<String>,
}

impl<'x> Source<'x> {
    /// Of a raw mail, with its file where it has one already.
    pub(crate) fn of(raw: &'x [u8], file: Option<String>) -> Self {
        Self {
            raw,
            file: file.map_or_else(OnceCell::new, OnceCell::from),
        }
    }

    /// The id of its file.
    pub(crate) fn file(&self) -> Result<String, Error> {
        if let Some(id) = self.file.get() {
            return Ok(id.clone());
        }
        let id = files::put("source.eml", "message/rfc822", self.raw)?.file;
        Ok(self.file.get_or_init(|| id).clone())
    }
}

/// A raw mail, and its file, where it has one already.
type Raw = (Vec<u8>, Option<String>);

/// The raw mail; or what is to be answered.
pub(crate) fn raw(body: Body) -> Result<Result<Raw, Response>, Error> {
    match body {
        Body::Bytes(bytes) => Ok(Ok((bytes, None))),
        Body::File(id) => Ok(Ok((whole_file(&id)?, Some(id)))),
        Body::Other(_) => Ok(Err(problem(415, "send the raw mail as the request's body"))),
    }
}

pub(crate) fn whole_file(id: &str) -> Result<Vec<u8>, Error> {
    // Grown by doubling it would need three times its size.
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut length = 0;
    loop {
        let part = files::read(id, length as u64, FILE_PART_BYTES as u32)?;
        if part.is_empty() {
            break;
        }
        length += part.len();
        parts.push(part);
        if length > MAIL_BYTES_MAX {
            return Err(Error::Limit(format!(
                "a mail has at most {MAIL_BYTES_MAX} bytes"
            )));
        }
    }
    let mut raw = Vec::with_capacity(length);
    for part in parts {
        raw.extend(part);
    }
    Ok(raw)
}

impl Arrival {
    /// As the route names it, else by its recipients, else the first; nothing where the route names one that is not ours.
    pub(crate) fn of(
        path: &str,
        query: &[(String, String)],
        mail: &Mail<'_>,
        settings: &Settings,
    ) -> Option<Self> {
        let below = path
            .strip_prefix("/inbound")
            .unwrap_or_default()
            .trim_matches('/');
        let asked = query
            .iter()
            .find(|(name, _)| name == "mailbox")
            .map(|(_, value)| value.as_str());
        let named = match below {
            "" => asked.unwrap_or_default().trim().to_lowercase(),
            below => percent_decoded(below).trim().to_lowercase(),
        };
        let found = if named.is_empty() {
            mail.recipients()
                .find_map(|address| settings.mailbox(&address))
                .or(settings.mailboxes.first())
        } else {
            let found = settings.mailbox(&named);
            if found.is_none()
                && (!settings.mailboxes.is_empty() || address::clean(&named).is_none())
            {
                return None;
            }
            found
        };
        Some(match found {
            Some(mailbox) => Self::in_mailbox(mailbox),
            None => Self {
                address: named,
                group: String::new(),
                contact_forms: Vec::new(),
            },
        })
    }

    /// In the mailbox where it was found.
    pub(crate) fn at(address: &str, settings: &Settings) -> Self {
        match settings.mailbox(address) {
            Some(mailbox) => Self::in_mailbox(mailbox),
            // Taken out of the settings meanwhile: its mail is no less worth.
            None => Self {
                address: address.trim().to_lowercase(),
                group: String::new(),
                contact_forms: Vec::new(),
            },
        }
    }

    fn in_mailbox(mailbox: &Mailbox) -> Self {
        Self {
            address: mailbox.address.trim().to_lowercase(),
            group: mailbox.group.clone(),
            contact_forms: mailbox.contact_forms.clone(),
        }
    }

    /// Who wrote the mail: From, or Reply-To where From is a contact form of this mailbox.
    pub(crate) fn sender(&self, mail: &Mail<'_>) -> Address {
        let is_form = self
            .contact_forms
            .iter()
            .any(|form| form.trim().eq_ignore_ascii_case(mail.from_address()));
        let written_by = mail
            .reply_to
            .as_ref()
            .filter(|_| is_form)
            .or(mail.from.as_ref());
        written_by.cloned().unwrap_or_default()
    }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// A digest of what a mail says, whatever way it took: sender, date, subject and body, without the traces of its way. Where neither a Message-ID nor a
/// date tells two mails with the same words apart, the last step of their way does: a mail too many can be merged, one that is lost cannot be found.
pub(crate) fn content(mail: &Mail<'_>, raw: &[u8]) -> String {
    let header = |name: &str| mail.head.get(name).unwrap_or_default();
    let is_told_apart = mail.message_id.is_some() || !header("date").is_empty();
    let last_step = match is_told_apart {
        true => "",
        false => header("received"),
    };
    let body = raw.get(mail.body_at..).unwrap_or_default();
    records::digest(&[
        header("message-id").as_bytes(),
        header("from").as_bytes(),
        header("date").as_bytes(),
        header("subject").as_bytes(),
        last_step.as_bytes(),
        &body_digest(body),
    ])
}

/// SHA-256 of a body; of a large one, of both ends, the length, and a weaker sum of what lies between.
fn body_digest(body: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update((body.len() as u64).to_be_bytes());
    if body.len() <= 2 * DIGESTED_BYTES {
        hasher.update(body);
    } else {
        let (first, rest) = body.split_at(DIGESTED_BYTES);
        let (middle, last) = rest.split_at(rest.len() - DIGESTED_BYTES);
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        for eight in middle.chunks(8) {
            let mut word = [0; 8];
            word[..eight.len()].copy_from_slice(eight);
            sum = (sum ^ u64::from_le_bytes(word))
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .rotate_left(23);
        }
        hasher.update(first);
        hasher.update(sum.to_be_bytes());
        hasher.update(last);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail;

    #[test]
    fn the_way_of_a_mail_changes_nothing_and_a_letter_does() {
        let of = |raw: &str| content(&mail::read(raw.as_bytes()), raw.as_bytes());
        for told_apart_by in ["Message-ID: <1@b>", "Date: Mon, 23 Nov 2026 10:00:00 +0000"] {
            let of = |way: &str, body: &str| {
                of(&format!(
                    "{way}\r\nFrom: a@b\r\n{told_apart_by}\r\nSubject: x\r\n\r\n{body}"
                ))
            };
            let mail = of("Received: a", "body");
            assert_eq!(
                mail,
                of("Received: other\r\nDelivered-To: c@d", "body"),
                "{told_apart_by}"
            );
            assert_ne!(mail, of("Received: a", "Body"), "{told_apart_by}");
        }
        let mut large = vec![b'a'; 4 << 20];
        let before = body_digest(&large);
        large[2 << 20] = b'b';
        assert_ne!(before, body_digest(&large));
    }

    #[test]
    fn mails_that_nothing_else_tells_apart_are_told_apart_by_their_last_step() {
        let of = |way: &str| {
            let raw = format!("{way}From: a@b\r\nSubject: x\r\n\r\nbody");
            content(&mail::read(raw.as_bytes()), raw.as_bytes())
        };
        let first = of("Received: by mx at 10:00\r\nReceived: by relay\r\n");
        assert_ne!(
            first,
            of("Received: by mx at 10:05\r\nReceived: by relay\r\n")
        );
        assert_eq!(
            first,
            of("Received: by mx at 10:00\r\nReceived: by another\r\n"),
            "only the last step counts, which is the topmost"
        );
        assert_eq!(of(""), of(""));
    }

    #[test]
    fn the_mailbox_is_named_by_the_route_or_found_by_the_recipients() {
        let settings: Settings = serde_json::from_str(r#"{ "mailboxes": [{ "address": "support@d.example" }, { "address": "sales@d.example", "contact_forms": ["form@d.example"] }] }"#).unwrap();
        let mail = mail::read(b"From: form@d.example\r\nReply-To: Ana <ana@t.example>\r\nTo: Sales+x@d.example\r\n\r\n");
        let of = |path: &str, query: &[(&str, &str)]| {
            let query: Vec<_> = query
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            Arrival::of(path, &query, &mail, &settings)
        };
        assert_eq!(
            of("/inbound/support%40d.example", &[]).unwrap().address,
            "support@d.example"
        );
        assert_eq!(
            of("/inbound", &[("mailbox", "Support@d.example")])
                .unwrap()
                .address,
            "support@d.example"
        );
        assert!(of("/inbound", &[("mailbox", "nobody@d.example")]).is_none());
        let sales = of("/inbound", &[]).unwrap();
        assert_eq!(sales.address, "sales@d.example");
        assert_eq!(
            sales.sender(&mail).address,
            "ana@t.example",
            "a form's Reply-To is who asks"
        );
        let support = of("/inbound/support@d.example", &[]).unwrap();
        assert_eq!(
            support.sender(&mail).address,
            "form@d.example",
            "elsewhere it is not"
        );
        let open = Arrival::of("/inbound/any@d.example", &[], &mail, &Settings::default()).unwrap();
        assert_eq!(
            open.address, "any@d.example",
            "without settings each address is taken"
        );
        assert!(Arrival::of("/inbound/nonsense", &[], &mail, &Settings::default()).is_none());
    }
    #[test]
    fn a_mailbox_with_a_plus_sign_is_named_by_the_route() {
        let settings: Settings =
            serde_json::from_str(r#"{ "mailboxes": [{ "address": "support+vip@d.example" }] }"#)
                .unwrap();
        let mail = mail::read(b"From: ana@t.example\r\n\r\n");
        for path in [
            "/inbound/support+vip@d.example",
            "/inbound/support%2Bvip%40d.example",
        ] {
            let found = Arrival::of(path, &[], &mail, &settings).unwrap();
            assert_eq!(found.address, "support+vip@d.example", "{path}");
        }
        assert!(Arrival::of("/inbound/support@d.example", &[], &mail, &settings).is_none());
    }
}
