//! Who does something, and with what right.

use crate::{
    directory::Rights,
    id::{AgentId, CustomerId, InstallId},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// What sort of being an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActorKind {
    /// Asks. The id is a customer's.
    Customer,
    /// Works tickets. The id is an agent's.
    Agent,
    /// A plugin in its own name. The id is the install's.
    Plugin,
    /// The host itself: timers, set-up. The id is nil.
    System,
    /// Nobody known: what waits in the suspended queue was said by one. The id is nil.
    Anonymous,
}

impl ActorKind {
    /// The kind as it is written in the log and in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Plugin => "plugin",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [
            Self::Customer,
            Self::Agent,
            Self::Plugin,
            Self::System,
            Self::Anonymous,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// Who did something, as the log keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Actor {
    pub kind: ActorKind,
    pub id: Uuid,
}

impl Actor {
    /// The host itself.
    pub const SYSTEM: Self = Self {
        kind: ActorKind::System,
        id: Uuid::nil(),
    };

    /// Nobody known.
    pub const ANONYMOUS: Self = Self {
        kind: ActorKind::Anonymous,
        id: Uuid::nil(),
    };

    /// A customer.
    pub fn customer(id: CustomerId) -> Self {
        Self {
            kind: ActorKind::Customer,
            id: id.0,
        }
    }

    /// An agent.
    pub fn agent(id: AgentId) -> Self {
        Self {
            kind: ActorKind::Agent,
            id: id.0,
        }
    }

    /// A plugin in its own name.
    pub fn plugin(id: InstallId) -> Self {
        Self {
            kind: ActorKind::Plugin,
            id: id.0,
        }
    }
}

/// The rights with which somebody meets a ticket; the columns of the transition table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The customer who asked.
    Requester,
    /// A customer who takes part.
    Participant,
    /// An agent from outside who takes part, until a date: says something, no more.
    Helper,
    /// An agent with the right to change tickets of its group.
    Agent,
    /// An agent who may do what only a supervisor or an admin may.
    Supervisor,
    /// A rule, a timer, a plugin.
    System,
    /// Anybody else: a customer who takes no part, an agent who may only read.
    Stranger,
}

/// An actor and his rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    pub actor: Actor,
    /// An agent's; nobody else has any, and an agent without any may do nothing.
    pub rights: Option<Arc<Rights>>,
}

impl From<Actor> for Principal {
    /// Without an agent's rights: see [`crate::directory::Directory::principal`].
    fn from(actor: Actor) -> Self {
        Self {
            actor,
            rights: None,
        }
    }
}
