//! A manifest beside its component: what one says and the other does.

use super::{Manifest, ManifestError};
use crate::component::{FREE, Inspection};
use std::collections::BTreeSet;

/// The interface that hosts are reached through; an `[[egress]]` entry declares it.
const HTTP: &str = "http";

impl Manifest {
    /// Checks the manifest against what the component imports and exports.
    ///
    /// # Errors
    /// [`ManifestError::Undeclared`] and its neighbours.
    pub fn check(&self, inspection: &Inspection) -> Result<(), ManifestError> {
        let declared = self.declared();
        if let Some(undeclared) = inspection
            .permissions
            .iter()
            .find(|import| !declared.contains(import.as_str()))
        {
            return Err(match undeclared.as_str() {
                HTTP => ManifestError::UndeclaredHttp,
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
        ];
        match offered.into_iter().find(|(is_offered, _)| !is_offered) {
            Some((_, error)) => Err(error),
            None => Ok(()),
        }
    }

    /// What the manifest asks for or leaves out to no purpose, each as a sentence for its author. Nothing here stops the plugin.
    pub fn unused(&self, inspection: &Inspection) -> Vec<String> {
        let mut sentences = Vec::new();
        for permission in &self.permissions {
            let name = permission.name.as_str();
            if FREE.contains(&name) {
                sentences.push(format!(
                    "plugin.toml asks for {name}, which needs no permission: drop its [[permissions]] entry"
                ));
            } else if !inspection.permissions.contains(name) {
                sentences.push(format!(
                    "plugin.toml asks for {name}, which the component does not import: drop its [[permissions]] entry"
                ));
            }
        }
        if !self.egress.is_empty() && !inspection.permissions.contains(HTTP) {
            sentences.push(
                "plugin.toml names hosts, and the component does not import http: drop the [[egress]] entries"
                    .to_owned(),
            );
        }
        if inspection.points.guard && self.guard.is_none() {
            sentences.push(
                "the component exports a guard, which is never asked: plugin.toml has no [guard] that says of what"
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

    fn declared(&self) -> BTreeSet<&str> {
        let interfaces = self.permissions.iter().map(|entry| entry.name.as_str());
        let http = (!self.egress.is_empty()).then_some(HTTP);
        interfaces.chain(http).collect()
    }
}
