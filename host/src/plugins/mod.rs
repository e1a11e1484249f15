//! Plugins of a tenant: what their manifests say, and the compiled components behind them.

/// `plugin.toml`.
pub mod manifest;

/// When a schedule's job is due.
pub mod schedule;

/// Settings, checked against the manifest's schema.
pub mod settings;

/// Secret settings, sealed.
pub mod secrets;

/// Install, enable, disable, settings: each an event in the log.
pub mod lifecycle;

/// The last runs of each install, for people to look at.
pub mod runs;

use crate::plugins::manifest::Manifest;
use guichet_core::{
    event::{ACTION, By, Event},
    install::{Install, InstallState},
};
use guichet_runtime::Plugin;
use std::{collections::BTreeSet, sync::Arc};

/// An install that is ready to run.
pub struct Ready {
    pub install: Install,
    pub manifest: Manifest,
    /// Absent where it cannot be loaded just now.
    pub plugin: Option<Arc<Plugin>>,
    pub grants: Arc<BTreeSet<String>>,
    pub settings: Arc<str>,
}

impl Ready {
    /// Whether it runs.
    pub fn is_enabled(&self) -> bool {
        self.install.state == InstallState::Enabled
    }

    /// Whether it is to see the event.
    pub fn listens_to(&self, event: &Event) -> bool {
        let own = event
            .draft
            .origin
            .by
            .as_ref()
            .is_some_and(|by| by.install == self.install.id);
        self.is_enabled()
            && event.sequence >= self.install.from_sequence
            && if event.draft.kind == ACTION {
                self.is_asked_by(event)
            } else {
                !own && self
                    .manifest
                    .events
                    .iter()
                    .any(|wanted| wanted.kind == event.draft.kind)
            }
    }

    /// Whether a directed action is for this plugin, and one that it declares.
    fn is_asked_by(&self, event: &Event) -> bool {
        let named = |name: &str| event.draft.data.get(name).and_then(|value| value.as_str());
        named("plugin") == Some(&self.install.plugin)
            && self
                .manifest
                .actions
                .iter()
                .any(|action| named("action") == Some(&action.name))
    }

    /// Collections that the manifest declares.
    pub fn collections(&self) -> BTreeSet<String> {
        self.manifest
            .collections
            .iter()
            .map(|collection| collection.name.clone())
            .collect()
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
