//! What is to become of a ticket. Pure: what there is to know is asked of [`Facts`], what is to be done is said as an [`Outcome`].
//!
//! **Invariant:** where there are desks, no ticket that is worked on comes out without a group or without a reason.

/// 1. Which desk has it, and why.
mod place;

/// 2. Which of its members.
pub mod give;

/// 3. What others did to it.
mod take;

/// 4. Until when its assignee may be silent.
mod silence;

/// 5. Handed over by hand.
pub mod hand;

use crate::{
    desk::{
        all::Desks,
        choice::{Asked, Turn},
    },
    people::attendance::Attendance,
    ticket::{
        kept::Kept,
        reason::Reason,
        seen::{Happened, Seen, Stands},
    },
};
use serde_json::{Value, json};

/// What there is to know.
pub trait Facts {
    type Error;
    /// What desks look at.
    fn asked(&mut self) -> Result<Asked, Self::Error>;
    /// Who of a group is there.
    fn attendance(&mut self, group: &str) -> Result<&mut Attendance, Self::Error>;
    /// Whether an agent works the tickets of a group.
    fn works_in(&mut self, agent: &str, group: &str) -> Result<bool, Self::Error>;
    /// When so many business minutes of a calendar have gone by; nothing where they never have.
    fn due(&mut self, calendar: &str, since: u64, minutes: u32)
    -> Result<Option<u64>, Self::Error>;
}

/// What is to be done. The ticket gets the group and assignee of `kept`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    pub kept: Kept,
    /// Events to be told: kind and data.
    pub told: Vec<(&'static str, Value)>,
    /// Agents who were given a ticket, with their new turns.
    pub turns: Vec<(String, u64)>,
    /// Somebody may have room for another ticket now.
    pub freed: bool,
    /// It may have been decided where the clock stands at an event, which may be long past.
    pub is_of_event: bool,
}

/// Desks at an instant.
pub struct Engine<'a, F> {
    pub desks: &'a Desks,
    pub facts: &'a mut F,
    pub at: u64,
    /// Who chooses among the members of a desk.
    pub chooser: Chooser,
}

/// Who chooses among the members of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chooser {
    /// This call does.
    Here,
    /// A job does: here not everybody's tickets are seen, so that nobody knows who has room.
    Job,
}

/// Whether nothing can become of what happened: most events, those among them that tell what a desk did itself. Desks need not be read for them.
pub fn is_settled(kept: &Kept, seen: &Seen, happened: &Happened) -> bool {
    let is_same = kept.group == seen.group && kept.assignee == seen.assignee;
    let has_stirred = happened.stirred.as_ref() == Some(&seen.assignee);
    let rests = seen.stands != Stands::Live;
    is_same && !seen.group.is_empty() && kept.rests == rests && !happened.said && !has_stirred
}

impl<F: Facts> Engine<'_, F> {
    /// What becomes of a ticket after something happened. `old` is what was remembered of it.
    ///
    /// # Errors
    /// What the facts say.
    pub fn settle(
        &mut self,
        old: Option<&Kept>,
        seen: &Seen,
        happened: &Happened,
    ) -> Result<Outcome, F::Error> {
        let mut out = Outcome {
            kept: old.cloned().unwrap_or_default(),
            ..Outcome::default()
        };
        if self.desks.central().is_none() {
            // Without desks nothing is routed.
            return Ok(out);
        }
        if seen.stands == Stands::Over {
            out.freed = !out.kept.rests && !out.kept.assignee.is_empty();
            if old.is_some() {
                (out.kept.group, out.kept.assignee) = (seen.group.clone(), seen.assignee.clone());
                out.kept.rest();
            }
            return Ok(out);
        }
        let is_new = old.is_none();
        let is_other = seen.group != out.kept.group || seen.assignee != out.kept.assignee;
        if seen.group.is_empty() {
            self.without_group(&mut out, seen, is_new)?;
        } else if is_new || is_other {
            let Some(by) = happened.by else {
                // The event that tells who did this is still to come.
                return Ok(out);
            };
            self.taken(&mut out, seen, by, is_new)?;
        } else if happened.said && seen.assignee.is_empty() && !self.is_chosen(&out.kept) {
            self.route(&mut out, Turn::Later)?;
        }
        let has_stirred = happened.stirred.as_ref() == Some(&out.kept.assignee);
        self.end(&mut out, old, seen.stands, has_stirred)?;
        Ok(out)
    }

    /// Routes a ticket anew, whoever has it.
    ///
    /// # Errors
    /// What the facts say.
    pub fn anew(&mut self, old: Option<&Kept>, seen: &Seen) -> Result<Outcome, F::Error> {
        let mut out = Outcome {
            kept: old.cloned().unwrap_or_default(),
            ..Outcome::default()
        };
        (out.kept.group, out.kept.assignee) = (seen.group.clone(), seen.assignee.clone());
        out.freed = !seen.assignee.is_empty();
        out.kept.silent.clear();
        self.leave(&mut out.kept);
        self.route(&mut out, Turn::Later)?;
        self.end(&mut out, old, seen.stands, false)?;
        Ok(out)
    }

    /// A member where the strategy gives it to one; the timer; who has it.
    fn end(
        &mut self,
        out: &mut Outcome,
        old: Option<&Kept>,
        stands: Stands,
        has_stirred: bool,
    ) -> Result<(), F::Error> {
        if stands == Stands::Live {
            self.give(out)?;
        }
        for (_, data) in out.told.iter_mut().filter(|(kind, _)| *kind == "routed") {
            data["reason"] = json!(out.kept.reason);
            data["current"] = json!(out.kept.handler(self.at));
        }
        self.time(&mut out.kept, old, stands, has_stirred)?;
        out.kept.note(self.at);
        Ok(())
    }

    /// Whether its group was chosen, by a person or among those of no desk: what is said later does not overrule that.
    fn is_chosen(&self, kept: &Kept) -> bool {
        kept.person || kept.desk.is_empty() && kept.reason == Some(Reason::Chosen)
    }

    /// Nobody has it any more.
    fn leave(&self, kept: &mut Kept) {
        kept.assignee.clear();
        kept.waits = None;
        (kept.left, kept.person) = (false, false);
    }
}

#[cfg(test)]
mod tests;
