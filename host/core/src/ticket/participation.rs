//! Who takes part in a ticket, and until when.

use super::{
    relation::{PARTICIPANT_ROLES, Participant, to_value},
    state::State,
    work::{Stamp, Work},
};
use crate::{
    actor::{Actor, ActorKind, Role},
    limits,
    refusal::Refusal,
};

impl Work {
    /// Lets somebody take part. Who takes part already in that role does so until the new date.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for roles that there are not, [`Refusal::Right`], [`Refusal::State`], [`Refusal::Limit`].
    pub fn add_participant(
        &mut self,
        participant: Participant,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        self.must_be_live()?;
        match self.role(&stamp.principal, stamp.at) {
            // A requester may copy somebody in; whoever is copied in may not.
            Role::Requester if participant.role == "cc" => {}
            _ => self.must_work_tickets(stamp)?,
        }
        let fits = match participant.role.as_str() {
            "cc" => matches!(participant.who.kind, ActorKind::Customer | ActorKind::Agent),
            "watcher" | "helper" => participant.who.kind == ActorKind::Agent,
            _ => {
                return Err(Refusal::Invalid(format!(
                    "a participant is one of: {}",
                    PARTICIPANT_ROLES.join(", ")
                )));
            }
        };
        if !fits {
            return Err(Refusal::Invalid(format!(
                "a {} cannot be a {}",
                participant.who.kind.name(),
                participant.role
            )));
        }
        let mut participants = self.ticket().participants.clone();
        participants
            .retain(|known| (&known.role, known.who) != (&participant.role, participant.who));
        participants.insert(participant);
        if participants.len() > limits::PARTICIPANTS_MAX {
            return Err(Refusal::Limit(format!(
                "a ticket has at most {} participants",
                limits::PARTICIPANTS_MAX
            )));
        }
        self.set("participants", to_value(&participants), stamp);
        Ok(())
    }

    /// Ends somebody's part.
    ///
    /// # Errors
    /// [`Refusal::State`] or [`Refusal::Right`].
    pub fn remove_participant(
        &mut self,
        role: &str,
        who: Actor,
        stamp: &Stamp,
    ) -> Result<(), Refusal> {
        // Somebody's part may end on a closed ticket, too.
        if self.ticket().state != State::Closed {
            self.must_be_live()?;
        }
        self.must_work_tickets(stamp)?;
        let mut participants = self.ticket().participants.clone();
        participants.retain(|known| (known.role.as_str(), known.who) != (role, who));
        self.set("participants", to_value(&participants), stamp);
        Ok(())
    }
}
