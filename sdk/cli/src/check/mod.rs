//! What a plugin asks for and offers, as its component and its manifest say it; how large and quick it is; and what a host would refuse.

/// Starts of the component, measured.
mod measure;

/// As people read it.
mod show;

pub use measure::Measured;
pub use show::show;

use crate::project::{Project, ProjectError};
use guichet::plugins::expressions;
use guichet_package::{
    Inspection, Manifest, ManifestError,
    component::{FREE, inspect},
    limits::COMPONENT_BYTES_MAX,
    manifest::Need,
};
use serde::Serialize;
use std::collections::BTreeSet;

/// All that was found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Findings {
    /// `publisher/name`; empty where the manifest cannot be read.
    pub id: String,
    pub version: String,
    pub permissions: Vec<Permission>,
    /// What the component exports.
    pub points: Vec<&'static str>,
    /// Kinds of events.
    pub events: Vec<String>,
    pub schedules: Vec<String>,
    pub routes: Vec<String>,
    /// Hosts that it calls.
    pub hosts: Vec<String>,
    /// Bytes of the component, and how many it may have.
    pub bytes: usize,
    pub bytes_max: usize,
    /// Absent where it cannot be run.
    pub measured: Option<Measured>,
    /// What a host would refuse, each with what to do.
    pub errors: Vec<String>,
    /// What is to no purpose.
    pub warnings: Vec<String>,
}

/// A permission, as component and manifest speak of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Permission {
    pub name: String,
    pub standing: Standing,
    pub optional: bool,
}

/// What is to be said of a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Imported, and asked for.
    Asked,
    /// Imported, and not asked for: a host refuses the plugin.
    Missing,
    /// Asked for, and not imported.
    Unused,
}

/// Why nothing can be checked.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error("the component cannot be measured: {0}")]
    Measure(String),
}

impl Findings {
    /// Whether a host would take it.
    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Checks the plugin as it was built last.
///
/// # Errors
/// [`CheckError`], where there is nothing to check. What is wrong with the plugin is among the findings.
pub async fn check(project: &Project) -> Result<Findings, CheckError> {
    let mut findings = Findings {
        bytes_max: COMPONENT_BYTES_MAX,
        ..Findings::default()
    };
    let manifest = match Manifest::parse(&project.manifest_text()?) {
        Ok(manifest) => manifest,
        Err(error) => {
            findings.errors.push(error.to_string());
            return Ok(findings);
        }
    };
    findings.describe(&manifest);
    let component = project.component()?;
    findings.bytes = component.len();
    let inspection = match inspect(&component) {
        Ok(inspection) => inspection,
        Err(error) => {
            findings.errors.push(error.to_string());
            return Ok(findings);
        }
    };
    findings.compare(&manifest, &inspection);
    // What is wrong with assets is found when the package is made, and nowhere else.
    if findings.is_good() {
        match project.package() {
            Ok(package) => findings.measured = Some(measure::measure(&package).await?),
            Err(error) => findings.errors.push(error.to_string()),
        }
    }
    Ok(findings)
}

impl Findings {
    fn describe(&mut self, manifest: &Manifest) {
        self.id.clone_from(&manifest.id);
        self.version = manifest.version.to_string();
        self.events = manifest
            .events
            .iter()
            .map(|entry| entry.kind.clone())
            .collect();
        self.schedules = manifest
            .schedules
            .iter()
            .map(|schedule| format!("{} ({})", schedule.name, schedule.cron))
            .collect();
        self.routes = manifest
            .routes
            .iter()
            .map(|route| format!("{} {}", route.methods.join(", "), route.path))
            .collect();
        self.hosts = manifest
            .egress
            .iter()
            .map(|egress| egress.host.to_string())
            .collect();
    }

