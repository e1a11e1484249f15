//! A mail, written (RFC 5322): plain text and HTML of the same words, the marks by which an answer finds back, and, where a machine writes, the headers
//! that tell other machines so. What a person wrote carries none of those.

use crate::{
    html::escaped,
    mail::{address::Address, clean_line},
};
use guichet_sdk::Error;
use mail_builder::{
    MessageBuilder,
    headers::{
        address as written, content_type::ContentType, date::Date, message_id::MessageId, raw::Raw,
        text::Text,
    },
    mime::{BodyPart, MimePart},
};

/// What a machine does by a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Machine {
    /// It answers what came.
    Answers,
    /// It tells by itself.
    Notifies,
}

/// A file that goes along.
#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    pub media_type: String,
    pub content: Vec<u8>,
}

/// All that a mail is made of.
#[derive(Debug, Clone)]
pub struct Mail {
    pub from: Address,
    pub to: Address,
    /// Nobody gets a machine's mail in copy.
    pub cc: Vec<Address>,
    /// Absent: answers go to From.
    pub reply_to: Option<String>,
    pub subject: String,
    pub message_id: String,
    pub in_reply_to: Option<String>,
    pub references: Vec<String>,
    /// When it was said, seconds since 1970.
    pub seconds: i64,
    pub text: String,
    pub signature: String,
    /// Stands in the HTML, unseen.
    pub marker: String,
    pub loop_tag: String,
    /// Absent: a person wrote it.
    pub machine: Option<Machine>,
    pub files: Vec<File>,
}

/// The subject of a mail about a ticket, with its tag once.
pub fn subject(subject: &str, tag: &str, is_answer: bool) -> String {
    let bare = bare_subject(subject);
    let re = if is_answer { "Re: " } else { "" };
    format!("{re}{bare} {tag}")
}

/// Without what mail programs put before a subject, and without tags of ours.
pub fn bare_subject(subject: &str) -> String {
    let mut text = clean_line(subject);
    while let Some(at) = text.to_ascii_lowercase().find("[ticket#") {
        match text[at..].find(']') {
            Some(end) => text.replace_range(at..=at + end, ""),
            None => break,
        }
    }
    let mut rest = text.trim();
    loop {
        let lower = rest.to_lowercase();
        let prefix = [
            "re:",
            "re：",
            "aw:",
            "回复:",
            "回复：",
            "答复:",
            "答复：",
            "回覆:",
            "sv:",
        ]
        .iter()
        .find(|prefix| lower.starts_with(**prefix));
        match prefix.and_then(|prefix| rest.get(prefix.len()..)) {
            Some(after) => rest = after.trim_start(),
            None => return rest.to_owned(),
        }
    }
}

/// Whether a text has Chinese letters.
pub fn has_han(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'))
}

/// Writes a mail.
///
/// # Errors
/// [`Error::Invalid`] where it cannot be written.
pub fn write(mail: &Mail) -> Result<Vec<u8>, Error> {
    let mut builder = MessageBuilder::new()
        .header("From", person(&mail.from))
        .header("To", person(&mail.to))
        .subject(Text::new(clean_line(&mail.subject)))
        .date(Date::new(mail.seconds))
        .message_id(MessageId::new(id(&mail.message_id)));
    if !mail.cc.is_empty() && mail.machine.is_none() {
        builder = builder.header(
            "Cc",
            written::Address::new_list(mail.cc.iter().map(person).collect()),
        );
    }
    if let Some(address) = &mail.reply_to {
        builder = builder.header(
            "Reply-To",
            person(&Address {
                name: mail.from.name.clone(),
                address: address.clone(),
            }),
        );
    }
    if let Some(parent) = &mail.in_reply_to {
        builder = builder.in_reply_to(MessageId::new(id(parent)));
    }
    if !mail.references.is_empty() {
        builder = builder.references(MessageId::new_list(
            mail.references.iter().map(|one| id(one)),
        ));
    }
    if let Some(machine) = mail.machine {
        let submitted = match machine {
            Machine::Answers => "auto-replied",
            Machine::Notifies => "auto-generated",
        };
        builder = builder
            .header("Auto-Submitted", Raw::new(submitted))
            .header("X-Auto-Response-Suppress", Raw::new("All"))
            .header("X-Loop", Raw::new(clean_line(&mail.loop_tag)));
    }
    let mut raw = Vec::new();
    builder
        .body(body(mail))
        .write_to(&mut raw)
        .map_err(|error| Error::Invalid(format!("the mail cannot be written: {error}")))?;
    Ok(raw)
}

