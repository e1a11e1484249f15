//! `events-read` and `events-emit`.

use super::told;
use crate::{
    bindings::guichet::platform::{
        events_emit, events_read,
        types::{Error, Event},
    },
    convert,
    limits::PAGE_MAX,
    state::State,
};
use guichet_core::{effect::Effect, event::ACTION};

/// A name of a kind or an action: small letters, digits, dots, dashes and underscores.
fn checked_name(what: &str, name: &str) -> Result<(), Error> {
    let plain = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_')
    };
    match !name.is_empty() && name.len() <= 80 && name.bytes().all(plain) {
        true => Ok(()),
        false => Err(convert::invalid(&format!(
            "{what} has 1 to 80 small letters, digits, dots, dashes and underscores"
        ))),
    }
}

impl events_read::Host for State {
    async fn since(
        &mut self,
        after: u64,
        kind: String,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Event>, Error>> {
        told!(self.enter_granted("events-read")?);
        let answer = self
            .helpdesk
            .events_since(after, kind, limit.min(PAGE_MAX))
            .await;
        let events = told!(self.answer(answer)?);
        Ok(Ok(events
            .iter()
            .map(|event| convert::event(event, false))
            .collect()))
    }
}

impl events_emit::Host for State {
    async fn emit(
        &mut self,
        kind: String,
        ticket: Option<String>,
        data: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted("events-emit")?);
        told!(checked_name("the kind of an event", &kind));
        let ticket = told!(ticket.map(|id| convert::id("ticket", &id)).transpose());
        let data = told!(convert::json(&data));
        let kind = format!("{}/{kind}", self.helpdesk.plugin());
        self.effect(Effect::Emit { kind, ticket, data }, None).await
    }

    async fn direct(
        &mut self,
        plugin: String,
        action: String,
        ticket: Option<String>,
        input: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted("events-emit")?);
        told!(checked_name("the name of an action", &action));
        let ticket = told!(ticket.map(|id| convert::id("ticket", &id)).transpose());
        let input = told!(convert::json(&input));
        let plugin: String = plugin.chars().take(130).collect();
        let effect = Effect::Emit {
            kind: ACTION.to_owned(),
            ticket,
            data: serde_json::json!({ "plugin": plugin, "action": action, "input": input }),
        };
        self.effect(effect, None).await
    }
}
