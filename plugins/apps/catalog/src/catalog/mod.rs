//! # The catalog
//! - A **catalog** is all entries by their ids, as a tree of at most five levels.
//! - A **change** makes another catalog of it, or is refused: then nothing changes.
//! - What is **written** is the difference between the two: it is committed together.

/// What may be so of the whole.
mod check;

/// What can be done to it.
pub mod change;

/// All of it as one document.
pub mod document;

use crate::{
    entry::Entry,
    language::Language,
    limits::{ENTRIES_MAX, LEVELS_MAX},
    refusal::Refused,
};
use std::collections::BTreeMap;

/// All entries by their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    pub entries: BTreeMap<String, Entry>,
}

/// An entry that is written, or that is deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    pub id: String,
    /// Absent: it is deleted.
    pub entry: Option<Entry>,
}

impl Catalog {
    /// # Errors
    /// [`Refused::Unknown`].
    pub fn entry(&self, id: &str) -> Result<&Entry, Refused> {
        let entry = self.entries.get(id);
        entry.ok_or_else(|| Refused::Unknown(id.chars().take(80).collect()))
    }

    /// What stands directly below, in its order; at the top where the id is empty.
    pub fn children(&self, parent: &str) -> Vec<(&str, &Entry)> {
        let mut children: Vec<_> = (self.entries.iter())
            .filter(|(_, entry)| entry.parent == parent)
            .map(|(id, entry)| (id.as_str(), entry))
            .collect();
        children.sort_by_key(|(id, entry)| (entry.position, *id));
        children
    }

    /// Ids from the top down to the entry. Where parents go round in a circle it ends once it has seen all.
    pub fn path(&self, id: &str) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = id;
        while let Some((id, entry)) = self.entries.get_key_value(next)
            && path.len() <= ENTRIES_MAX
        {
            path.push(id.as_str());
            next = &entry.parent;
        }
        path.reverse();
        path
    }

    /// Titles from the top down to the entry.
    pub fn titles(&self, id: &str, language: Language) -> Vec<&str> {
        let title = |id: &&str| Some(self.entries.get(*id)?.title(language));
        self.path(id).iter().filter_map(title).collect()
    }

    /// From 1, at the top.
    pub fn level(&self, id: &str) -> usize {
        self.path(id).len()
    }

    /// Whether one stands somewhere below the other, or is it.
    pub fn is_within(&self, id: &str, other: &str) -> bool {
        self.path(id).contains(&other)
    }

    /// What stands below, on all levels; not the entry itself.
    pub fn below(&self, id: &str) -> Vec<&str> {
        let inner = self.entries.keys().map(String::as_str);
        inner
            .filter(|one| *one != id && self.is_within(one, id))
            .collect()
    }

    /// Where the entry could stand: what is not archived, not within it, and high enough for all that stands below.
    pub fn places_for(&self, id: &str) -> Vec<&str> {
        let level = self.level(id);
        let height = (self.below(id).into_iter()).map(|one| self.level(one) - level + 1);
        let height = height.max().unwrap_or(1);
        let fits = |(other, entry): &(&String, &Entry)| {
            !entry.archived
                && !self.is_within(other, id)
                && self.level(other) + height <= LEVELS_MAX
        };
        let all = self.entries.iter().filter(fits);
        all.map(|(other, _)| other.as_str()).collect()
    }

    /// What must be written to make `after` of it, with its versions; what is deleted comes first.
    pub fn difference(&self, after: &Self) -> Vec<Written> {
        let gone = self
            .entries
            .keys()
            .filter(|id| !after.entries.contains_key(*id));
        let gone = gone.map(|id| Written {
            id: id.clone(),
            entry: None,
        });
        let changed = after.entries.iter().filter_map(|(id, entry)| {
            let before = self.entries.get(id);
            if before.is_some_and(|before| before.says_as(entry)) {
                return None;
            }
            let version = before.map_or(0, |before| before.version).saturating_add(1);
            let entry = Entry {
                version,
                ..entry.clone()
            };
            Some(Written {
                id: id.clone(),
                entry: Some(entry),
            })
        });
        gone.chain(changed).collect()
    }

    /// The same after it was written.
    #[must_use]
    pub fn with(mut self, written: &[Written]) -> Self {
        for one in written {
            match &one.entry {
                Some(entry) => self.entries.insert(one.id.clone(), entry.clone()),
                None => self.entries.remove(&one.id),
            };
        }
        self
    }
}

#[cfg(test)]
mod tests;
