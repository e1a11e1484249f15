//! Addresses and the names before them (RFC 5322, in all the forms that are seen): groups are opened, comments are names, and nothing that could
//! mislead the eye or break a line is left.

use super::{clean_line, words};
use crate::limits::{ADDRESS_BYTES_MAX, ADDRESSES_MAX, NAME_CHARACTERS_MAX};

/// Somebody, by address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Empty where there is none.
    pub name: String,
    /// In small letters, with an `@`.
    pub address: String,
}

/// All addresses of a header's value, in their order.
pub fn list(value: &str) -> Vec<Address> {
    let mut found = Vec::new();
    let mut entry = Entry::default();
    let mut chars = value.chars();
    let (mut comment_depth, mut in_quotes, mut in_angle) = (0_u32, false, false);
    while let Some(c) = chars.next() {
        match c {
            '\\' if in_quotes || comment_depth > 0 => entry.push_name(chars.next()),
            '"' if comment_depth == 0 && !in_angle => {
                in_quotes = !in_quotes;
                entry.was_quoted = true;
            }
            _ if in_quotes => entry.push_name(Some(c)),
            '(' => {
                comment_depth += 1;
                entry.push_name(Some(' '));
            }
            ')' if comment_depth > 0 => comment_depth -= 1,
            _ if comment_depth > 0 => entry.push_name(Some(c)),
            '<' => {
                in_angle = true;
                entry.angle = Some(String::new());
            }
            '>' => in_angle = false,
            ',' | ';' if !in_angle => entry.end(&mut found),
            // A group's name says nothing of who is in it.
            ':' if !in_angle && !entry.name.contains('@') => entry = Entry::default(),
            _ if in_angle => entry.push_angle(c),
            _ => entry.push_name(Some(c)),
        }
        if found.len() >= ADDRESSES_MAX {
            return found;
        }
    }
    entry.end(&mut found);
    found
}

/// The first address of a header's value.
pub fn first(value: &str) -> Option<Address> {
    list(value).into_iter().next()
}

#[derive(Default)]
struct Entry {
    name: String,
    angle: Option<String>,
    was_quoted: bool,
}

impl Entry {
    fn push_name(&mut self, c: Option<char>) {
        self.name.extend(c);
    }

    fn push_angle(&mut self, c: char) {
        if let Some(angle) = &mut self.angle {
            angle.push(c);
        }
    }

    fn end(&mut self, found: &mut Vec<Address>) {
        let entry = std::mem::take(self);
        let name = words::decode(entry.name.trim());
        let (name, address) = match entry.angle.as_deref().and_then(clean) {
            Some(address) => (name, Some(address)),
            // Without angle brackets the address stands in the text, with a comment beside it perhaps.
            None => match name.split_whitespace().find_map(clean) {
                Some(address) => {
                    let rest = name.split_whitespace().filter(|word| clean(word).is_none());
                    (rest.collect::<Vec<_>>().join(" "), Some(address))
                }
                None => (name, None),
            },
        };
        if let Some(address) = address {
            let name = clean_name(&name);
            // A name that is the address again tells nothing.
            let name = if name.eq_ignore_ascii_case(&address) {
                String::new()
            } else {
                name
            };
            found.push(Address { name, address });
        }
    }
}

/// A name that people read: one line, without what turns or hides letters.
pub fn clean_name(name: &str) -> String {
    clean_line(name)
        .trim_matches(['"', '\'', ' '])
        .chars()
        .take(NAME_CHARACTERS_MAX)
        .collect()
}

/// An address in small letters, if it is one: something, an `@`, a domain, no blanks and no control characters.
pub fn clean(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("mailto:");
    let text = text.trim_matches(['<', '>', '"', '\'', ' ', '\t', ';', ',']);
    // An old route before the address: `<@relay:a@b>`.
    let text = match text
        .strip_prefix('@')
        .and_then(|route| route.split_once(':'))
    {
        Some((_, address)) => address,
        None => text,
    };
    let (local, domain) = text.rsplit_once('@')?;
    let is_plain = |c: char| {
        !c.is_control() && !c.is_whitespace() && !is_bidi(c) && !"<>\"(),:;\\".contains(c)
    };
    let fits = !local.is_empty()
        && !domain.is_empty()
        && text.len() <= ADDRESS_BYTES_MAX
        && text.chars().all(is_plain)
        && !local.contains('@')
        && !domain.starts_with('.')
        && !domain.ends_with('.');
    fits.then(|| text.to_lowercase())
        .filter(|lower| lower.len() <= ADDRESS_BYTES_MAX)
}

/// Characters that turn the direction of what follows: names and file names lie with them.
pub fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<(String, String)> {
        list(value)
            .into_iter()
            .map(|one| (one.name, one.address))
            .collect()
    }

    fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
        wanted
            .iter()
            .map(|(name, address)| ((*name).to_owned(), (*address).to_owned()))
            .collect()
    }

    #[test]
    fn every_form_of_an_address_is_read() {
        for (value, wanted) in [
            ("ana@trade.example", &[("", "ana@trade.example")][..]),
            (
                "Ana Torres <Ana@Trade.example>",
                &[("Ana Torres", "ana@trade.example")],
            ),
            (
                "\"Torres, Ana\" <ana@t.example>, bo@t.example",
                &[("Torres, Ana", "ana@t.example"), ("", "bo@t.example")],
            ),
            (
                "ana@t.example (Ana Torres)",
                &[("Ana Torres", "ana@t.example")],
            ),
            (
                "=?utf-8?B?5byg5LiJ?= <z@t.example>",
                &[("张三", "z@t.example")],
            ),
            (
                "\"=?gb2312?B?1cXI/Q==?=\" <z@t.example>",
                &[("张三", "z@t.example")],
            ),
            (
                "Team: Ana <ana@t.example>, bo@t.example;",
                &[("Ana", "ana@t.example"), ("", "bo@t.example")],
            ),
            ("undisclosed-recipients:;", &[]),
            ("<@relay.example:ana@t.example>", &[("", "ana@t.example")]),
            ("'ana@t.example' <ana@t.example>", &[("", "ana@t.example")]),
            ("\"a\\\"b\" <ana@t.example>", &[("a\"b", "ana@t.example")]),
            ("用户@例子.example", &[("", "用户@例子.example")]),
            (
                "ana@t.example; bo@t.example",
                &[("", "ana@t.example"), ("", "bo@t.example")],
            ),
        ] {
            assert_eq!(read(value), pairs(wanted), "{value}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for value in [
            "",
            "<>",
            "nobody",
            "<nobody>",
            "@",
            "a@",
            "@b",
            "a@.b",
            "\"unclosed",
            "<a@b",
            "((((",
            "a b <c d@e>",
        ] {
            let found = read(value);
            assert!(
                found.iter().all(|(_, address)| clean(address).is_some()),
                "{value}: {found:?}"
            );
        }
        assert_eq!(read("<>"), []);
        assert_eq!(clean(&format!("{}@b.example", "a".repeat(300))), None);
        assert_eq!(clean("a\r\nBcc: x@y"), None);
    }

    #[test]
    fn a_name_cannot_turn_the_eye() {
        let found = first("\"\u{202e}moc.elpmaxe@knab\" <evil@t.example>").unwrap();
        assert_eq!(found.name, "moc.elpmaxe@knab");
    }
}
