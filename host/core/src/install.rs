//! A plugin in one tenant: what it is, where it stands in the order, since when it listens, and which versions came before and may come next.

use crate::{id::InstallId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Whether an install runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstallState {
    /// Taken in; an admin has not consented yet.
    Staged,
    Enabled,
    Disabled,
    /// Uninstalled: its data is kept for a while, and nothing of it is shown.
    Removed,
}

impl InstallState {
    /// As it is kept and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Removed => "removed",
        }
    }

    /// From its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Staged, Self::Enabled, Self::Disabled, Self::Removed]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// Where a package came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Source {
    /// A folder on the server, by its operator.
    #[default]
    Folder,
    /// An admin's upload; with the fingerprint of the publisher's key where its signature was checked.
    Upload { signed_by: Option<String> },
    Marketplace {
        marketplace: String,
        signed_by: String,
    },
}

/// A version of a plugin, as a tenant took it in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub version: String,
    /// sha-256 of the component, hex.
    pub digest: String,
    /// sha-256 of the package; absent where it came as a folder.
    #[serde(default)]
    pub package: Option<String>,
    /// JSON.
    pub manifest: serde_json::Value,
    /// Interfaces, and hosts as `http:<host>`, that the admin granted.
    pub grants: Vec<String>,
    #[serde(default)]
    pub source: Source,
    pub at: Timestamp,
}

/// A version that its marketplace took back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    pub reason: String,
    pub at: Timestamp,
}

/// Failures that followed so close upon each other that the install was paused: see [`Install::paused_until`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Breaker {
    /// When it was paused, in the last 24 hours; oldest first.
    pub opened: Vec<Timestamp>,
    /// When it is tried again; absent where it was paused once too often and waits for an admin.
    pub until: Option<Timestamp>,
    /// The last failure, for people.
    pub reason: String,
}

/// What of an install is seldom looked at.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct InstallHistory {
    #[serde(default)]
    pub package: Option<String>,
    #[serde(default)]
    pub source: Source,
    #[serde(default)]
    pub installed_at: Option<Timestamp>,
    /// Versions that ran before, newest first; at most [`crate::limits::VERSIONS_KEPT`].
    #[serde(default)]
    pub previous: Vec<Version>,
    /// Taken in, and waiting for consent.
    #[serde(default)]
    pub pending: Option<Version>,
    #[serde(default)]
    pub revoked: Option<Revoked>,
    #[serde(default)]
    pub removed_at: Option<Timestamp>,
    /// What the admin chose for when its guard fails; absent: what the manifest proposes.
    #[serde(default)]
    pub guard_fails_closed: Option<bool>,
    /// Absent where all is well.
    #[serde(default)]
    pub breaker: Option<Breaker>,
}

/// An install as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Install {
    pub id: InstallId,
    /// `publisher/name`.
    pub plugin: String,
    pub version: String,
    /// sha-256 of the component, hex.
    pub digest: String,
    /// Grows with each change of state, version, settings or grants. Nothing of an older epoch commits.
    pub epoch: u64,
    pub state: InstallState,
    /// Place in the order in which installs see an event.
    pub position: i64,
    /// The first event that it is to see in step with the others.
    pub from_sequence: u64,
    /// Whether it has a cursor of its own, which stands where it left off: it is paused, disabled with its place kept, or catching up.
    pub apart: bool,
    /// The manifest as it was consented to, JSON.
    pub manifest: serde_json::Value,
    pub settings: serde_json::Value,
    /// Interfaces, and hosts as `http:<host>`, that the admin granted.
    pub grants: Vec<String>,
    pub history: InstallHistory,
}

impl Install {
    /// The version that it has now.
    pub fn current(&self) -> Version {
        Version {
            version: self.version.clone(),
            digest: self.digest.clone(),
            package: self.history.package.clone(),
            manifest: self.manifest.clone(),
            grants: self.grants.clone(),
            source: self.history.source.clone(),
            at: self.history.installed_at.unwrap_or(Timestamp(0)),
        }
    }

    /// Whether it is in the tenant: not removed.
    pub fn is_here(&self) -> bool {
        self.state != InstallState::Removed
    }

    /// Until when nothing is handed to it, where it failed too often.
    pub fn paused_until(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.history.breaker.as_ref()?.until?;
        (self.state == InstallState::Enabled && until > now).then_some(until)
    }

    /// Takes a version's place; what was before is for the caller to keep. Whether that one failed says nothing of this one.
    pub fn become_version(&mut self, version: Version) {
        self.history.breaker = None;
        self.version = version.version;
        self.digest = version.digest;
        self.manifest = version.manifest;
        self.grants = version.grants;
        self.history.package = version.package;
        self.history.source = version.source;
        self.history.installed_at = Some(version.at);
    }
}
