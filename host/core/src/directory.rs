//! Who answers: agents, the groups they work in, and what they may do there. Who asks together: customer groups.

use crate::{
    actor::{Actor, ActorKind, Principal},
    id::{AgentId, CustomerGroupId, GroupId, TenantId},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    pub id: TenantId,
    /// How it is named in addresses.
    pub slug: String,
    pub name: String,
    /// The IANA zone in which its schedules are read, such as `Asia/Shanghai`.
    pub zone: String,
}

/// What an agent may do beyond working tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentRole {
    /// From outside: sees the tickets on which he takes part as a helper, and no others.
    Helper,
    Agent,
    /// Delete and restore tickets everywhere, too.
    Supervisor,
    /// All of that, people and plugins.
    Admin,
}

impl AgentRole {
    const ALL: [Self; 4] = [Self::Helper, Self::Agent, Self::Supervisor, Self::Admin];

    /// As it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::Helper => "helper",
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// What an agent may do with the tickets of a group; each includes those before it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Does not see them.
    #[default]
    None,
    Read,
    /// Works them.
    Change,
    /// Deletes and restores them, too.
    Supervise,
}

impl Access {
    const ALL: [Self; 4] = [Self::None, Self::Read, Self::Change, Self::Supervise];

    /// As it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Change => "change",
            Self::Supervise => "supervise",
        }
    }

    /// The access of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.name() == name)
    }
}

/// A person who works tickets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub id: AgentId,
    pub name: String,
    pub email: String,
    pub role: AgentRole,
    /// Access to tickets of groups that he is no member of.
    pub elsewhere: Access,
    /// Whether he may sign in and be assigned to.
    pub active: bool,
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

/// An agent's place in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    pub group: GroupId,
    pub agent: AgentId,
    pub access: Access,
}

/// A named set of customers; an organisation is one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerGroup {
    pub id: CustomerGroupId,
    pub name: String,
    /// `organisation` or `group`.
    pub kind: String,
    /// Whether its members see each other's tickets.
    pub shares_tickets: bool,
}

/// An agent's rights, resolved: what the columns of the transition table are read by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights {
    pub role: AgentRole,
    elsewhere: Access,
    groups: BTreeMap<GroupId, Access>,
}

impl Rights {
    /// Access to the tickets of a group. A ticket of no group is anybody's to take.
    pub fn on(&self, group: Option<GroupId>) -> Access {
        match (self.role, group) {
            (AgentRole::Supervisor | AgentRole::Admin, _) => Access::Supervise,
            (AgentRole::Helper, _) => Access::None,
            (AgentRole::Agent, None) => self.elsewhere.max(Access::Change),
            (AgentRole::Agent, Some(group)) => {
                self.groups.get(&group).copied().unwrap_or(self.elsewhere)
            }
        }
    }

    /// Whether every ticket may be read.
    pub fn reads_all(&self) -> bool {
        match self.role {
            AgentRole::Supervisor | AgentRole::Admin => true,
            AgentRole::Helper => false,
            AgentRole::Agent => {
                self.elsewhere >= Access::Read
                    && self.groups.values().all(|access| *access >= Access::Read)
            }
        }
    }

    /// Groups whose tickets may be read, where not all may; those of no group may be read by all but helpers.
    pub fn readable(&self) -> impl Iterator<Item = GroupId> {
        self.groups
            .iter()
            .filter(|(_, access)| **access >= Access::Read)
            .map(|(group, _)| *group)
    }
}

/// The people and groups of one tenant, as they stand at `version`. Kept in memory; a commit that changes people makes the next version.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    pub version: u64,
    agents: BTreeMap<AgentId, (Agent, Arc<Rights>)>,
    groups: BTreeMap<GroupId, Group>,
    customer_groups: BTreeMap<CustomerGroupId, CustomerGroup>,
}

impl Directory {
    /// Of everybody there is.
    pub fn new(
        version: u64,
        agents: Vec<Agent>,
        groups: Vec<Group>,
        members: &[Membership],
        customer_groups: Vec<CustomerGroup>,
    ) -> Self {
        let rights = |agent: &Agent| Rights {
            role: agent.role,
            elsewhere: agent.elsewhere,
            groups: members
                .iter()
                .filter(|member| member.agent == agent.id)
                .map(|member| (member.group, member.access))
                .collect(),
        };
        Self {
            version,
            agents: agents
                .into_iter()
                .map(|agent| {
                    let rights = Arc::new(rights(&agent));
                    (agent.id, (agent, rights))
                })
                .collect(),
            groups: groups.into_iter().map(|group| (group.id, group)).collect(),
            customer_groups: customer_groups
                .into_iter()
                .map(|group| (group.id, group))
                .collect(),
        }
    }

    /// An agent.
    pub fn agent(&self, id: AgentId) -> Option<&Agent> {
        self.agents.get(&id).map(|(agent, _)| agent)
    }

    /// All agents.
    pub fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.agents.values().map(|(agent, _)| agent)
    }

    /// A group.
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id)
    }

    /// All groups.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// A customer group.
    pub fn customer_group(&self, id: CustomerGroupId) -> Option<&CustomerGroup> {
        self.customer_groups.get(&id)
    }

    /// All customer groups.
    pub fn customer_groups(&self) -> impl Iterator<Item = &CustomerGroup> {
        self.customer_groups.values()
    }

    /// The members of a group, with their access.
    pub fn members(&self, group: GroupId) -> impl Iterator<Item = (&Agent, Access)> {
        self.agents.values().filter_map(move |(agent, rights)| {
            rights.groups.get(&group).map(|access| (agent, *access))
        })
    }

    /// Whether an agent belongs to a group, or may work everywhere.
    pub fn works_in(&self, agent: AgentId, group: Option<GroupId>) -> bool {
        self.agents
            .get(&agent)
            .is_some_and(|(agent, rights)| agent.active && rights.on(group) >= Access::Change)
    }

    /// An actor with his rights: an agent's are looked up, others have none of their own.
    pub fn principal(&self, actor: Actor) -> Principal {
        let rights = match actor.kind {
            ActorKind::Agent => self
                .agents
                .get(&AgentId(actor.id))
                .filter(|(agent, _)| agent.active)
                .map(|(_, rights)| rights.clone()),
            _ => None,
        };
        Principal { actor, rights }
    }
}
