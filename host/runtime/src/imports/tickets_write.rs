//! `tickets-write`: the plugin acts in its own name.

use super::{draft, told};
use crate::{
    bindings::guichet::platform::{
        tickets_write::Host,
        types::{Actor, Error, Field, MessageDraft, TicketDraft},
    },
    convert,
    state::State,
};
use guichet_core::{effect::Effect, id::TicketId, ticket::relation::Participant};

const NAME: &str = "tickets-write";

/// Reads the ticket's id, asks for the effect, tells the answer; after the call was counted.
macro_rules! effect {
    ($state:ident, $id:ident, $effect:expr) => {{
        let $id: TicketId = told!(convert::id("ticket", &$id));
        let effect = $effect;
        $state.effect(effect, None).await
    }};
}

impl Host for State {
    async fn create(&mut self, wish: TicketDraft) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let draft = told!(draft::ticket(self, wish, None));
        let id = draft.id;
        let done = self.effect(Effect::CreateTicket(draft), None).await?;
        Ok(done.map(|()| id.to_string()))
    }

    async fn set(&mut self, id: String, fields: Vec<Field>) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let fields = told!(convert::fields_from(fields));
        effect!(self, id, Effect::SetFields { ticket: id, fields })
    }

    async fn add_tags(
        &mut self,
        id: String,
        tags: Vec<String>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        effect!(
            self,
            id,
            Effect::Tag {
                ticket: id,
                add: tags,
                remove: Vec::new()
            }
        )
    }

    async fn remove_tags(
        &mut self,
        id: String,
        tags: Vec<String>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        effect!(
            self,
            id,
            Effect::Tag {
                ticket: id,
                add: Vec::new(),
                remove: tags
            }
        )
    }

    async fn transition(
        &mut self,
        id: String,
        command: String,
        arguments: Vec<Field>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let arguments = told!(convert::fields_from(arguments));
        effect!(
            self,
            id,
            Effect::Transition {
                ticket: id,
                command,
                arguments
            }
        )
    }

    async fn add_message(
        &mut self,
        id: String,
        message: MessageDraft,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let ticket = told!(convert::id("ticket", &id));
        let message = told!(draft::message(self, message, None));
        let id = message.id;
        let effect = Effect::AddMessage { ticket, message };
        Ok(self.effect(effect, None).await?.map(|()| id.to_string()))
    }

    async fn add_participant(
        &mut self,
        id: String,
        role: String,
        who: Actor,
        until: Option<u64>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let who = told!(convert::actor_from(&who));
        let until = told!(until.map(convert::instant_from).transpose());
        let participant = Participant { role, who, until };
        effect!(
            self,
            id,
            Effect::AddParticipant {
                ticket: id,
                participant
            }
        )
    }

    async fn remove_participant(
        &mut self,
        id: String,
        role: String,
        who: Actor,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let who = told!(convert::actor_from(&who));
        effect!(
            self,
            id,
            Effect::RemoveParticipant {
                ticket: id,
                role,
                who
            }
        )
    }

    async fn link(
        &mut self,
        id: String,
        relation: String,
        other: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let other = told!(convert::id("ticket", &other));
        effect!(
            self,
            id,
            Effect::Link {
                ticket: id,
                relation,
                other
            }
        )
    }

    async fn unlink(
        &mut self,
        id: String,
        relation: String,
        other: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let other = told!(convert::id("ticket", &other));
        effect!(
            self,
            id,
            Effect::Unlink {
                ticket: id,
                relation,
                other
            }
        )
    }

    async fn merge(
        &mut self,
        source: String,
        target: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let target = told!(convert::id("ticket", &target));
        effect!(self, source, Effect::Merge { source, target })
    }
}
