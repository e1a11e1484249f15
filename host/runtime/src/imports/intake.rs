//! `intake`: the plugin brings in what somebody else said.

use super::told;
use crate::{
    bindings::guichet::platform::{
        intake::Host,
        types::{Actor, Error, MessageDraft, TicketDraft},
    },
    convert,
    state::State,
};

const NAME: &str = "intake";

impl Host for State {
    async fn create(
        &mut self,
        draft: TicketDraft,
        author: Actor,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let author = told!(convert::actor_from(&author));
        let wish = told!(convert::ticket_wish(draft));
        let answer = self.helpdesk.create_ticket(wish, Some(author)).await;
        Ok(self.answer(answer)?.map(|id| id.to_string()))
    }

    async fn add_message(
        &mut self,
        id: String,
        message: MessageDraft,
        author: Actor,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("ticket", &id));
        let author = told!(convert::actor_from(&author));
        let wish = told!(convert::message_wish(message));
        let answer = self.helpdesk.add_message(id, wish, Some(author)).await;
        Ok(self.answer(answer)?.map(|id| id.to_string()))
    }
}
