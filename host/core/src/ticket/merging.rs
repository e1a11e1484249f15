//! Verbs that make two tickets one, and two again. Nothing is copied and nothing is lost: the source closes, points to the target, and keeps all that
//! it had, so that taking the merge back is exact.

use super::{
    relation::{Link, to_value},
    state::{Command, State},
    work::{Stamp, Work},
};
use crate::{actor::Role, id::TicketId, limits, refusal::Refusal, value::Value};

impl Work {
    /// The source's half of a merge.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`]; [`Refusal::Invalid`] into itself.
    pub fn merge_into(&mut self, target: TicketId, stamp: &Stamp) -> Result<(), Refusal> {
        if self.ticket().id == target {
            return Err(Refusal::Invalid(
                "a ticket cannot be merged into itself".to_owned(),
            ));
        }
        if self.ticket().merged_into == Some(target) {
            return Ok(());
        }
        if self.ticket().merged_into.is_some() {
            return Err(Refusal::State(
                "the ticket has been merged into another one: take that back first".to_owned(),
            ));
        }
        let state = self.may(Command::Merge, stamp)?;
        let prior = self.ticket().state;
        self.begin("ticket.merged", stamp);
        self.change("merged_state", Value::Text(prior.name().to_owned()));
        self.change("merged_into", Value::Text(target.to_string()));
        self.change_link("merged-into", target, true)?;
        self.enter(state);
        Ok(())
    }

    /// The target's half of a merge. Only a ticket that is still worked on can take another one in.
    ///
    /// # Errors
    /// [`Refusal::State`], [`Refusal::Right`], [`Refusal::Limit`].
    pub fn take_in(&mut self, source: TicketId, stamp: &Stamp) -> Result<(), Refusal> {
        self.must_be_live()?;
        self.must_work_tickets(stamp)?;
        if self.has_link("merged-from", source) {
            return Ok(());
        }
        self.begin("ticket.changed", stamp);
        self.change_link("merged-from", source, true)
    }

    /// The source's half of taking a merge back: it is again what it was.
    ///
    /// # Errors
    /// [`Refusal::State`] where it is not merged, [`Refusal::Right`].
    pub fn unmerge(&mut self, stamp: &Stamp) -> Result<(), Refusal> {
        let (Some(target), Some(prior), State::Closed) = (
            self.ticket().merged_into,
            self.ticket().merged_state,
            self.ticket().state,
        ) else {
            return Err(Refusal::State(
                "the ticket is not merged into another one".to_owned(),
            ));
        };
        self.must_work_tickets(stamp)?;
        self.begin("ticket.unmerged", stamp);
        self.change("merged_into", Value::None);
        self.change("merged_state", Value::None);
        self.change_link("merged-into", target, false)?;
        self.enter(prior);
        Ok(())
    }

    /// The target's half of taking a merge back, while it is not closed.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn give_back(&mut self, source: TicketId, stamp: &Stamp) -> Result<(), Refusal> {
        // First: how it stands is not told to who may not even see it.
        self.must_work_tickets(stamp)?;
        self.must_be_live()?;
        self.begin("ticket.changed", stamp);
        self.change_link("merged-from", source, false)
    }

    /// One half of a link; the other ticket has the other half. A closed ticket may be linked, too.
    ///
    /// # Errors
    /// [`Refusal::State`], [`Refusal::Right`], [`Refusal::Limit`], [`Refusal::Invalid`] to itself.
    pub fn link(&mut self, relation: &str, other: TicketId, stamp: &Stamp) -> Result<(), Refusal> {
        if other == self.ticket().id {
            return Err(Refusal::Invalid(
                "a ticket cannot be linked to itself".to_owned(),
            ));
        }
        self.must_be_linkable(stamp)?;
        if self.has_link(relation, other) {
            return Ok(());
        }
        self.begin("ticket.changed", stamp);
        self.change_link(relation, other, true)
    }

    /// Takes one half of a link away.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn unlink(
        &mut self,
        relation: &str,
        other: TicketId,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        self.must_be_linkable(stamp)?;
        if !self.has_link(relation, other) {
            return Ok(());
        }
        self.begin("ticket.changed", stamp);
        self.change_link(relation, other, false)
    }

    fn must_be_linkable(&self, stamp: &Stamp) -> Result<(), Refusal> {
        if matches!(self.ticket().state, State::Deleted | State::Suspended) {
            self.must_be_live()?;
        }
        match self.role(&stamp.principal, stamp.at) {
            // A follow-up is linked by the customer who asks.
            Role::Requester | Role::Participant => Ok(()),
            _ => self.must_work_tickets(stamp),
        }
    }

    fn has_link(&self, relation: &str, other: TicketId) -> bool {
        self.ticket().linked(relation).any(|ticket| ticket == other)
    }

    fn change_link(
        &mut self,
        relation: &str,
        other: TicketId,
        is_there: bool,
    ) -> Result<(), Refusal> {
        let mut links = self.ticket().links.clone();
        let link = Link {
            relation: relation.to_owned(),
            ticket: other,
        };
        if is_there {
            links.insert(link);
        } else {
            links.remove(&link);
        }
        if links.len() > limits::LINKS_MAX {
            return Err(Refusal::Limit(format!(
                "a ticket has at most {} links",
                limits::LINKS_MAX
            )));
        }
        self.change("links", to_value(&links));
        Ok(())
    }
}
