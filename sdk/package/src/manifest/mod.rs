//! `plugin.toml`: what a plugin is, asks for and offers. Unknown keys are errors, so that a slip of the pen is found and not ignored.
//!
//! [`Manifest::parse`] checks what can be known without the component, [`Manifest::check`] compares the manifest with what the component
//! imports and exports. A JSON Schema of the file is [`schema`].

mod against;
mod checks;
mod collections;
mod depth;
mod egress;
mod error;
mod fields;
mod parts;
mod unknown;

pub use against::Need;
pub use collections::{Collection, RECORDS_SHARED, SHARED, Shared};
pub use egress::{Egress, Host, HostError, Protocol};
pub use error::ManifestError;
pub use fields::{DeclaredField, FieldType, FieldValue};
pub use parts::{
    Access, Action, ActsAs, Channel, Durable, Guard, Limits, Location, OnFailure, Permission,
    REPORT_PARAMETERS_RESERVED, ReplyWindow, Report, Route, Subscription, View,
};
pub use unknown::{OnUnknown, Unknown, UnknownError};

pub use crate::schedule::Schedule;
/// What has a name here is led to by it from views: both go by one rule.
pub use guichet_view::is_name;

use crate::limits::MANIFEST_BYTES_MAX;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A text in one or more languages: by `en`, `zh-CN`, …
pub type Texts = BTreeMap<String, String>;

/// A plugin's manifest, `plugin.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// `publisher/name`, in small letters, digits and dashes.
    pub id: String,
    /// Semantic version.
    pub version: semver::Version,
    /// Versions of the contract that it runs on, such as `^0.1`.
    #[schemars(with = "String")]
    pub platform: semver::VersionReq,
    /// By language.
    pub title: Texts,
    /// What it does, in a sentence or two. By language.
    #[serde(default)]
    pub summary: Texts,
    /// Interfaces that it imports, each with the reason that the admin reads.
    #[serde(default)]
    pub permissions: Vec<Permission>,
    /// Hosts that it calls, each with the reason that the admin reads.
    #[serde(default)]
    pub egress: Vec<Egress>,
    /// Kinds of events that it handles.
    #[serde(default)]
    pub events: Vec<Subscription>,
    /// What it checks before a change is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guard: Option<Guard>,
    /// Paths that it serves.
    #[serde(default)]
    pub routes: Vec<Route>,
    /// Collections of its own records.
    #[serde(default)]
    pub collections: Vec<Collection>,
    /// Collections of others that it reads, each with the reason that the admin reads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<Shared>,
    /// Jobs that are done by the clock.
    #[serde(default)]
    pub schedules: Vec<Schedule>,
    /// Fields that it adds to tickets; others may be set, and are not declared.
    #[serde(default)]
    pub fields: Vec<DeclaredField>,
    /// What other plugins, rules and people may ask of it.
    #[serde(default)]
    pub actions: Vec<Action>,
    /// What it carries to the people who ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Reports that it makes.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// What it shows, and where.
    #[serde(default)]
    pub views: Vec<View>,
    /// What it needs more of than is usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// A JSON Schema of its settings; properties with `secret = true` are sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<serde_json::Value>,
}

/// The contract's version that this release serves.
pub const PLATFORM: semver::Version = semver::Version::new(0, 1, 0);

/// Something that an admin is asked to grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// An interface, such as `tickets-read`; `http:<host>`, `net:<host>` as the manifest spells the host; or `shared:<collection>`.
    pub name: String,
    /// By language.
    pub reason: Texts,
    /// Whether the plugin runs without it.
    pub optional: bool,
}

impl Manifest {
    /// Reads a manifest for this release's contract ([`PLATFORM`]) and checks what can be checked without the component.
    ///
    /// # Errors
    /// [`ManifestError`], with line and column where the form is wrong.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        let manifest = Self::parse_for_any_platform(text)?;
        manifest.check_platform(&PLATFORM)?;
        Ok(manifest)
    }

    /// As [`Manifest::parse`], whatever contract it is made for: for who carries packages without running them.
    ///
    /// # Errors
    /// [`ManifestError`].
    pub fn parse_for_any_platform(text: &str) -> Result<Self, ManifestError> {
        if text.len() > MANIFEST_BYTES_MAX {
            return Err(ManifestError::TooLarge { bytes: text.len() });
        }
        depth::check(text)?;
        let manifest: Self =
            toml::from_str(text).map_err(|error| ManifestError::Form(error.to_string()))?;
        checks::check(&manifest)?;
        Ok(manifest)
    }

    /// Whether it runs on that version of the contract.
    ///
    /// # Errors
    /// [`ManifestError::Platform`].
    pub fn check_platform(&self, offered: &semver::Version) -> Result<(), ManifestError> {
        match self.platform.matches(offered) {
            true => Ok(()),
            false => Err(ManifestError::Platform {
                wanted: self.platform.to_string(),
                offered: offered.to_string(),
            }),
        }
    }

    /// The part of the id before the slash.
    pub fn publisher(&self) -> &str {
        self.id
            .split_once('/')
            .map_or(self.id.as_str(), |(publisher, _)| publisher)
    }

    /// All that an admin is asked to grant: interfaces first, then collections of others, then hosts, each in the manifest's order.
    pub fn asks(&self) -> impl Iterator<Item = Ask> {
        let interfaces = self.permissions.iter().map(|permission| Ask {
            name: permission.name.clone(),
            reason: permission.reason.clone(),
            optional: permission.optional,
        });
        let hosts = self.egress.iter().map(|egress| Ask {
            name: egress.permission(),
            reason: egress.reason.clone(),
            optional: egress.optional,
        });
        let collections = self.shared.iter().map(|shared| Ask {
            name: shared.permission(),
            reason: shared.reason.clone(),
            optional: shared.optional,
        });
        interfaces.chain(collections).chain(hosts)
    }

    /// Whole names of the fields by which tickets are to be found.
    pub fn indexed_fields(&self) -> impl Iterator<Item = String> {
        self.fields
            .iter()
            .filter(|field| field.indexed)
            .map(|field| format!("{}/{}", self.id, field.name))
    }

    /// Whole names of the fields with a column in every list.
    pub fn listed_fields(&self) -> impl Iterator<Item = String> {
        self.fields
            .iter()
            .filter(|field| field.listed)
            .map(|field| format!("{}/{}", self.id, field.name))
    }

    /// The schedule of that name.
    pub fn schedule(&self, name: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.name == name)
    }

    /// The view of that name.
    pub fn view(&self, name: &str) -> Option<&View> {
        self.views.iter().find(|view| view.name == name)
    }

    /// The report of that name.
    pub fn report(&self, name: &str) -> Option<&Report> {
        self.reports.iter().find(|report| report.name == name)
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

/// The JSON Schema of `plugin.toml`, as it is published beside this crate.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Manifest).to_value();
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("title".to_owned(), "plugin.toml of a Guichet plugin".into());
    }
    schema
}

#[cfg(test)]
mod tests;
