//! Saved views: a question about tickets with a name, for oneself, for a group, or for everybody.

use crate::{
    actor::{Actor, ActorKind, Principal},
    directory::{Access, AgentRole, Directory},
    id::{AgentId, GroupId, ViewId},
    limits,
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub id: ViewId,
    /// By language; at least one.
    pub name: BTreeMap<String, String>,
    /// An expression; empty: all tickets.
    pub filter: String,
    /// Names of what is shown of each ticket.
    pub columns: Vec<String>,
    /// Names of what it is sorted by; `-` before one means descending.
    pub sort: Vec<String>,
    pub audience: Audience,
    /// Place among the views that somebody sees.
    pub position: i64,
}

/// Whose a view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "id")]
pub enum Audience {
    /// Its owner alone sees and changes it.
    Agent(AgentId),
    /// The members of the group see it; who supervises the group's tickets changes it.
    Group(GroupId),
    /// All agents see it; supervisors and admins change it.
    Everybody,
}

impl SavedView {
    /// Checks all but the meaning of filter, columns and sort.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] and [`Refusal::Limit`], with what would be right.
    pub fn check(&self) -> Result<(), Refusal> {
        let fits = |text: &String| {
            !text.trim().is_empty()
                && text.chars().count() <= limits::VIEW_NAME_CHARACTERS_MAX
                && !text.contains(char::is_control)
        };
        let is_language = |tag: &String| {
            (2..=35).contains(&tag.len())
                && tag
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if self.name.is_empty()
            || self.name.len() > limits::VIEW_LANGUAGES_MAX
            || !self.name.values().all(fits)
            || !self.name.keys().all(is_language)
        {
            return Err(Refusal::Invalid(format!(
                "a view has a name of 1 to {} characters in 1 to {} languages, such as {{\"en\": \"Mine\", \"zh-CN\": \"我的\"}}",
                limits::VIEW_NAME_CHARACTERS_MAX,
                limits::VIEW_LANGUAGES_MAX
            )));
        }
        Ok(())
    }
}

impl Audience {
    /// Whether a principal sees such a view.
    pub fn has(&self, principal: &Principal, directory: &Directory) -> bool {
        let Some(rights) = principal.rights.as_ref() else {
            return false;
        };
        let is = |agent: AgentId| principal.actor == Actor::agent(agent);
        match self {
            Self::Agent(owner) => is(*owner),
            Self::Everybody => rights.role != AgentRole::Helper,
            Self::Group(group) => {
                let oversees = matches!(rights.role, AgentRole::Supervisor | AgentRole::Admin);
                oversees || directory.members(*group).any(|(agent, _)| is(agent.id))
            }
        }
    }

    /// Whether a principal may make, change and delete such a view.
    ///
    /// # Errors
    /// [`Refusal::Right`] with who may; [`Refusal::NotFound`] for an unknown group.
    pub fn may_be_changed_by(
        &self,
        principal: &Principal,
        directory: &Directory,
    ) -> Result<(), Refusal> {
        let role = match principal.rights.as_ref() {
            Some(rights) if principal.actor.kind == ActorKind::Agent => rights.role,
            // The host itself, for a new tenant.
            None if principal.actor.kind == ActorKind::System => return Ok(()),
            _ => return Err(Refusal::Right("agents have views".to_owned())),
        };
        let oversees = matches!(role, AgentRole::Supervisor | AgentRole::Admin);
        match self {
            Self::Agent(owner) if principal.actor == Actor::agent(*owner) => Ok(()),
            Self::Agent(_) => Err(Refusal::Right(
                "a view of one's own is changed by its owner alone".to_owned(),
            )),
            Self::Everybody if oversees => Ok(()),
            Self::Everybody => Err(Refusal::Right(
                "a view for everybody is made and changed by supervisors and admins: keep it for yourself, or ask one of them".to_owned(),
            )),
            Self::Group(group) => {
                if directory.group(*group).is_none() {
                    return Err(Refusal::NotFound(format!("group {group}")));
                }
                let rights = principal.rights.as_ref();
                match rights.is_some_and(|rights| rights.on(Some(*group)) >= Access::Supervise) {
                    true => Ok(()),
                    false => Err(Refusal::Right(
                        "a view for a group is made and changed by who supervises its tickets: keep it for yourself, or ask one of them".to_owned(),
                    )),
                }
            }
        }
    }
}

/// A view with which every tenant begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstView {
    pub en: &'static str,
    pub zh_cn: &'static str,
    pub filter: &'static str,
    pub sort: &'static str,
}