/// What cannot be in a Message-ID ends a header: it is left out.
fn id(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>'))
        .collect()
}

/// One line without quotation marks: what must be encoded is written within such, and one of its own would end it; what follows would be read as anybody.
fn quotable(text: &str) -> String {
    clean_line(text).replace(['"', '\\'], "'")
}

fn person(address: &Address) -> written::Address<'static> {
    let name = quotable(&address.name);
    let name = (!name.is_empty()).then_some(name);
    written::Address::new_address(name, id(&address.address))
}

fn body(mail: &Mail) -> MimePart<'static> {
    let text = plain(mail);
    let html = page(mail);
    // Of the Message-ID, so that the same mail is the same bytes whenever it is written.
    let boundary = |level: &str| {
        let id: String = mail
            .message_id
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .skip(40)
            .take(24)
            .collect();
        format!("=_{level}_{id}")
    };
    let multipart = |kind: &str, level: &str, parts: Vec<MimePart<'static>>| {
        MimePart::new(
            ContentType::new(kind.to_owned()).attribute("boundary", boundary(level)),
            BodyPart::Multipart(parts),
        )
    };
    let words = multipart(
        "multipart/alternative",
        "a",
        vec![
            MimePart::new("text/plain", BodyPart::Text(text.into())),
            MimePart::new("text/html", BodyPart::Text(html.into())),
        ],
    );
    if mail.files.is_empty() {
        return words;
    }
    let mut parts = vec![words];
    parts.extend(mail.files.iter().map(|file| {
        let kind: String = file
            .media_type
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || "/-.+_".contains(*c))
            .collect();
        // Whatever it is, it goes as bytes: no line of it may be touched.
        let kind = match kind.as_str() {
            "" => "application/octet-stream".to_owned(),
            mail if mail.starts_with("multipart/") || mail.starts_with("message/") => {
                "application/octet-stream".to_owned()
            }
            text if text.starts_with("text/") => "application/octet-stream".to_owned(),
            _ => kind,
        };
        MimePart::new(
            ContentType::new(kind),
            BodyPart::Binary(file.content.clone().into()),
        )
        .attachment(quotable(&file.name))
    }));
    multipart("multipart/mixed", "m", parts)
}

fn plain(mail: &Mail) -> String {
    let mut text = mail.text.replace("\r\n", "\n");
    if !mail.signature.trim().is_empty() {
        text.push_str(&format!(
            "\n\n-- \n{}",
            mail.signature.trim().replace("\r\n", "\n")
        ));
    }
    text.push('\n');
    text.replace('\n', "\r\n")
}

