//! A manifest beside its component: what one says and the other does.

use super::{Manifest, ManifestError, Protocol, RECORDS_SHARED};
use crate::component::{FREE, Inspection};
use std::collections::BTreeMap;

/// The interfaces that hosts are reached through; `[[egress]]` entries declare them.
const HTTP: &str = Protocol::Http.interface();
const NET: &str = Protocol::Net.interface();

/// What the manifest says of an interface that it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The plugin does not run without it.
    Required,
    Optional,
}

impl Manifest {
    /// The interfaces that it declares, by name: those that it asks for, and those through which its hosts are reached and collections of others read, which
    /// only those declare. Such an interface is optional where all of them are.
    pub fn declared(&self) -> BTreeMap<&str, Need> {
        let interfaces = self
            .permissions
            .iter()
            .map(|entry| (entry.name.as_str(), entry.optional))
            .filter(|(name, _)| !is_of_entries(name));
        let hosts = self
            .egress
            .iter()
            .map(|egress| (egress.protocol.interface(), egress.optional));
        let mut declared = BTreeMap::new();
        let collections = self
            .shared
            .iter()
            .map(|shared| (RECORDS_SHARED, shared.optional));
        for (name, is_optional) in interfaces.chain(hosts).chain(collections) {
            let need = declared.entry(name).or_insert(Need::Optional);
            if !is_optional {
                *need = Need::Required;
            }
        }
        declared
    }

    /// Checks the manifest against what the component imports and exports.
    ///
    /// # Errors
    /// [`ManifestError::Undeclared`] and its neighbours.
    pub fn check(&self, inspection: &Inspection) -> Result<(), ManifestError> {
        let declared = self.declared();
        if let Some(undeclared) = inspection
            .permissions
            .iter()
            .find(|import| !declared.contains_key(import.as_str()))
        {
            return Err(match undeclared.as_str() {
                HTTP => ManifestError::UndeclaredHttp,
                NET => ManifestError::UndeclaredNet,
                RECORDS_SHARED => ManifestError::UndeclaredShared,
                _ => ManifestError::Undeclared(undeclared.clone()),
            });
        }
        let points = &inspection.points;
        let offered = [
            (
                self.events.is_empty() || points.event_handler,
                ManifestError::NoEventHandler,
            ),
            (
                self.actions.is_empty() || points.event_handler,
                ManifestError::NoActionHandler,
            ),
            (
                self.schedules.is_empty() || points.job_handler,
                ManifestError::NoJobHandler,
            ),
            (
                self.routes.is_empty() || points.request_handler,
                ManifestError::NoRequestHandler,
            ),
            (self.guard.is_none() || points.guard, ManifestError::NoGuard),
            (
                self.reports.is_empty() || points.report,
                ManifestError::NoReport,
            ),
            (
                self.views.is_empty() || points.views,
                ManifestError::NoViews,
            ),
            (
                self.channel.is_none() || points.channel,
                ManifestError::NoChannel,
            ),
        ];
        match offered.into_iter().find(|(is_offered, _)| !is_offered) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }

    /// What the manifest asks for or leaves out to no purpose, each as a sentence for its author. Nothing here stops the plugin.
    pub fn unused(&self, inspection: &Inspection) -> Vec<String> {
        let mut sentences = Vec::new();
        let declared = self.declared();
        for permission in &self.permissions {
            let name = permission.name.as_str();
            if FREE.contains(&name) {
                sentences.push(format!(
                    "plugin.toml asks for {name}, which needs no permission: drop its [[permissions]] entry"
                ));
            } else if is_of_entries(name) {
                let entries = match name {
                    RECORDS_SHARED => "[[shared]]",
                    _ => "[[egress]]",
                };
                sentences.push(format!(
                    "plugin.toml asks for {name} by itself, which only {entries} entries do: drop its [[permissions]] entry"
                ));
            } else if !inspection.permissions.contains(name) {
                sentences.push(format!(
                    "plugin.toml asks for {name}, which the component does not import: drop its [[permissions]] entry"
                ));
            }
        }
        for (protocol, entries) in [
            (Protocol::Http, "the [[egress]] entries"),
            (
                Protocol::Net,
                "the [[egress]] entries with protocol = \"net\"",
            ),
        ] {
            let interface = protocol.interface();
            if declared.contains_key(interface) && !inspection.permissions.contains(interface) {
                sentences.push(format!(
                    "plugin.toml names hosts, and the component does not import {interface}: drop {entries}"
                ));
            }
        }
        if !self.shared.is_empty() && !inspection.permissions.contains(RECORDS_SHARED) {
            sentences.push(format!(
                "plugin.toml names collections of others, and the component does not import {RECORDS_SHARED}: drop the [[shared]] entries"
            ));
        }
        if inspection.points.guard && self.guard.is_none() {
            sentences.push(
                "the component exports a guard, which is never asked: plugin.toml has no [guard] that says of what"
                    .to_owned(),
            );
        }
        if inspection.points.views && self.views.is_empty() {
            sentences.push(
                "the component exports views, which nobody sees: plugin.toml has no [[views]]"
                    .to_owned(),
            );
        }
        if inspection.points.channel && self.channel.is_none() {
            sentences.push(
                "the component exports a channel, which carries nothing: plugin.toml has no [channel]"
                    .to_owned(),
            );
        }
        if inspection.points.report && self.reports.is_empty() {
            sentences.push(
                "the component exports reports, which nobody sees: plugin.toml has no [[reports]]"
                    .to_owned(),
            );
        }
        sentences
    }
}

/// Whether it is an interface that entries of their own declare: hosts, and collections of others.
fn is_of_entries(interface: &str) -> bool {
    [HTTP, NET, RECORDS_SHARED].contains(&interface)
}
