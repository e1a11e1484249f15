//! The whole of what a plugin renders at one place.

use crate::{
    block::Block,
    error::ViewError,
    look::{self, Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a plugin shows at one place of the console.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct View {
    /// What heads it, where its place has no heading of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

impl View {
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            blocks: Vec::new(),
        }
    }

    #[must_use]
    pub fn block(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }

    #[must_use]
    pub fn blocks(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }

    /// Whether it may be drawn: what a host does not refuse here, it takes.
    ///
    /// # Errors
    /// The first place that is more than may be, or leads where it may not; or the whole, where its JSON is longer than may be handed over.
    pub fn check(&self) -> Result<(), ViewError> {
        look::whole(self)
    }
}

impl Check for View {
    fn check(&self, look: &mut Look) -> Looked {
        look.title(self.title.as_ref())?;
        look.blocks(&self.blocks)
    }
}
