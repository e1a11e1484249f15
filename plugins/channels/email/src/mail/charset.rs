//! Bytes to text, whatever is said of them: labels are missing, wrong, or too small for what they name (GB 2312 for GB 18030).

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, GB18030, ISO_2022_JP, UTF_8, WINDOWS_1252};

/// Bytes that are looked at to guess an encoding.
const GUESSED_BYTES_MAX: usize = 32 << 10;

/// Reads bytes under a label, or by their looks where the label is missing, unknown, or does not fit them. Never fails.
pub fn decode(bytes: &[u8], label: Option<&str>) -> String {
    if has_escapes(bytes) {
        let bytes = without_empty_runs(bytes);
        let (text, _, has_errors) = ISO_2022_JP.decode(&bytes);
        if !has_errors {
            return text.into_owned();
        }
    }
    let labelled = label.and_then(encoding);
    // Valid UTF-8 with several letters beyond ASCII is hardly ever anything else, whatever it is called.
    if let Ok(text) = std::str::from_utf8(bytes)
        && (labelled.is_none_or(is_western_or_utf8) || many_wide_letters(text))
    {
        return text.to_owned();
    }
    if let Some(encoding) = labelled {
        let (text, _, has_errors) = encoding.decode(bytes);
        let is_misnamed = encoding == WINDOWS_1252 && looks_eastern(bytes);
        if !has_errors && !is_misnamed {
            return text.into_owned();
        }
        if encoding == UTF_8 && is_nearly_whole(&text) {
            return text.into_owned();
        }
        let guessed = guess(bytes);
        let (other, _, is_worse) = guessed.decode(bytes);
        if guessed == encoding || is_worse {
            return text.into_owned();
        }
        return other.into_owned();
    }
    guess(bytes).decode(bytes).0.into_owned()
}

/// The encoding that is meant by a label.
fn encoding(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    match label.as_str() {
        // Much that calls itself so is the larger set; this one reads all three.
        "gb2312" | "gb_2312" | "gb_2312-80" | "gbk" | "x-gbk" | "cp936" | "ms936"
        | "windows-936" | "gb18030" | "gb-18030" | "chinese" | "euc-cn" | "euccn" | "hz" => {
            Some(GB18030)
        }
        "cp932" | "ms932" | "windows-932" => Encoding::for_label(b"shift_jis"),
        "cp949" | "ms949" => Encoding::for_label(b"euc-kr"),
        "cp950" | "big5-hkscs" => Encoding::for_label(b"big5"),
        "utf8mb4" | "utf-8mb4" => Some(UTF_8),
        // Says nothing.
        "unknown-8bit" | "x-unknown" | "unknown" | "default" | "8bit" | "binary" | "" => None,
        other => Encoding::for_label(other.as_bytes())
            .filter(|encoding| *encoding != encoding_rs::REPLACEMENT),
    }
}

fn is_western_or_utf8(encoding: &'static Encoding) -> bool {
    encoding == UTF_8 || encoding == WINDOWS_1252
}

/// UTF-8 that was cut, not something else: of what is beyond ASCII, most was read.
fn is_nearly_whole(text: &str) -> bool {
    let beyond = text.chars().filter(|c| !c.is_ascii()).count();
    let lost = text.chars().filter(|c| *c == '\u{fffd}').count();
    lost * 4 <= beyond
}

/// At least two letters of three or more bytes: Chinese, Japanese, Korean and the like.
fn many_wide_letters(text: &str) -> bool {
    text.chars().filter(|c| c.len_utf8() >= 3).nth(1).is_some()
}

/// ISO-2022-JP says by escapes where its letters begin, in seven bits.
fn has_escapes(bytes: &[u8]) -> bool {
    bytes
        .windows(3)
        .any(|three| matches!(three, b"\x1b$B" | b"\x1b$@" | b"\x1b(J" | b"\x1b(I"))
}

/// Without escapes to ASCII that another follows at once, as between two encoded words: the decoder takes an empty run for an attack.
fn without_empty_runs(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if rest.starts_with(b"\x1b(B\x1b") {
            rest = &rest[3..];
            continue;
        }
        kept.push(*first);
        rest = &rest[1..];
    }
    kept
}

/// Called western, but with so many high bytes in a row as no western text has.
fn looks_eastern(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    high >= 4
        && guess(bytes)
            .decode_without_bom_handling_and_without_replacement(bytes)
            .is_some()
        && !matches!(guess(bytes).name(), name if name.starts_with("windows-") || name.starts_with("ISO-8859"))
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    let looked_at = &bytes[..bytes.len().min(GUESSED_BYTES_MAX)];
    detector.feed(looked_at, looked_at.len() == bytes.len());
    let guessed = detector.guess(None, Utf8Detection::Allow);
    match guessed.name() {
        "GBK" => GB18030,
        _ => guessed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn text_is_read_under_its_label() {
        assert_eq!(decode(&gb("忘记密码"), Some("gb2312")), "忘记密码");
        // 镕 is in GBK, 㐂 only in GB 18030: both come under the smallest name.
        assert_eq!(decode(&gb("朱镕基㐂"), Some("GB2312")), "朱镕基㐂");
        assert_eq!(decode(b"caf\xe9", Some("iso-8859-1")), "café");
        let japanese = ISO_2022_JP.encode("テスト").0;
        assert_eq!(decode(&japanese, Some("ISO-2022-JP")), "テスト");
        assert_eq!(decode("日本".as_bytes(), Some("utf-8")), "日本");
    }

    #[test]
    fn text_is_read_without_a_label_and_under_a_wrong_one() {
        let text = "请帮我重置密码，谢谢。我的工号是 1024。";
        assert_eq!(decode(&gb(text), None), text);
        assert_eq!(decode(&gb(text), Some("unknown-8bit")), text);
        assert_eq!(decode(&gb(text), Some("x-no-such")), text);
        assert_eq!(decode(&gb(text), Some("us-ascii")), text);
        assert_eq!(decode(&gb(text), Some("utf-8")), text);
        assert_eq!(decode(text.as_bytes(), Some("gb2312")), text);
        assert_eq!(decode(text.as_bytes(), Some("iso-8859-1")), text);
        let japanese = ISO_2022_JP.encode("プリンタが動きません").0;
        assert_eq!(decode(&japanese, None), "プリンタが動きません");
        assert_eq!(decode(&japanese, Some("us-ascii")), "プリンタが動きません");
        // Two encoded words, one after the other.
        let twice = [&japanese[..], &japanese[..]].concat();
        assert_eq!(
            decode(&twice, Some("ISO-2022-JP")),
            "プリンタが動きませんプリンタが動きません"
        );
        assert_eq!(
            decode(b"caf\xe9 au lait, d\xe9j\xe0 vu", None),
            "café au lait, déjà vu"
        );
    }

    #[test]
    fn anything_at_all_is_read_as_something() {
        for bytes in [
            &b""[..],
            b"\0\0",
            b"\xff\xfe\xfd",
            b"\x80",
            b"\x1b$B",
            b"\xe4\xbd",
        ] {
            for label in [
                None,
                Some("utf-8"),
                Some("gb2312"),
                Some("iso-2022-jp"),
                Some("iso-2022-kr"),
                Some(""),
            ] {
                assert!(decode(bytes, label).len() <= bytes.len() * 3 + 3);
            }
        }
    }
}
