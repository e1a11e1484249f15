//! What others did to a ticket. What a person chose stays; what a machine chose is looked at as the choice of that desk.

use super::{Engine, Facts, Outcome, place::Place};
use crate::ticket::{
    reason::Reason,
    seen::{By, Seen},
};

impl<F: Facts> Engine<'_, F> {
    /// Somebody gave the ticket to a group or an agent.
    pub(super) fn taken(
        &mut self,
        out: &mut Outcome,
        seen: &Seen,
        by: By,
        is_new: bool,
    ) -> Result<(), F::Error> {
        let asked = self.facts.asked()?;
        let desk = self.desks.of_group(&seen.group, &asked);
        let desk = desk.map_or_else(String::new, |(id, _)| id.to_owned());
        let kept = &mut out.kept;
        let is_other_group = is_new || kept.group != seen.group;
        let is_nobody_s = seen.assignee.is_empty();
        out.freed = !kept.assignee.is_empty() && kept.assignee != seen.assignee;
        kept.silent.clear();
        if by == By::Machine && is_other_group && is_nobody_s {
            let wanted = Place {
                desk,
                group: seen.group.clone(),
            };
            // It is not there yet, as far as is known.
            kept.reason = None;
            return self.place(out, &wanted);
        }
        (kept.desk, kept.wanted) = (desk.clone(), desk);
        kept.group.clone_from(&seen.group);
        kept.assignee.clone_from(&seen.assignee);
        (kept.reason, kept.waits) = (Some(Reason::Chosen), None);
        kept.person = match is_other_group {
            true => by != By::Machine,
            false => kept.person || by == By::Person,
        };
        kept.left = is_nobody_s && (by == By::Before || !is_other_group && by == By::Person);
        Ok(())
    }
}
