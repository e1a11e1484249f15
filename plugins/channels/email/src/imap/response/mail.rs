//! What is told of a mail (FETCH), asked or not.

use super::{super::uids, value::Value};

/// What is told of a mail; each only if it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::imap) struct MailData {
    pub(in crate::imap) uid: Option<u32>,
    pub(in crate::imap) bytes: Option<u64>,
    pub(in crate::imap) flags: Option<Vec<String>>,
    pub(in crate::imap) part: Option<Part>,
}

/// A part of a mail's source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::imap) struct Part {
    /// Where it begins; absent: it is the whole.
    pub(in crate::imap) origin: Option<u32>,
    /// Absent: the server has nothing to give.
    pub(in crate::imap) content: Option<Vec<u8>>,
}

impl MailData {
    /// From names and values in turn.
    pub(super) fn of(list: Value) -> Option<Self> {
        let Value::List(items) = list else {
            return None;
        };
        let mut data = Self::default();
        let mut items = items.into_iter();
        while let Some(name) = items.next() {
            let (Value::Atom(name), value) = (name, items.next()?) else {
                return None;
            };
            data.add(&name.to_ascii_uppercase(), value)?;
        }
        Some(data)
    }

    fn add(&mut self, name: &[u8], value: Value) -> Option<()> {
        match (name, value) {
            (b"UID", Value::Atom(number)) => self.uid = Some(uids::number(&number)?),
            (b"RFC822.SIZE", Value::Atom(number)) => self.bytes = Some(size(&number)?),
            (b"FLAGS", Value::List(flags)) => {
                self.flags = Some(flags.into_iter().map(text).collect::<Option<_>>()?);
            }
            (b"UID" | b"RFC822.SIZE" | b"FLAGS", _) => return None,
            (name, value) if name.starts_with(b"BODY[]") => {
                let content = match value {
                    Value::Text(content) => Some(content),
                    Value::Atom(nil) if nil.eq_ignore_ascii_case(b"NIL") => None,
                    Value::Atom(_) | Value::List(_) => return None,
                };
                let origin = origin(&name[b"BODY[]".len()..])?;
                self.part = Some(Part { origin, content });
            }
            _ => {}
        }
        Some(())
    }
}

/// `<0>`, or nothing.
fn origin(text: &[u8]) -> Option<Option<u32>> {
    if text.is_empty() {
        return Some(None);
    }
    let number = text.strip_prefix(b"<")?.strip_suffix(b">")?;
    uids::number(number).map(Some)
}

fn size(digits: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(digits).ok()?;
    text.parse().ok()
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Atom(text) | Value::Text(text) => Some(String::from_utf8_lossy(&text).into_owned()),
        Value::List(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Response, raw::Raw},
        *,
    };
    use crate::wire::{Connection, script::Script};

    fn of(items: &str) -> Option<MailData> {
        let says = format!("* 7 FETCH {items}\r\n");
        let raw = Raw::read(&mut Connection::new(Script::saying(says.as_bytes()), 1)).unwrap();
        match Response::of(raw)? {
            Response::Mail(data) => Some(data),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_told_of_a_mail_is_read_in_any_order() {
        let data = of("(FLAGS (\\Seen $Junk) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" rfc822.size 44827 ENVELOPE (NIL (\"a\")) UID 4)").unwrap();
        assert_eq!(
            (data.uid, data.bytes, data.part),
            (Some(4), Some(44_827), None)
        );
        assert_eq!(data.flags.unwrap(), ["\\Seen", "$Junk"]);
        assert_eq!(of("()"), Some(MailData::default()));
    }

    #[test]
    fn a_part_may_be_counted_out_quoted_empty_or_nothing() {
        for (item, origin, content) in [
            ("BODY[]<0> {3}\r\na)\n", Some(0), Some("a)\n")),
            ("BODY[]<9> ~{0}\r\n", Some(9), Some("")),
            ("body[] \"a b\"", None, Some("a b")),
            ("BODY[]<0> \"\"", Some(0), Some("")),
            ("BODY[]<0> nil", Some(0), None),
        ] {
            let part = of(&format!("(UID 4 {item} X 1)")).unwrap().part.unwrap();
            assert_eq!(part.origin, origin, "{item}");
            assert_eq!(
                part.content.as_deref(),
                content.map(str::as_bytes),
                "{item}"
            );
        }
    }

    #[test]
    fn what_is_told_wrongly_is_not_believed() {
        for items in [
            "(UID x)",
            "(UID \"4\")",
            "(UID 4294967296)",
            "(UID (4))",
            "(FLAGS \\Seen)",
            "(FLAGS ((a)))",
            "(RFC822.SIZE -1)",
            "(BODY[]<x> \"\")",
            "(BODY[]<0 \"\")",
            "(BODY[]<0> (a))",
            "(BODY[]<0> a)",
            "(\"UID\" 4)",
            "(UID 4 FLAGS)",
        ] {
            assert_eq!(of(items), None, "{items}");
        }
    }
}
