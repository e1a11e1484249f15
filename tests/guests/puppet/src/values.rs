//! From bytes to values of the contract: usual ones, so that calls get far, and those at the ends of what there is. Where the bytes end, all is empty and 0.

use arbitrary::Unstructured;
use guichet_sdk::{
    Actor, Attachment, Body, Field, MessageDraft, PageRequest, TicketDraft, Value, records::Range,
};

/// Texts that mean something somewhere.
const WORDS: &[&str] = &[
    "",
    "subject",
    "kind",
    "state",
    "priority",
    "impact",
    "urgency",
    "tags",
    "group",
    "assignee",
    "requester",
    "channel",
    "legal_hold",
    "tests/puppet/field",
    "tests/other/field",
    "name",
    "locale",
    "groups",
    "reason",
    "until",
    "detail",
    "file",
    "address",
    "hide",
    "source",
    "public",
    "internal",
    "assign",
    "wait",
    "resume",
    "solve",
    "reopen",
    "close",
    "delete",
    "restore",
    "reject",
    "unmerge",
    "cc",
    "watcher",
    "helper",
    "parent",
    "child",
    "blocked-by",
    "blocks",
    "related",
    "follow-up-of",
    "merged-into",
    "split-from",
    "customer",
    "agent",
    "plugin",
    "system",
    "anonymous",
    "waiting",
    "sending",
    "sent",
    "failed",
    "new",
    "open",
    "pending",
    "incident",
    "problem",
    "email",
    "mailto:ana@example.com",
    "mailto:new@example.com",
    "wechat:openid",
    "no-scheme",
    "notes",
    "other",
    "/count",
    "/a/b",
    "/",
    "{}",
    "[]",
    "null",
    "{\"count\":1}",
    "{\"a\":{\"b\":1e300}}",
    "1",
    "\"text\"",
    "{",
    "[[[[]]]]",
    "state == \"open\"",
    "text(\"x\")",
    "count",
    "sum:number",
    "day:created_at",
    "-number",
    "created_at",
    "en",
    "text/plain",
    "GET",
    "POST",
    "https://server.example/x",
    "http://127.0.0.1/",
    "file:///etc/passwd",
    "info",
    "error",
    "{{secret:token}}",
    "token",
    "\u{0}",
    "\r\n",
    "\u{202e}",
    "打印机",
    "\u{1f525}",
    "tests/puppet",
    "act.ion",
];

/// Bytes that are left, and the ids that calls answered.
pub(crate) struct Values<'a> {
    pub(crate) from: Unstructured<'a>,
    pub(crate) answered: Vec<String>,
}

