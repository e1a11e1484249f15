//! `records`: the plugin's own documents.

use super::told;
use crate::{
    bindings::guichet::platform::{
        records::{Document, Documents, Host, Range},
        types::Error,
    },
    convert,
    helpdesk::{RecordQuery, RecordRows},
    state::State,
};
use guichet_core::{
    changeset::{Record, RecordKey},
    effect::Effect,
    index::Indexes,
};
use serde_json::Value;

const NAME: &str = "records";

pub(super) fn document(key: String, record: Record) -> Document {
    Document {
        key,
        version: record.version,
        body: record.body,
        updated_at: convert::instant(record.updated_at),
        extra: Vec::new(),
    }
}

pub(super) fn documents(rows: RecordRows) -> Documents {
    let items = rows.records.into_iter();
    Documents {
        items: items.map(|(key, record)| document(key, record)).collect(),
        next: rows.next,
        extra: Vec::new(),
    }
}

/// A range as it was asked for.
pub(super) fn asked(range: Range) -> Result<RecordQuery, Error> {
    let scalar = |name: &str, text: Option<String>| {
        text.map(|text| match serde_json::from_str(&text) {
            Ok(value @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) => Ok(value),
            _ => Err(Error::Invalid(format!(
                "range.{name} is a JSON text, number or boolean: a text stands in quotes"
            ))),
        })
        .transpose()
    };
    let (equal, from, to) = (
        scalar("equal", range.equal)?,
        scalar("from", range.from)?,
        scalar("to", range.to)?,
    );
    if equal.is_some() && (from.is_some() || to.is_some()) {
        return Err(Error::Invalid(
            "range.equal says it all: leave range.from and range.to out".to_owned(),
        ));
    }
    Ok(RecordQuery {
        index: range.index,
        equal,
        from,
        to,
        descending: range.descending,
        cursor: range.cursor,
        limit: range.limit,
    })
}

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
        Ok(Ok(record.map(|record| document(key, record))))
    }

    async fn query(
        &mut self,
        collection: String,
        range: Range,
    ) -> wasmtime::Result<Result<Documents, Error>> {
        told!(self.enter_granted(NAME)?);
        let query = told!(asked(range));
        let answer = self.helpdesk.query_records(collection, query).await;
        Ok(self.answer(answer)?.map(documents))
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
            indexes: Indexes::default(),
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
            indexes: Indexes::default(),
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
            indexes: Indexes::default(),
        };
        self.effect(effect, None).await
    }
}
