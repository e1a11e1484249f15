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
use guichet_core::{changeset::FileWrite, effect::Effect, id::FileId, message as core};
use std::sync::Arc;

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
        let clean = |text: String, most: usize| {
            text.chars()
                .filter(|c| !c.is_control())
                .take(most)
                .collect::<String>()
        };
        let file = FileWrite {
            id: FileId(self.helpdesk.new_id("file")),
            name: clean(name, 255),
            media_type: clean(media_type, 127),
            content: Arc::new(content),
            at: self.helpdesk.now(),
        };
        let attachment = core::Attachment {
            file: file.id,
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: file.content.len() as u64,
            inline_id: None,
        };
        Ok(self
            .effect(Effect::PutFile(file), None)
            .await?
            .map(|()| convert::attachment(&attachment)))
    }

    async fn append(
        &mut self,
        id: String,
        content: Vec<u8>,
    ) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        if content.len() > FILE_PART_BYTES_MAX {
            return Ok(Err(Error::Limit(format!(
                "one call hands over at most {FILE_PART_BYTES_MAX} bytes"
            ))));
        }
        let id = told!(convert::id("file", &id));
        let content = Arc::new(content);
        self.effect(Effect::AppendFile { id, content }, None).await
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
