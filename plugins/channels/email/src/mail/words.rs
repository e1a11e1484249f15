//! Encoded words in headers (RFC 2047), more forgiving than the standard: a letter cut in two by a line break is put together again, and labels are
//! read as in [`super::charset`].

use super::charset;
use mail_parser::decoders::base64::base64_decode;

/// A header's value with its encoded words read.
pub fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    // Bytes of words side by side in one charset, not read yet.
    let mut held: Option<(String, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, from) = rest.split_at(start);
        match word(from) {
            Some((charset, bytes, after)) => {
                // White space between words is none.
                if held.is_none() || !before.trim().is_empty() {
                    flush(&mut held, &mut decoded);
                    decoded.push_str(before);
                }
                match &mut held {
                    Some((same, so_far)) if same.eq_ignore_ascii_case(&charset) => {
                        so_far.extend(bytes);
                    }
                    _ => {
                        flush(&mut held, &mut decoded);
                        held = Some((charset, bytes));
                    }
                }
                rest = after;
            }
            None => {
                flush(&mut held, &mut decoded);
                decoded.push_str(before);
                decoded.push_str("=?");
                rest = &from[2..];
            }
        }
    }
    flush(&mut held, &mut decoded);
    decoded.push_str(rest);
    decoded
}

fn flush(held: &mut Option<(String, Vec<u8>)>, decoded: &mut String) {
    if let Some((charset, bytes)) = held.take() {
        decoded.push_str(&charset::decode(&bytes, Some(&charset)));
    }
}

/// One word at the beginning of the text: its charset, its bytes, and what follows.
fn word(text: &str) -> Option<(String, Vec<u8>, &str)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?')?;
    let (encoding, rest) = rest.split_once('?')?;
    let (content, after) = rest.split_once("?=")?;
    let charset = charset.split('*').next()?;
    if charset.is_empty() || charset.len() > 40 || charset.contains(char::is_whitespace) {
        return None;
    }
    let bytes = match encoding {
        "b" | "B" => base64(content)?,
        "q" | "Q" => quoted(content),
        _ => return None,
    };
    Some((charset.to_owned(), bytes, after))
}

/// Without its padding, or cut short, it is read as far as it goes.
fn base64(content: &str) -> Option<Vec<u8>> {
    let mut clean: Vec<u8> = content
        .bytes()
        .filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
        .collect();
    if clean.len() % 4 == 1 {
        clean.pop();
    }
    while !clean.len().is_multiple_of(4) {
        clean.push(b'=');
    }
    if clean.is_empty() {
        return Some(Vec::new());
    }
    base64_decode(&clean)
}

fn quoted(content: &str) -> Vec<u8> {
    let bytes = content.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes
            .get(at + 1..at + 3)
            .and_then(|two| std::str::from_utf8(two).ok())
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match (bytes[at], hex) {
            (b'=', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'_', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        at += 1;
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_and_what_stands_between_them_is_kept() {
        for (written, read) in [
            ("plain", "plain"),
            ("=?utf-8?B?5b+Y6K6w5a+G56CB?=", "忘记密码"),
            ("=?gb18030?B?zfy8x8Pcwus=?=", "忘记密码"),
            ("Re: =?iso-8859-1?Q?caf=E9_au?= lait", "Re: café au lait"),
            ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
            ("=?utf-8?Q?a?=  x =?utf-8?Q?b?=", "a  x b"),
            ("=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=", "テスト"),
            ("=?utf-8*en?q?x?=", "x"),
        ] {
            assert_eq!(decode(written), read, "{written}");
        }
    }

    #[test]
    fn a_letter_cut_in_two_by_two_words_is_one_letter() {
        // The three bytes of 密 in two words, as some programs break lines.
        assert_eq!(decode("=?utf-8?B?5a8=?=\t=?utf-8?B?hg==?="), "密");
        assert_eq!(decode("=?gb2312?Q?=C3=DC=C2?= =?GB2312?Q?=EB?="), "密码");
    }

    #[test]
    fn what_is_no_word_stays_as_it_is() {
        for text in [
            "=?",
            "=?x",
            "=?utf-8?B?",
            "=?utf-8?X?a?=",
            "=??B?a?=",
            "a =?= b",
            "=? utf-8?Q?a?=",
        ] {
            assert_eq!(decode(text), text);
        }
        assert_eq!(decode("=?utf-8?B?5b+Y6K6w5a+G56C?="), "忘记密\u{fffd}");
    }
}
