//! Texts with names in them: `{{ticket.subject}}`.
//!
//! A text is read once, from the left: what is filled in is never read again, so a customer who writes `{{ticket.assignee.name}}` into a subject is told what he wrote.
//! `\{{` is two braces. A name that there is not is an error and never an empty place in a customer's mail.

use crate::{limits::FILLED_BYTES_MAX, snapshot::Snapshot, value::shown};
use serde_json::Value;

/// Why a text cannot be filled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error(
        "`{0}` opens with two braces and is not closed: write `}}}}`, or `\\{{{{` where braces are meant"
    )]
    Open(String),
    #[error(
        "there is no `{{{{{0}}}}}`: use ticket.<field>, requester.name, requester.locale, assignee.name, group.name, event.old.<field>, event.new.<field> or event.actor, where a field is a core field or a plugin's as publisher/name/field"
    )]
    Unknown(String),
    #[error("filled in, the text has more than {FILLED_BYTES_MAX} bytes")]
    TooLong,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Name(Name<'a>),
}

/// What a name in braces means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name<'a> {
    /// A field of the snapshot.
    Field(&'a str),
    Old(&'a str),
    New(&'a str),
}

/// Core fields of a ticket. The schema of the settings has them in the form of a text, too.
pub const FIELDS: &[&str] = &[
    "number",
    "kind",
    "state",
    "prior_state",
    "subject",
    "text",
    "channel",
    "requester",
    "assignee",
    "group",
    "impact",
    "urgency",
    "priority",
    "priority_override",
    "tags",
    "pending_reason",
    "pending_until",
    "created_at",
    "updated_at",
    "solved_at",
    "recovered_at",
    "removed_at",
    "reopen_count",
    "legal_hold",
    "links",
    "participants",
    "merged_into",
    "merged_state",
    "suspension",
];

/// Whether there may be such a field. A plugin's is not known before it is there, and nothing until then.
fn is_field(field: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    FIELDS.contains(&field) || (field.split('/').count() == 3 && field.split('/').all(is_word))
}

fn name(text: &str) -> Result<Name<'_>, TemplateError> {
    let text = text.trim();
    match text {
        "requester.name" | "requester.locale" | "assignee.name" | "group.name" | "event.actor" => {
            return Ok(Name::Field(text));
        }
        _ => {}
    }
    let found = if let Some(field) = text.strip_prefix("ticket.") {
        is_field(field).then_some(Name::Field(field))
    } else if let Some(field) = text.strip_prefix("event.old.") {
        is_field(field).then_some(Name::Old(field))
    } else if let Some(field) = text.strip_prefix("event.new.") {
        is_field(field).then_some(Name::New(field))
    } else {
        None
    };
    found.ok_or_else(|| TemplateError::Unknown(text.chars().take(60).collect()))
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let before = &rest[..open];
        if let Some(words) = before.strip_suffix('\\') {
            pieces.push(Piece::Words(words));
            pieces.push(Piece::Words("{{"));
            rest = &rest[open + 2..];
            continue;
        }
        pieces.push(Piece::Words(before));
        let inner = &rest[open + 2..];
        let close = inner
            .find("}}")
            .ok_or_else(|| TemplateError::Open(inner.chars().take(40).collect()))?;
        pieces.push(Piece::Name(name(&inner[..close])?));
        rest = &inner[close + 2..];
    }
    pieces.push(Piece::Words(rest));
    Ok(pieces)
}

/// The fields of the snapshot that a text names. A text that cannot be read names none: [`fill`] says why.
pub fn names(text: &str) -> Vec<String> {
    let pieces = pieces(text).unwrap_or_default();
    let fields = pieces.into_iter().filter_map(|piece| match piece {
        // What the event left as it was is the same before and after.
        Piece::Name(Name::Field(field) | Name::Old(field) | Name::New(field)) => {
            Some(field.to_owned())
        }
        Piece::Words(_) => None,
    });
    fields.collect()
}

/// The text with its names filled in.
///
/// # Errors
/// [`TemplateError`], with the name that there is not.
pub fn fill(text: &str, snapshot: &Snapshot) -> Result<String, TemplateError> {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text)? {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Name(Name::Field(field) | Name::New(field)) => {
                filled.push_str(&shown(snapshot.field(field)));
            }
            Piece::Name(Name::Old(field)) => {
                let old = snapshot.change(field).map(|(old, _)| old);
                filled.push_str(&shown(old.unwrap_or(snapshot.field(field))));
            }
        }
        if filled.len() > FILLED_BYTES_MAX {
            return Err(TemplateError::TooLong);
        }
    }
    Ok(filled)
}

