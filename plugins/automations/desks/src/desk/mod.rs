//! A desk: a group of agents, what it covers, and how tickets reach its members.

/// All desks together.
pub mod all;

/// Which of them a ticket is for.
pub mod choice;

/// Models to begin with.
pub mod preset;

use crate::{
    language::Texts,
    limits::{
        COVER_CHARACTERS_MAX, COVERS_MAX, NAME_CHARACTERS_MAX, ORDER_MAX, SILENT_MINUTES_MAX,
    },
    refusal::Refused,
};
use guichet_sdk::view::is_name;
use serde::{Deserialize, Serialize};

/// A desk, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    pub name: Texts,
    /// The id of the agents' group that answers.
    pub group: String,
    #[serde(default)]
    pub covers: Covers,
    /// Smaller comes first, among desks that cover a ticket equally well.
    #[serde(default)]
    pub order: u32,
    /// The last resort. There is exactly one among the desks that are switched on.
    #[serde(default)]
    pub central: bool,
    /// Of the central desk: new tickets go to it before any other desk.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub first: bool,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
    /// The id of a calendar of the shared collection `business-calendar`; empty: always open.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub calendar: String,
    #[serde(default)]
    pub strategy: Strategy,
    /// Business minutes; 0: nobody ever loses a ticket by being silent.
    #[serde(default)]
    pub silent_minutes: u32,
}

fn yes() -> bool {
    true
}

fn is_yes(yes: &bool) -> bool {
    *yes
}

/// What a desk covers. An empty list: all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Covers {
    /// Ids of catalog entries, each with everything below it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// Ids of customer groups.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub customer_groups: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
}

/// How tickets reach the members of a desk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// They stay with the group: members take them.
    #[default]
    Group,
    /// Each goes to the member with the fewest open tickets.
    Fewest,
    /// One member after the other.
    Turns,
}

impl Strategy {
    pub const ALL: [Self; 3] = [Self::Group, Self::Fewest, Self::Turns];

    /// As records and forms name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::Fewest => "fewest",
            Self::Turns => "turns",
        }
    }

    /// In English and in Chinese.
    pub fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Group => ("stays with the group", "留在组内"),
            Self::Fewest => ("to whoever has the fewest", "分给工单最少者"),
            Self::Turns => ("one after the other", "轮流分派"),
        }
    }
}

impl Desk {
    /// A desk that covers everything.
    pub fn new(name: Texts, group: impl Into<String>) -> Self {
        Self {
            name,
            group: group.into(),
            covers: Covers::default(),
            order: 0,
            central: false,
            first: false,
            enabled: true,
            calendar: String::new(),
            strategy: Strategy::Group,
            silent_minutes: 0,
        }
    }

    /// Whether it is as it must be.
    ///
    /// # Errors
    /// [`Refused`] with the place in the desk.
    pub fn check(&self, id: &str) -> Result<(), Refused> {
        let wrong = |place, english, chinese| Err(Refused::desk(id, place, english, chinese));
        if !is_name(id) {
            return Err(Refused::Id(id.to_owned()));
        }
        if self.name.is_empty() {
            return wrong("/name", "say what it is called", "请填写名称");
        }
        if self.name.is_longer_than(NAME_CHARACTERS_MAX) {
            return wrong("/name", "at most 100 characters", "最多 100 个字符");
        }
        if self.group.is_empty() {
            return wrong("/group", "choose the group that answers", "请选择负责的组");
        }
        if self.order > ORDER_MAX {
            return wrong("/order", "at most 10,000", "最大 10000");
        }
        if self.silent_minutes > SILENT_MINUTES_MAX {
            return wrong("/silent_minutes", "at most 43,200", "最大 43200");
        }
        if self.first && !self.central {
            let english = "only the central desk takes new tickets first";
            return wrong("/first", english, "只有中心台可优先接收新工单");
        }
        let lists = [
            ("/covers/entries", &self.covers.entries),
            ("/covers/channels", &self.covers.channels),
            ("/covers/customer_groups", &self.covers.customer_groups),
            ("/covers/kinds", &self.covers.kinds),
        ];
        for (place, list) in lists {
            let is_fine = |one: &String| (1..=COVER_CHARACTERS_MAX).contains(&one.chars().count());
            if list.len() > COVERS_MAX || !list.iter().all(is_fine) {
                let english = "at most 100, of 1 to 100 characters each";
                return wrong(place, english, "最多 100 项，每项 1 到 100 个字符");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
