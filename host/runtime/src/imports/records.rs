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
use guichet_core::{changeset::RecordKey, effect::Effect};

const NAME: &str = "records";

impl State {
    fn record_key(&self, collection: String, key: String) -> RecordKey {
        RecordKey {
            install: self.helpdesk.install(),
            collection,
            key,
        }
    }
}

impl Host for State {
    async fn get(
        &mut self,
        collection: String,
        key: String,
    ) -> wasmtime::Result<Result<Option<Document>, Error>> {
        told!(self.enter_granted(NAME)?);
        let name = self.record_key(collection, key.clone());
        let answer = self.helpdesk.record(name).await;
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
        let key = self.record_key(collection, key);
        let effect = Effect::PutRecord {
            key: key.clone(),
            body: Some(body),
            if_version,
        };
        told!(self.effect(effect, None).await?);
        let answer = self.helpdesk.record(key).await;
        Ok(self
            .answer(answer)?
            .map(|record| record.map_or(0, |record| record.version)))
    }

    async fn delete(
        &mut self,
        collection: String,
        key: String,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let effect = Effect::PutRecord {
            key: self.record_key(collection, key),
            body: None,
            if_version: None,
        };
        self.effect(effect, None).await
    }

    async fn add(
        &mut self,
        collection: String,
        key: String,
        pointer: String,
        amount: f64,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let effect = Effect::AddToRecord {
            key: self.record_key(collection, key),
            pointer,
            amount,
        };
        self.effect(effect, None).await
    }
}
