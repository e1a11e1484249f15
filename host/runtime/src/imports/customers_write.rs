//! `customers-write`.

use super::told;
use crate::{
    bindings::guichet::platform::{
        customers_write::Host,
        types::{Error, Field},
    },
    convert,
    state::State,
};
use guichet_core::{customer::Identity, effect::Effect};

const NAME: &str = "customers-write";

impl Host for State {
    async fn ensure(
        &mut self,
        identities: Vec<String>,
        verified: bool,
        fields: Vec<Field>,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted(NAME)?);
        let fields = told!(convert::fields_from(fields));
        let identities = identities
            .into_iter()
            .map(|name| Identity { name, verified })
            .collect();
        let answer = self.helpdesk.ensure_customer(identities, fields).await;
        Ok(self.answer(answer)?.map(|id| id.to_string()))
    }

    async fn set(&mut self, id: String, fields: Vec<Field>) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("customer", &id));
        let fields = told!(convert::fields_from(fields));
        self.effect(Effect::SetCustomer { id, fields }, None).await
    }
}
