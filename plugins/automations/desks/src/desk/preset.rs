//! Models to begin with. A preset writes desks, and nothing else knows of presets: a model that was changed by hand equals one again when its desks do.
//!
//! - **central**: one desk for all.
//! - **divided**: a desk for each entry at the top of the catalog; the central desk only as the last resort.
//! - **combined**: the central desk takes what is new; desks by entry take over once it is said what a ticket is about, or where the central one is unattended.
//!
//! What a desk was told besides (its group, its strategy, its calendar) stays; desks that a preset does not know are switched off, not deleted.

use super::{Covers, Desk, all::Desks};
use crate::{language::Texts, limits::ORDER_MAX, refusal::Refused};
use std::collections::BTreeMap;

/// A model to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    Central,
    Divided,
    Combined,
}

/// An entry at the top of the catalog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Top {
    pub title: Texts,
    /// The group of agents that it names, if any.
    pub group: String,
}

/// The id of the central desk where there is none yet.
const CENTRAL: &str = "central";

impl Preset {
    pub const ALL: [Self; 3] = [Self::Central, Self::Divided, Self::Combined];

    /// As actions name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Central => "central",
            Self::Divided => "divided",
            Self::Combined => "combined",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    /// In English and in Chinese.
    pub fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Central => ("Central", "集中式"),
            Self::Divided => ("Divided", "分布式"),
            Self::Combined => ("Combined", "混合式"),
        }
    }

    /// The desks of the preset. `group` answers where nothing says which group does: at the central desk, if there is none yet, and for entries without a group.
    ///
    /// # Errors
    /// [`Refused`] where no group is known, or there would be too many desks.
    pub fn apply(
        self,
        before: &Desks,
        top: &BTreeMap<String, Top>,
        group: &str,
    ) -> Result<Desks, Refused> {
        let (central_id, mut central) = match before.central() {
            Some((id, desk)) => (id.to_owned(), desk.clone()),
            None if group.is_empty() => return Err(Refused::NoGroup),
            None => {
                let desk = Desk::new(Texts::new("Service desk", "服务台"), group);
                (CENTRAL.to_owned(), desk)
            }
        };
        central.central = true;
        central.first = self == Self::Combined;
        central.covers = Covers::default();
        let mut after = before.clone();
        for desk in after.0.values_mut() {
            (desk.enabled, desk.central, desk.first) = (false, false, false);
        }
        if self != Self::Central {
            for ((entry_id, entry), order) in top.iter().zip(1..) {
                // An entry may be called as the central desk is.
                let id = match *entry_id == central_id {
                    true => format!("{entry_id}-desk"),
                    false => entry_id.clone(),
                };
                let known = before.0.get(&id).cloned();
                let desk = Desk {
                    covers: only(entry_id),
                    order: u32::min(order * 10, ORDER_MAX),
                    central: false,
                    first: false,
                    enabled: true,
                    ..known.unwrap_or_else(|| by_entry(entry, &central))
                };
                after.0.insert(id, desk);
            }
        }
        central.enabled = true;
        after.0.insert(central_id, central);
        after.check()?;
        Ok(after)
    }

    /// The preset that a model equals.
    pub fn of(desks: &Desks, top: &BTreeMap<String, Top>) -> Option<Self> {
        let (central_id, central) = desks.central()?;
        if central.covers != Covers::default() {
            return None;
        }
        let others = desks.enabled().filter(|(id, _)| *id != central_id);
        let mut covered: Vec<&Covers> = others.map(|(_, desk)| &desk.covers).collect();
        if covered.is_empty() {
            return (!central.first).then_some(Self::Central);
        }
        let mut wanted: Vec<Covers> = top.keys().map(|id| only(id)).collect();
        let key = |covers: &Covers| covers.entries.clone();
        covered.sort_by_key(|covers| key(covers));
        wanted.sort_by_key(key);
        if !covered.into_iter().eq(&wanted) {
            return None;
        }
        Some(match central.first {
            true => Self::Combined,
            false => Self::Divided,
        })
    }
}

fn only(entry: &str) -> Covers {
    Covers {
        entries: vec![entry.to_owned()],
        ..Covers::default()
    }
}

/// A desk for an entry: as the central one, but for its own group.
fn by_entry(entry: &Top, central: &Desk) -> Desk {
    let group = match entry.group.as_str() {
        "" => central.group.clone(),
        group => group.to_owned(),
    };
    Desk {
        name: entry.title.clone(),
        group,
        ..central.clone()
    }
}

#[cfg(test)]
mod tests;
