//! What is wrong with an expression: where, and what to do about it.

use crate::limits;

/// An expression that is none, and the place where that shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {mistake}")]
pub struct ExpressionError {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// What is wrong.
    #[source]
    pub mistake: Mistake,
}

/// What can be wrong. The text tells a person what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    #[error("the expression is empty: write a condition, such as state == \"open\"")]
    Empty,
    #[error("the expression has {0} bytes; it may have {max}", max = limits::TEXT_BYTES_MAX)]
    TooLong(usize),
    #[error("the expression is nested too deeply; {max} levels are the most", max = limits::NESTING_LEVELS_MAX)]
    TooDeep,
    #[error("the expression has too many parts; {max} names, values and operators are the most", max = limits::NODES_MAX)]
    TooManyParts,
    #[error("{0}")]
    Syntax(String),
    #[error("there is no `{name}` here{}", meant.as_ref().map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default())]
    Unknown { name: String, meant: Option<String> },
    #[error(
        "`{0}` is not indexed: a list cannot be filtered by it. Its plugin declares it with `indexed = true`"
    )]
    NotIndexed(String),
    #[error("{0}")]
    Type(String),
    #[error("{0}")]
    Unsupported(String),
    #[error(
        "text(…) may stand alone or be joined by && at the outermost level only: the index of words is a file of its own"
    )]
    WordsWithin,
}

/// Line and column, from 1 and in characters, of a place in bytes.
pub(crate) fn at(text: &str, offset: usize, mistake: Mistake) -> ExpressionError {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let count = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    ExpressionError {
        line: count(before.matches('\n').count()),
        column: count(before[line_start..].chars().count()),
        mistake,
    }
}

/// The known name that the unknown one was meant to be, perhaps: at most a third of it is different.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted: Vec<char> = name.chars().take(100).collect();
    known
        .map(|known| (distance(&wanted, known), known))
        .filter(|(distance, known)| *distance <= (known.chars().count() / 3).max(1))
        .min()
        .map(|(_, known)| known.to_owned())
}

/// Letters to be put in, left out or exchanged.
fn distance(one: &[char], other: &str) -> usize {
    let mut row: Vec<usize> = (0..=one.len()).collect();
    for (line, there) in other.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, here) in one.iter().enumerate() {
            let exchanged = diagonal + usize::from(*here != there);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[one.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters_from_one() {
        let place = |text: &str, offset| {
            let error = at(text, offset, Mistake::Empty);
            (error.line, error.column)
        };
        assert_eq!(place("", 0), (1, 1));
        assert_eq!(place("状态 ==", "状态 ".len()), (1, 4));
        assert_eq!(place("a\n  b", 4), (2, 3));
        assert_eq!(place("ab", 99), (1, 3));
    }

    #[test]
    fn a_slip_finds_the_name_that_was_meant() {
        let known = || ["state", "subject", "assignee"].into_iter();
        assert_eq!(nearest("asignee", known()).as_deref(), Some("assignee"));
        assert_eq!(nearest("stat", known()).as_deref(), Some("state"));
        assert_eq!(nearest("colour", known()), None);
    }
}
