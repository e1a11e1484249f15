//! The clocks that a ticket may have.

use crate::words::Language;
use serde::{Deserialize, Serialize};

/// What a clock measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// From the request to the first public message of a person who works for the desk. Once.
    FirstReply,
    /// From the oldest message of a customer that is not answered, after the first reply, to the next answer. Again and again.
    NextReply,
    /// From one public answer to the next, until the ticket is solved. Again and again.
    Update,
    /// From the request until the ticket is solved.
    Resolution,
    /// The same without any waiting: the time in which agents could work.
    Work,
}

impl Kind {
    pub const ALL: [Self; 5] = [
        Self::FirstReply,
        Self::NextReply,
        Self::Update,
        Self::Resolution,
        Self::Work,
    ];

    /// As it is written everywhere.
    pub fn name(self) -> &'static str {
        match self {
            Self::FirstReply => "first-reply",
            Self::NextReply => "next-reply",
            Self::Update => "update",
            Self::Resolution => "resolution",
            Self::Work => "work",
        }
    }

    /// For people.
    pub fn title(self, language: Language) -> String {
        match self {
            Self::FirstReply => language.say("First reply", "首次回复"),
            Self::NextReply => language.say("Next reply", "后续回复"),
            Self::Update => language.say("Update", "定期更新"),
            Self::Resolution => language.say("Resolution", "解决"),
            Self::Work => language.say("Agents' work", "客服处理"),
        }
    }
}

#[cfg(test)]
mod tests;
