//! The parts of a mail, found in one pass over its lines: each line that begins with an open boundary ends what is in it, however deep. Nothing is
//! decoded here and nothing is copied, so that a mail of twenty mebibytes costs little more than itself.

use super::{address::is_bidi, charset, clean_line, head::Head, transfer::Transfer, words};
use crate::limits::NAME_CHARACTERS_MAX;
use mail_parser::{MessageParser, MimeHeaders};
use std::borrow::Cow;

/// Multiparts within each other; what is deeper is a part without an inside.
const DEPTH_MAX: usize = 20;

/// Parts that are told apart, those that only have parts among them: each head costs a reading, also where nothing stands below it.
pub(super) const PARTS_MAX: usize = 1_000;

/// A part that has no parts.
#[derive(Debug, Clone)]
pub struct Part<'x> {
    /// In small letters, such as `text/plain`.
    pub media_type: String,
    /// Empty where it has none.
    pub name: String,
    pub charset: Option<String>,
    /// Without angle brackets.
    pub content_id: Option<String>,
    /// Whether it says of itself that it is to be kept apart.
    pub is_attachment: bool,
    /// Lines were broken to fit, and are to be joined; and whether the blank at the break goes, too.
    pub flowed: Option<bool>,
    /// The `multipart/alternative` that it is in.
    pub alternative: Option<usize>,
    transfer: Transfer,
    raw: &'x [u8],
}

impl<'x> Part<'x> {
    /// The bytes that are meant.
    pub fn bytes(&self) -> Cow<'x, [u8]> {
        self.transfer.decode(self.raw)
    }

    /// The same as text.
    pub fn text(&self) -> String {
        charset::decode(&self.bytes(), self.charset.as_deref()).replace('\0', "")
    }

    /// Whether it is a mail within the mail.
    pub fn is_mail(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "message/rfc822" | "message/global"
        )
    }
}

struct Multipart {
    boundary: Vec<u8>,
    is_digest: bool,
    alternative: Option<usize>,
}

/// What a part's head says of it.
struct Kind {
    media_type: String,
    boundary: Option<String>,
    part: Part<'static>,
}

/// The parts of a mail that have no parts, in their order.
pub fn leaves<'x>(head: &Head, raw: &'x [u8], body: usize) -> Vec<Part<'x>> {
    let parser = MessageParser::new().with_mime_headers();
    let mut walk = Walk {
        raw,
        open: Vec::new(),
        found: Vec::new(),
        current: None,
        alternatives: 0,
        begun: 0,
    };
    let mut whole = kind(&parser, head, false);
    if whole.boundary.is_none() && whole.media_type.starts_with("multipart/") {
        // Nothing tells its parts apart: it is a text.
        whole.part.media_type = "text/plain".to_owned();
    }
    walk.begin(whole, body);
    let mut at = body;
    while at < raw.len() && !walk.open.is_empty() {
        let end = raw[at..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(raw.len(), |end| at + end + 1);
        if let Some((level, is_last)) = walk.boundary(&raw[at..end]) {
            walk.end(at);
            walk.open.truncate(if is_last { level } else { level + 1 });
            if !is_last {
                if walk.begun >= PARTS_MAX {
                    break;
                }
                let (head_end, body) = walk.head(end);
                let is_digest = walk.open.last().is_some_and(|inner| inner.is_digest);
                walk.begin(
                    kind(&parser, &Head::read(&raw[end..head_end]), is_digest),
                    body,
                );
                at = body;
                continue;
            }
        }
        at = end;
    }
    walk.end(raw.len());
    // A multipart without a single part is a text.
    if walk.found.is_empty() {
        let mut only = kind(&parser, &Head::default(), false).part;
        only.media_type = "text/plain".to_owned();
        walk.found.push(Part {
            raw: &raw[body.min(raw.len())..],
            ..only
        });
    }
    walk.found
}

struct Walk<'x> {
    raw: &'x [u8],
    open: Vec<Multipart>,
    found: Vec<Part<'x>>,
    current: Option<(Part<'static>, usize)>,
    alternatives: usize,
    begun: usize,
}

impl<'x> Walk<'x> {
    fn begin(&mut self, kind: Kind, body: usize) {
        self.begun += 1;
        let outer = self.open.last().and_then(|outer| outer.alternative);
        match kind.boundary.filter(|_| self.open.len() < DEPTH_MAX) {
            Some(boundary) => {
                let alternative = if kind.media_type == "multipart/alternative" {
                    self.alternatives += 1;
                    Some(self.alternatives)
                } else {
                    outer
                };
                self.open.push(Multipart {
                    boundary: boundary.into_bytes(),
                    is_digest: kind.media_type == "multipart/digest",
                    alternative,
                });
            }
            None => {
                self.current = Some((
                    Part {
                        alternative: outer,
                        ..kind.part
                    },
                    body,
                ))
            }
        }
    }

