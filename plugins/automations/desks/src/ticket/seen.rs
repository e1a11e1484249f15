//! How a ticket stands, and what an event did to it.

use guichet_sdk::{Change, Event, Value};

/// Fields of the service catalog that say what a ticket is about.
pub const ENTRY: &str = "guichet/catalog/entry";
pub const PATH: &str = "guichet/catalog/path";

/// Whether it is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// New or open.
    Live,
    Pending,
    /// Solved, closed or deleted.
    Over,
}

/// A ticket as it is now. Ids that are empty: none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub stands: Stands,
    pub group: String,
    pub assignee: String,
}

/// Who gave a ticket its present group and assignee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Person,
    /// A rule, a plugin, a channel.
    Machine,
    /// It was before anybody looked.
    Before,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub at: u64,
    /// Nothing where an event is still to come that tells.
    pub by: Option<By>,
    /// What the ticket is about was said, after it was made.
    pub said: bool,
    /// The agent who did something.
    pub stirred: Option<String>,
}

impl Stands {
    /// From the name of a state; nothing for a ticket that is none yet.
    pub fn of(state: &str) -> Option<Self> {
        match state {
            "new" | "open" => Some(Self::Live),
            "pending" => Some(Self::Pending),
            "solved" | "closed" | "deleted" => Some(Self::Over),
            _ => None,
        }
    }
}

impl Happened {
    /// Time goes by.
    pub fn at(at_us: u64) -> Self {
        Self {
            at: at_us,
            by: Some(By::Before),
            said: false,
            stirred: None,
        }
    }

    /// What an event did to a ticket that is as it is seen. `version` is the ticket's, now.
    pub fn of(event: &Event, seen: &Seen, version: u64) -> Self {
        let new = |name: &str| {
            let mut changes = event.changes.iter().rev();
            changes.find(|change| change.name == name)
        };
        let gave = |name: &str, now: &str| new(name).is_some_and(|change| text(change) == now);
        let gave = gave("group", &seen.group) || gave("assignee", &seen.assignee);
        let by = match event.actor.kind.as_str() {
            "agent" if gave => Some(By::Person),
            _ if gave => Some(By::Machine),
            _ => {
                let last = event.ticket_version.unwrap_or(version);
                (version <= last).then_some(By::Before)
            }
        };
        Self {
            at: event.at,
            by,
            said: event.kind != "ticket.created" && (new(ENTRY).or(new(PATH))).is_some(),
            stirred: stirred(event),
        }
    }
}

fn text(change: &Change) -> &str {
    match &change.new {
        Value::Text(text) => text,
        _ => "",
    }
}

/// The agent who said or changed something.
fn stirred(event: &Event) -> Option<String> {
    if event.actor.kind == "agent" {
        return Some(event.actor.id.clone());
    }
    if event.kind != "message.added" {
        return None;
    }
    // What an agent says by mail, its channel brings in.
    let data: serde_json::Value = serde_json::from_str(&event.data).ok()?;
    let author = data.get("author")?;
    let is_agent = author.get("kind")? == "agent";
    let id = author.get("id")?.as_str()?;
    is_agent.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_sdk::Actor;

    fn event(kind: &str, actor: &str, changes: &[(&str, &str)], data: &str) -> Event {
        let change = |(name, new): &(&str, &str)| Change {
            name: (*name).to_owned(),
            old: Value::None,
            new: Value::Text((*new).to_owned()),
        };
        Event {
            sequence: 1,
            kind: kind.to_owned(),
            at: 5,
            actor: Actor {
                kind: actor.to_owned(),
                id: "x".to_owned(),
            },
            ticket: Some("t".to_owned()),
            ticket_version: Some(3),
            customer: None,
            changes: changes.iter().map(change).collect(),
            data: data.to_owned(),
            root: 1,
            depth: 0,
            redelivered: false,
            extra: Vec::new(),
        }
    }

    fn seen() -> Seen {
        Seen {
            stands: Stands::Live,
            group: "g".to_owned(),
            assignee: String::new(),
        }
    }

    #[test]
    fn whoever_set_the_present_group_chose_it_and_what_a_later_event_tells_is_left_to_that() {
        for (actor, changes, version, by) in [
            ("agent", &[("group", "g")][..], 3, Some(By::Person)),
            ("plugin", &[("group", "g")], 3, Some(By::Machine)),
            ("customer", &[("group", "g")], 9, Some(By::Machine)),
            ("agent", &[("group", "other")], 4, None),
            ("agent", &[("group", "other")], 3, Some(By::Before)),
            ("customer", &[], 4, None),
            ("customer", &[], 3, Some(By::Before)),
        ] {
            let event = event("ticket.changed", actor, changes, "null");
            let told = Happened::of(&event, &seen(), version).by;
            assert_eq!(told, by, "{actor} {changes:?} {version}");
        }
    }

    #[test]
    fn what_a_ticket_is_about_is_said_after_it_was_made() {
        let said =
            |kind, name| Happened::of(&event(kind, "plugin", &[(name, "e")], ""), &seen(), 3).said;
        assert!(said("ticket.changed", ENTRY) && said("ticket.changed", PATH));
        assert!(!said("ticket.created", ENTRY) && !said("ticket.changed", "subject"));
    }

    #[test]
    fn an_agent_stirs_who_changes_or_says_something_through_whatever_channel() {
        let by_mail = r#"{ "author": { "kind": "agent", "id": "lin" }, "visibility": "public" }"#;
        let of_customer = r#"{ "author": { "kind": "customer", "id": "ana" } }"#;
        for (kind, actor, data, who) in [
            ("ticket.changed", "agent", "null", Some("x")),
            ("message.added", "agent", "null", Some("x")),
            ("message.added", "plugin", by_mail, Some("lin")),
            ("message.added", "customer", of_customer, None),
            ("ticket.changed", "plugin", by_mail, None),
        ] {
            let told = Happened::of(&event(kind, actor, &[], data), &seen(), 3).stirred;
            assert_eq!(told.as_deref(), who, "{kind} {actor}");
        }
    }
}
