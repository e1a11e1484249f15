//! References within one document: `#`, or `#/` and names (RFC 6901).

use super::SchemaError;
use serde_json::Value;

/// What a `$ref` refers to.
///
/// # Errors
/// [`SchemaError::Outside`] where it is none of this document's, [`SchemaError::Nowhere`] where nothing is there.
pub(super) fn follow<'a>(document: &'a Value, reference: &str) -> Result<&'a Value, SchemaError> {
    let outside = || SchemaError::Outside(reference.to_owned());
    let pointer = reference.strip_prefix('#').ok_or_else(outside)?;
    // Nothing is escaped by per cent, so that one place has one name.
    if pointer.contains('%') || !(pointer.is_empty() || pointer.starts_with('/')) {
        return Err(outside());
    }
    let nowhere = || SchemaError::Nowhere(reference.to_owned());
    document.pointer(pointer).ok_or_else(nowhere)
}