    fn end(&mut self, at: usize) {
        if let Some((part, body)) = self.current.take() {
            let raw = self.raw.get(body..at.max(body)).unwrap_or_default();
            // The line break before a boundary belongs to the boundary.
            let raw = match at < self.raw.len() {
                true => raw
                    .strip_suffix(b"\n")
                    .map_or(raw, |raw| raw.strip_suffix(b"\r").unwrap_or(raw)),
                false => raw,
            };
            self.found.push(Part { raw, ..part });
        }
    }

    /// Where a part's head ends and its body begins: at an empty line, or at a boundary where the head was never ended.
    fn head(&self, from: usize) -> (usize, usize) {
        let mut at = from;
        while at < self.raw.len() {
            let end = self.raw[at..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(self.raw.len(), |end| at + end + 1);
            let line = &self.raw[at..end];
            if matches!(line, b"\n" | b"\r\n") {
                return (at, end);
            }
            if self.boundary(line).is_some() {
                return (at, at);
            }
            at = end;
        }
        (at, at)
    }

    /// The innermost multipart whose boundary the line is, and whether it is its last.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?;
        let rest = rest.trim_ascii_end();
        (0..self.open.len()).rev().find_map(|level| {
            match rest.strip_prefix(self.open[level].boundary.as_slice())? {
                b"" => Some((level, false)),
                b"--" => Some((level, true)),
                _ => None,
            }
        })
    }
}

fn kind(parser: &MessageParser, head: &Head, in_digest: bool) -> Kind {
    let mut lines = String::new();
    for name in ["content-type", "content-disposition"] {
        if let Some(value) = head.get(name) {
            lines.push_str(&format!("{name}: {}\r\n", clean_line(value)));
        }
    }
    lines.push_str("\r\n");
    let parsed = parser.parse_headers(&lines);
    let root = parsed.as_ref().and_then(|message| message.parts.first());
    let content_type = root.and_then(|part| part.content_type());
    let media_type = content_type.map_or_else(
        || {
            if in_digest {
                "message/rfc822"
            } else {
                "text/plain"
            }
            .to_owned()
        },
        |kind| clean_type(kind.ctype(), kind.subtype()),
    );
    let attribute = |name: &str| {
        content_type
            .and_then(|kind| kind.attribute(name))
            .map(str::to_owned)
    };
    let disposition = root.and_then(|part| part.content_disposition());
    let name = disposition
        .and_then(|disposition| disposition.attribute("filename"))
        .map(str::to_owned)
        .or_else(|| attribute("name"));
    let is = |name: &str, wanted: &str| {
        attribute(name).is_some_and(|value| value.eq_ignore_ascii_case(wanted))
    };
    Kind {
        boundary: attribute("boundary")
            .filter(|boundary| media_type.starts_with("multipart/") && !boundary.is_empty()),
        part: Part {
            name: clean_file_name(&name.unwrap_or_default()),
            charset: attribute("charset"),
            content_id: head
                .get("content-id")
                .and_then(|id| super::ids(id).into_iter().next()),
            is_attachment: disposition.is_some_and(|disposition| disposition.is_attachment()),
            flowed: is("format", "flowed").then(|| is("delsp", "yes")),
            alternative: None,
            transfer: Transfer::named(head.get("content-transfer-encoding")),
            raw: &[],
            media_type: media_type.clone(),
        },
        media_type,
    }
}

fn clean_type(kind: &str, sub: Option<&str>) -> String {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_ascii_alphanumeric() || "-.+_".contains(*c))
            .take(60)
            .collect::<String>()
            .to_ascii_lowercase()
    };
    let fallback = if kind.eq_ignore_ascii_case("text") {
        "plain"
    } else {
        "octet-stream"
    };
    match (plain(kind), sub.map(plain).filter(|sub| !sub.is_empty())) {
        (kind, _) if kind.is_empty() => "application/octet-stream".to_owned(),
        (kind, sub) => format!("{kind}/{}", sub.as_deref().unwrap_or(fallback)),
    }
}

/// A file's name: one line, no way to another folder, nothing that turns the eye.
pub fn clean_file_name(name: &str) -> String {
    let name = words::decode(name);
    let name: String = clean_line(&name)
        .chars()
        .filter(|c| !is_bidi(*c))
        .map(|c| {
            if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
                '_'
            } else {
                c
            }
        })
        .collect();
    let name = name.trim_matches(['.', ' ']);
    // The ending says what it is: a name that is too long loses its middle.
    let count = name.chars().count();
    if count <= NAME_CHARACTERS_MAX {
        return name.to_owned();
    }
    let first: String = name.chars().take(NAME_CHARACTERS_MAX - 21).collect();
    let last: String = name.chars().skip(count - 20).collect();
    format!("{first}…{last}")
}
