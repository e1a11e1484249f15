//! A response as it is on the wire: text, and bytes that are counted out in between.

use super::{super::Error, status};
use crate::{
    limits::{
        LITERALS_BYTES_MAX, LITERALS_MAX, MAIL_PART_BYTES, RESPONSE_LINE_BYTES_MAX,
        RESPONSE_TEXT_BYTES_MAX,
    },
    wire::{Connection, Wire},
};

/// Text, and each literal with the text after it.
pub(super) struct Raw {
    pub(super) text: Vec<u8>,
    pub(super) rest: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Raw {
    pub(super) fn read<W: Wire>(connection: &mut Connection<W>) -> Result<Self, Error> {
        let mut line = connection.read_line(RESPONSE_LINE_BYTES_MAX)?;
        // Text for people may end in braces, too.
        let counts = line.starts_with(b"* ") && !status::is_word(&line[2..]);
        if line.len() > RESPONSE_TEXT_BYTES_MAX && !is_search(&line) {
            return Err(too_large());
        }
        let mut literal_bytes = 0;
        let mut text_bytes = line.len();
        let mut pieces = Vec::new();
        while let Some(count) = counts.then(|| take_count(&mut line)).flatten() {
            literal_bytes += count.min(LITERALS_BYTES_MAX);
            if count > MAIL_PART_BYTES
                || literal_bytes > LITERALS_BYTES_MAX
                || pieces.len() == LITERALS_MAX
            {
                return Err(too_large());
            }
            let literal = connection.read_exact(count)?;
            let next = connection.read_line(RESPONSE_TEXT_BYTES_MAX)?;
            text_bytes += next.len();
            if text_bytes > RESPONSE_TEXT_BYTES_MAX {
                return Err(too_large());
            }
            pieces.push((std::mem::replace(&mut line, next), literal));
        }
        Ok(Self::joined(pieces, line))
    }

    /// Each literal came after its text; it is read with the one before.
    fn joined(pieces: Vec<(Vec<u8>, Vec<u8>)>, last: Vec<u8>) -> Self {
        let mut after = last;
        let mut rest = Vec::with_capacity(pieces.len());
        for (text, literal) in pieces.into_iter().rev() {
            rest.push((literal, std::mem::replace(&mut after, text)));
        }
        rest.reverse();
        Self { text: after, rest }
    }

    /// The text before any literal.
    pub(super) fn first(&self) -> &[u8] {
        &self.text
    }
}

fn too_large() -> Error {
    Error::Protocol("a response has no end".to_owned())
}

/// Responses that may be long: what they find is bounded by what was asked.
fn is_search(line: &[u8]) -> bool {
    let begins = |name: &[u8]| {
        line.get(2..2 + name.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(name))
    };
    begins(b"SEARCH ") || begins(b"ESEARCH ")
}

/// How many bytes follow the line, if it says so at its end, where that is taken away.
fn take_count(line: &mut Vec<u8>) -> Option<usize> {
    let inner = line.strip_suffix(b"}")?;
    let at = inner.iter().rposition(|byte| *byte == b'{')?;
    let digits = &inner[at + 1..];
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // A number that is too large for a number is too large for us.
    let number = std::str::from_utf8(digits).ok()?.parse();
    line.truncate(at);
    Some(number.unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::script::Script;

    fn read(says: &[u8]) -> Result<Raw, Error> {
        Raw::read(&mut Connection::new(Script::saying(says), 1))
    }

    fn shown(says: &str) -> Vec<String> {
        let raw = read(says.as_bytes()).unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let mut all = vec![text(raw.text)];
        for (literal, after) in raw.rest {
            all.extend([text(literal), text(after)]);
        }
        all
    }

    #[test]
    fn literals_stand_between_the_text_around_them() {
        assert_eq!(shown("* A b\r\n"), ["* A b"]);
        assert_eq!(
            shown("* A {3}\r\n\r\n) ~{0}\r\n z\r\n"),
            ["* A ", "\r\n)", " ~", "", " z"]
        );
        assert_eq!(shown("* A {3}\r\n{2} b\r\n"), ["* A ", "{2}", " b"]);
        assert_eq!(shown("* A {x} {} {-1} {3\r\n"), ["* A {x} {} {-1} {3"]);
    }

    #[test]
    fn text_for_people_may_end_in_braces() {
        for says in [
            "* OK see {5}",
            "* bye {5}",
            "A1 NO {5}",
            "+ {5}",
            "* NO [X] {99999999999}",
        ] {
            assert_eq!(shown(&format!("{says}\r\n")), [says]);
        }
    }

    fn is_read(says: &str) -> bool {
        match read(says.as_bytes()) {
            Ok(_) => true,
            Err(Error::Protocol(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn what_is_counted_out_has_a_bound() {
        let of = |count: usize| format!("* A {{{count}}}\r\n{}\r\n", "x".repeat(count));
        assert!(is_read(&of(MAIL_PART_BYTES)) && !is_read(&of(MAIL_PART_BYTES + 1)));
        assert!(!is_read("* A {99999999999999999999999999}\r\n"));
        let of = |count: usize| format!("* A{}\r\n", " {0}\r\n".repeat(count));
        assert!(is_read(&of(LITERALS_MAX)) && !is_read(&of(LITERALS_MAX + 1)));
        let one = format!(" {{{MAIL_PART_BYTES}}}\r\n{}", "x".repeat(MAIL_PART_BYTES));
        let of = |more: &str| format!("* A{one}{one}{more}\r\n");
        assert_eq!(LITERALS_BYTES_MAX, 2 * MAIL_PART_BYTES);
        assert!(is_read(&of("")) && !is_read(&of(" {1}\r\nx")));
    }

    #[test]
    fn text_has_a_bound_and_a_search_a_larger_one() {
        let of =
            |begin: &str, bytes: usize| format!("{begin}{}\r\n", "1".repeat(bytes - begin.len()));
        assert!(is_read(&of("* A ", RESPONSE_TEXT_BYTES_MAX)));
        assert!(!is_read(&of("* A ", RESPONSE_TEXT_BYTES_MAX + 1)));
        for begin in ["* SEARCH ", "* esearch "] {
            assert!(is_read(&of(begin, RESPONSE_LINE_BYTES_MAX)));
            assert!(!is_read(&of(begin, RESPONSE_LINE_BYTES_MAX + 1)));
        }
        let of = |bytes: usize| format!("* A {{0}}\r\n{}\r\n", "x".repeat(bytes - "* A {0}".len()));
        assert!(
            is_read(&of(RESPONSE_TEXT_BYTES_MAX)) && !is_read(&of(RESPONSE_TEXT_BYTES_MAX + 1))
        );
    }
}
