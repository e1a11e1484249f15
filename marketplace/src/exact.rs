//! How one version is named: `publisher/name@1.2.0`. Not a range, as in a `PluginRef`: what is taken back must be that one and no other.

use guichet_package::manifest::is_name;
use semver::Version;
use std::{fmt, str::FromStr};

/// One version of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact {
    /// `publisher/name`.
    pub id: String,
    pub version: Version,
}

/// What names no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no version of a plugin: write it like `publisher/name@1.2.0`")]
pub struct ExactError(String);

impl FromStr for Exact {
    type Err = ExactError;

    fn from_str(text: &str) -> Result<Self, ExactError> {
        let read = || {
            let (id, version) = text.split_once('@')?;
            let (publisher, name) = id.split_once('/')?;
            let version = Version::parse(version).ok()?;
            (is_name(publisher) && is_name(name)).then(|| Self {
                id: id.to_owned(),
                version,
            })
        };
        read().ok_or_else(|| ExactError(text.chars().take(200).collect()))
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_exactly() {
        let exact: Exact = "acme/triage@1.2.0-beta.1".parse().unwrap();
        assert_eq!(exact.to_string(), "acme/triage@1.2.0-beta.1");
        for other in [
            "acme/triage",
            "acme/triage@^1",
            "acme/triage@1",
            "acme/triage@=1.2.0",
            "triage@1.2.0",
            "acme/../x@1.2.0",
            "Acme/triage@1.2.0",
        ] {
            assert!(other.parse::<Exact>().is_err(), "{other}");
        }
    }
}
