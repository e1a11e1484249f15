//! What a rule does: each action is a call of `tickets-write`.

use crate::rule::Action;
use guichet_sdk::{
    Error, Field, MessageDraft, Value, text_field, tickets_read::Ticket, tickets_write,
};

pub(crate) fn act(id: &str, ticket: &Ticket, actions: &[Action]) -> Result<(), Error> {
    for action in actions {
        match action {
            Action::Assign(assign) => {
                let group = assign
                    .group
                    .as_ref()
                    .map(|group| text_field("group", group));
                let agent = assign
                    .agent
                    .as_ref()
                    .map(|agent| text_field("assignee", agent));
                let arguments: Vec<_> = group.into_iter().chain(agent).collect();
                tickets_write::transition(id, "assign", &arguments)?;
            }
            Action::AddTags(tags) => tickets_write::add_tags(id, tags)?,
            Action::RemoveTags(tags) => tickets_write::remove_tags(id, tags)?,
            Action::Set(fields) => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| Field {
                        name: name.clone(),
                        value: value_of(value),
                    })
                    .collect();
                tickets_write::set(id, &fields)?;
            }
            Action::Reply(reply) => {
                let message = MessageDraft {
                    visibility: reply.visibility.clone(),
                    text: filled_in(&reply.text, ticket),
                    html: None,
                    attachments: Vec::new(),
                    fields: Vec::new(),
                };
                tickets_write::add_message(id, &message)?;
            }
            Action::Solve(_) => tickets_write::transition(id, "solve", &[])?,
        }
    }
    Ok(())
}

fn filled_in(text: &str, ticket: &Ticket) -> String {
    text.replace("{{ticket.subject}}", &ticket.subject())
        .replace(
            "{{ticket.number}}",
            &ticket
                .number()
                .map(|number| number.to_string())
                .unwrap_or_default(),
        )
        .replace("{{ticket.priority}}", &ticket.priority().to_string())
}

fn value_of(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::None,
        serde_json::Value::Bool(boolean) => Value::Boolean(*boolean),
        serde_json::Value::Number(number) => number.as_i64().map_or_else(
            || Value::Number(number.as_f64().unwrap_or_default()),
            Value::Integer,
        ),
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(texts) if texts.iter().all(serde_json::Value::is_string) => {
            Value::Texts(
                texts
                    .iter()
                    .filter_map(|text| text.as_str().map(str::to_owned))
                    .collect(),
            )
        }
        other => Value::Json(other.to_string()),
    }
}
