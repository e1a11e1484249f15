use super::Tone;
use crate::{
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub text: String,
    #[serde(default, skip_serializing_if = "TextStyle::is_plain")]
    pub style: TextStyle,
    #[serde(default, skip_serializing_if = "Tone::is_plain")]
    pub tone: Tone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum TextStyle {
    #[default]
    Plain,
    /// What is said beside.
    Quiet,
    Strong,
}

impl TextStyle {
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// A text in a safe part of Markdown.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Markdown {
    pub text: String,
}

/// One or two words that stand out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Badge {
    pub text: String,
    #[serde(default, skip_serializing_if = "Tone::is_plain")]
    pub tone: Tone,
}

#[must_use]
pub fn text(text: impl Into<String>) -> Text {
    Text {
        text: text.into(),
        ..Text::default()
    }
}

#[must_use]
pub fn markdown(text: impl Into<String>) -> Markdown {
    Markdown { text: text.into() }
}

#[must_use]
pub fn badge(text: impl Into<String>) -> Badge {
    Badge {
        text: text.into(),
        tone: Tone::Plain,
    }
}

impl Text {
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.style = TextStyle::Quiet;
        self
    }

    #[must_use]
    pub fn strong(mut self) -> Self {
        self.style = TextStyle::Strong;
        self
    }

    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Badge {
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Check for Text {
    fn check(&self, look: &mut Look) -> Looked {
        look.text(Some(&self.text))
    }
}

impl Check for Markdown {
    fn check(&self, look: &mut Look) -> Looked {
        look.chars("text", &self.text, limits::MARKDOWN_CHARS_MAX)
    }
}

impl Check for Badge {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("text", &self.text)
    }
}
