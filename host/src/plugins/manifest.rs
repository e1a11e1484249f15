//! `plugin.toml`, as author's tool, marketplace and host read it alike.

use guichet_core::{index::Indexes, install::Install};
pub use guichet_package::manifest::*;

/// The manifest of an install, as it was consented to.
///
/// # Errors
/// Where it cannot be read: it was kept by another version of the host.
pub fn of(install: &Install) -> Result<Manifest, ManifestError> {
    serde_json::from_value(install.manifest.clone())
        .map_err(|error| ManifestError::Form(error.to_string()))
}

/// Under which name a collection's records are kept: one for each version of its form.
pub fn kept_as(collection: &Collection) -> String {
    match collection.version {
        1 => collection.name.clone(),
        version => format!("{}@{version}", collection.name),
    }
}

/// How a collection is kept.
#[derive(Debug, Clone)]
pub struct KeptAs {
    /// One for each version of its form.
    pub name: String,
    /// By which JSON Pointers its records are found.
    pub indexes: Indexes,
}

impl KeptAs {
    /// The collection of a manifest.
    pub fn of(collection: &Collection) -> Self {
        Self {
            name: kept_as(collection),
            indexes: collection.indexes.as_slice().into(),
        }
    }
}

/// The collection that a manifest publishes under that name.
pub fn published(manifest: &Manifest, name: &str) -> Option<KeptAs> {
    let mut all = manifest.collections.iter();
    all.find(|collection| collection.publish.as_deref() == Some(name))
        .map(KeptAs::of)
}

/// What a grant is a grant of: `http:wiki.corp@10.0.0.7` is one of `http:wiki.corp`, with a private address allowed.
pub fn asked_name(grant: &str) -> &str {
    match grant.starts_with("http:") || grant.starts_with("net:") {
        true => grant.rsplit_once('@').map_or(grant, |(name, _)| name),
        false => grant,
    }
}
