//! `intake`: the plugin brings in what somebody else said.

use super::{draft, told};
use crate::{
    bindings::guichet::platform::{
        intake::Host,
        types::{Actor, Error, Field, MessageDraft, TicketDraft},
    },
    convert,
    state::{State, refused},
};
use guichet_core::{
    actor,
    customer::check_identity,
    delivery::Delivery,
    effect::Effect,
    id::TicketId,
    ticket::{Quarantine, Suspension},
};

const NAME: &str = "intake";

/// A channel speaks for customers and agents of this tenant, never for the host or another plugin.
fn author(author: &Actor) -> Result<actor::Actor, Error> {
    let author = convert::actor_from(author)?;
    match author.kind {
        actor::ActorKind::Customer | actor::ActorKind::Agent => Ok(author),
        _ => Err(Error::Denied(
            "a channel brings in what customers and agents say: the author is neither".to_owned(),
        )),
    }
}

impl Host for State {
    async fn create(
        &mut self,
        wish: TicketDraft,
        by: Actor,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let author = told!(author(&by));
        let draft = told!(draft::ticket(self, wish, Some(author)));
        let id = draft.id;
        let done = self
            .effect(Effect::CreateTicket(draft), Some(author))
            .await?;
        Ok(done.map(|()| id.to_string()))
    }

    async fn add_message(
        &mut self,
        id: String,
        message: MessageDraft,
        by: Actor,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let ticket = told!(convert::id("ticket", &id));
        let author = told!(author(&by));
        let message = told!(draft::message(self, message, Some(author)));
        let said = message.id;
        let effect = Effect::AddMessage { ticket, message };
        let done = self.effect(effect, Some(author)).await?;
        let there = self.helpdesk.ticket_of(said).unwrap_or(ticket);
        Ok(done.map(|()| there.to_string()))
    }

    async fn quarantine(
        &mut self,
        source: String,
        sender: String,
        subject: String,
        reason: String,
        message: MessageDraft,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let source = told!(convert::id("file", &source));
        told!(check_identity(&sender).map_err(|refusal| convert::invalid(&refusal.to_string())));
        let message = told!(draft::message(self, message, Some(actor::Actor::ANONYMOUS)));
        let id = TicketId(self.helpdesk.new_id("ticket"));
        let channel = message
            .fields
            .iter()
            .find(|field| field.name == "channel")
            .and_then(|field| field.value.as_text())
            .unwrap_or("plugin")
            .chars()
            .take(40)
            .collect();
        let effect = Effect::Quarantine(Quarantine {
            id,
            subject,
            channel,
            suspension: Suspension {
                reason,
                sender,
                source,
            },
            message,
        });
        Ok(self.effect(effect, None).await?.map(|()| id.to_string()))
    }

    async fn set_delivery(
        &mut self,
        id: String,
        message: String,
        state: String,
        fields: Vec<Field>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let ticket = told!(convert::id("ticket", &id));
        let message = told!(convert::id("message", &message));
        let fields = told!(convert::fields_from(fields));
        let (now, install) = (self.helpdesk.now(), self.helpdesk.install());
        let delivery = told!(Delivery::of(&state, &fields, now, install).map_err(|e| refused(&e)));
        let effect = Effect::SetDelivery {
            ticket,
            message,
            delivery,
        };
        self.effect(effect, None).await
    }
}