/// The views with which every tenant begins, for everybody; each is answered by an index.
pub const FIRST_VIEWS: [FirstView; 4] = [
    FirstView {
        en: "My open tickets",
        zh_cn: "我的未结工单",
        filter: "assignee == me && state in [\"new\", \"open\", \"pending\"]",
        sort: "-created_at",
    },
    FirstView {
        en: "Unassigned",
        zh_cn: "未分配",
        filter: "assignee == null && state in [\"new\", \"open\", \"pending\"]",
        sort: "-created_at",
    },
    FirstView {
        en: "Recently solved",
        zh_cn: "最近解决",
        filter: "state == \"solved\" && solved_at > now - duration(\"168h\")",
        sort: "-solved_at",
    },
    FirstView {
        en: "All open",
        zh_cn: "所有未结工单",
        filter: "state in [\"new\", \"open\", \"pending\"]",
        sort: "-created_at",
    },
];

/// What these show of each ticket.
pub const FIRST_COLUMNS: [&str; 7] = [
    "number",
    "subject",
    "state",
    "priority",
    "requester",
    "assignee",
    "updated_at",
];

/// A view as it is to be, or the end of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewWrite {
    Put(SavedView),
    Delete(ViewId),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Agent, Group, Membership};
    use uuid::Uuid;

    fn agent(id: u128, role: AgentRole) -> Agent {
        Agent {
            id: AgentId(Uuid::from_u128(id)),
            name: format!("agent {id}"),
            email: format!("{id}@acme.example"),
            role,
            elsewhere: Access::Change,
            active: true,
            password_hash: None,
        }
    }

    fn directory() -> Directory {
        let group = GroupId(Uuid::from_u128(10));
        let member = |id, access| Membership {
            group,
            agent: AgentId(Uuid::from_u128(id)),
            access,
        };
        Directory::new(
            1,
            vec![
                agent(1, AgentRole::Agent),
                agent(2, AgentRole::Agent),
                agent(3, AgentRole::Supervisor),
                agent(4, AgentRole::Helper),
                agent(5, AgentRole::Agent),
            ],
            vec![Group {
                id: group,
                name: "Network".to_owned(),
            }],
            &[member(1, Access::Change), member(5, Access::Supervise)],
            Vec::new(),
        )
    }

    #[test]
    fn who_sees_and_who_changes_a_view_follows_from_whose_it_is() {
        let directory = directory();
        let who = |id| directory.principal(Actor::agent(AgentId(Uuid::from_u128(id))));
        let sees = |audience: Audience| {
            (1..=5)
                .filter(|id| audience.has(&who(*id), &directory))
                .collect::<Vec<_>>()
        };
        let changes = |audience: Audience| {
            (1..=5)
                .filter(|id| audience.may_be_changed_by(&who(*id), &directory).is_ok())
                .collect::<Vec<_>>()
        };
        let own = Audience::Agent(AgentId(Uuid::from_u128(2)));
        assert_eq!((sees(own), changes(own)), (vec![2], vec![2]));
        let group = Audience::Group(GroupId(Uuid::from_u128(10)));
        assert_eq!((sees(group), changes(group)), (vec![1, 3, 5], vec![3, 5]));
        let all = Audience::Everybody;
        assert_eq!((sees(all), changes(all)), (vec![1, 2, 3, 5], vec![3]));
        let nowhere = Audience::Group(GroupId(Uuid::from_u128(11)));
        assert!(matches!(
            nowhere.may_be_changed_by(&who(3), &directory),
            Err(Refusal::NotFound(_))
        ));
    }

    #[test]
    fn a_name_has_a_hundred_characters_at_most_and_a_language() {
        let view = |language: &str, name: String| SavedView {
            id: ViewId(Uuid::from_u128(1)),
            name: BTreeMap::from([(language.to_owned(), name)]),
            filter: String::new(),
            columns: Vec::new(),
            sort: Vec::new(),
            audience: Audience::Everybody,
            position: 0,
        };
        let most = limits::VIEW_NAME_CHARACTERS_MAX;
        assert!(view("zh-CN", "查".repeat(most)).check().is_ok());
        assert!(view("zh-CN", "查".repeat(most + 1)).check().is_err());
        for (language, name) in [("en", " "), ("en", "a\nb"), ("", "a"), ("e n", "a")] {
            assert!(view(language, name.to_owned()).check().is_err());
        }
    }
}
