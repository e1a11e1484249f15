//! What comes of an action: nothing that is seen, or any of another view, a notice, another place, and what is wrong in a form.

use crate::{
    error::ViewError,
    go::Go,
    limits,
    look::{self, Check, Look, Looked},
    view::View,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a plugin answers to an action.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// Takes the place of the one that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toast: Option<Toast>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<Go>,
    /// What is wrong in the form that was submitted: it stays open, and says so at each place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misfits: Vec<Misfit>,
}

/// A short notice that goes by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Toast {
    pub text: String,
    #[serde(default)]
    pub kind: ToastKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ToastKind {
    #[default]
    Done,
    /// It was not done. It is shown longer, and read out at once.
    Problem,
}

/// One place of a form's values, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Misfit {
    /// A JSON Pointer into the values; empty for the whole.
    pub pointer: String,
    pub detail: String,
}

impl Answer {
    /// It is done, and nothing is to be said of it.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn view(view: View) -> Self {
        Self::default().and_view(view)
    }

    #[must_use]
    pub fn toast(text: impl Into<String>) -> Self {
        Self::default().and_toast(text)
    }

    #[must_use]
    pub fn problem(text: impl Into<String>) -> Self {
        let toast = Toast {
            text: text.into(),
            kind: ToastKind::Problem,
        };
        Self {
            toast: Some(toast),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn go(go: Go) -> Self {
        Self {
            go: Some(go),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn misfit(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.misfits.push(Misfit {
            pointer: pointer.into(),
            detail: detail.into(),
        });
        self
    }

    #[must_use]
    pub fn and_view(mut self, view: View) -> Self {
        self.view = Some(view);
        self
    }

    #[must_use]
    pub fn and_toast(mut self, text: impl Into<String>) -> Self {
        self.toast = Some(Toast {
            text: text.into(),
            kind: ToastKind::Done,
        });
        self
    }

    /// Whether it may be shown: what a host does not refuse here, it takes.
    ///
    /// # Errors
    /// The first place that is more than may be, or leads where it may not; or the whole, where its JSON is longer than may be handed over.
    pub fn check(&self) -> Result<(), ViewError> {
        look::whole(self)
    }
}

impl Check for Answer {
    fn check(&self, look: &mut Look) -> Looked {
        if let Some(view) = &self.view {
            look.at("view", |look| Check::check(view, look))?;
        }
        if let Some(toast) = &self.toast {
            look.at("toast", |look| look.label("text", &toast.text))?;
        }
        if let Some(go) = &self.go {
            look.at("go", |look| go.check(look))?;
        }
        look.each(
            "misfits",
            &self.misfits,
            limits::MISFITS_MAX,
            |misfit, look| {
                look.chars("pointer", &misfit.pointer, limits::LINK_CHARS_MAX)?;
                look.label("detail", &misfit.detail)
            },
        )
    }
}
