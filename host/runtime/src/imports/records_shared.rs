//! `records-shared`: collections that other plugins publish. Who publishes them, the host knows.

use super::{
    records::{asked, document, documents},
    told,
};
use crate::{
    bindings::guichet::platform::{
        records::{Document, Documents, Range},
        records_shared::Host,
        types::Error,
    },
    state::State,
};
use guichet_package::{limits::NAME_BYTES_MAX, manifest::SHARED};

impl State {
    /// Counts the call and asks whether the collection was granted: each is a grant of its own.
    fn enter_shared(&mut self, name: &str) -> wasmtime::Result<Result<(), Error>> {
        if (1..=NAME_BYTES_MAX).contains(&name.len()) {
            return self.enter_granted(&format!("{SHARED}{name}"));
        }
        self.enter()?;
        Ok(Err(Error::Invalid(format!(
            "the name of a collection has {} bytes, and may have 1 to {NAME_BYTES_MAX}",
            name.len()
        ))))
    }
}

impl Host for State {
    async fn get(
        &mut self,
        name: String,
        key: String,
    ) -> wasmtime::Result<Result<Option<Document>, Error>> {
        told!(self.enter_shared(&name)?);
        let answer = self.helpdesk.shared_record(name, key.clone()).await;
        let record = told!(self.answer(answer)?);
        Ok(Ok(record.map(|record| document(key, record))))
    }

    async fn query(
        &mut self,
        name: String,
        range: Range,
    ) -> wasmtime::Result<Result<Documents, Error>> {
        told!(self.enter_shared(&name)?);
        let query = told!(asked(range));
        let answer = self.helpdesk.query_shared_records(name, query).await;
        Ok(self.answer(answer)?.map(documents))
    }
}
