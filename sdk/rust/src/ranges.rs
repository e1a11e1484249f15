//! Ranges of records, begun.

use crate::records::Range;

impl Range {
    /// All records, in the order of their keys: to be narrowed with `..Range::all()`.
    pub fn all() -> Self {
        Self {
            index: None,
            equal: None,
            from: None,
            to: None,
            descending: false,
            cursor: None,
            limit: 200,
            extra: Vec::new(),
        }
    }
}
