//! What can be done to the menu. Each answers the menu as it is then, checked.

use super::{Item, Menu};
use crate::{limits::ITEMS_PER_CHANGE_MAX, refusal::Refused};

/// What is written: a key with its item, or without it where it goes.
pub type Written<'a> = (&'a str, Option<&'a Item>);

impl Menu {
    /// With one item more.
    ///
    /// # Errors
    /// [`Refused`] where its code is taken, or the menu would not be as it must be.
    pub fn with(&self, item: Item) -> Result<Self, Refused> {
        let key = item.key();
        if self.0.contains_key(&key) {
            return Err(taken(&key));
        }
        let mut after = self.clone();
        after.0.insert(key, item);
        after.check()?;
        Ok(after)
    }

    /// With an item that says something else. Another code moves it, with all that stands below it.
    ///
    /// # Errors
    /// [`Refused`] as above.
    pub fn changed(&self, key: &str, item: Item) -> Result<Self, Refused> {
        self.item(key)?;
        let new_key = item.key();
        let mut after = self.clone();
        if new_key == key {
            after.0.insert(new_key, item);
        } else {
            if self.0.contains_key(&new_key) {
                return Err(taken(&new_key));
            }
            if new_key.starts_with(&format!("{key}-")) {
                let english = "it cannot stand below itself";
                return Err(Refused::item(key, "/parent", english, "不能位于自身之下"));
            }
            after.0.remove(key);
            after.0.insert(new_key.clone(), item);
            let below = format!("{key}-");
            for (old, item) in self.0.iter().filter(|(old, _)| old.starts_with(&below)) {
                after.0.remove(old);
                let moved =
                    |text: &str| format!("{new_key}{}", text.get(key.len()..).unwrap_or(""));
                let item = Item {
                    parent: moved(&item.parent),
                    ..item.clone()
                };
                after.0.insert(moved(old), item);
            }
        }
        after.check()?;
        Ok(after)
    }

    /// Without an item and what stands below it.
    ///
    /// # Errors
    /// [`Refused::NoItem`].
    pub fn without(&self, key: &str) -> Result<Self, Refused> {
        self.item(key)?;
        let below = format!("{key}-");
        let mut after = self.clone();
        after
            .0
            .retain(|known, _| known != key && !known.starts_with(&below));
        Ok(after)
    }

    /// What of another menu is to be written over this one.
    ///
    /// # Errors
    /// [`Refused::TooManyChanges`].
    pub fn difference<'a>(&'a self, after: &'a Self) -> Result<Vec<Written<'a>>, Refused> {
        let put = after
            .0
            .iter()
            .filter(|(key, item)| self.0.get(*key) != Some(item));
        let put = put.map(|(key, item)| (key.as_str(), Some(item)));
        let gone = self.0.keys().filter(|key| !after.0.contains_key(*key));
        let written: Vec<Written<'_>> = put.chain(gone.map(|key| (key.as_str(), None))).collect();
        match written.len() > ITEMS_PER_CHANGE_MAX {
            true => Err(Refused::TooManyChanges(written.len())),
            false => Ok(written),
        }
    }
}

fn taken(key: &str) -> Refused {
    let english = "this code is taken here: choose another";
    Refused::item(key, "/code", english, "该编号已被占用：请另选")
}
