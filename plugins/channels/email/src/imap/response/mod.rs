//! What a server says. What we have no use for is read as far as its end, and ignored.

/// A response as it is on the wire.
mod raw;

/// Atoms, strings and lists.
mod value;

/// OK, NO, BAD, BYE and PREAUTH.
mod status;

/// What is told of a mail.
mod mail;

use super::{Error, uids};
use crate::{
    limits::FOUND_MAX,
    wire::{Connection, Wire, readable},
};
pub(super) use mail::{MailData, Part};
use raw::Raw;
pub(super) use status::{Kind, Status};
use value::{Cursor, Value};

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Response {
    /// It waits for us to go on.
    Continue,
    /// A command's end.
    Done(String, Status),
    /// A word in between, or its first or last one.
    Word(Status),
    /// In capitals.
    Capability(Vec<String>),
    Enabled(Vec<String>),
    /// UIDs that were searched for.
    Search(Vec<u32>),
    Mail(MailData),
    /// Of no use to us.
    Other,
}

impl Response {
    /// The next thing that the server says.
    pub(super) fn read<W: Wire>(connection: &mut Connection<W>) -> Result<Self, Error> {
        let raw = Raw::read(connection)?;
        let shown = readable(raw.first());
        Self::of(raw).ok_or(Error::Protocol(shown))
    }

    fn of(raw: Raw) -> Option<Self> {
        let line = raw.first();
        let (first, rest) = word(line);
        match first {
            b"+" => return Some(Self::Continue),
            b"*" => {}
            tag => {
                let tag = std::str::from_utf8(tag).ok()?.to_owned();
                return Some(Self::Done(tag, Status::of(rest)?));
            }
        }
        if let Some(status) = Status::of(rest) {
            return Some(Self::Word(status));
        }
        let (name, data) = word(rest);
        match name.to_ascii_uppercase().as_slice() {
            b"" => None,
            b"CAPABILITY" => Some(Self::Capability(words(data))),
            b"ENABLED" => Some(Self::Enabled(words(data))),
            b"SEARCH" => search(data).map(Self::Search),
            b"ESEARCH" => extended_search(Cursor::of(raw, "* ESEARCH".len())).map(Self::Search),
            _ => match uids::number(name) {
                Some(_) => {
                    let data_at = line.len() - data.len();
                    Self::numbered(data_at, raw)
                }
                None => Some(Self::Other),
            },
        }
    }

    /// `* 12 FETCH` and the like, from its second word on.
    fn numbered(data_at: usize, raw: Raw) -> Option<Self> {
        let (name, rest) = word(raw.first().get(data_at..)?);
        match name.to_ascii_uppercase().as_slice() {
            b"FETCH" => {
                let at = raw.first().len() - rest.len();
                MailData::of(Cursor::of(raw, at).value()?).map(Self::Mail)
            }
            _ => Some(Self::Other),
        }
    }
}

/// The first word of a line, and what follows the blank after it.
fn word(line: &[u8]) -> (&[u8], &[u8]) {
    match line.iter().position(|byte| *byte == b' ') {
        Some(at) => (&line[..at], &line[at + 1..]),
        None => (line, &[]),
    }
}

/// All words, in capitals.
pub(super) fn words(text: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(text)
        .to_ascii_uppercase()
        .split_ascii_whitespace()
        .map(str::to_owned)
        .collect()
}

/// The numbers that were found; what may follow in parentheses is not one (RFC 7162).
fn search(data: &[u8]) -> Option<Vec<u32>> {
    data.split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty())
        .take_while(|word| !word.starts_with(b"("))
        .map(uids::number)
        .collect()
}

/// What servers of a newer standard say instead (RFC 9051): `(TAG "A1") UID ALL 4:7,9`.
fn extended_search(mut cursor: Cursor) -> Option<Vec<u32>> {
    while let Some(value) = cursor.value() {
        if matches!(&value, Value::Atom(name) if name.eq_ignore_ascii_case(b"ALL")) {
            return match cursor.value()? {
                Value::Atom(set) => uids::read(&set, FOUND_MAX),
                Value::Text(_) | Value::List(_) => None,
            };
        }
    }
    Some(Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::script::Script;

    fn read(says: &str) -> Result<Response, Error> {
        Response::read(&mut Connection::new(Script::saying(says.as_bytes()), 1))
    }

    #[test]
    fn each_response_is_told_from_the_others() {
        for (says, wanted) in [
            ("+ idling\r\n", Response::Continue),
            ("+\r\n", Response::Continue),
            ("* 17 exists\r\n", Response::Other),
            ("* search 3 5 \r\n", Response::Search(vec![3, 5])),
            ("* SEARCH\r\n", Response::Search(vec![])),
            ("* SEARCH 3 (MODSEQ 917)\r\n", Response::Search(vec![3])),
            (
                "* ESEARCH (TAG \"A1\") UID ALL 3:5,9\r\n",
                Response::Search(vec![3, 4, 5, 9]),
            ),
            ("* ESEARCH (TAG \"A1\") UID\r\n", Response::Search(vec![])),
            (
                "* CAPABILITY imap4rev1  Idle\r\n",
                Response::Capability(vec!["IMAP4REV1".to_owned(), "IDLE".to_owned()]),
            ),
            (
                "* ENABLED UTF8=ACCEPT\r\n",
                Response::Enabled(vec!["UTF8=ACCEPT".to_owned()]),
            ),
            ("* 3 EXPUNGE\r\n", Response::Other),
            ("* 3 RECENT\r\n", Response::Other),
            ("* FLAGS (\\Seen)\r\n", Response::Other),
            ("* LIST () \"/\" {5}\r\nInbox\r\n", Response::Other),
            ("* 99999999999 EXISTS\r\n", Response::Other),
        ] {
            assert_eq!(read(says), Ok(wanted), "{says}");
        }
    }

    #[test]
    fn what_is_no_response_is_none() {
        for says in [
            "\r\n",
            "*\r\n",
            "* \r\n",
            "hello\r\n",
            "A1\r\n",
            "A1 MAYBE\r\n",
            "\u{ff} OKAY\r\n",
            "* SEARCH 1 x\r\n",
            "* SEARCH -1\r\n",
            "* SEARCH 4294967296\r\n",
            "* ESEARCH UID ALL 1:4294967295\r\n",
            "* ESEARCH UID ALL (1)\r\n",
            "* ESEARCH UID ALL\r\n",
            "* 1 FETCH\r\n",
            "* 1 FETCH (\r\n",
            "* 1 FETCH (UID)\r\n",
            "* 1 FETCH UID 5\r\n",
        ] {
            assert!(matches!(read(says), Err(Error::Protocol(_))), "{says:?}");
        }
    }
}
