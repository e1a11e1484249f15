//! All of a catalog as one document, and what importing one would do. Entries are known by their ids: what a document does not name stays as it is.

use super::Catalog;
use crate::{entry::Entry, limits, refusal::Refused};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The number of the document's form.
const FORMAT: u32 = 1;

/// A catalog as it is exported and imported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub format: u32,
    /// By id.
    pub entries: BTreeMap<String, Entry>,
}

/// What an import does, by ids. One may be both moved and changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Plan {
    pub made: Vec<String>,
    pub changed: Vec<String>,
    pub moved: Vec<String>,
    pub archived: Vec<String>,
    pub restored: Vec<String>,
}

impl Document {
    /// These entries, by their ids.
    pub fn of(entries: BTreeMap<String, Entry>) -> Self {
        Self {
            format: FORMAT,
            entries,
        }
    }

    /// # Errors
    /// [`Refused::Document`] where it is too long, or of another form.
    pub fn read(text: &str) -> Result<Self, Refused> {
        let refuse = |reason: String| Err(Refused::Document(reason));
        if text.len() > limits::DOCUMENT_BYTES_MAX {
            return refuse(format!(
                "it has {} bytes, and may have {}",
                text.len(),
                limits::DOCUMENT_BYTES_MAX
            ));
        }
        let document: Self = match serde_json::from_str(text) {
            Ok(document) => document,
            Err(error) => return refuse(error.to_string()),
        };
        match document.format {
            FORMAT => Ok(document),
            other => refuse(format!("its format is {other}, and this is {FORMAT}")),
        }
    }

    /// Puts its entries onto a catalog. How often they were written elsewhere says nothing here.
    pub(super) fn onto(&self, catalog: &mut Catalog) {
        for (id, entry) in &self.entries {
            let version = catalog.entries.get(id).map_or(0, |known| known.version);
            let entry = Entry {
                version,
                ..entry.clone()
            };
            catalog.entries.insert(id.clone(), entry);
        }
    }
}

impl Catalog {
    /// All of it.
    pub fn export(&self) -> Document {
        Document::of(self.entries.clone())
    }

    /// What is done to make `after` of it.
    pub fn plan(&self, after: &Self) -> Plan {
        let mut plan = Plan::default();
        for (id, entry) in &after.entries {
            let Some(before) = self.entries.get(id) else {
                plan.made.push(id.clone());
                continue;
            };
            if before.parent != entry.parent || before.position != entry.position {
                plan.moved.push(id.clone());
            }
            match (before.archived, entry.archived) {
                (false, true) => plan.archived.push(id.clone()),
                (true, false) => plan.restored.push(id.clone()),
                _ => {}
            }
            let in_its_place = Entry {
                parent: entry.parent.clone(),
                position: entry.position,
                archived: entry.archived,
                archived_with: entry.archived_with.clone(),
                ..before.clone()
            };
            if !in_its_place.says_as(entry) {
                plan.changed.push(id.clone());
            }
        }
        plan
    }
}

impl Plan {
    /// Whether nothing would be done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
