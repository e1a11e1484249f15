use super::Block;
use crate::look::{Check, Look, Looked};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Blocks one after the other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Stack {
    /// A heading. Its level follows from where the stack stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Direction::is_down")]
    pub direction: Direction,
    /// Stands on a card of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub framed: bool,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    #[default]
    Down,
    /// In one line, or in as many as there must be.
    Across,
}

impl Direction {
    fn is_down(&self) -> bool {
        *self == Self::Down
    }
}

#[must_use]
pub fn stack() -> Stack {
    Stack::default()
}

impl Stack {
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    #[must_use]
    pub fn across(mut self) -> Self {
        self.direction = Direction::Across;
        self
    }

    #[must_use]
    pub fn framed(mut self) -> Self {
        self.framed = true;
        self
    }

    #[must_use]
    pub fn block(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }
}

impl Check for Stack {
    fn check(&self, look: &mut Look) -> Looked {
        look.title(self.title.as_ref())?;
        look.blocks(&self.blocks)
    }
}
