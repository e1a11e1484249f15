//! What the API shows of tickets and people. Ids come with the names that people know.

use super::{context::Ctx, error::Problem};
use crate::clock::rfc3339;
use guichet_core::{
    actor::{Actor, ActorKind},
    directory::{Agent, Directory},
    id::{AgentId, CustomerId, GroupId},
    ticket::{Ticket, state::State},
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
    /// `helper`, `agent`, `supervisor`, `admin`.
    role: &'static str,
    /// Access to tickets of groups that he is no member of.
    elsewhere: &'static str,
    /// Whether he may sign in and be assigned to.
    active: bool,
}

impl AgentShown {
    /// The same for somebody who is to know no more than a name.
    #[must_use]
    pub(super) fn without_address(self) -> Self {
        Self {
            email: String::new(),
            ..self
        }
    }

    /// Its place in lists: by name.
    pub(super) fn place(&self) -> (&str, Uuid) {
        (&self.name, self.id)
    }
}

impl From<&Agent> for AgentShown {
    fn from(agent: &Agent) -> Self {
        Self {
            id: agent.id.0,
            name: agent.name.clone(),
            email: agent.email.clone(),
            role: agent.role.name(),
            elsewhere: agent.elsewhere.name(),
            active: agent.active,
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
    /// What it was when it was deleted.
    prior_state: Option<&'static str>,
    legal_hold: bool,
    links: Vec<LinkShown>,
    participants: Vec<ParticipantShown>,
    /// When it came, where it rested in the suspended queue first, and why.
    suspension: Option<SuspensionShown>,
    /// Plugins' own fields.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, serde_json::Value>,
}

/// A link to another ticket.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkShown {
    /// What the other one is to this.
    relation: String,
    ticket: Uuid,
    /// Absent where the caller may not see it.
    number: Option<u64>,
    subject: Option<String>,
    state: Option<&'static str>,
}

/// Somebody who takes part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParticipantShown {
    /// `cc`, `watcher`, `helper`.
    role: String,
    who: ActorShown,
    until: Option<String>,
}

/// Why a ticket rested in the suspended queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SuspensionShown {
    reason: String,
    sender: String,
    source: Uuid,
    recovered_at: Option<String>,
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
        let installs = ctx.desk.installs(ctx.tenant.id).await?;
        let mut names: HashMap<Uuid, String> = installs
            .iter()
            .map(|ready| (ready.install.id.0, ready.install.plugin.clone()))
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

    /// A ticket, whole; `linked` are those of its links that the caller may see.
    pub fn ticket(&self, ticket: &Ticket, linked: &[Ticket]) -> TicketShown {
        TicketShown {
            summary: self.summary(ticket),
            impact: ticket.impact,
            urgency: ticket.urgency,
            pending_reason: ticket.pending_reason.clone(),
            pending_until: ticket.pending_until.map(rfc3339),
            prior_state: ticket.prior_state.map(State::name),
            legal_hold: ticket.legal_hold,
            links: ticket
                .links
                .iter()
                .map(|link| {
                    let other = linked.iter().find(|other| other.id == link.ticket);
                    LinkShown {
                        relation: link.relation.clone(),
                        ticket: link.ticket.0,
                        number: other.and_then(|other| other.number),
                        subject: other.map(|other| other.subject.clone()),
                        state: other.map(|other| other.state.name()),
                    }
                })
                .collect(),
            participants: ticket
                .participants
                .iter()
                .map(|participant| ParticipantShown {
                    role: participant.role.clone(),
                    who: self.actor(participant.who),
                    until: participant.until.map(rfc3339),
                })
                .collect(),
            suspension: ticket
                .suspension
                .as_ref()
                .map(|suspension| SuspensionShown {
                    reason: suspension.reason.clone(),
                    sender: suspension.sender.clone(),
                    source: suspension.source.0,
                    recovered_at: ticket.recovered_at.map(rfc3339),
                }),
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
