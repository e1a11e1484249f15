//! A mail as it is on the wire: every line ends with CR LF and none is a dot alone, so that nothing in it can end it (SMTP smuggling).

use crate::limits::WRITE_BYTES;

/// What ends a mail, after the end of a line.
pub(super) const END: &[u8] = b".\r\n";

const LINE_END: &[u8] = b"\r\n";

/// The lines, without their ends: CR LF, or either of them alone.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = content;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let (line, end) = rest.split_at(rest.iter().position(is_end).unwrap_or(rest.len()));
        rest = end
            .strip_prefix(LINE_END)
            .or_else(|| end.get(1..))
            .unwrap_or_default();
        Some(line)
    })
}

/// How large a mail is with such ends of lines; dots that are added on the wire do not count (RFC 1870).
pub(super) fn bytes(content: &[u8]) -> u64 {
    lines(content)
        .map(|line| (line.len() + LINE_END.len()) as u64)
        .sum()
}

/// Writes a mail without its end, part by part. It ends with the end of a line.
pub(super) fn write<E>(
    content: &[u8],
    mut write: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut part = Vec::with_capacity(WRITE_BYTES);
    for line in lines(content) {
        let stuffing: &[u8] = if line.starts_with(b".") { b"." } else { b"" };
        for mut piece in [stuffing, line, LINE_END] {
            while !piece.is_empty() {
                if part.len() == WRITE_BYTES {
                    write(&part)?;
                    part.clear();
                }
                let (fits, rest) = piece.split_at(piece.len().min(WRITE_BYTES - part.len()));
                part.extend_from_slice(fits);
                piece = rest;
            }
        }
    }
    if part.is_empty() {
        Ok(())
    } else {
        write(&part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(content: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        let write = write(content, |part| {
            assert!(!part.is_empty() && part.len() <= WRITE_BYTES);
            all.extend_from_slice(part);
            Ok::<_, ()>(())
        });
        assert_eq!(write, Ok(()));
        all
    }

    /// As a server reads it, if it goes by the book.
    fn received(wire: &[u8]) -> Vec<u8> {
        let mut content = Vec::new();
        let mut rest = wire;
        while !rest.is_empty() {
            let end = rest.windows(2).position(|two| two == LINE_END).unwrap();
            let line = &rest[..end];
            assert_ne!(line, b".", "it ends before its end");
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
            content.extend_from_slice(LINE_END);
            rest = &rest[end + 2..];
        }
        content
    }

    #[test]
    fn ends_of_lines_are_made_whole_and_dots_are_doubled() {
        for (content, wire) in [
            (&b""[..], &b""[..]),
            (b"a", b"a\r\n"),
            (b"a\r\n", b"a\r\n"),
            (b"a\nb\rc", b"a\r\nb\r\nc\r\n"),
            (b"\r\r\n\n\r", b"\r\n\r\n\r\n\r\n"),
            (b".", b"..\r\n"),
            (b"a\n.\nMAIL", b"a\r\n..\r\nMAIL\r\n"),
            (b"a\r.\rb", b"a\r\n..\r\nb\r\n"),
            (b"a\r\n.\nb\n.\r\nc", b"a\r\n..\r\nb\r\n..\r\nc\r\n"),
            (b"..a.", b"...a.\r\n"),
        ] {
            assert_eq!(written(content), wire, "{content:?}");
        }
    }

    #[test]
    fn a_mail_larger_than_one_part_is_the_same_mail() {
        for bytes in [
            WRITE_BYTES - 2,
            WRITE_BYTES - 1,
            WRITE_BYTES,
            3 * WRITE_BYTES + 7,
        ] {
            let mut content = vec![b'x'; bytes];
            content[0] = b'.';
            let wire = written(&content);
            assert_eq!(wire.len(), bytes + 3);
            content.extend(LINE_END);
            assert_eq!(received(&wire), content);
        }
    }

    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        prop::collection::vec(
            prop_oneof![
                Just(b'\r'),
                Just(b'\n'),
                Just(b'.'),
                Just(b'a'),
                any::<u8>()
            ],
            0..200,
        )
    }

    proptest! {
        #[test]
        fn what_is_received_is_what_was_sent_and_no_end_of_a_line_goes_out_half(content in hostile()) {
            let wire = written(&content);
            let is_whole = |at: usize| match wire[at] {
                b'\r' => wire.get(at + 1) == Some(&b'\n'),
                b'\n' => at > 0 && wire[at - 1] == b'\r',
                _ => true,
            };
            prop_assert!((0..wire.len()).all(is_whole));
            let lines: Vec<&[u8]> = lines(&content).collect();
            let mut wanted = lines.join(LINE_END);
            if !lines.is_empty() {
                wanted.extend_from_slice(LINE_END);
            }
            prop_assert_eq!(bytes(&content), wanted.len() as u64);
            prop_assert_eq!(received(&wire), wanted);
        }
    }
}
