//! `files`.

use super::told;
use crate::{
    bindings::guichet::platform::{
        files::Host,
        types::{Attachment, Error},
    },
    convert,
    limits::FILE_PART_BYTES_MAX,
    state::State,
};

const NAME: &str = "files";

impl Host for State {
    async fn put(
        &mut self,
        name: String,
        media_type: String,
        content: Vec<u8>,
    ) -> wasmtime::Result<Result<Attachment, Error>> {
        told!(self.enter_granted(NAME)?);
        if content.len() > FILE_PART_BYTES_MAX {
            return Ok(Err(Error::Limit(format!(
                "one call hands over at most {FILE_PART_BYTES_MAX} bytes"
            ))));
        }
        let answer = self.helpdesk.put_file(name, media_type, content).await;
        Ok(self
            .answer(answer)?
            .map(|attachment| convert::attachment(&attachment)))
    }

    async fn read(
        &mut self,
        id: String,
        offset: u64,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("file", &id));
        let limit = limit.min(u32::try_from(FILE_PART_BYTES_MAX).unwrap_or(u32::MAX));
        let answer = self.helpdesk.read_file(id, offset, limit).await;
        self.answer(answer)
    }
}
