//! Triggers: rules on what happens to tickets.

/// Rules as an admin writes them.
pub mod rule;

/// Whether a rule's conditions hold.
pub mod matching;

/// What a rule does.
mod acting;

use guichet_sdk::{Error, Event, EventHandler, explain, tickets_read, typed_settings};
use matching::{Facts, matches};
use rule::Rules;

struct Triggers;

impl EventHandler for Triggers {
    fn handle(event: Event) -> Result<(), Error> {
        let Some(id) = &event.ticket else {
            return Ok(());
        };
        let rules: Rules = typed_settings()?;
        for rule in rules
            .rules
            .iter()
            .filter(|rule| rule.on.contains(&event.kind))
        {
            // Read anew for each rule: it sees what the rules before it did.
            let ticket = tickets_read::get(id)?;
            let facts = TicketFacts {
                ticket: &ticket,
                event: &event,
            };
            if let Some(found) = matches(rule, &facts) {
                let conditions: Vec<_> = found.iter().map(|one| serde_json::json!({ "field": one.field, "operator": one.operator, "wanted": one.wanted, "found": one.found })).collect();
                explain::because(
                    &rule.name,
                    &serde_json::json!({ "conditions": conditions }).to_string(),
                );
                acting::act(id, &ticket, &rule.actions)?;
            }
        }
        Ok(())
    }
}

guichet_sdk::export_event_handler!(Triggers);

struct TicketFacts<'a> {
    ticket: &'a tickets_read::Ticket,
    event: &'a Event,
}

impl Facts for TicketFacts<'_> {
    fn field(&self, name: &str) -> serde_json::Value {
        match name {
            "text" => {
                let first = self
                    .ticket
                    .messages(None, 1)
                    .ok()
                    .and_then(|mut messages| messages.pop());
                first.map(|message| message.text).unwrap_or_default().into()
            }
            _ => json(self.ticket.field(name)),
        }
    }

    fn changed(&self, name: &str) -> bool {
        self.event.changes.iter().any(|change| change.name == name)
    }
}

fn json(value: guichet_sdk::Value) -> serde_json::Value {
    use guichet_sdk::Value;
    match value {
        Value::None | Value::Other(_) => serde_json::Value::Null,
        Value::Text(text) => text.into(),
        Value::Integer(integer) => integer.into(),
        Value::Number(number) => number.into(),
        Value::Boolean(boolean) => boolean.into(),
        Value::Instant(at) => at.into(),
        Value::Texts(texts) => texts.into(),
        Value::Json(text) => serde_json::from_str(&text).unwrap_or_default(),
    }
}
