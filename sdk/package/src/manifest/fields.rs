//! Fields that a plugin adds to tickets, and how people see them.

use super::{Location, Manifest, ManifestError, Texts};
use crate::limits;
use guichet_view::{Tone, is_name};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A field of tickets that is its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclaredField {
    /// Without the plugin's name before it: small letters, digits and dashes.
    pub name: String,
    /// By language.
    #[serde(default)]
    pub title: Texts,
    /// What its values are.
    #[serde(default, rename = "type")]
    pub kind: FieldType,
    /// Whether tickets are found by it.
    #[serde(default)]
    pub indexed: bool,
    /// Of a text: what it is one of, as people read it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<FieldValue>,
    /// Whether it has a column in lists of tickets that do not say which columns they have.
    #[serde(default, skip_serializing_if = "is_not")]
    pub listed: bool,
    /// One of its `[[views]]` with the location `ticket.sidebar`: shown beside the field in a list, to whoever points at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<String>,
}

/// One of the values that a field may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldValue {
    /// As it stands in tickets.
    pub value: String,
    /// By language.
    pub title: Texts,
    /// How a ticket that has it stands.
    #[serde(default, skip_serializing_if = "is_plain")]
    pub tone: Tone,
}

fn is_not(yes: &bool) -> bool {
    !yes
}

fn is_plain(tone: &Tone) -> bool {
    *tone == Tone::Plain
}

/// What a field's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    #[default]
    Text,
    Integer,
    Number,
    Boolean,
    /// A point in time.
    Instant,
    /// A list of texts.
    Texts,
}

/// Checks names, values, and that what fields lead to is there.
pub(super) fn check_fields(manifest: &Manifest) -> Result<(), ManifestError> {
    for field in &manifest.fields {
        if !is_name(&field.name) {
            return Err(ManifestError::Field(field.name.clone()));
        }
        check_field(manifest, field)?;
    }
    let listed = manifest.fields.iter().filter(|field| field.listed).count();
    match listed > limits::LISTED_FIELDS_MAX {
        true => Err(ManifestError::TooManyListed(listed)),
        false => Ok(()),
    }
}

fn check_field(manifest: &Manifest, field: &DeclaredField) -> Result<(), ManifestError> {
    let refuse = |reason: String| {
        Err(ManifestError::FieldShown {
            field: field.name.clone(),
            reason,
        })
    };
    if !field.values.is_empty() && !matches!(field.kind, FieldType::Text | FieldType::Texts) {
        return refuse("`values` are of texts: leave them out".to_owned());
    }
    if field.values.len() > limits::FIELD_VALUES_MAX {
        return refuse(format!(
            "it has more than {} values: leave out what people read as it is",
            limits::FIELD_VALUES_MAX
        ));
    }
    let mut seen = BTreeSet::new();
    for FieldValue { value, .. } in &field.values {
        if value.is_empty() || value.chars().count() > limits::FIELD_VALUE_CHARACTERS_MAX {
            return refuse(format!(
                "a value has 1 to {} characters",
                limits::FIELD_VALUE_CHARACTERS_MAX
            ));
        }
        if !seen.insert(value) {
            return refuse(format!("the value `{value}` is there twice"));
        }
    }
    let Some(details) = &field.details else {
        return Ok(());
    };
    match manifest.view(details) {
        Some(view) if view.location == Location::TicketSidebar => Ok(()),
        Some(_) => refuse(format!(
            "its details are the view `{details}`, which does not stand beside tickets: say location = \"ticket.sidebar\""
        )),
        None => refuse(format!(
            "its details are the view `{details}`, and no [[views]] has that name"
        )),
    }
}
