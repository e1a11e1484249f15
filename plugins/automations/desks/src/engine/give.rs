//! Which member of a desk has a ticket: by its strategy, now or once somebody is free.

use super::{Chooser, Engine, Facts, Outcome};
use crate::{
    desk::{Strategy, all::Desks, choice::Turn},
    limits::SILENT_IN_A_ROW_MAX,
    ticket::{
        kept::{Kept, place},
        reason::Reason,
        seen::Stands,
    },
};
use serde_json::json;

/// The id and strategy of a ticket's desk, where it gives the ticket to a member.
pub fn strategy(desks: &Desks, kept: &Kept) -> Option<(String, Strategy)> {
    let (id, desk) = desks.get(&kept.desk)?;
    // A desk that has another group meanwhile gives this ticket to nobody.
    let is_given = desk.strategy != Strategy::Group && desk.group == kept.group;
    is_given.then(|| (id.to_owned(), desk.strategy))
}

impl<F: Facts> Engine<'_, F> {
    /// To a member, where the desk's strategy gives it to one; where nobody is free, it waits.
    pub(super) fn give(&mut self, out: &mut Outcome) -> Result<(), F::Error> {
        let kept = &out.kept;
        if !kept.assignee.is_empty() || kept.left || kept.waits.is_some() {
            return Ok(());
        }
        let Some((desk, strategy)) = strategy(self.desks, kept) else {
            return Ok(());
        };
        if self.chooser == Chooser::Job {
            out.kept.waits = Some(place(&desk, self.at));
            return Ok(());
        }
        if self.give_by(out, strategy)? {
            return Ok(());
        }
        if out.kept.silent.len() >= SILENT_IN_A_ROW_MAX {
            return Ok(());
        }
        out.kept.waits = Some(place(&desk, self.at));
        if matches!(
            out.kept.reason,
            Some(Reason::Routed | Reason::Chosen | Reason::Unattended)
        ) {
            out.kept.reason = Some(Reason::Waiting);
        }
        Ok(())
    }

    /// To the desk's next free member, where it waits for one; whether there was one.
    ///
    /// # Errors
    /// What the facts say.
    pub fn give_waiting(&mut self, kept: &Kept) -> Result<Option<Outcome>, F::Error> {
        let mut out = Outcome {
            kept: kept.clone(),
            ..Outcome::default()
        };
        let Some((_, strategy)) = strategy(self.desks, kept) else {
            return Ok(None);
        };
        let before = kept.present(self.at);
        out.kept.waits = None;
        if !self.give_by(&mut out, strategy)? {
            return Ok(None);
        }
        if matches!(out.kept.reason, Some(Reason::Waiting | Reason::Nobody)) {
            out.kept.reason = Some(match kept.person {
                true => Reason::Chosen,
                false => Reason::Routed,
            });
        }
        let data = json!({
            "desk": out.kept.desk, "reason": out.kept.reason,
            "previous": before, "current": out.kept.handler(self.at),
        });
        out.told.push(("given", data));
        self.time(&mut out.kept, Some(kept), Stands::Live, false)?;
        out.kept.note(self.at);
        Ok(Some(out))
    }

    /// A ticket waits for a desk that gives it to nobody any more: it is placed anew, or where its group was chosen or is still the desk's, it waits no more.
    ///
    /// # Errors
    /// What the facts say.
    pub fn wait_no_more(&mut self, kept: &Kept, stands: Stands) -> Result<Outcome, F::Error> {
        let mut out = Outcome {
            kept: kept.clone(),
            ..Outcome::default()
        };
        out.kept.waits = None;
        let desk = self.desks.get(&kept.desk);
        let is_its_group = desk.is_some_and(|(_, desk)| desk.group == kept.group);
        if is_its_group || self.is_chosen(kept) {
            if out.kept.reason == Some(Reason::Waiting) {
                out.kept.reason = Some(match kept.person {
                    true => Reason::Chosen,
                    false => Reason::Routed,
                });
            }
            if !is_its_group {
                let asked = self.facts.asked()?;
                let desk = self.desks.of_group(&kept.group, &asked);
                let desk = desk.map_or_else(String::new, |(id, _)| id.to_owned());
                (out.kept.desk, out.kept.wanted) = (desk.clone(), desk);
            }
        } else {
            out.kept.reason = None;
            self.route(&mut out, Turn::Later)?;
        }
        self.end(&mut out, Some(kept), stands, false)?;
        Ok(out)
    }

    pub(super) fn give_by(
        &mut self,
        out: &mut Outcome,
        strategy: Strategy,
    ) -> Result<bool, F::Error> {
        let there = self.facts.attendance(&out.kept.group)?;
        let next = there.next(strategy, self.at, &out.kept.silent);
        let Some(agent) = next.map(|member| member.id.clone()) else {
            return Ok(false);
        };
        let turn = there.give(&agent);
        out.turns.push((agent.clone(), turn));
        out.kept.assignee = agent;
        Ok(true)
    }
}
