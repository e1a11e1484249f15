//! What one call of the plugin has read already: nothing is read twice.

use crate::{
    kept::Kept,
    policy::{ALWAYS, Policy, id_of, label},
    shelf::Shelf,
    store::{self, Named},
};
use guichet_sdk::{Error, log};
use std::collections::BTreeMap;

/// What one call of the plugin has read already.
#[derive(Default)]
pub(crate) struct Library {
    in_order: Option<Vec<(String, Policy)>>,
    policies: BTreeMap<String, Option<Policy>>,
    calendars: BTreeMap<String, Option<Named>>,
    pub(crate) shelf: Shelf,
}

impl Library {
    /// All policies as they were committed, in their order.
    pub(crate) fn in_order(&mut self) -> Result<&[(String, Policy)], Error> {
        if self.in_order.is_none() {
            self.in_order = Some(store::policies()?);
        }
        Ok(self.in_order.as_deref().unwrap_or_default())
    }

    /// One policy, such that the host checks at the commit that it is still so.
    pub(crate) fn policy(&mut self, id: &str) -> Result<Option<&Policy>, Error> {
        if !self.policies.contains_key(id) {
            self.policies.insert(id.to_owned(), store::policy(id)?);
        }
        Ok(self.policies.get(id).and_then(Option::as_ref))
    }

    /// A calendar as it is now, by its label; on the shelf from then on. One that is gone is taken for the one that is always open.
    pub(crate) fn current(&mut self, id: &str) -> Result<String, Error> {
        if id != ALWAYS && !self.calendars.contains_key(id) {
            self.calendars.insert(id.to_owned(), store::calendar(id)?);
        }
        let Some(Some(named)) = self.calendars.get(id) else {
            return Ok(label(ALWAYS, 1));
        };
        let label = label(id, named.version);
        self.shelf.put(label.as_str(), named.calendar.clone());
        Ok(label)
    }

    /// Puts the calendars on the shelf that a ticket's clocks name.
    pub(crate) fn fetch_for(&mut self, kept: &Kept) -> Result<(), Error> {
        for clock in kept.clocks.values() {
            let named = &clock.terms().calendar;
            if id_of(named) == ALWAYS || self.shelf.has(named) {
                continue;
            }
            match store::calendar_version(named)? {
                Some(version) => self.shelf.put(named.as_str(), version.calendar),
                None => log::write(
                    "error",
                    &format!("there is no calendar {named}: clocks that name it run at every hour"),
                ),
            }
        }
        Ok(())
    }
}
