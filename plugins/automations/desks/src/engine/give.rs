//! Which member of a desk has a ticket: by its strategy, now or once somebody is free.

use super::{Chooser, Engine, Facts, Outcome};
use crate::{
    desk::Strategy,
    limits::SILENT_IN_A_ROW_MAX,
    ticket::{
        kept::{Kept, place},
        reason::Reason,
    },
};
use serde_json::json;

impl<F: Facts> Engine<'_, F> {
    /// To a member, where the desk's strategy gives it to one; where nobody is free, it waits.
    pub(super) fn give(&mut self, out: &mut Outcome) -> Result<(), F::Error> {
        let kept = &out.kept;
        if !kept.assignee.is_empty() || kept.left || kept.waits.is_some() {
            return Ok(());
        }
        let Some((desk, strategy)) = self.strategy(kept) else {
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
        let Some((_, strategy)) = self.strategy(kept) else {
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
        let stands = crate::ticket::seen::Stands::Live;
        self.time(&mut out.kept, Some(kept), stands, false)?;
        out.kept.note(self.at);
        Ok(Some(out))
    }

    /// The desk's id and strategy, where it gives tickets to members.
    fn strategy(&self, kept: &Kept) -> Option<(String, Strategy)> {
        let (id, desk) = self.desks.get(&kept.desk)?;
        // A desk that has another group meanwhile gives this ticket to nobody.
        let is_given = desk.strategy != Strategy::Group && desk.group == kept.group;
        is_given.then(|| (id.to_owned(), desk.strategy))
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
