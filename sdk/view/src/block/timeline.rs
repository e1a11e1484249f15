use super::Tone;
use crate::{
    go::Go,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happened, in the order in which it stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// It is read out.
    pub title: String,
    pub entries: Vec<Entry>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// By RFC 3339.
    pub at: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Tone::is_plain")]
    pub tone: Tone,
    /// Where its title leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<Go>,
}

#[must_use]
pub fn timeline(title: impl Into<String>) -> Timeline {
    Timeline {
        title: title.into(),
        entries: Vec::new(),
    }
}

impl Timeline {
    #[must_use]
    pub fn entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }
}

impl Entry {
    #[must_use]
    pub fn new(at: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            at: at.into(),
            title: title.into(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    #[must_use]
    pub fn go(mut self, go: Go) -> Self {
        self.go = Some(go);
        self
    }
}

impl Check for Timeline {
    fn check(&self, look: &mut Look) -> Looked {
        look.label("title", &self.title)?;
        look.each(
            "entries",
            &self.entries,
            limits::ENTRIES_MAX,
            |entry, look| {
                look.instant("at", &entry.at)?;
                look.label("title", &entry.title)?;
                look.text(entry.text.as_ref())?;
                entry
                    .go
                    .as_ref()
                    .map_or(Ok(()), |go| look.at("go", |look| go.check(look)))
            },
        )
    }
}
