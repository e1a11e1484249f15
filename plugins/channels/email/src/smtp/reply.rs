//! What a server answers: a code, and lines of text for people.

use super::outcome::Reason;
use crate::{
    limits::{REPLY_LINE_BYTES_MAX, REPLY_LINES_MAX},
    wire::{Connection, Fault, Wire, readable},
};

/// An answer, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reply {
    code: u16,
    lines: Vec<Vec<u8>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoReply {
    Fault(Fault),
    /// It is none of this protocol's.
    Garbled(String),
}

impl Reply {
    /// The next answer of the server.
    pub(super) fn read<W: Wire>(connection: &mut Connection<W>) -> Result<Self, NoReply> {
        let mut reply = Self {
            code: 0,
            lines: Vec::new(),
        };
        while reply.lines.len() < REPLY_LINES_MAX {
            let line = connection
                .read_line(REPLY_LINE_BYTES_MAX)
                .map_err(NoReply::Fault)?;
            let garbled = || NoReply::Garbled(readable(&line));
            let (code, is_last, text) = parts(&line).ok_or_else(garbled)?;
            if !reply.lines.is_empty() && code != reply.code {
                return Err(garbled());
            }
            reply.code = code;
            reply.lines.push(text.to_vec());
            if is_last {
                return Ok(reply);
            }
        }
        Err(NoReply::Garbled("a reply has no end".to_owned()))
    }

    pub(super) fn code(&self) -> u16 {
        self.code
    }

    pub(super) fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.lines.iter().map(Vec::as_slice)
    }

    /// For people: all of the lines as one.
    pub(super) fn text(&self) -> String {
        readable(&self.lines.join(&b' '))
    }

    pub(super) fn reason(&self) -> Reason {
        Reason {
            code: Some(self.code),
            text: self.text(),
        }
    }
}

/// The code of a line, whether it is the last one, and its text.
fn parts(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (code, rest) = line.split_at_checked(3)?;
    let code = number(code).filter(|code| (200..600).contains(code))?;
    match rest.split_first() {
        None => Some((code, true, rest)),
        Some((b' ', text)) => Some((code, true, text)),
        Some((b'-', text)) => Some((code, false, text)),
        Some(_) => None,
    }
}

/// One to three digits.
fn number(digits: &[u8]) -> Option<u16> {
    let is_number = (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| is_number)?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::script::Script;

    fn read(says: &str) -> Result<Reply, NoReply> {
        Reply::read(&mut Connection::new(Script::saying(says.as_bytes()), 1))
    }

    #[test]
    fn a_reply_has_a_code_and_text_of_one_line_or_many() {
        let reply = read("250 2.1.5 fine\r\n").unwrap();
        assert_eq!((reply.code(), reply.text().as_str()), (250, "2.1.5 fine"));
        let reply = read("550-5.1.1 no such\r\n550-\r\n550 user\r\n").unwrap();
        assert_eq!(reply.reason().to_string(), "550 5.1.1 no such  user");
        assert_eq!(read("250\r\n").unwrap().text(), "");
        assert_eq!(read("250 a\n").unwrap().text(), "a");
    }

    #[test]
    fn what_is_no_reply_is_none() {
        for says in [
            "\r\n",
            "25\r\n",
            "2500 x\r\n",
            "100 x\r\n",
            "600 x\r\n",
            "+50 x\r\n",
            "hello\r\n",
            "250-a\r\n251 b\r\n",
            "250_a\r\n",
            "\u{662}50 x\r\n",
        ] {
            assert!(matches!(read(says), Err(NoReply::Garbled(_))), "{says:?}");
        }
    }

    #[test]
    fn a_reply_has_a_last_line_at_its_bound() {
        let of = |lines: usize| read(&format!("{}250 z\r\n", "250-a\r\n".repeat(lines - 1)));
        assert_eq!(
            of(REPLY_LINES_MAX).unwrap().lines().count(),
            REPLY_LINES_MAX
        );
        assert!(matches!(of(REPLY_LINES_MAX + 1), Err(NoReply::Garbled(_))));
        let long = |bytes: usize| read(&format!("250 {}\r\n", "x".repeat(bytes - 4)));
        assert!(long(REPLY_LINE_BYTES_MAX).is_ok());
        assert_eq!(
            long(REPLY_LINE_BYTES_MAX + 1),
            Err(NoReply::Fault(Fault::LongLine))
        );
    }
}
