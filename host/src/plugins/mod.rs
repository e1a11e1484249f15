//! Plugins of a tenant: what their manifests say, and the compiled components behind them.

/// `plugin.toml`.
pub mod manifest;

/// Install, enable, disable, settings: each an event in the log.
pub mod lifecycle;

/// The last runs of each install, for people to look at.
pub mod runs;

use crate::plugins::manifest::Manifest;
use guichet_core::{
    event::{By, Event},
    install::{Install, InstallState},
};
use guichet_runtime::Plugin;
use std::{collections::BTreeSet, sync::Arc};

/// An install that is ready to run.
pub struct Ready {
    pub install: Install,
    pub manifest: Manifest,
    pub plugin: Arc<Plugin>,
    pub grants: Arc<BTreeSet<String>>,
    pub settings: Arc<str>,
}

impl Ready {
    /// Whether it is to see the event.
    pub fn listens_to(&self, event: &Event) -> bool {
        let own = event
            .draft
            .origin
            .by
            .as_ref()
            .is_some_and(|by| by.install == self.install.id);
        self.install.state == InstallState::Enabled
            && event.sequence >= self.install.from_sequence
            && !own
            && self
                .manifest
                .events
                .iter()
                .any(|wanted| wanted.kind == event.draft.kind)
    }

    /// As effects name it.
    pub fn by(&self) -> By {
        By {
            install: self.install.id,
            plugin: format!("{}@{}", self.install.plugin, self.install.version),
            digest: self.install.digest.clone(),
        }
    }
}
