//! Plugins of a tenant: what their manifests say, and the compiled components behind them.

/// `plugin.toml`.
pub mod manifest;

/// When a schedule's job is due.
pub mod schedule;

/// Settings, checked against the manifest's schema.
pub mod settings;

/// Secret settings, sealed.
pub mod secrets;

/// Expressions of manifests.
pub mod expressions;

/// The marketplace that this host trusts.
pub mod market;

/// Which servers outside an install may call.
pub mod outside;

/// Taken in, consented to, enabled, upgraded, rolled back, removed: each an event in the log.
pub mod lifecycle;

/// What fails again and again is paused.
pub mod breaker;

/// The last runs of each install, for people to look at.
pub mod runs;

use crate::plugins::{
    expressions::Wanted,
    manifest::{Channel, KeptAs, Manifest, OnUnknown},
};
use guichet_core::{
    event::{ACTION, By, Event},
    install::{Install, InstallState},
    ticket::Ticket,
    time::Timestamp,
};
use guichet_runtime::{Plugin, limits::Limits};
use outside::Ways;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// An install that is ready to run.
pub struct Ready {
    pub install: Install,
    pub manifest: Manifest,
    /// Absent where it cannot be loaded just now.
    pub plugin: Option<Arc<Plugin>>,
    pub grants: Arc<BTreeSet<String>>,
    pub settings: Arc<str>,
    /// Servers outside that it may call.
    pub ways: Arc<Ways>,
    wanted: Vec<Wanted>,
}

impl Ready {
    /// An install with what is read from its manifest, grants and settings once. None where they cannot be read, which is told in the log.
    pub fn new(install: Install, plugin: Option<Arc<Plugin>>) -> Option<Self> {
        let read = || -> Result<_, manifest::ManifestError> {
            let manifest = manifest::of(&install)?;
            let wanted = expressions::wanted(&manifest)?;
            Ok((manifest, wanted))
        };
        let (manifest, wanted) = read()
            .inspect_err(|error| tracing::error!(plugin = install.plugin, %error, "the manifest kept for an install cannot be read"))
            .ok()?;
        let mut grants: BTreeSet<_> = install.grants.iter().cloned().collect();
        for (interface, prefix) in [
            ("http", "http:"),
            ("net", "net:"),
            (manifest::RECORDS_SHARED, manifest::SHARED),
        ] {
            if grants.iter().any(|grant| grant.starts_with(prefix)) {
                grants.insert(interface.to_owned());
            }
        }
        Some(Self {
            grants: Arc::new(grants),
            settings: install.settings.to_string().into(),
            ways: Arc::new(Ways::of(&install)),
            wanted,
            manifest,
            plugin,
            install,
        })
    }

    /// The bounds of a point, with what the manifest asks beyond what is usual.
    pub fn limits(&self, usual: Limits) -> Limits {
        match self.manifest.limits {
            Some(asked) => usual.asked(asked.memory_mib, asked.cpu_ms),
            None => usual,
        }
    }

    /// What becomes of a message that it carries and of which nobody knows whether it went out.
    pub fn on_unknown(&self, channel: &Channel) -> OnUnknown {
        channel.on_unknown(&self.install.settings, self.manifest.settings.as_ref())
    }

    /// Whether it runs.
    pub fn is_enabled(&self) -> bool {
        self.install.state == InstallState::Enabled
    }

    /// Whether it runs, and did not fail too often just now.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.is_enabled() && self.install.paused_until(now).is_none()
    }

    /// Whether it is to see the event where it stands in the log.
    pub fn listens_to(&self, event: &Event) -> bool {
        let is_after = self.install.apart || event.sequence >= self.install.from_sequence;
        is_after && self.wants(event)
    }

    /// Whether it runs and the event is of those that it subscribes to, wherever it stands in the log: for what was parked.
    pub fn wants(&self, event: &Event) -> bool {
        let own = event
            .draft
            .origin
            .by
            .as_ref()
            .is_some_and(|by| by.install == self.install.id);
        self.is_enabled()
            && if event.draft.kind == ACTION {
                self.is_asked_by(event)
            } else {
                !own && self.wanted.iter().any(|wanted| wanted.is_of_kind(event))
            }
    }

    /// Whether its filters let an event through that it listens to. They see what the plugin may: without the right to read tickets, none.
    pub fn lets_through(&self, event: &Event, ticket: Option<&Ticket>) -> bool {
        if event.draft.kind == ACTION {
            return true;
        }
        let told = event.seen_with(&self.grants);
        let ticket = ticket.filter(|_| self.grants.contains("tickets-read"));
        self.wanted
            .iter()
            .any(|wanted| wanted.is_of_kind(event) && wanted.lets_through(&told, ticket))
    }

    /// Whether a change is refused where its guard fails: what the admin chose, or else what the manifest proposes.
    pub fn guard_fails_closed(&self) -> bool {
        let proposed = self
            .manifest
            .guard
            .as_ref()
            .is_some_and(|guard| guard.on_failure == manifest::OnFailure::Closed);
        self.install.history.guard_fails_closed.unwrap_or(proposed)
    }

    /// Whether it checks changes of that kind.
    pub fn guards(&self, kind: &str) -> bool {
        self.is_enabled()
            && self
                .manifest
                .guard
                .as_ref()
                .is_some_and(|guard| guard.kinds.iter().any(|guarded| guarded == kind))
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

    /// Collections that the manifest declares, by name: under which names their records are kept, and by what they are found.
    pub fn collections(&self) -> BTreeMap<String, KeptAs> {
        let all = self.manifest.collections.iter();
        all.map(|collection| (collection.name.clone(), KeptAs::of(collection)))
            .collect()
    }

    /// The collection that it publishes under that name.
    pub fn published(&self, name: &str) -> Option<KeptAs> {
        manifest::published(&self.manifest, name)
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
