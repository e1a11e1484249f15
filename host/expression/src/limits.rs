//! Bounds of an expression. Each has a test at its edge.

/// Bytes of its text.
pub const TEXT_BYTES_MAX: usize = 4 << 10;

/// Brackets within brackets, and conditions within conditions.
pub const NESTING_LEVELS_MAX: usize = 32;

/// Names, values and operators.
pub const NODES_MAX: usize = 200;

/// Words, numbers and signs of the text: what the parser is made to look at.
pub(crate) const TOKENS_MAX: usize = NODES_MAX * 3;

/// Days of a duration, either way.
pub const DURATION_DAYS_MAX: i64 = 36_600;

/// Characters of a plugin's text that count in a comparison. Longer ones are found by their beginning.
pub const FIELD_TEXT_CHARACTERS_MAX: usize = 200;

/// Texts of a plugin's list that count.
pub const FIELD_TEXTS_MAX: usize = 100;
