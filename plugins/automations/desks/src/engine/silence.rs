//! Until when an assignee may be silent: so many business minutes of his desk, from when he got the ticket or last stirred.

use super::{Engine, Facts, Outcome};
use crate::{
    desk::Strategy,
    limits::SILENT_IN_A_ROW_MAX,
    ticket::{
        kept::Kept,
        reason::Reason,
        seen::{Seen, Stands},
    },
};
use serde_json::json;

impl<F: Facts> Engine<'_, F> {
    /// Sets the timer, moves it, or stops it.
    pub(super) fn time(
        &mut self,
        kept: &mut Kept,
        old: Option<&Kept>,
        stands: Stands,
        has_stirred: bool,
    ) -> Result<(), F::Error> {
        if stands != Stands::Live {
            kept.rest();
            return Ok(());
        }
        kept.rests = false;
        if has_stirred {
            kept.silent.clear();
        }
        let desk = self.desks.get(&kept.desk).map(|(_, desk)| desk);
        let desk = desk.filter(|desk| desk.silent_minutes > 0 && !kept.assignee.is_empty());
        let Some(desk) = desk else {
            kept.ring = None;
            return Ok(());
        };
        let is_same = |old: &Kept| (&old.assignee, &old.desk) == (&kept.assignee, &kept.desk);
        let goes_on = kept.ring.is_some() && !has_stirred && old.is_some_and(is_same);
        if !goes_on {
            kept.since = self.at;
            kept.ring = self
                .facts
                .due(&desk.calendar, self.at, desk.silent_minutes)?;
        }
        Ok(())
    }

    /// What is remembered once the silent time of a ticket that was just given has begun: not before now.
    ///
    /// # Errors
    /// What the facts say.
    pub fn begin(&mut self, kept: &Kept) -> Result<Kept, F::Error> {
        let mut begun = kept.clone();
        let desk = self.desks.get(&kept.desk).map(|(_, desk)| desk);
        if let Some(desk) = desk.filter(|_| kept.ring.is_some() && kept.since < self.at) {
            begun.since = self.at;
            begun.ring = self
                .facts
                .due(&desk.calendar, self.at, desk.silent_minutes)?;
        }
        Ok(begun)
    }

    /// The timer rang: the ticket is taken from its assignee and given on, or back to the group. Nothing where it rang in vain.
    ///
    /// # Errors
    /// What the facts say.
    pub fn silent(&mut self, kept: &Kept, seen: &Seen) -> Result<Option<Outcome>, F::Error> {
        let is_due = kept.ring.is_some_and(|ring| ring <= self.at);
        let is_his = seen.assignee == kept.assignee && seen.group == kept.group;
        if seen.stands != Stands::Live || !is_due || !is_his || seen.assignee.is_empty() {
            return Ok(None);
        }
        let mut out = Outcome {
            kept: kept.clone(),
            freed: true,
            ..Outcome::default()
        };
        let before = kept.present(self.at);
        self.leave(&mut out.kept);
        // What a person chose was the group, and that stays.
        out.kept.person = kept.person;
        out.kept.silent.push(seen.assignee.clone());
        (out.kept.ring, out.kept.reason) = (None, Some(Reason::Silent));
        let strategy = self.desks.get(&kept.desk).map(|(_, desk)| desk.strategy);
        let may_go_on = out.kept.silent.len() <= SILENT_IN_A_ROW_MAX;
        if may_go_on && strategy.is_some_and(|strategy| strategy != Strategy::Group) {
            self.give(&mut out)?;
        }
        self.time(&mut out.kept, Some(kept), Stands::Live, false)?;
        out.kept.note(self.at);
        let data = json!({
            "desk": out.kept.desk, "reason": Reason::Silent, "since": kept.since,
            "previous": before, "current": out.kept.handler(self.at),
        });
        out.told.push(("silent", data));
        Ok(Some(out))
    }
}
