//! From a name and a range to one version, or to a sentence that says what there is.

use super::{Index, IndexedPlugin, IndexedVersion, Revocation};
use crate::digest::Digest;
use semver::{Version, VersionReq};

/// Names that are listed in an error.
const LISTED_MAX: usize = 10;

/// Why there is no such version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    #[error("the marketplace `{marketplace}` has no plugin {id}{near}")]
    UnknownPlugin {
        marketplace: String,
        id: String,
        /// Empty, or what else there is.
        near: String,
    },
    #[error("{id} has no version {wanted}; there are {offered}")]
    NoVersion {
        id: String,
        wanted: String,
        offered: String,
    },
    #[error(
        "no version {wanted} of {id} runs on the platform {platform}: {offered}; update Guichet, or choose another version"
    )]
    NoPlatform {
        id: String,
        wanted: String,
        platform: String,
        offered: String,
    },
    #[error("{id} {version} was revoked: {reason}")]
    Revoked {
        id: String,
        version: String,
        reason: String,
    },
}

impl Index {
    /// The plugin of that id.
    pub fn plugin(&self, id: &str) -> Option<&IndexedPlugin> {
        self.plugins.iter().find(|plugin| plugin.id == id)
    }

    /// Whether and why a package must not run any more.
    pub fn revocation(&self, digest: &Digest) -> Option<&Revocation> {
        self.revocations
            .iter()
            .find(|revocation| revocation.digest == *digest)
    }

    /// The highest version that will do, runs on that platform, and was not revoked.
    ///
    /// # Errors
    /// [`ResolveError`], which says what there is.
    pub fn resolve(
        &self,
        id: &str,
        wanted: &VersionReq,
        platform: &Version,
    ) -> Result<&IndexedVersion, ResolveError> {
        let plugin = self.plugin(id).ok_or_else(|| ResolveError::UnknownPlugin {
            marketplace: self.marketplace.clone(),
            id: id.to_owned(),
            near: self.near(id),
        })?;
        let fitting: Vec<_> = plugin
            .versions
            .iter()
            .filter(|version| wanted.matches(&version.version))
            .collect();
        if fitting.is_empty() {
            return Err(ResolveError::NoVersion {
                id: id.to_owned(),
                wanted: wanted.to_string(),
                offered: list(
                    plugin
                        .versions
                        .iter()
                        .map(|version| version.version.to_string()),
                ),
            });
        }
        let running: Vec<_> = fitting
            .iter()
            .filter(|version| version.platform.matches(platform))
            .collect();
        if running.is_empty() {
            return Err(ResolveError::NoPlatform {
                id: id.to_owned(),
                wanted: wanted.to_string(),
                platform: platform.to_string(),
                offered: list(
                    fitting
                        .iter()
                        .map(|version| format!("{} needs {}", version.version, version.platform)),
                ),
            });
        }
        let good: Vec<_> = running
            .iter()
            .filter(|version| self.revocation(&version.digest).is_none())
            .collect();
        match good
            .iter()
            .max_by(|one, other| one.version.cmp(&other.version))
        {
            Some(version) => Ok(version),
            None => Err(self.all_revoked(id, &running)),
        }
    }

    fn all_revoked(&self, id: &str, versions: &[&&IndexedVersion]) -> ResolveError {
        let newest = versions
            .iter()
            .max_by(|one, other| one.version.cmp(&other.version));
        let revocation = newest.and_then(|version| self.revocation(&version.digest));
        ResolveError::Revoked {
            id: id.to_owned(),
            version: newest.map_or_else(String::new, |version| version.version.to_string()),
            reason: revocation.map_or_else(String::new, |revocation| revocation.reason.clone()),
        }
    }

    /// Plugins with the same name or the same publisher.
    fn near(&self, id: &str) -> String {
        let (publisher, name) = id.split_once('/').unwrap_or((id, id));
        let near: Vec<_> = self
            .plugins
            .iter()
            .map(|plugin| plugin.id.as_str())
            .filter(|other| {
                other
                    .split_once('/')
                    .is_some_and(|(theirs, called)| theirs == publisher || called == name)
            })
            .map(str::to_owned)
            .collect();
        match near.is_empty() {
            true => String::new(),
            false => format!("; did you mean {}?", list(near.into_iter())),
        }
    }
}

fn list(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<_> = names.take(LISTED_MAX + 1).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    if names.len() > LISTED_MAX {
        names[LISTED_MAX] = "…".to_owned();
    }
    names.join(", ")
}
