//! The headers of a mail or of one of its parts: unfolded, readable, bounded, whatever bytes they are made of.

use super::charset;
use crate::limits::{HEAD_BYTES_MAX, HEADER_VALUE_BYTES_MAX, HEADERS_MAX};

/// Headers in their order, names in small letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head(Vec<(String, String)>);

impl Head {
    /// Reads what stands before the first empty line.
    pub fn read(raw: &[u8]) -> Self {
        let mut fields: Vec<(String, Vec<u8>)> = Vec::new();
        let mut rest = &raw[..raw.len().min(HEAD_BYTES_MAX)];
        // A mail that lay in a mailbox file has a line of its own before the headers.
        if rest.starts_with(b"From ") || rest.starts_with(b">From ") {
            rest = after_line(rest);
        }
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n');
            let line = &rest[..end.unwrap_or(rest.len())];
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            rest = after_line(rest);
            match (line, fields.last_mut()) {
                ([], _) => break,
                ([b' ' | b'\t', ..], Some((_, value))) => {
                    if value.len() < HEADER_VALUE_BYTES_MAX {
                        value.push(b' ');
                        value.extend_from_slice(line.trim_ascii());
                    }
                }
                _ => {
                    // A line without a colon is none of ours: what follows may be headers again.
                    if let Some((name, value)) = split(line)
                        && fields.len() < HEADERS_MAX
                    {
                        fields.push((name, value.trim_ascii().to_vec()));
                    }
                }
            }
        }
        Self(
            fields
                .into_iter()
                .map(|(name, mut value)| {
                    value.truncate(HEADER_VALUE_BYTES_MAX);
                    (name, charset::decode(&value, None).replace('\0', ""))
                })
                .collect(),
        )
    }

    /// From names and values, for tests of what is decided by headers.
    #[cfg(test)]
    pub fn of(headers: &[(&str, &str)]) -> Self {
        let lower = |(name, value): &(&str, &str)| (name.to_lowercase(), (*value).to_owned());
        Self(headers.iter().map(lower).collect())
    }

    /// The first of that name, in small letters.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// All of that name, in small letters, from the top.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn after_line(bytes: &[u8]) -> &[u8] {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => &bytes[end + 1..],
        None => &[],
    }
}

fn split(line: &[u8]) -> Option<(String, &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let name = line[..colon].trim_ascii();
    let is_name = !name.is_empty()
        && name.len() <= 100
        && name.iter().all(|byte| (b'!'..=b'~').contains(byte));
    is_name.then(|| {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        (name, &line[colon + 1..])
    })
}

/// Where the body begins: after the first empty line.
pub fn body_at(raw: &[u8]) -> usize {
    let mut at = 0;
    while at < raw.len() {
        let line_end = raw[at..].iter().position(|byte| *byte == b'\n');
        let end = line_end.map_or(raw.len(), |end| at + end);
        if matches!(&raw[at..end], [] | [b'\r']) {
            return (end + 1).min(raw.len());
        }
        at = end + 1;
    }
    raw.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_unfolded_and_found_by_name() {
        let raw = b"From: a@b\r\nSubject: one\r\n two\r\n\tthree\r\nX-A: 1\nx-a: 2\r\n\r\nFrom: not me\r\n";
        let head = Head::read(raw);
        assert_eq!(head.get("subject"), Some("one two three"));
        assert_eq!(head.all("x-a").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(head.all("from").count(), 1);
        assert_eq!(&raw[body_at(raw)..], b"From: not me\r\n");
    }

    #[test]
    fn eight_bit_headers_are_read_by_their_looks() {
        let raw = [
            b"Subject: ".as_slice(),
            &encoding_rs::GB18030.encode("打印机无法连接网络").0,
            b"\r\n\r\n",
        ]
        .concat();
        assert_eq!(Head::read(&raw).get("subject"), Some("打印机无法连接网络"));
    }

    #[test]
    fn lines_that_are_no_headers_are_passed_over() {
        let head = Head::read(b"From a@b Mon Jan  1\n folded onto nothing\nno colon here\n: no name\nA b: blank in name\nOk: yes\n");
        assert_eq!(head.iter().collect::<Vec<_>>(), [("ok", "yes")]);
        assert!(Head::read(b"").is_empty() && Head::read(b"\n\nA: b").is_empty());
        assert_eq!(
            (body_at(b""), body_at(b"A: b"), body_at(b"\r\nx")),
            (0, 4, 2)
        );
    }

    #[test]
    fn a_huge_header_is_cut_and_many_are_counted() {
        let line = format!("X: {}\r\n", "a".repeat(HEADER_VALUE_BYTES_MAX + 10));
        assert_eq!(
            Head::read(line.as_bytes()).get("x").unwrap().len(),
            HEADER_VALUE_BYTES_MAX
        );
        assert_eq!(
            Head::read("A: b\n".repeat(HEADERS_MAX + 1).as_bytes())
                .iter()
                .count(),
            HEADERS_MAX
        );
        let late = format!("{}Z: late\n", "A: b\n".repeat(HEAD_BYTES_MAX / 5 + 1));
        assert_eq!(Head::read(late.as_bytes()).get("z"), None);
    }
}
