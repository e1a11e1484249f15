//! What a colour means. Which one it is, the console decides.

#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    #[default]
    Plain,
    /// It is as it should be.
    Good,
    /// It waits for something or somebody.
    Wait,
    /// Something has to be done.
    Bad,
}

impl Tone {
    pub(crate) fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}
