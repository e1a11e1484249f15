//! What the API shows of tickets and people. Ids come with the names that people know.

use super::{context::Ctx, error::Problem};
use crate::clock::rfc3339;
use guichet_core::{
    actor::{Actor, ActorKind},
    directory::{Agent, Directory},
    id::{AgentId, CustomerId, GroupId},
    ticket::Ticket,
    value::Value,
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use utoipa::ToSchema;
use uuid::Uuid;

/// Somebody or some group, by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Named {
    pub id: Uuid,
    pub name: String,
}

/// Who did something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActorShown {
    /// `customer`, `agent`, `plugin`, `system`.
    kind: &'static str,
    id: Uuid,
    name: String,
}

/// An agent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgentShown {
    id: Uuid,
    name: String,
    email: String,
    /// `agent`, `supervisor`, `admin`.
    role: &'static str,
}

impl From<&Agent> for AgentShown {
    fn from(agent: &Agent) -> Self {
        Self {
            id: agent.id.0,
            name: agent.name.clone(),
            email: agent.email.clone(),
            role: agent.role.name(),
        }
    }
}

/// A ticket, as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketSummary {
    id: Uuid,
    number: Option<u64>,
    subject: String,
    state: &'static str,
    kind: String,
    /// 1 is the highest.
    priority: u8,
    channel: String,
    tags: Vec<String>,
    requester: Option<Named>,
    assignee: Option<Named>,
    group: Option<Named>,
    /// RFC 3339, UTC.
    created_at: String,
    updated_at: String,
    version: u64,
}

/// A ticket, whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TicketShown {
    #[serde(flatten)]
    summary: TicketSummary,
    impact: u8,
    urgency: u8,
    pending_reason: Option<String>,
    pending_until: Option<String>,
    /// Plugins' own fields.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, serde_json::Value>,
}

/// The names behind the ids of one answer, loaded once.
pub struct Names {
    directory: Arc<Directory>,
    names: HashMap<Uuid, String>,
}

impl Names {
    /// Loads installs of the tenant and these customers; agents and groups are known.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn load(
        ctx: &Ctx,
        customers: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self, Problem> {
        let store = ctx.store();
        let mut names: HashMap<Uuid, String> = store
            .installs()
            .await?
            .into_iter()
            .map(|install| (install.id.0, install.plugin))
            .collect();
        let mut wanted: Vec<_> = customers.into_iter().map(CustomerId).collect();
        wanted.sort_unstable();
        wanted.dedup();
        names.extend(
            store
                .customers(&wanted)
                .await?
                .into_iter()
                .map(|customer| (customer.id.0, customer.name)),
        );
        Ok(Self {
            directory: ctx.directory.clone(),
            names,
        })
    }

    /// The name of an id, if it has one.
    pub fn get(&self, id: Uuid) -> Option<&str> {
        let agent = self.directory.agent(AgentId(id)).map(|agent| &agent.name);
        let group = || self.directory.group(GroupId(id)).map(|group| &group.name);
        agent
            .or_else(group)
            .or_else(|| self.names.get(&id))
            .map(String::as_str)
    }

    fn named(&self, id: Uuid) -> Named {
        Named {
            id,
            name: self.get(id).unwrap_or("?").to_owned(),
        }
    }

    /// An actor with its name.
    pub fn actor(&self, actor: Actor) -> ActorShown {
        let name = match actor.kind {
            ActorKind::System => "Guichet",
            ActorKind::Anonymous => "",
            _ => self.get(actor.id).unwrap_or("?"),
        };
        ActorShown {
            kind: actor.kind.name(),
            id: actor.id,
            name: name.to_owned(),
        }
    }

    /// A ticket for a list.
    pub fn summary(&self, ticket: &Ticket) -> TicketSummary {
        TicketSummary {
            id: ticket.id.0,
            number: ticket.number,
            subject: ticket.subject.clone(),
            state: ticket.state.name(),
            kind: ticket.kind.clone(),
            priority: ticket.priority(),
            channel: ticket.channel.clone(),
            tags: ticket.tags.iter().cloned().collect(),
            requester: Some(self.named(ticket.requester.0)),
            assignee: ticket.assignee.map(|id| self.named(id.0)),
            group: ticket.group.map(|id| self.named(id.0)),
            created_at: rfc3339(ticket.created_at),
            updated_at: rfc3339(ticket.updated_at),
            version: ticket.version,
        }
    }

    /// A ticket, whole.
    pub fn ticket(&self, ticket: &Ticket) -> TicketShown {
        TicketShown {
            summary: self.summary(ticket),
            impact: ticket.impact,
            urgency: ticket.urgency,
            pending_reason: ticket.pending_reason.clone(),
            pending_until: ticket.pending_until.map(rfc3339),
            fields: ticket
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), json(value)))
                .collect(),
        }
    }
}

/// A value as the API writes it: instants as RFC 3339.
pub fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::None => serde_json::Value::Null,
        Value::Boolean(boolean) => (*boolean).into(),
        Value::Integer(integer) => (*integer).into(),
        Value::Text(text) => text.clone().into(),
        Value::Texts(texts) => texts.clone().into(),
        Value::Instant { at } => rfc3339(*at).into(),
        Value::Number { number } => (*number).into(),
        Value::Json { json } => json.clone(),
    }
}
