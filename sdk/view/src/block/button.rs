use crate::{
    action::Action,
    error::Fault,
    go::Go,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Does something, or leads somewhere: `action` or `go`, not both.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Button {
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<Go>,
    /// Why it cannot be pressed now; left out where it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<String>,
}

/// Several of these under one button.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Menu {
    /// What the button says.
    pub text: String,
    pub items: Vec<Button>,
}

#[must_use]
pub fn button(text: impl Into<String>) -> Button {
    Button {
        text: text.into(),
        ..Button::default()
    }
}

#[must_use]
pub fn menu(text: impl Into<String>) -> Menu {
    Menu {
        text: text.into(),
        items: Vec::new(),
    }
}

impl Button {
    #[must_use]
    pub fn action(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }

    #[must_use]
    pub fn go(mut self, go: Go) -> Self {
        self.go = Some(go);
        self
    }

    #[must_use]
    pub fn disabled(mut self, why: impl Into<String>) -> Self {
        self.disabled = Some(why.into());
        self
    }
}

impl Menu {
    #[must_use]
    pub fn item(mut self, item: Button) -> Self {
        self.items.push(item);
        self
    }
}

impl Check for Button {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("text", &self.text)?;
        if let Some(why) = &self.disabled {
            look.label("disabled", why)?;
        }
        match (&self.action, &self.go) {
            (Some(action), None) => look.at("action", |look| action.check(look)),
            (None, Some(go)) => look.at("go", |look| go.check(look)),
            _ => Err(look.fault(Fault::Target)),
        }
    }
}

impl Check for Menu {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("text", &self.text)?;
        look.some("items", &self.items, limits::MENU_ITEMS_MAX, Button::check)
    }
}
