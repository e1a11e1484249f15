//! What a row answers when it is asked for a name: tickets, and events with their tickets.

use crate::{
    environment::Type,
    limits::{FIELD_TEXT_CHARACTERS_MAX, FIELD_TEXTS_MAX},
    time,
    tree::{Name, Place},
};
use guichet_core::{event::EventDraft, id::AgentId, ticket::Ticket, time::Timestamp, value::Value};
use uuid::Uuid;

/// What is known only when an expression is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bindings {
    /// The agent who asks. Nobody is an id that no ticket has.
    pub me: Option<AgentId>,
    pub now: Timestamp,
}

impl Bindings {
    /// The id that `me` stands for.
    pub fn my_id(&self) -> Uuid {
        self.me.map_or(Uuid::max(), |me| me.0)
    }
}

/// Something that an expression is asked about.
pub trait Row {
    /// The value of a name: of exactly the name's type, or [`Value::None`].
    fn value(&self, name: &Name) -> Value;

    /// Whether it has these words. What has no index of words says no.
    fn says(&self, words: &str) -> bool {
        let _ = words;
        false
    }

    /// Whether the event changed this field.
    fn has_changed(&self, field: &str) -> bool {
        let _ = field;
        false
    }
}

impl Row for Ticket {
    fn value(&self, name: &Name) -> Value {
        match &name.place {
            Place::Ticket(field) => match field.as_str() {
                // No event changes these: they are no fields.
                "id" => Value::Text(self.id.to_string()),
                "created_at" => Value::Instant {
                    at: self.created_at,
                },
                "updated_at" => Value::Instant {
                    at: self.updated_at,
                },
                field => typed(self.field(field), name.kind),
            },
            Place::Plugin(field) => of_plugin(
                self.fields.get(field).cloned().unwrap_or_default(),
                name.kind,
            ),
            Place::Event(_) | Place::Data(_) | Place::Old(_) | Place::New(_) => Value::None,
        }
    }
}

/// An event with the ticket that it is about, as that is after it.
#[derive(Debug, Clone, Copy)]
pub struct EventRow<'a> {
    pub event: &'a EventDraft,
    pub ticket: Option<&'a Ticket>,
}

impl EventRow<'_> {
    fn change(&self, field: &str) -> Option<&guichet_core::value::Change> {
        self.event
            .changes
            .iter()
            .find(|change| change.name == field)
    }
}

impl Row for EventRow<'_> {
    fn value(&self, name: &Name) -> Value {
        let event = self.event;
        let step = |field: &str, value: Option<Value>| {
            let value = value.unwrap_or_default();
            if field.contains('/') {
                of_plugin(value, name.kind)
            } else {
                typed(value, name.kind)
            }
        };
        match &name.place {
            Place::Ticket(_) | Place::Plugin(_) => {
                self.ticket.map_or(Value::None, |ticket| ticket.value(name))
            }
            Place::Event(property) => match property.as_str() {
                "kind" => Value::Text(event.kind.clone()),
                "at" => Value::Instant { at: event.at },
                "actor.kind" => Value::Text(event.actor.kind.name().to_owned()),
                "actor.id" => Value::Text(event.actor.id.to_string()),
                _ => Value::None,
            },
            Place::Data(path) => {
                let found = path
                    .iter()
                    .try_fold(&event.data, |data, step| data.get(step));
                found.map_or(Value::None, |found| of_json(found, name.kind))
            }
            Place::Old(field) => step(field, self.change(field).map(|change| change.old.clone())),
            Place::New(field) => step(field, self.change(field).map(|change| change.new.clone())),
        }
    }

    fn has_changed(&self, field: &str) -> bool {
        self.change(field).is_some()
    }
}

/// A value of that type; one of another type is null.
fn typed(value: Value, kind: Type) -> Value {
    match (kind, value) {
        (Type::Number, Value::Integer(integer)) => Value::Number {
            number: integer as f64,
        },
        (Type::Number, Value::Number { number }) if number.is_finite() => Value::Number { number },
        (Type::Text | Type::Id, value @ Value::Text(_))
        | (Type::Integer, value @ Value::Integer(_))
        | (Type::Boolean, value @ Value::Boolean(_))
        | (Type::Instant, value @ Value::Instant { .. })
        | (Type::Texts, value @ Value::Texts(_))
        | (Type::Any, value) => value,
        _ => Value::None,
    }
}

/// What counts of a plugin's text: as much as an index keeps.
pub fn shortened(text: &str) -> String {
    text.chars().take(FIELD_TEXT_CHARACTERS_MAX).collect()
}

fn of_plugin(value: Value, kind: Type) -> Value {
    match typed(value, kind) {
        Value::Text(text) => Value::Text(shortened(&text)),
        Value::Texts(texts) => Value::Texts(
            texts
                .iter()
                .take(FIELD_TEXTS_MAX)
                .map(|text| shortened(text))
                .collect(),
        ),
        other => other,
    }
}

fn of_json(json: &serde_json::Value, kind: Type) -> Value {
    let text = || json.as_str().map(str::to_owned);
    let value = match kind {
        Type::Text | Type::Id => text().map(Value::Text),
        Type::Integer => json.as_i64().map(Value::Integer),
        Type::Number => json.as_f64().map(|number| Value::Number { number }),
        Type::Boolean => json.as_bool().map(Value::Boolean),
        Type::Instant => json
            .as_str()
            .and_then(time::instant)
            .map(|at| Value::Instant { at }),
        Type::Texts => json.as_array().map(|items| {
            let texts = items.iter().filter_map(|item| item.as_str());
            Value::Texts(texts.map(str::to_owned).collect())
        }),
        Type::Any => (!json.is_null()).then(|| Value::Json { json: json.clone() }),
    };
    value.unwrap_or_default()
}
