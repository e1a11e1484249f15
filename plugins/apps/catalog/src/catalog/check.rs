//! What must be so of a catalog as a whole, whatever made it.

use super::Catalog;
use crate::{
    limits::{CATALOG_BYTES_MAX, ENTRIES_MAX, LEVELS_MAX},
    refusal::Refused,
};

impl Catalog {
    /// Archives whatever stands below something that is archived, with the nearest such entry.
    pub(super) fn settle(&mut self) {
        let archived: Vec<_> = self
            .entries
            .iter()
            .filter(|(_, entry)| !entry.archived)
            .filter_map(|(id, _)| {
                let path = self.path(id);
                let above = path.iter().rev().skip(1);
                let is_archived =
                    |one: &&str| self.entries.get(*one).is_some_and(|one| one.archived);
                let with = above.copied().find(is_archived)?;
                Some((id.clone(), self.root_of_archive(with).to_owned()))
            })
            .collect();
        for (id, with) in archived {
            if let Some(entry) = self.entries.get_mut(&id) {
                (entry.archived, entry.archived_with) = (true, with);
            }
        }
    }

    /// The entry with which an archived one was archived.
    fn root_of_archive<'a>(&'a self, id: &'a str) -> &'a str {
        match self
            .entries
            .get(id)
            .map(|entry| entry.archived_with.as_str())
        {
            None | Some("") => id,
            Some(with) => with,
        }
    }

    /// Whether it may be kept.
    ///
    /// # Errors
    /// [`Refused`], the first in the order of the ids.
    pub fn check(&self) -> Result<(), Refused> {
        if self.entries.len() > ENTRIES_MAX {
            return Err(Refused::TooManyEntries(self.entries.len()));
        }
        for (id, entry) in &self.entries {
            entry.check(id)?;
            if !entry.parent.is_empty() && !self.entries.contains_key(&entry.parent) {
                return Err(Refused::NoParent {
                    entry: id.clone(),
                    parent: entry.parent.chars().take(80).collect(),
                });
            }
            match self.level(id) {
                level if level > ENTRIES_MAX => return Err(Refused::BelowItself(id.clone())),
                level if level > LEVELS_MAX => return Err(Refused::Levels(id.clone())),
                _ => {}
            }
        }
        match serde_json::to_string(&self.entries).map_or(usize::MAX, |text| text.len()) {
            bytes if bytes > CATALOG_BYTES_MAX => Err(Refused::TooLarge(bytes)),
            _ => Ok(()),
        }
    }
}
