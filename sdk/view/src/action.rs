//! What a plugin is asked to do when somebody presses, moves or submits.

use crate::{
    error::Fault,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Calls the plugin back by a name, with an input.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Small letters, digits and dashes.
    pub action: String,
    /// Comes back as it is. Boards, forms and tables put what was done into it; then it is an object.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub input: Value,
    /// Is asked first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Confirm>,
    #[serde(default, skip_serializing_if = "Style::is_plain")]
    pub style: Style,
}

/// What is asked before something is done that is not easily undone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    pub title: String,
    pub text: String,
    /// Something is lost by it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub danger: bool,
}

/// How a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    #[default]
    Plain,
    /// What most people want here.
    Primary,
    /// Something is lost by it.
    Danger,
}

impl Style {
    pub(crate) fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

impl Action {
    #[must_use]
    pub fn new(action: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn input(mut self, input: impl Into<Value>) -> Self {
        self.input = input.into();
        self
    }

    #[must_use]
    pub fn confirm(mut self, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.confirm = Some(Confirm {
            title: title.into(),
            text: text.into(),
            danger: self.style == Style::Danger,
        });
        self
    }

    #[must_use]
    pub fn primary(mut self) -> Self {
        self.style = Style::Primary;
        self
    }

    #[must_use]
    pub fn danger(mut self) -> Self {
        self.style = Style::Danger;
        if let Some(confirm) = &mut self.confirm {
            confirm.danger = true;
        }
        self
    }

    /// An action that the console hands what was done.
    pub(crate) fn check_filled(&self, look: &mut Look) -> Looked {
        if !self.input.is_null() && !self.input.is_object() {
            return look.refuse("input", Fault::Input);
        }
        self.check(look)
    }
}

impl Check for Action {
    fn check(&self, look: &mut Look) -> Looked {
        look.name("action", &self.action)?;
        look.json("input", &self.input, limits::INPUT_BYTES_MAX)?;
        let Some(confirm) = &self.confirm else {
            return Ok(());
        };
        look.at("confirm", |look| {
            look.label("title", &confirm.title)?;
            look.text(Some(&confirm.text))
        })
    }
}
