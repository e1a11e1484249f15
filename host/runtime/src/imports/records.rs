//! `records`: the plugin's own documents.

use super::told;
use crate::{
    bindings::guichet::platform::{
        records::{Document, Host},
        types::Error,
    },
    convert,
    state::State,
};

const NAME: &str = "records";

impl Host for State {
    async fn get(
        &mut self,
        collection: String,
        key: String,
    ) -> wasmtime::Result<Result<Option<Document>, Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self.helpdesk.record(collection, key.clone()).await;
        let record = told!(self.answer(answer)?);
        Ok(Ok(record.map(|record| Document {
            key,
            version: record.version,
            body: record.body,
            updated_at: convert::instant(record.updated_at),
            extra: Vec::new(),
        })))
    }

    async fn put(
        &mut self,
        collection: String,
        key: String,
        body: String,
        if_version: Option<u64>,
    ) -> wasmtime::Result<Result<u64, Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self
            .helpdesk
            .put_record(collection, key, Some(body), if_version)
            .await;
        self.answer(answer)
    }

    async fn delete(
        &mut self,
        collection: String,
        key: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self.helpdesk.put_record(collection, key, None, None).await;
        Ok(self.answer(answer)?.map(drop))
    }
}
