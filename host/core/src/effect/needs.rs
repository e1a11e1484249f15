//! What an effect needs that is not on the overlay: for the host to load.

use super::{Effect, Missing};
use crate::{
    actor::ActorKind,
    id::{CustomerId, FileId, TicketId},
    overlay::Overlay,
    ticket::state::State,
};
use std::collections::BTreeSet;

impl Effect {
    /// The tickets that it names.
    pub fn tickets(&self) -> Vec<TicketId> {
        match self {
            Self::SetFields { ticket, .. }
            | Self::Tag { ticket, .. }
            | Self::RemoveParticipant { ticket, .. }
            | Self::AddParticipant { ticket, .. }
            | Self::SetDelivery { ticket, .. }
            | Self::Transition { ticket, .. }
            | Self::AddMessage { ticket, .. }
            | Self::Emit {
                ticket: Some(ticket),
                ..
            } => vec![*ticket],
            Self::Link { ticket, other, .. }
            | Self::Unlink { ticket, other, .. }
            | Self::Merge {
                source: ticket,
                target: other,
            } => vec![*ticket, *other],
            Self::Recover { ticket, into, .. } => std::iter::once(*ticket).chain(*into).collect(),
            Self::CreateTicket(_)
            | Self::Quarantine(_)
            | Self::EnsureCustomer { .. }
            | Self::SetCustomer { .. }
            | Self::PutRecord { .. }
            | Self::AddToRecord { .. }
            | Self::PutFile(_)
            | Self::AppendFile { .. }
            | Self::DeleteFile { .. }
            | Self::Enqueue(_)
            | Self::CancelJob { .. }
            | Self::Emit { ticket: None, .. } => Vec::new(),
        }
    }

    /// The files that it gives to a ticket.
    pub fn files(&self) -> Vec<FileId> {
        let message = match self {
            Self::CreateTicket(draft) => draft.first_message.as_ref(),
            Self::AddMessage { message, .. } | Self::Recover { message, .. } => Some(message),
            Self::Quarantine(wish) => Some(&wish.message),
            Self::SetDelivery { delivery, .. } => return delivery.file.into_iter().collect(),
            _ => None,
        };
        let mut files = message.map_or_else(Vec::new, |message| message.files().collect());
        if let Self::Quarantine(wish) = self {
            files.push(wish.suspension.source);
        }
        files
    }

    /// Whether it changes what people see and may change themselves, and not only what is the plugin's own.
    pub fn is_for_people(&self) -> bool {
        !matches!(
            self,
            Self::PutRecord { .. }
                | Self::AddToRecord { .. }
                | Self::PutFile(_)
                | Self::AppendFile { .. }
                | Self::DeleteFile { .. }
                | Self::Enqueue(_)
                | Self::CancelJob { .. }
                | Self::Emit { .. }
                | Self::SetDelivery { .. }
                | Self::Quarantine(_)
        )
    }
}

impl Overlay {
    /// What is to be loaded before the effect can be carried out. Ask again after loading: what is found may need more.
    pub fn missing(&self, effect: &Effect) -> Vec<Missing> {
        let mut missing = BTreeSet::new();
        let mut ticket = |id: TicketId| {
            if !self.has_ticket(id) {
                missing.insert(Missing::Ticket(id));
            }
        };
        effect.tickets().into_iter().for_each(&mut ticket);
        match effect {
            Effect::Transition {
                ticket: id,
                command,
                ..
            } => {
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
            } if message.author.kind == ActorKind::Customer => {
                self.end_of_merges(*id).into_iter().for_each(&mut ticket);
            }
            Effect::Recover {
                into: Some(into), ..
            } => self.end_of_merges(*into).into_iter().for_each(&mut ticket),
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
