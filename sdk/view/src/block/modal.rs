use super::Block;
use crate::{
    action::Style,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Blocks in a dialog, behind a button. What is done in it closes it, unless the answer finds something wrong.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Modal {
    /// What the button says.
    pub text: String,
    #[serde(default, skip_serializing_if = "Style::is_plain")]
    pub style: Style,
    /// What heads the dialog.
    pub title: String,
    pub blocks: Vec<Block>,
}

#[must_use]
pub fn modal(text: impl Into<String>, title: impl Into<String>) -> Modal {
    Modal {
        text: text.into(),
        title: title.into(),
        ..Modal::default()
    }
}

impl Modal {
    #[must_use]
    pub fn primary(mut self) -> Self {
        self.style = Style::Primary;
        self
    }

    #[must_use]
    pub fn block(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }
}

impl Check for Modal {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("text", &self.text)?;
        look.label("title", &self.title)?;
        look.blocks(&self.blocks)
    }
}
