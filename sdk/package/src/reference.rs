//! How a person names a plugin: `publisher/name`, or `publisher/name@^1` for the versions that will do.

use crate::manifest::is_name;
use semver::VersionReq;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A plugin, and which of its versions will do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PluginRef {
    /// `publisher/name`.
    pub id: String,
    /// Any, where none was said. As in Cargo, `1.2.3` means `^1.2.3`; exactly that one is `=1.2.3`.
    pub version: VersionReq,
}

/// What names no plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` names no plugin: {reason}; write `publisher/name`, or `publisher/name@^1` for a version"
)]
pub struct PluginRefError {
    pub text: String,
    pub reason: String,
}

impl FromStr for PluginRef {
    type Err = PluginRefError;

    fn from_str(text: &str) -> Result<Self, PluginRefError> {
        let refuse = |reason: String| PluginRefError {
            text: text.chars().take(200).collect(),
            reason,
        };
        let (id, version) = match text.split_once('@') {
            Some((id, version)) => (
                id,
                VersionReq::parse(version)
                    .map_err(|error| refuse(format!("what follows the @ is no range: {error}")))?,
            ),
            None => (text, VersionReq::STAR),
        };
        match id.split_once('/') {
            Some((publisher, name)) if is_name(publisher) && is_name(name) => Ok(Self {
                id: id.to_owned(),
                version,
            }),
            _ => Err(refuse(
                "both parts are of small letters, digits and dashes".to_owned(),
            )),
        }
    }
}

impl fmt::Display for PluginRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.version == VersionReq::STAR {
            true => f.write_str(&self.id),
            false => write!(f, "{}@{}", self.id, self.version),
        }
    }
}

impl TryFrom<String> for PluginRef {
    type Error = PluginRefError;

    fn try_from(text: String) -> Result<Self, PluginRefError> {
        text.parse()
    }
}

impl From<PluginRef> for String {
    fn from(reference: PluginRef) -> Self {
        reference.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plugin_is_named_with_or_without_a_range() {
        for text in [
            "acme/triage",
            "acme/triage@^1",
            "acme/triage@=1.2.3",
            "acme/triage@>=1, <3",
        ] {
            assert_eq!(text.parse::<PluginRef>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_names_no_plugin_is_refused_with_the_reason() {
        for (text, reason) in [
            ("triage", "both parts"),
            ("acme/Triage", "both parts"),
            ("acme/../triage", "both parts"),
            ("acme/triage@", "no range"),
            ("acme/triage@latest", "no range"),
        ] {
            let error = text.parse::<PluginRef>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