/// A JSON value with the names in its texts filled in, at any depth. What is filled in stays text: it cannot become structure.
///
/// # Errors
/// As [`fill`].
pub fn fill_json(value: &Value, snapshot: &Snapshot) -> Result<Value, TemplateError> {
    Ok(match value {
        Value::String(text) => fill(text, snapshot)?.into(),
        Value::Array(items) => {
            let items = items.iter().map(|item| fill_json(item, snapshot));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| Ok((name.clone(), fill_json(value, snapshot)?)));
            Value::Object(members.collect::<Result<_, TemplateError>>()?)
        }
        other => other.clone(),
    })
}

/// The fields that the texts of a JSON value name.
pub fn names_json(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => names(text),
        Value::Array(items) => items.iter().flat_map(names_json).collect(),
        Value::Object(members) => members.values().flat_map(names_json).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn snapshot() -> Snapshot {
        Snapshot {
            fields: [
                ("subject", json!("{{ticket.number}} \"quoted\"")),
                ("number", json!(7)),
                ("tags", json!(["a", "b"])),
                ("requester.name", json!("Ana")),
                ("acme/parcels/count", json!(3)),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
            changes: [("state".to_owned(), (json!("open"), json!("solved")))].into(),
            is_beginning: false,
        }
    }

    fn filled(text: &str) -> Result<String, TemplateError> {
        fill(text, &snapshot())
    }

    #[test]
    fn names_are_filled_in() {
        assert_eq!(
            filled("Dear {{requester.name}}, #{{ ticket.number }}: {{ticket.tags}}").unwrap(),
            "Dear Ana, #7: a, b"
        );
        assert_eq!(
            filled("{{event.old.state}} → {{event.new.state}}, {{ticket.acme/parcels/count}}")
                .unwrap(),
            "open → solved, 3"
        );
    }

    #[test]
    fn what_is_filled_in_is_never_read_again() {
        assert_eq!(
            filled("{{ticket.subject}}").unwrap(),
            "{{ticket.number}} \"quoted\""
        );
    }

    #[test]
    fn what_the_event_left_as_it_was_is_asked_for_and_told() {
        let text = "{{event.old.subject}} {{event.new.number}} {{ticket.tags}}";
        assert_eq!(names(text), ["subject", "number", "tags"]);
        assert_eq!(
            filled("{{event.old.number}} → {{event.new.number}}").unwrap(),
            "7 → 7"
        );
    }

    #[test]
    fn braces_can_be_meant() {
        assert_eq!(
            filled("\\{{ticket.number}} is {{ticket.number}}").unwrap(),
            "{{ticket.number}} is 7"
        );
    }

    #[test]
    fn a_name_that_there_is_not_is_an_error_and_no_empty_place() {
        for (text, name) in [
            ("{{tikcet.number}}", "tikcet.number"),
            ("{{ticket.nubmer}}", "ticket.nubmer"),
            ("{{event.old.sate}}", "event.old.sate"),
            ("{{event.new.sate}}", "event.new.sate"),
            ("{{ticket.parcels/count}}", "ticket.parcels/count"),
            ("{{ticket.acme//count}}", "ticket.acme//count"),
            ("{{ticket.}}", "ticket."),
            ("{{}}", ""),
        ] {
            assert_eq!(filled(text), Err(TemplateError::Unknown(name.to_owned())));
        }
        assert_eq!(
            filled("{{ticket.number"),
            Err(TemplateError::Open("ticket.number".to_owned()))
        );
    }

    #[test]
    fn a_text_that_grows_beyond_its_bound_is_refused() {
        let word = "x".repeat(FILLED_BYTES_MAX);
        assert_eq!(filled(&word).unwrap().len(), FILLED_BYTES_MAX);
        assert_eq!(
            filled(&format!("{word}{{{{ticket.number}}}}")),
            Err(TemplateError::TooLong)
        );
    }

    #[test]
    fn in_json_what_is_filled_in_stays_a_text() {
        let input = json!({ "about": ["{{ticket.subject}}"], "count": 3 });
        assert_eq!(
            fill_json(&input, &snapshot()).unwrap(),
            json!({ "about": ["{{ticket.number}} \"quoted\""], "count": 3 })
        );
        assert_eq!(names_json(&input), ["subject"]);
    }

    proptest! {
        #[test]
        fn a_text_without_two_braces_stays_as_it_is(text in "[^{]{0,40}") {
            prop_assert_eq!(filled(&text).unwrap(), text);
        }

        #[test]
        fn any_text_is_filled_in_or_refused(text in "[{}\\\\a.ticknumber]{0,40}") {
            let _ = filled(&text);
            let _ = names(&text);
        }
    }
}
