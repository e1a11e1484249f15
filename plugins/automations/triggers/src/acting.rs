//! What a rule does: each action is a call of the host. The first that fails ends the rule; what it did before stays.

use crate::{
    facts::Facts,
    limits::ACTIONS_PER_EVENT_MAX,
    rule::{Action, Rule},
    template::{self, TemplateError},
    value::from_json,
};
use guichet_sdk::{
    Error, Event, Field, MessageDraft, Value, boolean_field, events_emit, log, text_field,
    tickets_read, tickets_write,
};

/// Why a rule stopped.
pub(crate) struct Failed {
    /// Counted from 1.
    pub(crate) position: usize,
    pub(crate) action: &'static str,
    pub(crate) why: Why,
}

pub(crate) enum Why {
    Host(Error),
    Template(TemplateError),
    /// The event's actions are used up.
    TooMany,
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Template(error) => error.fmt(f),
            Self::TooMany => write!(
                f,
                "the rules take more than {ACTIONS_PER_EVENT_MAX} actions on one event: this one and the following are left out"
            ),
            Self::Host(error) => match error {
                Error::Denied(text)
                | Error::NotFound(text)
                | Error::Invalid(text)
                | Error::Conflict(text)
                | Error::Limit(text)
                | Error::Unavailable(text) => f.write_str(text),
                Error::Other((kind, text)) => write!(f, "{kind}: {text}"),
            },
        }
    }
}

impl From<Error> for Why {
    fn from(error: Error) -> Self {
        Self::Host(error)
    }
}

impl From<TemplateError> for Why {
    fn from(error: TemplateError) -> Self {
        Self::Template(error)
    }
}

/// How many actions the rules have taken on this event, all together.
#[derive(Debug, Default)]
pub(crate) struct Taken(usize);

impl Taken {
    fn one_more(&mut self) -> Result<(), Why> {
        match self.0 < ACTIONS_PER_EVENT_MAX {
            true => {
                self.0 += 1;
                Ok(())
            }
            false => Err(Why::TooMany),
        }
    }
}

/// Takes a rule's actions, in their order.
pub(crate) fn act(
    event: &Event,
    ticket: &str,
    rule: &Rule,
    facts: &Facts,
    taken: &mut Taken,
) -> Result<(), Failed> {
    for (index, action) in rule.actions.iter().enumerate() {
        let failed = |why| Failed {
            position: index + 1,
            action: action.name(),
            why,
        };
        taken
            .one_more()
            .and_then(|()| take(event, ticket, action, facts))
            .map_err(failed)?;
    }
    Ok(())
}

/// The fields that a rule's texts name.
pub(crate) fn names(rule: &Rule) -> Vec<String> {
    let of = |action: &Action| match action {
        Action::AddTags { tags } | Action::RemoveTags { tags } => {
            tags.iter().flat_map(|tag| template::names(tag)).collect()
        }
        Action::SetField { value, .. } => template::names_json(value),
        Action::Reply { text } | Action::Note { text } => template::names(text),
        Action::Wait { reason, .. } => template::names(reason),
        Action::RunPluginAction { input, .. } => {
            input.values().flat_map(template::names_json).collect()
        }
        _ => Vec::new(),
    };
    rule.actions.iter().flat_map(of).collect()
}

fn take(event: &Event, ticket: &str, action: &Action, facts: &Facts) -> Result<(), Why> {
    let snapshot = &facts.snapshot;
    match action {
        Action::AssignAgent { agent } => {
            tickets_write::transition(ticket, "assign", &[text_field("assignee", agent.as_str())])?;
        }
        Action::AssignGroup { group } => assign_group(ticket, group)?,
        Action::AddTags { tags } => tickets_write::add_tags(ticket, &filled(tags, facts)?)?,
        Action::RemoveTags { tags } => tickets_write::remove_tags(ticket, &filled(tags, facts)?)?,
        Action::SetField { field, value } => {
            let value = from_json(&template::fill_json(value, snapshot)?);
            let name = field.clone();
            tickets_write::set(ticket, &[Field { name, value }])?;
        }
        Action::SetPriority { impact, urgency } => {
            let fields = [("impact", impact), ("urgency", urgency)];
            let fields = fields.into_iter().filter_map(|(name, value)| {
                let value = Value::Integer((*value)?);
                let name = name.to_owned();
                Some(Field { name, value })
            });
            tickets_write::set(ticket, &fields.collect::<Vec<_>>())?;
        }
        Action::Reply { text } => {
            if facts.is_automatic()? {
                log::write("info", "not answered: a machine said it");
                return Ok(());
            }
            say(ticket, "public", template::fill(text, snapshot)?)?;
        }
        Action::Note { text } => say(ticket, "internal", template::fill(text, snapshot)?)?,
        Action::Solve {} => tickets_write::transition(ticket, "solve", &[])?,
        Action::Close {} => tickets_write::transition(ticket, "close", &[])?,
        Action::Wait { reason, hours } => {
            let reason = text_field("reason", template::fill(reason, snapshot)?);
            let until = hours.map(|hours| Field {
                name: "until".to_owned(),
                value: Value::Instant(event.at + u64::from(hours) * 3_600_000_000),
            });
            let arguments: Vec<_> = [reason].into_iter().chain(until).collect();
            tickets_write::transition(ticket, "wait", &arguments)?;
        }
        Action::RunPluginAction {
            plugin,
            action,
            input,
        } => {
            let input = template::fill_json(&serde_json::Value::Object(input.clone()), snapshot)?;
            events_emit::direct(plugin, action, Some(ticket), &input.to_string())?;
        }
    }
    Ok(())
}

/// Gives a ticket to a group. Whoever has it and does not work there has it no more: a rule that routes says where it goes, not who goes along.
fn assign_group(ticket: &str, group: &str) -> Result<(), Error> {
    let to = text_field("group", group);
    match tickets_write::transition(ticket, "assign", std::slice::from_ref(&to)) {
        Err(refused @ Error::Invalid(_)) => {
            if tickets_read::get(ticket)?.assignee().is_none() {
                return Err(refused);
            }
            tickets_write::transition(ticket, "assign", &[to, text_field("assignee", "")])
        }
        done => done,
    }
}

fn filled(texts: &[String], facts: &Facts) -> Result<Vec<String>, TemplateError> {
    texts
        .iter()
        .map(|text| template::fill(text, &facts.snapshot))
        .collect()
}

/// What a rule says is a machine's: no other machine answers it.
fn say(ticket: &str, visibility: &str, text: String) -> Result<(), Error> {
    let message = MessageDraft {
        visibility: visibility.to_owned(),
        text,
        html: None,
        attachments: Vec::new(),
        fields: vec![boolean_field("automatic", true)],
    };
    tickets_write::add_message(ticket, &message).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_actions_are_taken_on_an_event_and_no_more() {
        let mut taken = Taken::default();
        for _ in 0..ACTIONS_PER_EVENT_MAX {
            assert!(taken.one_more().is_ok());
        }
        assert!(matches!(taken.one_more(), Err(Why::TooMany)));
    }
}
