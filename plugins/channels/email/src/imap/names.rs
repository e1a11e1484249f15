//! How a mailbox's name is written: in modified UTF-7 (RFC 3501, 5.1.3), or in UTF-8 where the server takes that; in quotation marks in any case.

use crate::limits::MAILBOX_NAME_BYTES_MAX;
use base64::{
    Engine,
    alphabet::IMAP_MUTF7,
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};

const UTF7: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// In which letters a server takes names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Letters {
    Utf7,
    Utf8,
}

/// The name as it stands in a command; nothing where it is no name.
pub(super) fn mailbox(name: &str, letters: Letters) -> Option<String> {
    let is_name = !name.is_empty()
        && name.len() <= MAILBOX_NAME_BYTES_MAX
        && !name.contains(|c: char| c.is_control());
    is_name.then(|| match letters {
        Letters::Utf7 => quoted(&utf7(name)),
        Letters::Utf8 => quoted(name),
    })
}

/// A string in quotation marks. No line may end in it: that is for the caller to see to.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

fn utf7(name: &str) -> String {
    let mut written = String::with_capacity(name.len());
    let mut held = String::new();
    for c in name.chars() {
        if !matches!(c, ' '..='~') {
            held.push(c);
            continue;
        }
        shift(&mut held, &mut written);
        written.push(c);
        if c == '&' {
            written.push('-');
        }
    }
    shift(&mut held, &mut written);
    written
}

/// What is held, in base64 of UTF-16.
fn shift(held: &mut String, written: &mut String) {
    if !held.is_empty() {
        let bytes: Vec<u8> = held.encode_utf16().flat_map(u16::to_be_bytes).collect();
        written.push('&');
        UTF7.encode_string(bytes, written);
        written.push('-');
        held.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_in_letters_that_the_server_takes() {
        for (name, utf7) in [
            ("INBOX", "\"INBOX\""),
            ("Done & gone", "\"Done &- gone\""),
            (
                "~peter/mail/台北/日本語",
                "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"",
            ),
            ("已处理", "\"&XfJZBHQG-\""),
            ("😀", "\"&2D3eAA-\""),
            ("a\" LOGOUT \\", "\"a\\\" LOGOUT \\\\\""),
        ] {
            assert_eq!(
                mailbox(name, Letters::Utf7).as_deref(),
                Some(utf7),
                "{name}"
            );
        }
        let written = mailbox("已\"处", Letters::Utf8);
        assert_eq!(written.as_deref(), Some("\"已\\\"处\""));
    }

    #[test]
    fn a_name_is_one_line_of_bounded_length() {
        for wrong in ["", "a\r\nb", "a\0", "\u{85}"] {
            assert_eq!(mailbox(wrong, Letters::Utf8), None, "{wrong:?}");
        }
        let fits = "x".repeat(MAILBOX_NAME_BYTES_MAX);
        assert!(mailbox(&fits, Letters::Utf7).is_some());
        assert!(mailbox(&format!("{fits}x"), Letters::Utf7).is_none());
    }
}
