//! What becomes of a message whose sending was cut off, so that nobody knows whether it went out.

use super::{
    Channel,
    egress::{is_key, setting},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fmt, str::FromStr};

/// What is done about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnUnknown {
    /// It is sent again: rather twice than never.
    Resend,
    /// Somebody is asked: rather late than twice.
    #[default]
    Ask,
}

/// Who says what is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Unknown {
    /// The plugin.
    Always(OnUnknown),
    /// The admin, by the setting of that name: `resend` or `ask`.
    Setting { key: String },
}

impl Default for Unknown {
    fn default() -> Self {
        Self::Always(OnUnknown::default())
    }
}

/// What says nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("on-unknown is `resend`, `ask` or `{{settings.key}}`, not `{0}`")]
pub struct UnknownError(String);

impl OnUnknown {
    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::Ask => "ask",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        [Self::Resend, Self::Ask]
            .into_iter()
            .find(|one| one.name() == name)
    }
}

impl Channel {
    /// What is done with these settings, which the schema of settings explains. Where neither says so, nothing is sent twice.
    pub fn on_unknown(&self, settings: &Value, schema: Option<&Value>) -> OnUnknown {
        match &self.on_unknown {
            Unknown::Always(on_unknown) => *on_unknown,
            Unknown::Setting { key } => settings
                .get(key)
                .or_else(|| property(schema, key)?.get("default"))
                .and_then(Value::as_str)
                .and_then(OnUnknown::parse)
                .unwrap_or_default(),
        }
    }
}

/// Whether the setting that says it can say nothing else.
pub(super) fn is_said_by(schema: Option<&Value>, key: &str) -> bool {
    property(schema, key)
        .and_then(|property| property.get("enum")?.as_array())
        .is_some_and(|said| {
            let mut known = said.iter().map(|one| OnUnknown::parse(one.as_str()?));
            !said.is_empty() && known.all(|one| one.is_some())
        })
}

fn property<'a>(schema: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    schema?.get("properties")?.get(key)
}

impl FromStr for Unknown {
    type Err = UnknownError;

    fn from_str(text: &str) -> Result<Self, UnknownError> {
        if let Some(on_unknown) = OnUnknown::parse(text) {
            return Ok(Self::Always(on_unknown));
        }
        match setting(text) {
            Some(key) if is_key(key) => Ok(Self::Setting {
                key: key.to_owned(),
            }),
            _ => Err(UnknownError(text.to_owned())),
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always(on_unknown) => f.write_str(on_unknown.name()),
            Self::Setting { key } => write!(f, "{{settings.{key}}}"),
        }
    }
}

impl TryFrom<String> for Unknown {
    type Error = UnknownError;

    fn try_from(text: String) -> Result<Self, UnknownError> {
        text.parse()
    }
}

impl From<Unknown> for String {
    fn from(unknown: Unknown) -> Self {
        unknown.to_string()
    }
}