impl Values<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        self.from.arbitrary().unwrap_or_default()
    }

    /// One of so many.
    pub(crate) fn one_of(&mut self, count: u8) -> u8 {
        self.byte() % count.max(1)
    }

    pub(crate) fn is_set(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    /// Small, at an end, or any.
    pub(crate) fn count(&mut self) -> u64 {
        match self.one_of(6) {
            0..=2 => self.byte().into(),
            3 => u64::MAX,
            4 => i64::MAX.cast_unsigned() + u64::from(self.byte() % 3),
            _ => self.from.arbitrary().unwrap_or_default(),
        }
    }

    pub(crate) fn small_count(&mut self) -> u32 {
        u32::try_from(self.count()).unwrap_or(u32::MAX)
    }

    pub(crate) fn number(&mut self) -> f64 {
        match self.one_of(8) {
            0..=2 => f64::from(self.byte()),
            3 => f64::NAN,
            4 => f64::NEG_INFINITY,
            5 => f64::MAX,
            6 => -0.0,
            _ => self.from.arbitrary().unwrap_or_default(),
        }
    }

    pub(crate) fn text(&mut self) -> String {
        match self.one_of(16) {
            0..=9 => self.word(),
            10..=13 => self.letters(),
            14 => self.id(),
            _ => self.long(),
        }
    }

    fn word(&mut self) -> String {
        let place = usize::from(self.byte());
        WORDS[place % WORDS.len()].to_owned()
    }

    fn letters(&mut self) -> String {
        let length = usize::from(self.byte() % 32).min(self.from.len());
        let bytes = self.from.bytes(length).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// A little within a bound, a little beyond, or far.
    fn long(&mut self) -> String {
        let times = match self.one_of(8) {
            0..=3 => 100 + usize::from(self.byte()),
            4..=6 => usize::from(self.byte()) * 20,
            _ => usize::from(self.byte()) << 10,
        };
        let unit = *["x", "[", "打", "a/b", "\u{1}", "{\"a\":", "x ", "\n"]
            .get(usize::from(self.byte() % 8))
            .unwrap_or(&"x");
        unit.repeat(times)
    }

    /// Of the kinds that the desk has (tickets from 01, customers from 11, agents from 21, groups from 31, messages from 41, files from 51), answered before, or none.
    pub(crate) fn id(&mut self) -> String {
        match self.one_of(8) {
            0..=4 => {
                let number = self.byte() & 0x7f;
                format!("00000000-0000-0000-0000-0000000000{number:02x}")
            }
            5 | 6 => {
                let place = usize::from(self.byte());
                let count = self.answered.len().max(1);
                self.answered
                    .get(place % count)
                    .cloned()
                    .unwrap_or_default()
            }
            _ => self.word(),
        }
    }

    /// Mostly a ticket that is there.
    pub(crate) fn ticket(&mut self) -> String {
        match self.one_of(8) {
            0..=5 => {
                let number = 1 + self.one_of(4);
                format!("00000000-0000-0000-0000-0000000000{number:02x}")
            }
            _ => self.id(),
        }
    }

    pub(crate) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.is_set().then(|| make(self))
    }

    /// Mostly short; where the bytes have ended, empty.
    pub(crate) fn list<T>(&mut self, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let byte = self.byte();
        let length = match byte {
            0..=0xfb => usize::from(byte % 5),
            _ => 60 << (byte % 4),
        };
        (0..length).map(|_| make(self)).collect()
    }

    pub(crate) fn texts(&mut self) -> Vec<String> {
        self.list(Self::text)
    }

    pub(crate) fn value(&mut self) -> Value {
        match self.one_of(10) {
            0 => Value::None,
            1 | 2 => Value::Text(self.text()),
            3 => Value::Integer(self.count().cast_signed()),
            4 => Value::Number(self.number()),
            5 => Value::Boolean(self.is_set()),
            6 => Value::Instant(self.count()),
            7 => Value::Texts(self.texts()),
            8 => Value::Json(self.json()),
            _ => Value::Other((self.text(), self.text())),
        }
    }

    pub(crate) fn json(&mut self) -> String {
        match self.one_of(8) {
            0..=4 => self.text(),
            5 => {
                let levels = usize::from(self.byte());
                "[".repeat(levels) + &"]".repeat(levels)
            }
            6 => {
                let levels = usize::from(self.byte());
                "{\"a\":".repeat(levels) + "1" + &"}".repeat(levels)
            }
            _ => self.number().to_string(),
        }
    }

    pub(crate) fn field(&mut self) -> Field {
        Field {
            name: self.text(),
            value: self.value(),
        }
    }

    pub(crate) fn fields(&mut self) -> Vec<Field> {
        self.list(Self::field)
    }

    pub(crate) fn actor(&mut self) -> Actor {
        let kind = match self.one_of(4) {
            0 => "customer".to_owned(),
            1 => "agent".to_owned(),
            _ => self.text(),
        };
        Actor {
            kind,
            id: self.id(),
        }
    }

    fn attachment(&mut self) -> Attachment {
        Attachment {
            file: self.id(),
            name: self.text(),
            media_type: self.text(),
            size: self.count(),
            inline_id: self.maybe(Self::text),
            extra: self.fields(),
        }
    }

    pub(crate) fn message(&mut self) -> MessageDraft {
        let visibility = match self.one_of(4) {
            0 | 1 => "public".to_owned(),
            2 => "internal".to_owned(),
            _ => self.text(),
        };
        MessageDraft {
            visibility,
            text: self.text(),
            html: self.maybe(Self::text),
            attachments: self.list(Self::attachment),
            fields: self.fields(),
        }
    }

    pub(crate) fn draft(&mut self) -> TicketDraft {
        TicketDraft {
            subject: self.text(),
            requester: self.id(),
            first_message: self.maybe(Self::message),
            fields: self.fields(),
        }
    }

    pub(crate) fn page(&mut self) -> PageRequest {
        PageRequest {
            filter: self.text(),
            columns: self.texts(),
            sort: self.texts(),
            cursor: self.maybe(Self::text),
            limit: self.small_count(),
            extra: self.fields(),
        }
    }

    pub(crate) fn range(&mut self) -> Range {
        Range {
            index: self.maybe(Self::text),
            equal: self.maybe(Self::json),
            from: self.maybe(Self::json),
            to: self.maybe(Self::json),
            descending: self.is_set(),
            cursor: self.maybe(Self::text),
            limit: self.small_count(),
            extra: self.fields(),
        }
    }

    pub(crate) fn pairs(&mut self) -> Vec<(String, String)> {
        self.list(|values| (values.text(), values.text()))
    }

    pub(crate) fn body(&mut self) -> Body {
        match self.one_of(4) {
            0 | 1 => Body::Bytes(self.text().into_bytes()),
            2 => Body::File(self.id()),
            _ => Body::Other((self.text(), self.text())),
        }
    }
}