    fn compare(&mut self, manifest: &Manifest, inspection: &Inspection) {
        let points = &inspection.points;
        self.points = [
            (points.event_handler, "event-handler"),
            (points.job_handler, "job-handler"),
            (points.request_handler, "request-handler"),
            (points.guard, "guard"),
            (points.channel, "channel"),
            (points.report, "report"),
            (points.views, "views"),
        ]
        .into_iter()
        .filter_map(|(offers, name)| offers.then_some(name))
        .collect();
        self.permissions = permissions(manifest, inspection);
        for missing in &self.permissions {
            if missing.standing == Standing::Missing {
                self.errors.push(remedy(&missing.name));
            }
        }
        match manifest.check(inspection) {
            // Told above, all of them and not the first alone.
            Ok(())
            | Err(
                ManifestError::Undeclared(_)
                | ManifestError::UndeclaredHttp
                | ManifestError::UndeclaredNet,
            ) => {}
            Err(error) => self.errors.push(error.to_string()),
        }
        if let Err(error) = expressions::check(manifest) {
            self.errors.push(error.to_string());
        }
        if self.points.is_empty() {
            self.errors.push(
                "the component exports no point, so nothing would ever call it: implement one of the SDK's traits and export it, such as \
                 guichet_sdk::export_event_handler!(Plugin)"
                    .to_owned(),
            );
        }
        self.warnings = manifest.unused(inspection);
        if points.event_handler && manifest.events.is_empty() && manifest.actions.is_empty() {
            self.warnings.push(
                "the component exports an event-handler, which is never called: plugin.toml has no [[events]] and no [[actions]]".to_owned(),
            );
        }
        if points.request_handler && manifest.routes.is_empty() {
            self.warnings.push(
                "the component exports a request-handler, which is never called: plugin.toml has no [[routes]]".to_owned(),
            );
        }
    }
}

/// Of both, by name. What needs no permission is no unused one.
fn permissions(manifest: &Manifest, inspection: &Inspection) -> Vec<Permission> {
    let declared = manifest.declared();
    let asked = declared.keys().copied().filter(|name| !FREE.contains(name));
    let imported = inspection.permissions.iter().map(String::as_str);
    let names: BTreeSet<&str> = asked.chain(imported).collect();
    names
        .into_iter()
        .map(|name| Permission {
            name: name.to_owned(),
            standing: match (
                declared.contains_key(name),
                inspection.permissions.contains(name),
            ) {
                (true, true) => Standing::Asked,
                (true, false) => Standing::Unused,
                (false, _) => Standing::Missing,
            },
            optional: declared.get(name) == Some(&Need::Optional),
        })
        .collect()
}

/// What to add to the manifest, ready to be pasted.
fn remedy(permission: &str) -> String {
    let reason = "reason.en = \"why the plugin needs it, for the admin who is asked\"";
    match permission {
        "http" => format!(
            "the component imports http, and plugin.toml names no host. Do not call it, or add each host:\n\n    [[egress]]\n    host = \"api.example.com\"\n    {reason}\n"
        ),
        "net" => format!(
            "the component imports net, and plugin.toml names no server. Do not call it, or add each server:\n\n    [[egress]]\n    host = \"mail.example.com:993\"\n    protocol = \"net\"\n    {reason}\n"
        ),
        name => format!(
            "the component imports {name}, which plugin.toml does not ask for. Do not call it, or add:\n\n    [[permissions]]\n    name = \"{name}\"\n    {reason}\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_package::Points;

    fn manifest(more: &str) -> Manifest {
        let text = format!(
            "id = \"acme/triage\"\nversion = \"0.1.0\"\nplatform = \"^0.1\"\ntitle.en = \"Triage\"\n{more}"
        );
        Manifest::parse(&text).unwrap()
    }

    fn inspection(permissions: &[&str]) -> Inspection {
        Inspection {
            digest: String::new(),
            permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
            points: Points {
                event_handler: true,
                ..Points::default()
            },
        }
    }

    fn standings(manifest: &Manifest, inspection: &Inspection) -> Vec<(String, Standing)> {
        permissions(manifest, inspection)
            .into_iter()
            .map(|permission| (permission.name, permission.standing))
            .collect()
    }

    #[test]
    fn each_permission_stands_as_component_and_manifest_have_it() {
        let manifest = manifest(
            "[[permissions]]\nname = \"records\"\nreason.en = \"x\"\n[[permissions]]\nname = \"files\"\nreason.en = \"x\"\n",
        );
        let found = standings(&manifest, &inspection(&["records", "tickets-read", "http"]));
        let found: Vec<_> = found
            .iter()
            .map(|(name, standing)| (name.as_str(), *standing))
            .collect();
        assert_eq!(
            found,
            [
                ("files", Standing::Unused),
                ("http", Standing::Missing),
                ("records", Standing::Asked),
                ("tickets-read", Standing::Missing),
            ]
        );
    }

    #[test]
    fn all_that_is_missing_is_told_with_the_lines_to_add() {
        let mut findings = Findings::default();
        findings.compare(&manifest(""), &inspection(&["records", "http", "net"]));
        assert_eq!(findings.errors.len(), 3, "{:?}", findings.errors);
        assert!(findings.errors[0].contains("[[egress]]\n    host = "));
        assert!(findings.errors[1].contains("protocol = \"net\""));
        assert!(
            findings.errors[2].contains("[[permissions]]\n    name = \"records\"\n    reason.en")
        );
    }

    #[test]
    fn a_filter_that_a_host_would_refuse_is_refused_here() {
        let manifest =
            manifest("[[events]]\nkind = \"ticket.created\"\nfilter = \"tikcet.state == 'new'\"\n");
        let mut findings = Findings::default();
        findings.compare(&manifest, &inspection(&[]));
        assert_eq!(findings.errors.len(), 1, "{:?}", findings.errors);
        assert!(
            findings.errors[0].contains("tikcet"),
            "{:?}",
            findings.errors
        );
    }
}
