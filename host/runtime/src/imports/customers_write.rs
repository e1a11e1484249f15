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

impl Host for State {
    async fn ensure(
        &mut self,
        identities: Vec<String>,
        verified: bool,
        fields: Vec<Field>,
    ) -> wasmtime::Result<Result<String, Error>> {
        told!(self.enter_granted("customers-write")?);
        let fields = told!(convert::fields_from(fields));
        let answer = self
            .helpdesk
            .ensure_customer(identities, verified, fields)
            .await;
        Ok(self.answer(answer)?.map(|id| id.to_string()))
    }
}
