//! Who answers: agents and the groups they work in.

use crate::id::{AgentId, GroupId, TenantId};
use serde::{Deserialize, Serialize};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    /// How it is named in addresses.
    pub slug: String,
    pub name: String,
}

/// What an agent may do beyond working tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentRole {
    Agent,
    /// Delete and restore tickets, too.
    Supervisor,
    /// All of that, people and plugins.
    Admin,
}

impl AgentRole {
    /// As it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Agent, Self::Supervisor, Self::Admin]
            .into_iter()
            .find(|role| role.name() == name)
    }
}

/// A person who works tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub role: AgentRole,
    /// Argon2id, PHC string format. Never leaves the host.
    #[serde(skip)]
    pub password_hash: Option<String>,
}

/// A group of agents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
}
