//! What an effect needs that is not on the overlay: for the host to load.

use super::{Effect, Missing};
use crate::{
    actor::ActorKind,
    id::{CustomerId, TicketId},
    overlay::Overlay,
    ticket::state::State,
};
use std::collections::BTreeSet;

impl Overlay {
    /// What is to be loaded before the effect can be carried out. Ask again after loading: what is found may need more.
    pub fn missing(&self, effect: &Effect) -> Vec<Missing> {
        let mut missing = BTreeSet::new();
        let mut ticket = |id: TicketId| {
            if !self.has_ticket(id) {
                missing.insert(Missing::Ticket(id));
            }
        };
        match effect {
            Effect::SetFields { ticket: id, .. }
            | Effect::Tag { ticket: id, .. }
            | Effect::RemoveParticipant { ticket: id, .. }
            | Effect::AddParticipant { ticket: id, .. }
            | Effect::SetDelivery { ticket: id, .. }
            | Effect::Emit {
                ticket: Some(id), ..
            } => ticket(*id),
            Effect::Link {
                ticket: id, other, ..
            }
            | Effect::Unlink {
                ticket: id, other, ..
            }
            | Effect::Merge {
                source: id,
                target: other,
            } => {
                ticket(*id);
                ticket(*other);
            }
            Effect::Transition {
                ticket: id,
                command,
                ..
            } => {
                ticket(*id);
                if let Ok(loaded) = self.ticket(*id) {
                    match command.as_str() {
                        "solve" => loaded.linked("blocked-by").for_each(&mut ticket),
                        "unmerge" => loaded.merged_into.into_iter().for_each(&mut ticket),
                        _ => {}
                    }
                }
            }
            Effect::AddMessage {
                ticket: id,
                message,
            } => {
                ticket(*id);
                if message.author.kind == ActorKind::Customer
                    && let Some(last) = self.end_of_merges(*id)
                {
                    ticket(last);
                }
            }
            Effect::Recover {
                ticket: id, into, ..
            } => {
                ticket(*id);
                if let Some(into) = into {
                    ticket(*into);
                    self.end_of_merges(*into).into_iter().for_each(&mut ticket);
                }
            }
            _ => {}
        }
        let mut customer = |id: CustomerId| {
            if !self.has_customer(id) {
                missing.insert(Missing::Customer(id));
            }
        };
        match effect {
            Effect::CreateTicket(draft) => customer(draft.requester),
            Effect::SetCustomer { id, .. } => customer(*id),
            Effect::AddMessage { message, .. } if message.author.kind == ActorKind::Customer => {
                customer(CustomerId(message.author.id));
            }
            Effect::AddParticipant { participant, .. }
                if participant.who.kind == ActorKind::Customer =>
            {
                customer(CustomerId(participant.who.id));
            }
            Effect::Recover { requester, .. } => customer(*requester),
            Effect::EnsureCustomer { identities, .. } => {
                let names: Vec<_> = identities
                    .iter()
                    .map(|identity| identity.name.clone())
                    .collect();
                missing.insert(Missing::Identities(names));
            }
            Effect::PutRecord { key, .. } | Effect::AddToRecord { key, .. }
                if !self.has_record(key) =>
            {
                missing.insert(Missing::Record(key.clone()));
            }
            _ => {}
        }
        if let Effect::SetDelivery { message, .. } = effect
            && self.said(*message).is_none()
        {
            missing.insert(Missing::Message(*message));
        }
        missing.into_iter().collect()
    }

    /// Where merges lead from a ticket: the last one known, which may have to be loaded.
    pub(super) fn end_of_merges(&self, id: TicketId) -> Option<TicketId> {
        let mut seen = BTreeSet::from([id]);
        let mut last = id;
        while let Some(next) = self
            .ticket(last)
            .ok()
            .filter(|ticket| ticket.state == State::Closed)
            .and_then(|ticket| ticket.merged_into)
            .filter(|next| seen.insert(*next))
        {
            last = next;
        }
        (last != id).then_some(last)
    }
}
