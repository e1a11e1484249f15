//! Who does something, and with what right.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What sort of being an actor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
}

impl ActorKind {
    /// The kind as it is written in the log and in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Plugin => "plugin",
            Self::System => "system",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Customer, Self::Agent, Self::Plugin, Self::System]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// Who did something, as the log keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
}

/// The rights with which somebody meets a ticket; the columns of the transition table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The customer who asked.
    Requester,
    /// A customer who takes part.
    Participant,
    /// An agent with the right to change tickets of its group.
    Agent,
    /// An agent who may do what only a supervisor or an admin may.
    Supervisor,
    /// A rule, a timer, a plugin.
    System,
}

/// An actor and whether it has a supervisor's rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    pub actor: Actor,
    pub supervisor: bool,
}

impl From<Actor> for Principal {
    fn from(actor: Actor) -> Self {
        Self {
            actor,
            supervisor: false,
        }
    }
}
