//! How a command ended, or what the server says in between: a word, perhaps a code for programs, and text for people.

use super::{super::Error, word, words};
use crate::wire::readable;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::imap) enum Kind {
    Ok,
    No,
    Bad,
    /// The server hangs up.
    Bye,
    /// It knows us already.
    Preauth,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::imap) struct Status {
    pub(in crate::imap) kind: Kind,
    /// What stands in brackets: a name in capitals, and what follows it.
    code: Vec<String>,
    text: String,
}

impl Status {
    /// From the word on.
    pub(super) fn of(line: &[u8]) -> Option<Self> {
        let (name, rest) = word(line);
        let kind = kind(name)?;
        let code = rest
            .strip_prefix(b"[")
            .and_then(|rest| Some(&rest[..rest.iter().position(|byte| *byte == b']')?]));
        Some(Self {
            kind,
            code: code.map(words).unwrap_or_default(),
            text: readable(rest),
        })
    }

    pub(in crate::imap) fn has_code(&self, name: &str) -> bool {
        self.code.first().is_some_and(|one| one == name)
    }

    /// Whether it says that the server is in trouble (RFC 5530): such a refusal tells nothing of what was asked, nor of who asked.
    pub(in crate::imap) fn is_own_trouble(&self) -> bool {
        let codes = ["UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"];
        codes.iter().any(|code| self.has_code(code))
    }

    /// What follows a code's name, in capitals.
    pub(in crate::imap) fn code(&self, name: &str) -> Option<&[String]> {
        self.code
            .split_first()
            .and_then(|(one, more)| (one == name).then_some(more))
    }

    /// The number of a code such as UIDNEXT.
    pub(in crate::imap) fn number(&self, name: &str) -> Option<u32> {
        self.code(name)?.first()?.parse().ok()
    }

    /// With its code: for people who know both.
    pub(in crate::imap) fn text(&self) -> String {
        self.text.clone()
    }

    /// It was done, or the server says why not.
    pub(in crate::imap) fn accepted(self) -> Result<Self, Error> {
        match self.kind {
            Kind::Ok => Ok(self),
            _ => Err(Error::Refused(self.text)),
        }
    }
}

/// Whether a line, after its asterisk, is one of these.
pub(super) fn is_word(line: &[u8]) -> bool {
    kind(word(line).0).is_some()
}

fn kind(name: &[u8]) -> Option<Kind> {
    match name.to_ascii_uppercase().as_slice() {
        b"OK" => Some(Kind::Ok),
        b"NO" => Some(Kind::No),
        b"BAD" => Some(Kind::Bad),
        b"BYE" => Some(Kind::Bye),
        b"PREAUTH" => Some(Kind::Preauth),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(line: &str) -> Status {
        Status::of(line.as_bytes()).unwrap()
    }

    #[test]
    fn a_code_is_for_programs_and_the_text_for_people() {
        let status = status("ok [uidnext 12] next\x07 one");
        assert_eq!(
            (status.kind, status.number("UIDNEXT")),
            (Kind::Ok, Some(12))
        );
        assert_eq!(status.text(), "[uidnext 12] next  one");
        assert!(!status.has_code("UIDVALIDITY") && status.number("UIDVALIDITY").is_none());
    }

    #[test]
    fn a_server_s_own_trouble_is_told_from_a_refusal() {
        for code in ["unavailable", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN"] {
            assert!(
                status(&format!("NO [{code}] later")).is_own_trouble(),
                "{code}"
            );
        }
        for line in [
            "NO [AUTHENTICATIONFAILED] no",
            "NO UNAVAILABLE",
            "NO [NONEXISTENT] x",
        ] {
            assert!(!status(line).is_own_trouble(), "{line}");
        }
    }

    #[test]
    fn a_code_that_is_none_is_text() {
        for line in [
            "NO",
            "NO [",
            "NO [x",
            "NO []",
            "NO x [UIDNEXT 1]",
            "NO [UIDNEXT]",
            "NO [UIDNEXT x]",
        ] {
            let status = status(line);
            assert_eq!(
                (status.kind, status.number("UIDNEXT")),
                (Kind::No, None),
                "{line}"
            );
        }
        assert!(Status::of(b"OKAY").is_none() && Status::of(b"").is_none());
    }
}
