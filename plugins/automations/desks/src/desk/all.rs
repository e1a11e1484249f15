//! All desks, by their ids.

use super::{Desk, choice::Asked};
use crate::{limits::DESKS_MAX, refusal::Refused};
use std::collections::BTreeMap;

/// All desks, those that are switched off among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desks(pub BTreeMap<String, Desk>);

/// A desk with its id.
pub type Named<'a> = (&'a str, &'a Desk);

impl Desks {
    /// Those that are switched on.
    pub fn enabled(&self) -> impl Iterator<Item = Named<'_>> {
        let all = self.0.iter().filter(|(_, desk)| desk.enabled);
        all.map(|(id, desk)| (id.as_str(), desk))
    }

    /// The desk of that id, if it is switched on.
    pub fn get(&self, id: &str) -> Option<Named<'_>> {
        self.enabled().find(|(known, _)| *known == id)
    }

    /// The last resort.
    pub fn central(&self) -> Option<Named<'_>> {
        self.enabled().find(|(_, desk)| desk.central)
    }

    /// The desk for which a group answers; of several the one that covers the ticket best, then the first in order.
    pub fn of_group(&self, group: &str, asked: &Asked) -> Option<Named<'_>> {
        let of_group = || self.enabled().filter(|(_, desk)| desk.group == group);
        let best = super::choice::best(of_group(), asked);
        best.or_else(|| of_group().min_by_key(|(id, desk)| (desk.order, *id)))
    }

    /// Whether the model is as it must be: each desk for itself, and exactly one that is central.
    ///
    /// # Errors
    /// [`Refused`] where it is not.
    pub fn check(&self) -> Result<(), Refused> {
        if self.0.len() > DESKS_MAX {
            return Err(Refused::TooManyDesks(self.0.len()));
        }
        for (id, desk) in &self.0 {
            desk.check(id)?;
        }
        match self.enabled().filter(|(_, desk)| desk.central).count() {
            1 => Ok(()),
            0 if self.0.is_empty() => Ok(()),
            count => Err(Refused::Central(count)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Texts;

    fn desk(central: bool) -> Desk {
        Desk {
            central,
            ..Desk::new(Texts::new("IT", ""), "g")
        }
    }

    fn all(desks: impl IntoIterator<Item = Desk>) -> Desks {
        let named = desks
            .into_iter()
            .enumerate()
            .map(|(index, desk)| (format!("desk-{index}"), desk));
        Desks(named.collect())
    }

    #[test]
    fn exactly_one_of_the_desks_that_are_switched_on_is_central() {
        assert_eq!(all([]).check(), Ok(()));
        assert_eq!(all([desk(true), desk(false)]).check(), Ok(()));
        assert_eq!(all([desk(false)]).check(), Err(Refused::Central(0)));
        assert_eq!(
            all([desk(true), desk(true)]).check(),
            Err(Refused::Central(2))
        );
        let off = Desk {
            enabled: false,
            ..desk(true)
        };
        assert_eq!(all([desk(true), off]).check(), Ok(()));
    }

    #[test]
    fn there_are_forty_desks_and_no_more() {
        let so_many = |count: usize| all((0..count).map(|index| desk(index == 0)));
        assert_eq!(so_many(DESKS_MAX).check(), Ok(()));
        assert_eq!(
            so_many(DESKS_MAX + 1).check(),
            Err(Refused::TooManyDesks(DESKS_MAX + 1))
        );
    }

    #[test]
    fn only_the_central_desk_takes_new_tickets_first() {
        let mut model = all([desk(true), desk(false)]);
        model.0.get_mut("desk-0").unwrap().first = true;
        assert_eq!(model.check(), Ok(()));
        model.0.get_mut("desk-1").unwrap().first = true;
        assert!(matches!(model.check(), Err(Refused::Desk { place, .. }) if place == "/first"));
    }
}
