//! `plugin.toml`: what a plugin is, asks for and offers. Unknown keys are errors, so that a slip of the pen is found and not ignored.

use super::schedule::ScheduleError;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// `publisher/name`.
    pub id: String,
    pub version: semver::Version,
    /// Versions of the contract that it runs on.
    pub platform: semver::VersionReq,
    /// By language.
    pub title: BTreeMap<String, String>,
    #[serde(default)]
    pub summary: BTreeMap<String, String>,
    #[serde(default)]
    pub permissions: Vec<Permission>,
    #[serde(default)]
    pub events: Vec<Subscription>,
    #[serde(default)]
    pub routes: Vec<Route>,
    #[serde(default)]
    pub collections: Vec<Collection>,
    #[serde(default)]
    pub schedules: Vec<Schedule>,
    /// Fields that it adds to tickets; others may be set, and are not declared.
    #[serde(default)]
    pub fields: Vec<DeclaredField>,
    #[serde(default)]
    pub actions: Vec<Action>,
    /// A JSON Schema of its settings; properties with `secret = true` are sealed.
    #[serde(default)]
    pub settings: Option<serde_json::Value>,
}

/// An interface that it imports, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    pub name: String,
    /// By language; shown to the admin who consents.
    pub reason: BTreeMap<String, String>,
}

/// A kind of event that it handles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    pub kind: String,
}

/// A path below the plugin's root that it serves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Route {
    pub path: String,
    pub methods: Vec<String>,
    #[serde(default)]
    pub access: Access,
    /// As whom it reads.
    #[serde(default)]
    pub acts_as: ActsAs,
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// A bearer token with the scope `plugin:publisher/name`.
    #[default]
    Token,
    /// A signed-in agent.
    Agent,
    /// Anybody.
    Public,
}

/// As whom a route's reads are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActsAs {
    #[default]
    Viewer,
    Plugin,
}

/// A collection of its own records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    pub name: String,
}

/// A job that is done by the clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The job's name.
    pub name: String,
    /// Five fields: minute, hour, day of the month, month, day of the week.
    pub cron: String,
    /// An IANA zone; by default the tenant's.
    #[serde(default)]
    pub zone: Option<String>,
}

/// A field of tickets that is its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredField {
    /// Without the plugin's name before it: small letters, digits and dashes.
    pub name: String,
    /// By language.
    #[serde(default)]
    pub title: BTreeMap<String, String>,
    /// Whether tickets are found by it.
    #[serde(default)]
    pub indexed: bool,
}

/// Something that other plugins, rules and people may ask of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub name: String,
    /// By language.
    #[serde(default)]
    pub title: BTreeMap<String, String>,
}

/// What is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    #[error("plugin.toml: {0}")]
    Form(String),
    #[error(
        "plugin.toml: the id `{0}` is not `publisher/name` in small letters, digits and dashes"
    )]
    Id(String),
    #[error("plugin.toml asks for the platform {wanted}, and this host offers {offered}")]
    Platform { wanted: String, offered: String },
    #[error(
        "the component imports {0}, which plugin.toml does not declare: add a [[permissions]] entry with a reason, or do not call it"
    )]
    Undeclared(String),
    #[error("plugin.toml: the field `{0}` is not named in small letters, digits and dashes")]
    Field(String),
    #[error("plugin.toml: {0}")]
    Schedule(#[from] ScheduleError),
    #[error("plugin.toml: [settings] is no JSON Schema: {0}")]
    Settings(String),
    #[error(
        "plugin.toml: [settings]{0} is marked as secret, and only properties at the top can be: it would be kept in clear"
    )]
    Secret(String),
    #[error("plugin.toml has schedules, but the component exports no job-handler")]
    NoJobHandler,
    #[error("plugin.toml has actions, but the component exports no event-handler")]
    NoActionHandler,
    #[error("plugin.toml subscribes to events, but the component exports no event-handler")]
    NoEventHandler,
    #[error("plugin.toml has routes, but the component exports no request-handler")]
    NoRequestHandler,
}

/// The contract's version that this host serves.
pub const PLATFORM: semver::Version = semver::Version::new(0, 1, 0);

