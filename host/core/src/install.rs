//! A plugin in one tenant: what it is, where it stands in the order, and since when it listens.

use crate::id::InstallId;
use serde::{Deserialize, Serialize};

/// Whether an install runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InstallState {
    Enabled,
    Disabled,
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
    /// The first event that it is to see.
    pub from_sequence: u64,
    /// The manifest as it was consented to, JSON.
    pub manifest: serde_json::Value,
    pub settings: serde_json::Value,
    /// Interfaces that the admin granted.
    pub grants: Vec<String>,
}
