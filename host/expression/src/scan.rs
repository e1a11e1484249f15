//! Bounds that are held before the parser sees a text: it climbs down its stack with each bracket, so a text from outside must not decide how deep.
//!
//! Every sign outside texts is counted; signs of constructs that we do not have are refused here, with their place.

use crate::{
    error::{ExpressionError, Mistake, at},
    limits::{NESTING_LEVELS_MAX, TEXT_BYTES_MAX, TOKENS_MAX},
};

/// Whether the text is short and flat enough to be parsed.
pub(crate) fn scan(text: &str) -> Result<(), ExpressionError> {
    if text.trim().is_empty() {
        return Err(at(text, 0, Mistake::Empty));
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err(at(text, 0, Mistake::TooLong(text.len())));
    }
    let bytes = text.as_bytes();
    let (mut place, mut depth, mut signs, mut tokens) = (0, 0usize, 0usize, 0usize);
    while let Some(byte) = bytes.get(place) {
        let start = place;
        let refused = |what: &str| at(text, start, Mistake::Unsupported(what.to_owned()));
        // A run of `!` or `-` is climbed down as brackets are.
        signs = match byte {
            b'!' | b'-' => signs + 1,
            b' ' | b'\t' | b'\n' | b'\r' => signs,
            _ => 0,
        };
        place += 1;
        match byte {
            b'\0' => return Err(refused("a text may not contain the character NUL")),
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'"' | b'\'' => place = end_of_text(bytes, start),
            b'/' if bytes.get(place) == Some(&b'/') => {
                return Err(refused("comments are not supported"));
            }
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            b'?' => return Err(refused("`? :` is not supported: use && and ||")),
            b'{' | b'}' => return Err(refused("maps and messages are not supported")),
            b'`' => {
                return Err(refused(
                    "` is not supported: a plugin's field is written fields[\"publisher/name/field\"]",
                ));
            }
            _ if is_word(*byte) => {
                while bytes.get(place).is_some_and(|byte| is_word(*byte)) {
                    place += 1;
                }
                // r"…" has no escapes; where such a text ends is told by another rule. Nobody needs it here.
                if matches!(bytes.get(place), Some(b'"' | b'\'')) {
                    return Err(refused(
                        "a text has no letters before its quotation mark here",
                    ));
                }
            }
            _ => {}
        }
        tokens += 1;
        if tokens > TOKENS_MAX {
            return Err(at(text, start, Mistake::TooManyParts));
        }
        if depth.max(signs) > NESTING_LEVELS_MAX {
            return Err(at(text, start, Mistake::TooDeep));
        }
    }
    Ok(())
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Behind the quotation mark that ends the text which begins here; the parser tells of one that never ends.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let quote = &bytes[start..=start];
    let triple = bytes[start..]
        .iter()
        .take_while(|byte| **byte == quote[0])
        .count()
        >= 3;
    let width = if triple { 3 } else { 1 };
    let mut place = start + width;
    while let Some(byte) = bytes.get(place) {
        if *byte == b'\\' {
            place += 2;
        } else if bytes[place..].len() >= width
            && bytes[place..place + width]
                .iter()
                .all(|byte| *byte == quote[0])
        {
            return place + width;
        } else {
            place += 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_do_not_count() {
        let text = format!("subject == \"{}\"", "(\\\"".repeat(100));
        assert_eq!(scan(&text), Ok(()));
        assert!(scan(&format!("subject == '''{}'''", "('".repeat(100))).is_ok());
    }

    #[test]
    fn the_deepest_and_the_longest_that_may_be_are_let_through_and_no_more() {
        let nested = |levels: usize| format!("{}1{}", "(".repeat(levels), ")".repeat(levels));
        assert_eq!(scan(&nested(NESTING_LEVELS_MAX)), Ok(()));
        let error = scan(&nested(NESTING_LEVELS_MAX + 1)).unwrap_err();
        assert_eq!((error.column, error.mistake), (33, Mistake::TooDeep));
        let signs = |levels: usize| format!("{}a", "!".repeat(levels));
        assert_eq!(scan(&signs(NESTING_LEVELS_MAX)), Ok(()));
        assert!(scan(&signs(NESTING_LEVELS_MAX + 1)).is_err());
        let long = |bytes: usize| format!("'{}'", "x".repeat(bytes - 2));
        assert_eq!(scan(&long(TEXT_BYTES_MAX)), Ok(()));
        let error = scan(&long(TEXT_BYTES_MAX + 1)).unwrap_err();
        assert_eq!(error.mistake, Mistake::TooLong(TEXT_BYTES_MAX + 1));
        assert_eq!(scan(&"a ".repeat(TOKENS_MAX)), Ok(()));
        assert!(scan(&"a ".repeat(TOKENS_MAX + 1)).is_err());
    }

    #[test]
    fn what_we_do_not_have_is_refused_where_it_stands() {
        let column = |text: &str| scan(text).unwrap_err().column;
        assert_eq!(column("a ? b : c"), 3);
        assert_eq!(column("a == {}"), 6);
        assert_eq!(column("a // b"), 3);
        assert_eq!(column("a == r\"b\""), 6);
    }
}
