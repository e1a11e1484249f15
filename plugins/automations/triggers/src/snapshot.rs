//! What an event left behind: the ground on which every rule is tried.
//!
//! A field that the event changed has the value that the event gave it, also where somebody changed it again meanwhile; any other has the value with which the handling began.
//! What an earlier rule does is not seen by a later one: whether a rule matches does not hang on its neighbours.

use serde_json::Value;
use std::collections::BTreeMap;

/// Fields and changes, as data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// Fields that somebody asked for, by name.
    pub fields: BTreeMap<String, Value>,
    /// Old and new of what the event changed.
    pub changes: BTreeMap<String, (Value, Value)>,
    /// The event made the ticket: there was no before, so nothing changed.
    pub is_beginning: bool,
}

impl Snapshot {
    /// A field's value. What nobody asked for is nothing.
    pub fn field(&self, name: &str) -> &Value {
        static NOTHING: Value = Value::Null;
        match self.changes.get(name) {
            Some((_, new)) => new,
            None => self.fields.get(name).unwrap_or(&NOTHING),
        }
    }

    /// Old and new, where the event changed the field.
    pub fn change(&self, name: &str) -> Option<&(Value, Value)> {
        match self.is_beginning {
            true => None,
            false => self.changes.get(name).filter(|(old, new)| old != new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn snapshot(is_beginning: bool) -> Snapshot {
        Snapshot {
            fields: [
                ("state".to_owned(), json!("closed")),
                ("kind".to_owned(), json!("incident")),
            ]
            .into(),
            changes: [
                ("state".to_owned(), (json!("open"), json!("solved"))),
                ("group".to_owned(), (json!("a"), json!("a"))),
            ]
            .into(),
            is_beginning,
        }
    }

    #[test]
    fn what_the_event_changed_is_as_the_event_left_it() {
        let snapshot = snapshot(false);
        assert_eq!(snapshot.field("state"), "solved");
        assert_eq!(snapshot.field("kind"), "incident");
        assert_eq!(snapshot.field("subject"), &Value::Null);
    }

    #[test]
    fn nothing_changed_where_there_was_no_before_or_where_old_and_new_are_one() {
        assert!(snapshot(true).change("state").is_none());
        assert!(snapshot(false).change("state").is_some());
        assert!(snapshot(false).change("group").is_none());
    }
}
