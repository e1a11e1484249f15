use super::Tone;
use crate::{
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far something has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Progress {
    pub title: String,
    /// From 0 to `of`; left out while nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(default = "hundred", skip_serializing_if = "is_hundred")]
    pub of: f64,
    #[serde(default, skip_serializing_if = "Tone::is_plain")]
    pub tone: Tone,
}

fn hundred() -> f64 {
    100.0
}
fn is_hundred(of: &f64) -> bool {
    (*of - hundred()).abs() < f64::EPSILON
}

/// Begun, and nobody knows how far it is.
#[must_use]
pub fn progress(title: impl Into<String>) -> Progress {
    Progress {
        title: title.into(),
        value: None,
        of: hundred(),
        tone: Tone::Plain,
    }
}

impl Progress {
    /// `value` of a hundred.
    #[must_use]
    pub fn percent(self, value: f64) -> Self {
        self.at(value, hundred())
    }

    #[must_use]
    pub fn at(mut self, value: f64, of: f64) -> Self {
        (self.value, self.of) = (Some(value), of);
        self
    }

    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Check for Progress {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("title", &self.title)?;
        look.number("of", self.of, 1.0 / limits::NUMBER_MAX, limits::NUMBER_MAX)?;
        self.value
            .map_or(Ok(()), |value| look.number("value", value, 0.0, self.of))
    }
}
