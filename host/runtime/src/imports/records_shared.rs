//! `records-shared`: collections that other plugins publish. Which of them an install may read, the host alone decides.

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

const NAME: &str = "records-shared";

impl Host for State {
    async fn get(
        &mut self,
        name: String,
        key: String,
    ) -> wasmtime::Result<Result<Option<Document>, Error>> {
        told!(self.enter_granted(NAME)?);
        let answer = self.helpdesk.shared_record(name, key.clone()).await;
        let record = told!(self.answer(answer)?);
        Ok(Ok(record.map(|record| document(key, record))))
    }

    async fn query(
        &mut self,
        name: String,
        range: Range,
    ) -> wasmtime::Result<Result<Documents, Error>> {
        told!(self.enter_granted(NAME)?);
        let query = told!(asked(range));
        let answer = self.helpdesk.query_shared_records(name, query).await;
        Ok(self.answer(answer)?.map(documents))
    }
}
