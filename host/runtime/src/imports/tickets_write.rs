//! `tickets-write`: the plugin acts in its own name.

use super::told;
use crate::{
    bindings::guichet::platform::{
        tickets_write::Host,
        types::{Error, Field, MessageDraft, TicketDraft},
    },
    convert,
    state::State,
};

const NAME: &str = "tickets-write";

impl Host for State {
    async fn create(&mut self, draft: TicketDraft) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let wish = told!(convert::ticket_wish(draft));
        let answer = self.helpdesk.create_ticket(wish, None).await;
        Ok(self.answer(answer)?.map(|id| id.to_string()))
    }

    async fn set(&mut self, id: String, fields: Vec<Field>) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("ticket", &id));
        let fields = told!(convert::fields_from(fields));
        let answer = self.helpdesk.set_fields(id, fields).await;
        self.answer(answer)
    }

    async fn add_tags(
        &mut self,
        id: String,
        tags: Vec<String>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("ticket", &id));
        let answer = self.helpdesk.tag(id, tags, Vec::new()).await;
        self.answer(answer)
    }

    async fn remove_tags(
        &mut self,
        id: String,
        tags: Vec<String>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("ticket", &id));
        let answer = self.helpdesk.tag(id, Vec::new(), tags).await;
        self.answer(answer)
    }

    async fn transition(
        &mut self,
        id: String,
        command: String,
        arguments: Vec<Field>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("ticket", &id));
        let arguments = told!(convert::fields_from(arguments));
        let answer = self.helpdesk.transition(id, command, arguments).await;
        self.answer(answer)
    }

    async fn add_message(
        &mut self,
        id: String,
        message: MessageDraft,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("ticket", &id));
        let wish = told!(convert::message_wish(message));
        let answer = self.helpdesk.add_message(id, wish, None).await;
        Ok(self.answer(answer)?.map(|id| id.to_string()))
    }
}
