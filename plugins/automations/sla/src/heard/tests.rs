use super::*;
use guichet_sdk::{Actor, Change};
use serde_json::json;

fn event(kind: &str, actor: &str, changes: &[(&str, Value, Value)]) -> Event {
    let changes = changes.iter().map(|(name, old, new)| Change {
        name: (*name).to_owned(),
        old: old.clone(),
        new: new.clone(),
    });
    Event {
        sequence: 1,
        kind: kind.to_owned(),
        at: 60_000_000,
        actor: Actor {
            kind: actor.to_owned(),
            id: String::new(),
        },
        ticket: Some("t".to_owned()),
        ticket_version: Some(1),
        customer: None,
        changes: changes.collect(),
        data: "null".to_owned(),
        root: 1,
        depth: 0,
        redelivered: false,
        extra: Vec::new(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn said_by(kind: &str, visibility: &str) -> Option<Said> {
    let mut event = event("message.added", kind, &[]);
    event.data =
        json!({ "message": "m", "visibility": visibility, "author": { "kind": kind, "id": "a" } })
            .to_string();
    Heard::of(&event).and_then(|heard| heard.happened.said)
}

fn happened(kind: &str, changes: &[(&str, Value, Value)]) -> Option<Happened> {
    Heard::of(&event(kind, "agent", changes)).map(|heard| heard.happened)
}

#[test]
fn public_words_of_customers_and_agents_are_heard_and_no_others() {
    assert_eq!(said_by("customer", "public"), Some(Said::Customer));
    assert_eq!(said_by("agent", "public"), Some(Said::Agent));
    for (kind, visibility) in [
        ("agent", "internal"),
        ("customer", "internal"),
        ("plugin", "public"),
        ("system", "public"),
        ("anonymous", "public"),
    ] {
        assert_eq!(said_by(kind, visibility), None, "{kind} {visibility}");
    }
}

#[test]
fn what_a_stranger_says_is_not_heard() {
    let mut event = event("message.added", "customer", &[]);
    let author = json!({ "kind": "customer", "id": "a" });
    event.data =
        json!({ "message": "m", "visibility": "public", "author": author, "stranger": true })
            .to_string();
    assert_eq!(Heard::of(&event), None);
}

#[test]
fn a_ticket_stands_as_the_event_leaves_it() {
    let standing = |state: &str, reason: Value| {
        let changes = [
            ("state", text("open"), text(state)),
            ("pending_reason", Value::None, reason),
        ];
        happened("ticket.changed", &changes).and_then(|happened| happened.standing)
    };
    assert_eq!(standing("open", Value::None), Some(Standing::Working));
    assert_eq!(standing("solved", Value::None), Some(Standing::Solved));
    assert_eq!(standing("closed", Value::None), Some(Standing::Solved));
    let waiting = Standing::Waiting("supplier".to_owned());
    assert_eq!(
        standing("pending", text(" supplier ")),
        Some(waiting.clone())
    );
    let other = [("pending_reason", text("customer"), text("supplier"))];
    let heard = happened("ticket.changed", &other).unwrap();
    assert_eq!(
        heard.standing,
        Some(waiting),
        "another reason while it waits"
    );
}

#[test]
fn what_is_out_of_sight_stands_as_it_stood() {
    let deleted = [("state", text("pending"), text("deleted"))];
    let heard = happened("ticket.changed", &deleted).unwrap();
    assert_eq!((heard.sight, heard.standing), (Some(Sight::Deleted), None));
    let restored = [("state", text("deleted"), text("pending"))];
    let heard = happened("ticket.changed", &restored).unwrap();
    assert_eq!((heard.sight, heard.standing), (Some(Sight::Restored), None));
    let merged = [("state", text("open"), text("closed"))];
    let heard = happened("ticket.merged", &merged).unwrap();
    assert_eq!((heard.sight, heard.standing), (Some(Sight::Merged), None));
    let unmerged = [("state", text("closed"), text("open"))];
    let heard = happened("ticket.unmerged", &unmerged).unwrap();
    assert_eq!(heard.sight, Some(Sight::Unmerged));
    assert_eq!(heard.standing, Some(Standing::Working));
}

#[test]
fn a_first_reply_is_owed_at_once_unless_an_agent_opened_the_ticket() {
    let created = |actor: &str, changes: &[(&str, Value, Value)]| {
        Heard::of(&event("ticket.created", actor, changes))
            .unwrap()
            .created
    };
    assert_eq!(created("customer", &[]), Some(true));
    assert_eq!(created("plugin", &[]), Some(true));
    assert_eq!(created("agent", &[]), Some(false));
    let recovered = [("recovered_at", Value::None, Value::Instant(60_000_000))];
    assert_eq!(created("agent", &recovered), Some(true));
}

#[test]
fn what_policies_look_at_chooses_anew_and_the_rest_means_nothing() {
    let chooses = |name: &str| {
        let change = [(name, Value::None, text("x"))];
        Heard::of(&event("ticket.changed", "agent", &change)).is_some_and(|heard| heard.chooses)
    };
    for name in [
        "priority",
        "kind",
        "group",
        "channel",
        "requester",
        ENTRY,
        PATH,
        CLASS,
    ] {
        assert!(chooses(name), "{name}");
    }
    for name in [
        "tags",
        "subject",
        "assignee",
        "guichet/sla/stage",
        "guichet/sla/due",
    ] {
        let change = [(name, Value::None, text("x"))];
        assert_eq!(Heard::of(&event("ticket.changed", "agent", &change)), None);
    }
}
