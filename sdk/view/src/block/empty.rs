use super::Button;
use crate::{
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is shown where there is nothing: that there is nothing, why, and what can be done.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Empty {
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

#[must_use]
pub fn empty(title: impl Into<String>) -> Empty {
    Empty {
        title: title.into(),
        ..Empty::default()
    }
}

impl Empty {
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }
}

impl Check for Empty {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("title", &self.title)?;
        look.text(self.text.as_ref())?;
        look.each("buttons", &self.buttons, limits::BUTTONS_MAX, Button::check)
    }
}
