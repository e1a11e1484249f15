//! Reads from the host what rules ask for, once, before any rule acts.

use crate::{
    limits::{MESSAGE_PAGES_MAX, MESSAGES_PER_PAGE},
    snapshot::Snapshot,
    value::{instant_text, to_json},
};
use guichet_sdk::{
    Error, Event, customers_read, directory_read,
    tickets_read::{self, Message, Ticket},
};
use serde_json::{Value, json};

/// An event, its ticket, and what of them has been read.
pub(crate) struct Facts<'a> {
    event: &'a Event,
    ticket: Ticket,
    pub(crate) snapshot: Snapshot,
}

impl<'a> Facts<'a> {
    pub(crate) fn open(event: &'a Event, ticket: &str) -> Result<Self, Error> {
        let changes = event.changes.iter().map(|change| {
            let pair = (to_json(change.old.clone()), to_json(change.new.clone()));
            (change.name.clone(), pair)
        });
        Ok(Self {
            ticket: tickets_read::get(ticket)?,
            snapshot: Snapshot {
                changes: changes.collect(),
                is_beginning: event.kind == "ticket.created",
                ..Snapshot::default()
            },
            event,
        })
    }

    /// Reads these fields, those that have not been read yet.
    pub(crate) fn read(&mut self, names: impl IntoIterator<Item = String>) -> Result<(), Error> {
        for name in names {
            if !self.snapshot.fields.contains_key(&name) {
                let value = self.value(&name)?;
                self.snapshot.fields.insert(name, value);
            }
        }
        Ok(())
    }

    /// Whether a machine said what the event is about. Where the message cannot be found it counts as one: silence starts no loop.
    pub(crate) fn is_automatic(&self) -> Result<bool, Error> {
        if self.message_id().is_none() {
            return Ok(false);
        }
        Ok(self.message()?.is_none_or(|message| is_marked(&message)))
    }

    fn value(&self, name: &str) -> Result<Value, Error> {
        let said = |of: fn(&Message) -> Value| -> Result<Value, Error> {
            Ok(self.message()?.as_ref().map(of).unwrap_or_default())
        };
        match name {
            "text" => {
                let first = self.ticket.messages(None, 1)?.pop();
                Ok(first.map(|message| message.text.into()).unwrap_or_default())
            }
            "message.text" => said(|message| message.text.clone().into()),
            "message.visibility" => said(|message| message.visibility.clone().into()),
            "message.author" => said(|message| message.author.kind.clone().into()),
            "message.automatic" => said(|message| is_marked(message).into()),
            "event.kind" => Ok(self.event.kind.clone().into()),
            "event.actor" => Ok(self.event.actor.kind.clone().into()),
            "created_at" => Ok(instant_text(self.ticket.created_at()).into()),
            "updated_at" => Ok(instant_text(self.ticket.updated_at()).into()),
            "assignee.name" => self.assignee_name(),
            "group.name" => self.group_name(),
            _ => match name.strip_prefix("requester.") {
                Some(part) => self.requester(part),
                None => Ok(to_json(self.ticket.field(name))),
            },
        }
    }

    fn requester(&self, part: &str) -> Result<Value, Error> {
        let customer = customers_read::get(&self.ticket.requester())?;
        Ok(match part {
            "name" => customer.name().into(),
            "locale" => customer.locale().into(),
            "groups" => customer.groups().into(),
            "email" => customer
                .identities()
                .iter()
                .filter_map(|identity| identity.strip_prefix("mailto:"))
                .collect(),
            field => to_json(customer.field(field)),
        })
    }

    fn assignee_name(&self) -> Result<Value, Error> {
        let Some(agent) = self.ticket.assignee() else {
            return Ok(Value::Null);
        };
        Ok(directory_read::agent(&agent)?.name.into())
    }

    fn group_name(&self) -> Result<Value, Error> {
        let Some(group) = self.ticket.group() else {
            return Ok(Value::Null);
        };
        let mut after: Option<String> = None;
        loop {
            let page = directory_read::groups(after.as_deref(), 200)?;
            if let Some(team) = page.iter().find(|team| team.id == group) {
                return Ok(json!(team.name));
            }
            match page.last() {
                Some(last) => after = Some(last.id.clone()),
                None => return Ok(Value::Null),
            }
        }
    }

    fn message_id(&self) -> Option<String> {
        let data: Value = serde_json::from_str(&self.event.data).ok()?;
        Some(data.get("message")?.as_str()?.to_owned())
    }

    /// The message that the event is about.
    fn message(&self) -> Result<Option<Message>, Error> {
        let Some(id) = self.message_id() else {
            return Ok(None);
        };
        let mut after: Option<String> = None;
        for _ in 0..MESSAGE_PAGES_MAX {
            let page = self.ticket.messages(after.as_deref(), MESSAGES_PER_PAGE)?;
            after = page.last().map(|message| message.id.clone());
            if let Some(found) = page.into_iter().find(|message| message.id == id) {
                return Ok(Some(found));
            }
            if after.is_none() {
                break;
            }
        }
        Ok(None)
    }
}

/// The channel says so of mail that a program wrote (RFC 3834), and rules say it of their own answers.
fn is_marked(message: &Message) -> bool {
    message.fields.iter().any(|field| {
        matches!(field.name.as_str(), "automatic" | "hide")
            && matches!(field.value, guichet_sdk::Value::Boolean(true))
    })
}