fn page(mail: &Mail) -> String {
    let lines = |text: &str| {
        escaped(text.trim())
            .replace("\r\n", "\n")
            .replace('\n', "<br>\r\n")
    };
    let words = lines(&mail.text);
    let signature = match mail.signature.trim() {
        "" => String::new(),
        signature => format!("<br><br>-- <br>\r\n{}", lines(signature)),
    };
    format!(
        "<!DOCTYPE html>\r\n<html><body>\r\n<div>{words}{signature}</div>\r\n<div style=\"display:none;font-size:1px;line-height:1px;max-height:0;overflow:hidden\">{}</div>\r\n</body></html>\r\n",
        escaped(&mail.marker)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail;

    fn example() -> Mail {
        let address = |name: &str, address: &str| Address {
            name: name.to_owned(),
            address: address.to_owned(),
        };
        Mail {
            from: address("支持 Support", "support@desk.example"),
            to: address("Ana Torres", "ana@trade.example"),
            cc: vec![address("", "bo@trade.example")],
            reply_to: Some("support+t7.abc@desk.example".to_owned()),
            subject: subject("VPN 连不上", "[Ticket#7-abcdefgh]", true),
            message_id: "t.aaaaaaaaaaaaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccc@desk.example".to_owned(),
            in_reply_to: Some("2@trade.example".to_owned()),
            references: vec!["1@trade.example".to_owned(), "2@trade.example".to_owned()],
            seconds: 1_795_000_000,
            text: "你好 Ana,\n\nplease try <again>.".to_owned(),
            signature: "Desk".to_owned(),
            marker: "guichet:7.code".to_owned(),
            loop_tag: "guichet-loop".to_owned(),
            machine: None,
            files: vec![File { name: "日志.txt".to_owned(), media_type: "text/plain".to_owned(), content: b"line\nline\xff".to_vec() }],
        }
    }

    #[test]
    fn a_mail_is_read_back_as_it_was_meant() {
        let raw = write(&example()).unwrap();
        let read = mail::read(&raw);
        assert_eq!(
            read.from.clone().unwrap(),
            Address {
                name: "支持 Support".to_owned(),
                address: "support@desk.example".to_owned()
            }
        );
        assert_eq!(read.subject, "Re: VPN 连不上 [Ticket#7-abcdefgh]");
        assert_eq!(
            read.message_id.as_deref(),
            Some(example().message_id.as_str())
        );
        assert_eq!(
            (read.in_reply_to.clone(), read.references.clone()),
            (vec!["2@trade.example".to_owned()], example().references)
        );
        assert_eq!(read.text, "你好 Ana,\n\nplease try <again>.\n\n-- \nDesk");
        assert!(
            read.html
                .as_ref()
                .unwrap()
                .contains("please try &lt;again&gt;.")
                && read.html.as_ref().unwrap().contains("guichet:7.code")
        );
        assert_eq!(
            read.reply_to.clone().unwrap().address,
            "support+t7.abc@desk.example"
        );
        assert_eq!(
            (
                read.files.len(),
                read.files[0].name.as_str(),
                read.files[0].bytes().as_ref()
            ),
            (1, "日志.txt", b"line\nline\xff".as_slice())
        );
        assert_eq!(
            raw,
            write(&example()).unwrap(),
            "the same mail is the same bytes"
        );
        assert!(
            raw.iter().all(u8::is_ascii)
                && raw
                    .split(|byte| *byte == b'\n')
                    .all(|line| line.len() <= 998)
        );
    }

    #[test]
    fn a_machine_says_that_it_is_one_and_a_person_does_not() {
        for (machine, submitted) in [
            (None, None),
            (Some(Machine::Answers), Some("auto-replied")),
            (Some(Machine::Notifies), Some("auto-generated")),
        ] {
            let raw = write(&Mail {
                machine,
                ..example()
            })
            .unwrap();
            let head = mail::read(&raw).head;
            assert_eq!(head.get("auto-submitted"), submitted);
            for name in ["x-auto-response-suppress", "x-loop"] {
                assert_eq!(head.get(name).is_some(), machine.is_some(), "{name}");
            }
            assert_eq!(
                head.get("cc").is_some(),
                machine.is_none(),
                "nobody else hears a machine"
            );
            assert_eq!(head.get("precedence"), None);
        }
    }

    #[test]
    fn nothing_that_comes_in_breaks_a_header() {
        let evil = "x\r\nBcc: evil@e.example\r\n\r\nbody";
        let mut mail = example();
        mail.subject = evil.to_owned();
        mail.from.name = evil.to_owned();
        mail.to.name = evil.to_owned();
        mail.to.address = "ana@t.example\r\nBcc: e@e.example".to_owned();
        mail.in_reply_to = Some(evil.to_owned());
        mail.references = vec![evil.to_owned()];
        mail.files[0].name = evil.to_owned();
        mail.files[0].media_type = evil.to_owned();
        let raw = write(&mail).unwrap();
        let head = mail::read(&raw).head;
        assert_eq!(head.get("bcc"), None);
        assert!(head.iter().all(|(name, _)| name != "bcc"));
    }

    #[test]
    fn nobody_is_written_to_whom_a_name_names() {
        // Long enough to be encoded, and with a letter that must be.
        for letters in ["x".repeat(80), "\u{4e2d}x".repeat(3), "x".to_owned()] {
            let evil = format!("{letters}\", <evil@e.example>, \"{letters}");
            let mut mail = example();
            mail.to.name = evil.clone();
            mail.cc[0].name = evil.clone();
            mail.files[0].name = evil;
            let raw = write(&mail).unwrap();
            let read = mail::read(&raw);
            let addresses =
                |of: &[Address]| -> Vec<_> { of.iter().map(|one| one.address.clone()).collect() };
            assert_eq!(addresses(&read.to), ["ana@trade.example"]);
            assert_eq!(addresses(&read.cc), ["bo@trade.example"]);
            assert_eq!(read.files.len(), 1);
        }
    }

    #[test]
    fn a_subject_has_one_tag_and_one_re() {
        assert_eq!(
            subject("Re: RE: 回复：VPN [Ticket#7-old] x", "[Ticket#7-new]", true),
            "Re: VPN  x [Ticket#7-new]"
        );
        assert_eq!(subject("VPN", "[T]", false), "VPN [T]");
        assert_eq!(bare_subject("[ticket#"), "[ticket#");
        assert!(has_han("密码") && !has_han("テスト"));
    }
}
