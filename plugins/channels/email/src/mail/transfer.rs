//! Content-Transfer-Encoding: read as far as it goes; what is broken costs itself, not what stands around it.

use mail_parser::decoders::base64::base64_decode;
use std::borrow::Cow;

/// How the bytes of a part are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transfer {
    Plain,
    Base64,
    QuotedPrintable,
}

impl Transfer {
    /// By its name in the header.
    pub fn named(name: Option<&str>) -> Self {
        match name
            .unwrap_or_default()
            .trim()
            .trim_matches('"')
            .to_ascii_lowercase()
            .as_str()
        {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            _ => Self::Plain,
        }
    }

    /// The bytes that are meant.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Self::Plain => Cow::Borrowed(bytes),
            Self::Base64 => Cow::Owned(base64(bytes)),
            Self::QuotedPrintable => Cow::Owned(quoted_printable(bytes)),
        }
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    base64_decode(bytes).unwrap_or_else(|| {
        let mut clean: Vec<u8> = bytes
            .iter()
            .copied()
            .filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
            .collect();
        clean.truncate(clean.len() / 4 * 4);
        base64_decode(&clean).unwrap_or_default()
    })
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| {
        byte.and_then(|byte| char::from(*byte).to_digit(16))
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'=' {
            decoded.push(*byte);
            at += 1;
            continue;
        }
        if let (Some(high), Some(low)) = (hex(bytes.get(at + 1)), hex(bytes.get(at + 2))) {
            decoded.push(high << 4 | low);
            at += 3;
            continue;
        }
        // A soft line break, with blanks before its end perhaps.
        let blanks = bytes[at + 1..]
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
            .count();
        if bytes.get(at + 1 + blanks) == Some(&b'\n') {
            at += blanks + 2;
        } else {
            decoded.push(b'=');
            at += 1;
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_well_written_is_read_and_what_is_broken_as_far_as_it_goes() {
        let plain = |transfer: Transfer, bytes: &[u8]| {
            String::from_utf8_lossy(&transfer.decode(bytes)).into_owned()
        };
        assert_eq!(plain(Transfer::Base64, b"aGVs\r\nbG8="), "hello");
        assert_eq!(
            plain(Transfer::Base64, b"aGVs!!bG8gdGhlcmU\r\n-- footer"),
            plain(Transfer::Base64, b"aGVsbG8gdGhlcmUfooter")
        );
        assert_eq!(
            plain(
                Transfer::QuotedPrintable,
                b"caf=C3=A9 =\r\nau= \nlait = 5=5"
            ),
            "café aulait = 5=5"
        );
        assert_eq!(plain(Transfer::Plain, b"=41"), "=41");
        assert_eq!(Transfer::named(Some(" BASE64 ")), Transfer::Base64);
        assert_eq!(Transfer::named(Some("8bit")), Transfer::Plain);
    }
}
