//! What an event of the desk means for clocks. Tags, subjects and the plugin's own fields mean nothing.

use crate::{
    plan::reason,
    progress::{Happened, Said, Sight, Standing},
};
use guichet_sdk::{Event, Value};

/// Fields of a ticket by which policies are chosen.
const LOOKED_AT: &[&str] = &[
    "priority",
    "kind",
    "group",
    "channel",
    "requester",
    ENTRY,
    PATH,
    CLASS,
];

/// Fields that the service catalog sets.
pub const ENTRY: &str = "guichet/catalog/entry";
pub const PATH: &str = "guichet/catalog/path";
pub const CLASS: &str = "guichet/catalog/class";

/// What an event means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    pub happened: Happened,
    /// The event made the ticket; within, whether a first reply is owed from here on. What an agent opens for a customer is answered once the customer asks.
    pub created: Option<bool>,
    /// The message that was said: whether a machine said it, the message itself tells.
    pub message: Option<String>,
    /// Something changed that policies look at.
    pub chooses: bool,
}

impl Heard {
    /// Nothing, where the event means nothing for clocks.
    pub fn of(event: &Event) -> Option<Self> {
        let is_created = event.kind == "ticket.created";
        let new = |name: &str| {
            let change = event
                .changes
                .iter()
                .rev()
                .find(|change| change.name == name);
            change.map(|change| &change.new)
        };
        let (said, message) = said(event).unzip();
        let sight = sight(event, state(new("state")));
        let is_recovered = matches!(new("recovered_at"), Some(Value::Instant(_)));
        let heard = Self {
            happened: Happened {
                at: event.at.into(),
                // What goes out of sight stands as it stood.
                standing: match sight {
                    Some(Sight::Deleted | Sight::Merged) => None,
                    _ => standing(state(new("state")), new("pending_reason")),
                },
                said,
                sight,
            },
            created: is_created.then_some(is_recovered || event.actor.kind != "agent"),
            message,
            chooses: is_created || LOOKED_AT.iter().any(|name| new(name).is_some()),
        };
        let Happened {
            standing,
            said,
            sight,
            ..
        } = &heard.happened;
        let is_something = standing.is_some() || said.is_some() || sight.is_some();
        (is_something || heard.chooses).then_some(heard)
    }
}

fn state(value: Option<&Value>) -> Option<&str> {
    match value {
        Some(Value::Text(state)) => Some(state),
        _ => None,
    }
}

/// What a state means, with what is waited for; nothing where it says nothing of that.
pub(crate) fn standing(state: Option<&str>, waits_for: Option<&Value>) -> Option<Standing> {
    let waits_for = match waits_for {
        Some(Value::Text(text)) => Some(Standing::Waiting(reason(text))),
        _ => None,
    };
    match state {
        Some("new" | "open") => Some(Standing::Working),
        Some("solved" | "closed") => Some(Standing::Solved),
        // A ticket comes back to its waiting with the reason that it had.
        Some("pending") | None => waits_for,
        Some(_) => None,
    }
}

fn sight(event: &Event, state: Option<&str>) -> Option<Sight> {
    let was_deleted = event.changes.iter().any(|change| {
        change.name == "state" && matches!(&change.old, Value::Text(old) if old == "deleted")
    });
    match (event.kind.as_str(), state) {
        ("ticket.merged", _) => Some(Sight::Merged),
        ("ticket.unmerged", _) => Some(Sight::Unmerged),
        (_, Some("deleted")) => Some(Sight::Deleted),
        _ => was_deleted.then_some(Sight::Restored),
    }
}

/// Who said what in public: a customer, or a person who works for the desk.
fn said(event: &Event) -> Option<(Said, String)> {
    if !matches!(event.kind.as_str(), "message.added" | "ticket.created") {
        return None;
    }
    let data: serde_json::Value = serde_json::from_str(&event.data).ok()?;
    // Whoever takes no part in the ticket asks nothing of it: what he says may be anybody's.
    if data["visibility"] != "public" || data["stranger"] == true {
        return None;
    }
    let said = match data["author"]["kind"].as_str() {
        Some("customer") => Said::Customer,
        Some("agent") => Said::Agent,
        _ => return None,
    };
    Some((said, data["message"].as_str()?.to_owned()))
}

#[cfg(test)]
mod tests;
