//! What a mail says, read without trusting it: whatever comes in, something readable comes out.

use crate::automatic::{Automatic, classify};
use mail_parser::{HeaderValue, MessageParser, MimeHeaders};

/// Characters of a subject that is kept.
const SUBJECT_CHARACTERS_MAX: usize = 500;

/// Bytes of text that are kept; the source has all of it.
const TEXT_BYTES_MAX: usize = 512 << 10;

/// Attachments that are kept beside the source.
const ATTACHMENTS_MAX: usize = 30;

/// Stands for a sender that cannot be read.
pub const UNKNOWN_SENDER: &str = "unknown@invalid";

/// A mail, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    /// Without angle brackets; absent where there is none.
    pub message_id: Option<String>,
    /// In the order in which they are tried: In-Reply-To, then References from the last to the first.
    pub answers_to: Vec<String>,
    pub from_name: String,
    /// In small letters; `unknown@invalid` where it cannot be read.
    pub from_address: String,
    pub subject: String,
    pub text: String,
    pub attachments: Vec<Part>,
    pub automatic: Automatic,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub name: String,
    pub media_type: String,
    pub content: Vec<u8>,
}

/// Reads a mail. Never fails: what cannot be parsed is a mail without headers.
pub fn read(raw: &[u8]) -> Mail {
    let Some(message) = MessageParser::default().parse(raw) else {
        return unreadable(raw);
    };
    let address = message.from().and_then(|from| from.first());
    let from_address = address
        .and_then(|from| from.address())
        .map(clean_address)
        .filter(|address| address.contains('@'));
    let from_name = address
        .and_then(|from| from.name())
        .map(one_line)
        .unwrap_or_default();
    let headers: Vec<(String, String)> = message
        .headers_raw()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut answers_to = ids(message.in_reply_to());
    answers_to.extend(ids(message.references()).into_iter().rev());
    answers_to.dedup();
    answers_to.truncate(50);
    let text = message
        .body_text(0)
        .map(|text| text.replace('\0', ""))
        .unwrap_or_default();
    let attachments =
        message
            .attachments()
            .take(ATTACHMENTS_MAX)
            .enumerate()
            .map(|(index, part)| Part {
                name: part
                    .attachment_name()
                    .map(one_line)
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(|| format!("attachment-{}", index + 1)),
                media_type: part.content_type().map_or_else(
                    || "application/octet-stream".to_owned(),
                    |kind| {
                        format!(
                            "{}/{}",
                            kind.ctype(),
                            kind.subtype().unwrap_or("octet-stream")
                        )
                        .to_ascii_lowercase()
                    },
                ),
                content: part.contents().to_vec(),
            });
    Mail {
        message_id: message
            .message_id()
            .map(clean_id)
            .filter(|id| !id.is_empty()),
        answers_to,
        from_name,
        from_address: from_address.unwrap_or_else(|| UNKNOWN_SENDER.to_owned()),
        subject: subject(message.subject().unwrap_or_default()),
        text: shortened(text.trim_end()),
        attachments: attachments.collect(),
        automatic: classify(&headers),
    }
}

fn unreadable(raw: &[u8]) -> Mail {
    Mail {
        message_id: None,
        answers_to: Vec::new(),
        from_name: String::new(),
        from_address: UNKNOWN_SENDER.to_owned(),
        subject: subject(""),
        text: shortened(&String::from_utf8_lossy(raw).replace('\0', "")),
        attachments: Vec::new(),
        automatic: Automatic::default(),
    }
}

fn ids(value: &HeaderValue) -> Vec<String> {
    let ids: Vec<&str> = match value {
        HeaderValue::Text(text) => vec![text.as_ref()],
        HeaderValue::TextList(texts) => texts.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    };
    ids.into_iter()
        .map(clean_id)
        .filter(|id| !id.is_empty())
        .collect()
}

fn clean_id(id: &str) -> String {
    id.trim()
        .trim_matches(['<', '>'])
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .collect()
}

fn clean_address(address: &str) -> String {
    address
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .take(254)
        .collect()
}

fn subject(text: &str) -> String {
    let text: String = one_line(text)
        .chars()
        .take(SUBJECT_CHARACTERS_MAX)
        .collect();
    if text.is_empty() {
        "(no subject)".to_owned()
    } else {
        text
    }
}

fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

fn shortened(text: &str) -> String {
    if text.len() <= TEXT_BYTES_MAX {
        return text.to_owned();
    }
    format!("{}\n[…]", &text[..text.floor_char_boundary(TEXT_BYTES_MAX)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(name: &str) -> Mail {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/mails")
            .join(name);
        read(&std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
    }

    #[test]
    fn a_plain_mail_is_read() {
        let mail = mail("plain.eml");
        assert_eq!(mail.message_id.as_deref(), Some("1@trade.example"));
        assert_eq!(
            (mail.from_name.as_str(), mail.from_address.as_str()),
            ("Ana Torres", "ana@trade.example")
        );
        assert_eq!(
            (mail.subject.as_str(), mail.text.as_str()),
            (
                "VPN does not connect",
                "Since this morning the VPN says: no route."
            )
        );
    }

    #[test]
    fn a_reply_names_what_it_answers_the_nearest_first() {
        assert_eq!(
            mail("reply.eml").answers_to,
            ["2@desk.example", "1@trade.example", "0@trade.example"]
        );
    }

    #[test]
    fn chinese_and_japanese_charsets_are_read() {
        assert_eq!(mail("gb18030.eml").subject, "忘记密码");
        assert_eq!(mail("gb18030.eml").text, "请帮我重置密码。");
        assert_eq!(mail("iso-2022-jp.eml").subject, "テスト");
    }

    #[test]
    fn an_out_of_office_answer_is_automatic_and_hidden() {
        assert_eq!(
            mail("out-of-office.eml").automatic,
            Automatic {
                act: true,
                hide: true
            }
        );
    }

    #[test]
    fn nested_parts_give_text_and_attachments() {
        let mail = mail("nested.eml");
        assert_eq!(mail.text, "See the picture.");
        assert_eq!(mail.attachments.len(), 1);
        assert_eq!(
            (
                mail.attachments[0].name.as_str(),
                mail.attachments[0].media_type.as_str()
            ),
            ("screen.png", "image/png")
        );
    }

    #[test]
    fn html_alone_is_read_as_text() {
        assert!(
            mail("html-only.eml")
                .text
                .contains("The printer is on fire"),
            "{:?}",
            mail("html-only.eml").text
        );
    }

    #[test]
    fn junk_becomes_something_readable_and_never_a_panic() {
        for raw in [
            &b""[..],
            b"\0\0\0",
            b"\xff\xfe\x80",
            b"From:",
            b"From: <\r\nSubject: =?x?q?=\r\n\r\n",
            b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--",
        ] {
            let mail = read(raw);
            assert!(!mail.subject.is_empty());
            assert_eq!(mail.from_address, UNKNOWN_SENDER);
        }
        let deep = "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n".repeat(2_000);
        assert!(!read(deep.as_bytes()).subject.is_empty());
    }
}
