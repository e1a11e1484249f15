//! Tickets and events to ask about: an empty one, a usual one, and one that is full to the brim.

use guichet_core::{
    actor::Actor,
    event::EventDraft,
    id::{AgentId, CustomerId, GroupId, TicketId},
    ticket::{Ticket, state::State, work::Stamp},
    time::Timestamp,
    value::{Change, Value},
};
use guichet_expression::{Environment, EventRow, Name, PluginField, Row, Type};
use serde_json::json;
use std::{collections::BTreeMap, sync::LazyLock};
use uuid::Uuid;

pub(super) const NOW: Timestamp = Timestamp(1_790_000_000_000_000);
pub(super) const ME: AgentId = AgentId(Uuid::from_u128(7));

static TICKETS_ENVIRONMENT: LazyLock<Environment> =
    LazyLock::new(|| Environment::tickets(fields()));
static BLIND_ENVIRONMENTS: LazyLock<[(&str, Environment); 3]> = LazyLock::new(|| {
    ["subject", "assignee", "tags"].map(|field| (field, TICKETS_ENVIRONMENT.clone().without(field)))
});
static EVENTS_ENVIRONMENT: LazyLock<Environment> = LazyLock::new(|| Environment::events(fields()));
static TICKETS: LazyLock<[Ticket; 3]> = LazyLock::new(|| [blank(), usual(), full()]);
static EVENTS: LazyLock<[EventDraft; 2]> = LazyLock::new(|| {
    let empty = EventDraft::of_tenant("install.enabled", &Stamp::of_system(NOW));
    let mut changed = EventDraft::of_ticket(
        "ticket.changed",
        TicketId(Uuid::from_u128(1)),
        2,
        &Stamp::of_system(NOW).with(Actor::agent(ME)),
    );
    changed.changes = vec![
        change(
            "subject",
            Value::Text("old".to_owned()),
            Value::Text("new".to_owned()),
        ),
        change("assignee", Value::None, Value::Text(ME.to_string())),
        change(
            "acme/sla/left",
            Value::Integer(5),
            Value::Number { number: 0.5 },
        ),
        change("tags", Value::Texts(vec!["vip".to_owned()]), Value::None),
    ];
    changed.data = json!({ "a": { "b": [1, "x"], "c": null }, "n": 1e300, "t": "2026-03-01T09:00:00Z", "yes": true });
    [empty, changed]
});

/// For tickets, with fields of each type.
pub(super) fn tickets_environment() -> &'static Environment {
    &TICKETS_ENVIRONMENT
}

/// The same for somebody who may not read a field, one of a few.
pub(super) fn blind_environment(which: usize) -> &'static (&'static str, Environment) {
    &BLIND_ENVIRONMENTS[which % BLIND_ENVIRONMENTS.len()]
}

/// For events, with the same.
pub(super) fn events_environment() -> &'static Environment {
    &EVENTS_ENVIRONMENT
}

pub(super) fn tickets() -> &'static [Ticket] {
    TICKETS.as_slice()
}

/// Each event without its ticket, and with one.
pub(super) fn events() -> impl Iterator<Item = EventRow<'static>> {
    EVENTS
        .iter()
        .flat_map(|event| [None, TICKETS.last()].map(|ticket| EventRow { event, ticket }))
}

/// A row that gives values of the type that was asked for, or nothing.
pub(super) struct Watched<'a>(pub(super) &'a dyn Row);

impl Row for Watched<'_> {
    fn value(&self, name: &Name) -> Value {
        let value = self.0.value(name);
        let fits = match (&value, name.kind) {
            (Value::None, _) | (_, Type::Any) => true,
            (Value::Text(_), kind) => matches!(kind, Type::Text | Type::Id),
            (Value::Integer(_), kind) => kind == Type::Integer,
            (Value::Number { number }, kind) => kind == Type::Number && number.is_finite(),
            (Value::Boolean(_), kind) => kind == Type::Boolean,
            (Value::Instant { .. }, kind) => kind == Type::Instant,
            (Value::Texts(_), kind) => kind == Type::Texts,
            (Value::Json { .. }, _) => false,
        };
        assert!(fits, "{name:?} is answered by {value:?}");
        value
    }

    fn says(&self, words: &str) -> bool {
        self.0.says(words)
    }

    fn has_changed(&self, field: &str) -> bool {
        self.0.has_changed(field)
    }
}

fn fields() -> Vec<PluginField> {
    [
        ("acme/sla/left", Type::Integer, true),
        ("acme/sla/share", Type::Number, true),
        ("acme/sla/due", Type::Instant, true),
        ("acme/crm/tier", Type::Text, true),
        ("acme/crm/vip", Type::Boolean, true),
        ("acme/crm/labels", Type::Texts, true),
        ("acme/crm/note", Type::Text, false),
    ]
    .into_iter()
    .map(|(name, kind, indexed)| PluginField {
        name: name.to_owned(),
        kind,
        indexed,
        title: BTreeMap::new(),
        values: Vec::new(),
    })
    .collect()
}

fn change(name: &str, old: Value, new: Value) -> Change {
    let name = name.to_owned();
    Change { name, old, new }
}

fn blank() -> Ticket {
    Ticket::blank(
        TicketId(Uuid::from_u128(1)),
        CustomerId(Uuid::from_u128(2)),
        Timestamp(0),
    )
}

fn usual() -> Ticket {
    let mut ticket = blank();
    ticket.number = Some(42);
    ticket.state = State::Open;
    ticket.subject = "The printer is on fire".to_owned();
    ticket.channel = "email".to_owned();
    ticket.assignee = Some(ME);
    ticket.tags.insert("vip".to_owned());
    ticket.created_at = NOW;
    ticket.updated_at = NOW;
    ticket
}

/// Values at the ends of their ranges, and of other types than were declared.
fn full() -> Ticket {
    let mut ticket = usual();
    ticket.number = Some(i64::MAX.cast_unsigned());
    ticket.subject = "打印机 \"着火\"\\ \u{1f525}\u{0}".to_owned();
    ticket.group = Some(GroupId(Uuid::max()));
    ticket.reopen_count = u32::MAX;
    ticket.pending_until = Some(Timestamp(i64::MAX));
    ticket.solved_at = Some(Timestamp(i64::MIN));
    for (name, value) in [
        ("acme/sla/left", Value::Integer(i64::MIN)),
        ("acme/sla/share", Value::Integer(i64::MAX)),
        ("acme/sla/due", Value::Instant { at: NOW }),
        ("acme/crm/tier", Value::Text("gold".repeat(100))),
        ("acme/crm/vip", Value::Text("yes".to_owned())),
        ("acme/crm/labels", Value::Texts(vec![String::new(); 200])),
        (
            "acme/crm/note",
            Value::Json {
                json: json!({ "at": 1 }),
            },
        ),
    ] {
        ticket.fields.insert(name.to_owned(), value);
    }
    ticket
}
