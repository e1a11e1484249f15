//! Why a ticket is where it is: one word, on each ticket.

use guichet_sdk::view::Tone;
use serde::{Deserialize, Serialize};

/// Why a ticket is where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The desk covers it.
    Routed,
    /// The desk that covers it is unattended: another one has it.
    Unattended,
    /// That one is unattended as well.
    Nobody,
    /// Nobody of the desk has room for it.
    Waiting,
    /// Whoever had it did nothing for too long.
    Silent,
    /// Somebody chose.
    Chosen,
}

impl Reason {
    pub const ALL: [Self; 6] = [
        Self::Routed,
        Self::Unattended,
        Self::Nobody,
        Self::Waiting,
        Self::Silent,
        Self::Chosen,
    ];

    /// As it stands on tickets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Routed => "routed",
            Self::Unattended => "unattended",
            Self::Nobody => "nobody",
            Self::Waiting => "waiting",
            Self::Silent => "silent",
            Self::Chosen => "chosen",
        }
    }

    /// From its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// A whole sentence, in English and in Chinese.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Routed => ("This desk covers it.", "由该服务台负责。"),
            Self::Unattended => (
                "The desk that covers it was unattended, so this one has it.",
                "负责的服务台当时无人值守，因此转到此台。",
            ),
            Self::Nobody => (
                "Neither the desk that covers it nor the central one was attended.",
                "负责的服务台与中心台当时均无人值守。",
            ),
            Self::Waiting => (
                "Nobody of this desk has room for it yet.",
                "该服务台目前无人有余力处理，正在等待。",
            ),
            Self::Silent => (
                "Whoever had it did nothing for too long.",
                "原处理人长时间未响应。",
            ),
            Self::Chosen => ("Somebody chose this.", "由人工指定。"),
        }
    }

    pub fn tone(self) -> Tone {
        match self {
            Self::Routed => Tone::Good,
            Self::Unattended | Self::Waiting => Tone::Wait,
            Self::Nobody | Self::Silent => Tone::Bad,
            Self::Chosen => Tone::Plain,
        }
    }
}
