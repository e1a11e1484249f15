//! Expressions of manifests and installs: which events a plugin wants, read once when the install is made ready.

use super::manifest::{DeclaredField, FieldType, FieldValue, Manifest, ManifestError};
use guichet_core::{
    event::Event,
    install::{Install, InstallState},
    ticket::Ticket,
};
use guichet_expression::{
    Bindings, Choice, Environment, EventRow, Expression, PluginField, Title, Type,
};

/// A subscription, ready to be asked.
pub struct Wanted {
    kind: String,
    filter: Option<Expression>,
}

impl Wanted {
    /// Whether the event is of the kind.
    pub fn is_of_kind(&self, event: &Event) -> bool {
        self.kind == event.draft.kind
    }

    /// Whether the filter lets the event through; `ticket` is the one that it is about, where that is known.
    pub fn lets_through(&self, event: &Event, ticket: Option<&Ticket>) -> bool {
        let bindings = Bindings {
            me: None,
            now: event.draft.at,
        };
        let row = EventRow {
            event: &event.draft,
            ticket,
        };
        self.filter
            .as_ref()
            .is_none_or(|filter| filter.holds(&row, &bindings))
    }
}

/// Plugin fields as expressions know them.
pub fn plugin_fields(manifest: &Manifest) -> impl Iterator<Item = PluginField> {
    manifest
        .fields
        .iter()
        .map(|field| plugin_field(&manifest.id, field))
}

/// The fields of plugins that run in a tenant, or ran and are switched off: what tickets have of them can be asked for.
pub fn ticket_fields<'a>(
    installs: impl IntoIterator<Item = (&'a Install, &'a Manifest)>,
) -> Vec<PluginField> {
    installs
        .into_iter()
        .filter(|(install, _)| {
            matches!(
                install.state,
                InstallState::Enabled | InstallState::Disabled
            )
        })
        .flat_map(|(_, manifest)| plugin_fields(manifest))
        .collect()
}

fn plugin_field(plugin: &str, field: &DeclaredField) -> PluginField {
    PluginField {
        name: format!("{plugin}/{}", field.name),
        kind: match field.kind {
            FieldType::Text => Type::Text,
            FieldType::Integer => Type::Integer,
            FieldType::Number => Type::Number,
            FieldType::Boolean => Type::Boolean,
            FieldType::Instant => Type::Instant,
            FieldType::Texts => Type::Texts,
        },
        indexed: field.indexed,
        title: field.title.clone(),
        values: field.values.iter().map(choice).collect(),
    }
}

fn choice(value: &FieldValue) -> Choice {
    let title = |language: &str| {
        let title = value.title.get(language).or(value.title.get("en"));
        title.unwrap_or(&value.value).clone()
    };
    Choice {
        value: value.value.clone(),
        title: Title {
            en: title("en"),
            zh_cn: title("zh-CN"),
        },
    }
}

/// The subscriptions of a manifest.
///
/// # Errors
/// [`ManifestError::Form`] with the filter's line and column.
pub fn wanted(manifest: &Manifest) -> Result<Vec<Wanted>, ManifestError> {
    let environment = Environment::events(plugin_fields(manifest)).without("me");
    manifest
        .events
        .iter()
        .map(|subscription| {
            let filter = subscription
                .filter
                .as_ref()
                .map(|text| Expression::parse(text, &environment))
                .transpose()
                .map_err(|error| {
                    ManifestError::Form(format!(
                        "the filter of [[events]] `{}`: {error}",
                        subscription.kind
                    ))
                })?;
            Ok(Wanted {
                kind: subscription.kind.clone(),
                filter,
            })
        })
        .collect()
}

/// Checks the manifest's expressions.
///
/// # Errors
/// As [`wanted`].
pub fn check(manifest: &Manifest) -> Result<(), ManifestError> {
    wanted(manifest).map(drop)
}