impl Manifest {
    /// Reads a manifest and checks what can be checked without the component.
    ///
    /// # Errors
    /// [`ManifestError`], with line and column where the form is wrong.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let manifest: Self =
            toml::from_str(text).map_err(|error| ManifestError::Form(error.to_string()))?;
        let part = |part: &str| {
            !part.is_empty()
                && part.len() <= 60
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !manifest
            .id
            .split_once('/')
            .is_some_and(|(publisher, name)| part(publisher) && part(name))
        {
            return Err(ManifestError::Id(manifest.id));
        }
        if !manifest.platform.matches(&PLATFORM) {
            return Err(ManifestError::Platform {
                wanted: manifest.platform.to_string(),
                offered: PLATFORM.to_string(),
            });
        }
        if let Some(field) = manifest.fields.iter().find(|field| !part(&field.name)) {
            return Err(ManifestError::Field(field.name.clone()));
        }
        for schedule in &manifest.schedules {
            schedule.check()?;
        }
        if let Some(schema) = &manifest.settings {
            jsonschema::validator_for(schema)
                .map_err(|error| ManifestError::Settings(error.to_string()))?;
            if let Some(place) = super::settings::misplaced_secret(schema) {
                return Err(ManifestError::Secret(place));
            }
        }
        Ok(manifest)
    }

    /// Checks the manifest against what the component imports and exports.
    ///
    /// # Errors
    /// [`ManifestError::Undeclared`] and its neighbours.
    pub fn check(&self, inspection: &guichet_runtime::Inspection) -> Result<(), ManifestError> {
        let declared: BTreeSet<_> = self
            .permissions
            .iter()
            .map(|permission| permission.name.as_str())
            .collect();
        if let Some(undeclared) = inspection
            .permissions
            .iter()
            .find(|import| !declared.contains(import.as_str()))
        {
            return Err(ManifestError::Undeclared(undeclared.clone()));
        }
        if !self.events.is_empty() && !inspection.points.event_handler {
            return Err(ManifestError::NoEventHandler);
        }
        if !self.actions.is_empty() && !inspection.points.event_handler {
            return Err(ManifestError::NoActionHandler);
        }
        if !self.schedules.is_empty() && !inspection.points.job_handler {
            return Err(ManifestError::NoJobHandler);
        }
        if !self.routes.is_empty() && !inspection.points.request_handler {
            return Err(ManifestError::NoRequestHandler);
        }
        Ok(())
    }

    /// Whole names of the fields by which tickets are to be found.
    pub fn indexed_fields(&self) -> impl Iterator<Item = String> {
        self.fields
            .iter()
            .filter(|field| field.indexed)
            .map(|field| format!("{}/{}", self.id, field.name))
    }

    /// The schedule of that name.
    pub fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.name == name)
    }

    /// The route for a path: the longest that is the path itself or a folder above it.
    pub fn route(&self, path: &str) -> Option<&Route> {
        self.routes
            .iter()
            .filter(|route| {
                path == route.path
                    || path
                        .strip_prefix(route.path.trim_end_matches('/'))
                        .is_some_and(|rest| rest.starts_with('/'))
            })
            .max_by_key(|route| route.path.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "id = \"acme/triage\"\nversion = \"1.0.0\"\nplatform = \"^0.1\"\n[title]\nen = \"Triage\"\n";

    #[test]
    fn a_slip_of_the_pen_is_found_with_its_line() {
        let error =
            Manifest::parse(&format!("{SMALL}[[event]]\nkind = \"ticket.created\"\n")).unwrap_err();
        assert!(
            error.to_string().contains("unknown field `event`"),
            "{error}"
        );
    }

    #[test]
    fn an_id_without_a_publisher_is_refused() {
        let text = SMALL.replace("acme/triage", "Triage");
        assert_eq!(
            Manifest::parse(&text),
            Err(ManifestError::Id("Triage".to_owned()))
        );
    }

    #[test]
    fn a_plugin_for_another_platform_is_refused() {
        let text = SMALL.replace("^0.1", "^0.2");
        assert!(matches!(
            Manifest::parse(&text),
            Err(ManifestError::Platform { .. })
        ));
    }

    #[test]
    fn the_longest_route_serves_a_path() {
        let text = format!(
            "{SMALL}[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\n[[routes]]\npath = \"/inbound\"\nmethods = [\"POST\"]\n"
        );
        let manifest = Manifest::parse(&text).unwrap();
        assert_eq!(manifest.route("/inbound").unwrap().path, "/inbound");
        assert_eq!(manifest.route("/inbound/x").unwrap().path, "/inbound");
        assert_eq!(manifest.route("/inboundx").unwrap().path, "/");
    }
}
