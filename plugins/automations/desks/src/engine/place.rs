//! Which desk has a ticket, and why: the one that covers it where that is attended, else the central one, else the one that covers it all the same.

use super::{Engine, Facts, Outcome};
use crate::{
    desk::{Strategy, choice::Turn},
    ticket::{reason::Reason, seen::Seen},
};
use serde_json::json;

/// Where a ticket would go. A group that no desk has is a place, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The desk's id; empty where none has the group.
    pub(super) desk: String,
    pub(super) group: String,
}

impl<F: Facts> Engine<'_, F> {
    /// To the desk that covers it.
    pub(super) fn route(&mut self, out: &mut Outcome, turn: Turn) -> Result<(), F::Error> {
        let asked = self.facts.asked()?;
        let Some((id, desk)) = self.desks.choose(&asked, turn) else {
            return Ok(());
        };
        let wanted = Place {
            desk: id.to_owned(),
            group: desk.group.clone(),
        };
        self.place(out, &wanted)
    }

    /// A ticket that no group has.
    pub(super) fn without_group(
        &mut self,
        out: &mut Outcome,
        seen: &Seen,
        is_new: bool,
    ) -> Result<(), F::Error> {
        let turn = match is_new {
            true => Turn::New,
            false => Turn::Later,
        };
        let before = out.kept.present(self.at);
        out.freed = !out.kept.assignee.is_empty() && out.kept.assignee != seen.assignee;
        out.kept.group.clear();
        if seen.assignee.is_empty() {
            self.leave(&mut out.kept);
            return self.route(out, turn);
        }
        // Somebody has it already: it goes to a desk of whose group he is, or else to the one that covers it.
        let asked = self.facts.asked()?;
        let chosen = self.desks.choose(&asked, turn);
        let mut place = chosen;
        for (id, desk) in chosen.into_iter().chain(self.desks.enabled()) {
            if self.facts.works_in(&seen.assignee, &desk.group)? {
                place = Some((id, desk));
                break;
            }
        }
        if let Some((id, desk)) = place {
            (out.kept.desk, out.kept.group) = (id.to_owned(), desk.group.clone());
        }
        out.kept.wanted = chosen.map_or_else(String::new, |(id, _)| id.to_owned());
        out.kept.assignee.clone_from(&seen.assignee);
        out.kept.reason = Some(Reason::Chosen);
        (out.kept.person, out.kept.waits) = (true, None);
        let data = json!({
            "desk": out.kept.desk, "wanted": out.kept.wanted, "reason": out.kept.reason, "previous": before,
        });
        out.told.push(("routed", data));
        Ok(())
    }

    /// To that place, or to where somebody is.
    pub(super) fn place(&mut self, out: &mut Outcome, wanted: &Place) -> Result<(), F::Error> {
        let (place, reason) = self.attended(wanted)?;
        let kept = &mut out.kept;
        let before = kept.present(self.at);
        let is_there = kept.desk == place.desk && kept.group == place.group;
        let is_there = is_there && kept.reason.is_some();
        kept.wanted.clone_from(&wanted.desk);
        // Where it is there already, what is known of its waiting stays.
        if is_there && (kept.waits.is_some() || kept.reason == Some(reason)) {
            return Ok(());
        }
        if !is_there {
            self.leave(kept);
        }
        (kept.desk, kept.group, kept.reason) = (place.desk, place.group, Some(reason));
        let data = json!({
            "desk": kept.desk, "wanted": kept.wanted, "reason": reason, "previous": before,
        });
        out.told.push(("routed", data));
        Ok(())
    }

    fn attended(&mut self, wanted: &Place) -> Result<(Place, Reason), F::Error> {
        let at = self.at;
        let there = self.facts.attendance(&wanted.group)?;
        let (exists, is_attended, is_busy) =
            (there.exists, there.is_attended(at), there.is_busy(at));
        // A group of no desk is nobody's to look after: it stays chosen as long as it exists.
        if wanted.desk.is_empty() && exists {
            return Ok((wanted.clone(), Reason::Chosen));
        }
        if is_attended {
            return Ok((wanted.clone(), Reason::Routed));
        }
        let instead = self.instead(wanted)?;
        if let Some(instead) = instead {
            let there = self.facts.attendance(&instead.group)?;
            // A group that is gone must not lose a ticket.
            if there.is_attended(at) {
                return Ok((instead, Reason::Unattended));
            }
            if !exists && there.exists {
                return Ok((instead, Reason::Nobody));
            }
        }
        let desk = self.desks.get(&wanted.desk);
        let is_given = desk.is_some_and(|(_, desk)| desk.strategy != Strategy::Group);
        let reason = match is_busy && is_given {
            true => Reason::Waiting,
            false => Reason::Nobody,
        };
        Ok((wanted.clone(), reason))
    }

    /// Where a ticket goes whose desk is unattended: to the central one; from that, to the one that covers it, where it takes over.
    fn instead(&mut self, wanted: &Place) -> Result<Option<Place>, F::Error> {
        let central = self.desks.central();
        let instead = match central {
            Some((id, desk)) if id == wanted.desk => {
                let asked = self.facts.asked()?;
                let others = self.desks.choose(&asked, Turn::Later);
                others.filter(|(other, _)| desk.first && *other != id)
            }
            other => other,
        };
        Ok(instead.map(|(id, desk)| Place {
            desk: id.to_owned(),
            group: desk.group.clone(),
        }))
    }
}
