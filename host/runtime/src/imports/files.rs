//! `files`.

use super::told;
use crate::{
    bindings::guichet::platform::{
        files::Host,
        types::{Attachment, Error},
    },
    convert,
    limits::{FILE_CUT_BYTES_MAX, FILE_PART_BYTES_MAX},
    state::State,
};
use guichet_core::{changeset::FileWrite, effect::Effect, id::FileId, message as core};
use std::sync::Arc;

const NAME: &str = "files";

impl State {
    /// Keeps a new file.
    pub(super) async fn keep(
        &mut self,
        name: &str,
        media_type: &str,
        content: Vec<u8>,
    ) -> wasmtime::Result<Result<Attachment, Error>> {
        let clean = |text: &str, most: usize| {
            text.chars()
                .filter(|c| !c.is_control())
                .take(most)
                .collect::<String>()
        };
        let file = FileWrite {
            id: FileId(self.helpdesk.new_id("file")),
            install: Some(self.helpdesk.install()),
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
}

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
        self.keep(&name, &media_type, content).await
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

    async fn delete(&mut self, id: String) -> wasmtime::Result<Result<(), Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("file", &id));
        self.effect(Effect::DeleteFile { id }, None).await
    }

    async fn cut(
        &mut self,
        source: String,
        offset: u64,
        length: u64,
        name: String,
        media_type: String,
    ) -> wasmtime::Result<Result<Attachment, Error>> {
        told!(self.enter_granted(NAME)?);
        let id = told!(convert::id("file", &source));
        let all = self.cut_bytes.saturating_add(length);
        let Some(limit) = u32::try_from(length)
            .ok()
            .filter(|_| all <= FILE_CUT_BYTES_MAX)
        else {
            return Ok(Err(Error::Limit(format!(
                "one call cuts at most {FILE_CUT_BYTES_MAX} bytes from other files"
            ))));
        };
        self.cut_bytes = all;
        let answer = self.helpdesk.read_file(id, offset, limit).await;
        let content = told!(self.answer(answer)?);
        if content.len() as u64 != length {
            return Ok(Err(convert::invalid(&format!(
                "{length} bytes from {offset} on reach beyond the end of the file"
            ))));
        }
        self.keep(&name, &media_type, content).await
    }
}
