//! Filters: which tickets a number counts, in the desk's expression language. The same text counts, and lists the tickets behind the number.

use crate::asked::Asked;
use jiff::Timestamp;

/// Tickets that count at all: what rests in the suspended queue is none yet, what is deleted is none any more.
const LIVE: &str = r#"state in ["new", "open", "pending", "solved", "closed"]"#;

/// Tickets that are worked on.
const OPEN: &str = r#"state in ["new", "open", "pending"]"#;

/// A filter that grows by conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter(String);

impl Filter {
    fn begun(condition: &str, asked: &Asked) -> Self {
        let filter = Self(condition.to_owned());
        match asked.filter.is_empty() {
            true => filter,
            // In brackets: whatever it says, it only narrows.
            false => filter.and(&format!("({})", asked.filter)),
        }
    }

    /// Tickets that came in within the range.
    pub fn created(asked: &Asked) -> Self {
        Self::begun(LIVE, asked).and(&within("created_at", asked.from, asked.to))
    }

    /// Tickets whose solution stands, and is of the range.
    pub fn solved(asked: &Asked) -> Self {
        Self::begun(LIVE, asked).and(&within("solved_at", asked.from, asked.to))
    }

    /// Tickets that came in or were solved between two instants.
    pub fn moved(asked: &Asked, from: Timestamp, to: Timestamp) -> Self {
        let created = within("created_at", from, to);
        let solved = within("solved_at", from, to);
        Self::begun(LIVE, asked).and(&format!("(({created}) || ({solved}))"))
    }

    /// Tickets that came in or were solved within the range, or are worked on now.
    pub fn touched(asked: &Asked) -> Self {
        let created = within("created_at", asked.from, asked.to);
        let solved = within("solved_at", asked.from, asked.to);
        Self::begun(LIVE, asked).and(&format!("(({created}) || ({solved}) || {OPEN})"))
    }

    /// Tickets that are worked on now.
    pub fn open(asked: &Asked) -> Self {
        Self::begun(OPEN, asked)
    }

    /// The same with one more condition.
    #[must_use]
    pub fn and(&self, condition: &str) -> Self {
        Self(format!("{} && {condition}", self.0))
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// From an instant on, up to another, which does not count.
fn within(field: &str, from: Timestamp, to: Timestamp) -> String {
    format!("{field} >= timestamp(\"{from}\") && {field} < timestamp(\"{to}\")")
}

/// That a field is a text or an id, or that it is nothing.
pub fn is(field: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{field} == {}", quoted(value)),
        None => format!("{field} == null"),
    }
}

/// Older than one instant, not older than another; either may be missing.
pub fn created_between(from: Option<Timestamp>, to: Option<Timestamp>) -> String {
    let from = from.map(|from| format!("created_at > timestamp(\"{from}\")"));
    let to = to.map(|to| format!("created_at <= timestamp(\"{to}\")"));
    let both: Vec<_> = from.into_iter().chain(to).collect();
    both.join(" && ")
}

/// A text as an expression writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(filter: &str) -> Asked {
        let parameters = serde_json::json!({ "from": "2026-11-01T00:00:00Z", "to": "2026-11-02T00:00:00Z", "filter": filter });
        Asked::read(&parameters.to_string()).unwrap()
    }

    #[test]
    fn the_viewers_filter_only_narrows() {
        assert_eq!(
            Filter::open(&asked("priority == 1 || priority == 2")).text(),
            r#"state in ["new", "open", "pending"] && (priority == 1 || priority == 2)"#
        );
    }

    #[test]
    fn the_end_of_the_range_does_not_count() {
        assert!(Filter::solved(&asked("")).text().ends_with(
            r#"solved_at >= timestamp("2026-11-01T00:00:00Z") && solved_at < timestamp("2026-11-02T00:00:00Z")"#
        ));
    }

    #[test]
    fn a_text_cannot_leave_its_quotation_marks() {
        assert_eq!(
            is("channel", Some("a\"b\\c\n")),
            r#"channel == "a\"b\\c\n""#
        );
        assert_eq!(is("group", None), "group == null");
    }
}
