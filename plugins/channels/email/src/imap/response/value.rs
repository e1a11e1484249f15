//! Atoms, strings and lists, of which all data is made.

use super::raw::Raw;
use crate::limits::RESPONSE_DEPTH_MAX;
use std::vec;

/// A piece of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// A word, a number, NIL, or the name of a mail's part with what stands in its brackets.
    Atom(Vec<u8>),
    /// A string, in quotation marks or counted out.
    Text(Vec<u8>),
    List(Vec<Value>),
}

/// What is still to be read of a response.
pub(super) struct Cursor {
    text: Vec<u8>,
    at: usize,
    rest: vec::IntoIter<(Vec<u8>, Vec<u8>)>,
}

impl Cursor {
    /// Begins at a place in the text before any literal.
    pub(super) fn of(raw: Raw, at: usize) -> Self {
        Self {
            text: raw.text,
            at,
            rest: raw.rest.into_iter(),
        }
    }

    /// The next value; nothing where there is none, or none that is whole.
    pub(super) fn value(&mut self) -> Option<Value> {
        self.value_within(RESPONSE_DEPTH_MAX)
    }

    fn value_within(&mut self, levels: usize) -> Option<Value> {
        self.skip_blanks();
        match self.peek() {
            None => self.literal(),
            Some(b'~') if self.at + 1 == self.text.len() => self.literal(),
            Some(b'(') => self.list(levels.checked_sub(1)?),
            Some(b'"') => self.quoted(),
            Some(_) => self.atom(),
        }
    }

    fn literal(&mut self) -> Option<Value> {
        let (literal, text) = self.rest.next()?;
        self.text = text;
        self.at = 0;
        Some(Value::Text(literal))
    }

    fn list(&mut self, levels: usize) -> Option<Value> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip_blanks();
            if self.peek() == Some(b')') {
                self.at += 1;
                return Some(Value::List(values));
            }
            values.push(self.value_within(levels)?);
        }
    }

    fn quoted(&mut self) -> Option<Value> {
        self.at += 1;
        let mut text = Vec::new();
        loop {
            match self.next()? {
                b'"' => return Some(Value::Text(text)),
                b'\\' => text.push(self.next()?),
                byte => text.push(byte),
            }
        }
    }

    fn atom(&mut self) -> Option<Value> {
        let from = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'(' | b')' | b'"' => break,
                // `BODY[HEADER.FIELDS (DATE)]<0>` is one name; elsewhere a bracket is a character like others.
                b'[' if is_part(&self.text[from..self.at]) => {
                    let end = self.text[self.at..].iter().position(|byte| *byte == b']')?;
                    self.at += end;
                }
                _ => {}
            }
            self.at += 1;
        }
        (self.at > from).then(|| Value::Atom(self.text[from..self.at].to_vec()))
    }

    fn skip_blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
}

fn is_part(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"BODY") || name.eq_ignore_ascii_case(b"BINARY")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<Value> {
        let mut pieces = text.split('|').map(|piece| piece.as_bytes().to_vec());
        let text = pieces.next().unwrap();
        let mut rest = Vec::new();
        while let Some(literal) = pieces.next() {
            rest.push((literal, pieces.next().unwrap()));
        }
        Cursor::of(Raw { text, rest }, 0).value()
    }

    fn atom(text: &str) -> Value {
        Value::Atom(text.as_bytes().to_vec())
    }

    fn string(text: &str) -> Value {
        Value::Text(text.as_bytes().to_vec())
    }

    #[test]
    fn every_kind_of_value_is_read() {
        for (text, wanted) in [
            ("NIL", atom("NIL")),
            ("\\Seen x", atom("\\Seen")),
            ("\"a \\\"b\\\\\" x", string("a \"b\\")),
            ("\"\"", string("")),
            ("|lit| x", string("lit")),
            ("~|lit| x", string("lit")),
            ("||", string("")),
            ("()", Value::List(vec![])),
            ("( a  b )", Value::List(vec![atom("a"), atom("b")])),
            (
                "((a)(b))",
                Value::List(vec![
                    Value::List(vec![atom("a")]),
                    Value::List(vec![atom("b")]),
                ]),
            ),
            (
                "(BODY[HEADER.FIELDS (A B)]<0> |(| UID 5)",
                Value::List(vec![
                    atom("BODY[HEADER.FIELDS (A B)]<0>"),
                    string("("),
                    atom("UID"),
                    atom("5"),
                ]),
            ),
            ("(a[ b])", Value::List(vec![atom("a["), atom("b]")])),
            ("(~ a)", Value::List(vec![atom("~"), atom("a")])),
        ] {
            assert_eq!(value(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_not_whole_is_no_value() {
        for text in [
            "",
            "  ",
            ")",
            "(",
            "(a",
            "\"a",
            "\"a\\",
            "BODY[",
            "(BODY[ a)",
            "(a |b|",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn lists_have_a_last_level() {
        let nested = |levels: usize| format!("{}{}", "(".repeat(levels), ")".repeat(levels));
        assert!(value(&nested(RESPONSE_DEPTH_MAX)).is_some());
        assert!(value(&nested(RESPONSE_DEPTH_MAX + 1)).is_none());
        assert!(value(&"(".repeat(60_000)).is_none());
    }
}
