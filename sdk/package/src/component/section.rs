//! The text of `plugin.toml` within the component, as a custom section: the component knows what it is, whatever becomes of its package.

use super::{ComponentError, check_size};
use std::ops::Range;

/// The custom section's name.
pub const SECTION: &str = "guichet:manifest";

/// Bytes before the first section: the magic number and the version.
const PREAMBLE_BYTES: usize = 8;

/// The component with the text of its manifest in it. A text that was there before is replaced.
///
/// # Errors
/// [`ComponentError`]: no component, or too large with the text in it.
pub fn embed(component: &[u8], manifest: &str) -> Result<Vec<u8>, ComponentError> {
    let mut made = component.get(..PREAMBLE_BYTES).ok_or_else(cut)?.to_vec();
    for section in sections(component)? {
        if section.name != Some(SECTION.as_bytes()) {
            made.extend_from_slice(&component[section.whole]);
        }
    }
    let mut content = Vec::with_capacity(SECTION.len() + manifest.len() + 1);
    push_length(&mut content, SECTION.len());
    content.extend_from_slice(SECTION.as_bytes());
    content.extend_from_slice(manifest.as_bytes());
    made.push(0);
    push_length(&mut made, content.len());
    made.extend_from_slice(&content);
    check_size(&made)?;
    Ok(made)
}

/// The text of the manifest in a component, if there is one.
///
/// # Errors
/// [`ComponentError`]: no component, two texts, or one that is not UTF-8.
pub fn embedded(component: &[u8]) -> Result<Option<&str>, ComponentError> {
    let mut found = None;
    for section in sections(component)? {
        if section.name == Some(SECTION.as_bytes()) && found.replace(section.data).is_some() {
            return Err(ComponentError::TwoManifests);
        }
    }
    found
        .map(|data| std::str::from_utf8(&component[data]).map_err(|_| ComponentError::Text))
        .transpose()
}

struct Section<'a> {
    /// Its header too.
    whole: Range<usize>,
    /// Of a custom section.
    name: Option<&'a [u8]>,
    /// What follows the name.
    data: Range<usize>,
}

/// The sections of a component, not those of what is nested in it.
fn sections(component: &[u8]) -> Result<Vec<Section<'_>>, ComponentError> {
    check_size(component)?;
    if !wasmparser::Parser::is_component(component) {
        return Err(ComponentError::Form(
            "its first bytes are others".to_owned(),
        ));
    }
    let mut found = Vec::new();
    let mut at = PREAMBLE_BYTES;
    while let Some(kind) = component.get(at) {
        let (length, start) = length(component, at + 1)?;
        let end = start
            .checked_add(length)
            .filter(|&end| end <= component.len())
            .ok_or_else(cut)?;
        let mut section = Section {
            whole: at..end,
            name: None,
            data: start..end,
        };
        if *kind == 0 {
            let (length, start) = self::length(component, start)?;
            let after = start
                .checked_add(length)
                .filter(|&after| after <= end)
                .ok_or_else(cut)?;
            section.name = Some(&component[start..after]);
            section.data = after..end;
        }
        found.push(section);
        at = end;
    }
    Ok(found)
}

/// A length in LEB128, and where what follows it starts.
fn length(bytes: &[u8], at: usize) -> Result<(usize, usize), ComponentError> {
    let mut length = 0_u64;
    for (index, byte) in bytes.iter().skip(at).take(5).enumerate() {
        length |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return usize::try_from(length)
                .map(|length| (length, at + index + 1))
                .map_err(|_| cut());
        }
    }
    Err(cut())
}

fn push_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length > 0x7f {
        bytes.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

fn cut() -> ComponentError {
    ComponentError::Form("it is cut short".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::inspect;

    fn component() -> Vec<u8> {
        wat::parse_str(
            "(component (import \"guichet:platform/records@0.1.0\" (instance)) (core module))",
        )
        .unwrap()
    }

    #[test]
    fn a_text_goes_in_and_comes_out_and_the_component_stays_one() {
        let text = format!("title.zh-CN = \"分派\" {}", "x".repeat(500));
        let with = embed(&component(), &text).unwrap();
        assert_eq!(embedded(&with).unwrap(), Some(text.as_str()));
        assert_eq!(
            inspect(&with).unwrap().permissions,
            inspect(&component()).unwrap().permissions
        );
        assert_eq!(embedded(&component()), Ok(None));
    }

    #[test]
    fn a_second_text_takes_the_place_of_the_first() {
        let once = embed(&component(), "one").unwrap();
        let twice = embed(&once, "two").unwrap();
        assert_eq!(embedded(&twice), Ok(Some("two")));
        assert_eq!(twice, embed(&component(), "two").unwrap());
    }

    #[test]
    fn two_texts_in_one_component_are_refused() {
        let one = embed(&component(), "one").unwrap();
        let mut two = one.clone();
        two.extend_from_slice(&one[component().len()..]);
        assert_eq!(embedded(&two), Err(ComponentError::TwoManifests));
    }

    #[test]
    fn a_text_that_makes_the_component_too_large_is_refused() {
        let text = "x".repeat(crate::limits::COMPONENT_BYTES_MAX);
        assert!(matches!(
            embed(&component(), &text),
            Err(ComponentError::TooLarge { .. })
        ));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(tail in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..64)) {
            let mut bytes = component();
            bytes.truncate(PREAMBLE_BYTES);
            bytes.extend(tail);
            let _ = embedded(&bytes);
            let _ = embed(&bytes, "text");
            let _ = inspect(&bytes);
        }
    }
}
