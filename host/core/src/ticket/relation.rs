//! Links between tickets, and who takes part in one beside its requester and assignee.

use crate::{actor::Actor, id::TicketId, refusal::Refusal, time::Timestamp, value::Value};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeSet;

/// What a link says, and what it says when read from its other end.
const RELATIONS: &[(&str, &str)] = &[
    ("parent", "child"),
    ("blocked-by", "blocks"),
    ("caused-by", "causes"),
    ("duplicate-of", "duplicated-by"),
    ("follow-up-of", "followed-up-by"),
    ("split-from", "split-into"),
    ("merged-into", "merged-from"),
    ("related", "related"),
];

/// Relations that only the host makes, by a verb of their own.
const RESERVED: &[&str] = &["merged-into", "merged-from"];

/// A link to another ticket. It stands on both, each naming the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Link {
    /// What the other ticket is to this one: its `parent`, its `child`, …
    pub relation: String,
    pub ticket: TicketId,
}

/// What the link says from its other end.
///
/// # Errors
/// [`Refusal::Invalid`] for relations that there are not.
pub fn inverse(relation: &str) -> Result<&'static str, Refusal> {
    RELATIONS
        .iter()
        .find_map(|(one, other)| match relation {
            name if name == *one => Some(*other),
            name if name == *other => Some(*one),
            _ => None,
        })
        .ok_or_else(|| {
            let known: Vec<_> = RELATIONS
                .iter()
                .flat_map(|(one, other)| [*one, *other])
                .filter(|name| !RESERVED.contains(name))
                .collect();
            Refusal::Invalid(format!(
                "there is no relation `{}`: use one of {}",
                relation.chars().take(40).collect::<String>(),
                known.join(", ")
            ))
        })
}

/// Whether only the host may make it.
pub fn is_reserved(relation: &str) -> bool {
    RESERVED.contains(&relation)
}

/// Somebody who takes part in a ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Participant {
    /// `cc` (customer or agent), `watcher` (agent), `helper` (agent from outside).
    pub role: String,
    pub who: Actor,
    /// From then on he takes part no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// The roles of participants.
pub const PARTICIPANT_ROLES: [&str; 3] = ["cc", "watcher", "helper"];

/// A set as the log keeps it.
pub(super) fn to_value<T: Serialize>(set: &BTreeSet<T>) -> Value {
    match serde_json::to_value(set) {
        Ok(json) if !set.is_empty() => Value::Json { json },
        _ => Value::None,
    }
}

/// The set that the log keeps; empty where it cannot be read.
pub(super) fn from_value<T: DeserializeOwned + Ord>(value: &Value) -> BTreeSet<T> {
    match value {
        Value::Json { json } => serde_json::from_value(json.clone()).unwrap_or_default(),
        _ => BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_relation_read_twice_from_its_other_end_is_itself() {
        for (one, other) in RELATIONS {
            assert_eq!(inverse(one), Ok(*other));
            assert_eq!(inverse(other), Ok(*one));
        }
        assert!(matches!(inverse("cousin"), Err(Refusal::Invalid(_))));
    }
}
