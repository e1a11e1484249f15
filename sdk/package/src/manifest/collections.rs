//! Collections of records: a plugin's own, and those of others that it reads.

use super::{ManifestError, Texts};
use crate::limits;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The interface through which collections of others are read; `[[shared]]` entries declare it.
pub const RECORDS_SHARED: &str = "records-shared";

/// What stands before a collection's name where an admin grants it.
pub const SHARED: &str = "shared:";

/// A collection of its own records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Collection {
    pub name: String,
    /// The version of the form of its records, from 1.
    #[serde(default = "first")]
    #[schemars(range(min = 1))]
    pub version: u32,
    /// JSON Pointers (RFC 6901) by which its records are found, such as `/group`: by the text, number or boolean there, or by each element of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<String>,
    /// The name under which other plugins may read it, where an admin consents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish: Option<String>,
}

fn first() -> u32 {
    1
}

/// A collection that another plugin publishes, and why this one reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    /// As its plugin publishes it, such as `business-calendar`.
    pub name: String,
    /// By language; shown to the admin who consents.
    pub reason: Texts,
    /// Whether the plugin runs without it.
    #[serde(default)]
    pub optional: bool,
}

impl Shared {
    /// The name under which an admin grants it: `shared:<name>`.
    pub fn permission(&self) -> String {
        format!("{SHARED}{}", self.name)
    }
}

/// Checks by what a collection's records are found.
pub(super) fn check_indexes(collection: &Collection) -> Result<(), ManifestError> {
    let refuse = |index: &str, reason: &str| {
        Err(ManifestError::Index {
            collection: collection.name.clone(),
            index: index.to_owned(),
            reason: reason.to_owned(),
        })
    };
    let mut seen = BTreeSet::new();
    for index in &collection.indexes {
        if seen.len() == limits::COLLECTION_INDEXES_MAX {
            return Err(ManifestError::TooManyIndexes(collection.name.clone()));
        }
        if index.len() > limits::COLLECTION_INDEX_BYTES_MAX {
            return refuse(
                &index.chars().take(40).collect::<String>(),
                "it is longer than a pointer may be",
            );
        }
        if !is_pointer(index) {
            return refuse(
                index,
                "it is no JSON Pointer: write `/name`, or `/name/within` for what is deeper",
            );
        }
        if !seen.insert(index) {
            return refuse(index, "it is there twice");
        }
    }
    Ok(())
}

/// Whether it leads to something within a document.
fn is_pointer(text: &str) -> bool {
    let escapes_well = text
        .split('~')
        .skip(1)
        .all(|rest| rest.starts_with(['0', '1']));
    text.starts_with('/') && escapes_well && !text.contains(char::is_control)
}
