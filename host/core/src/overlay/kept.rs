//! Records and files that an invocation reads and writes.

use super::{Overlay, RecordState};
use crate::{
    changeset::{FileWrite, Record, RecordKey},
    id::FileId,
    index::{self, Indexes},
    limits,
    refusal::Refusal,
    time::Timestamp,
};
use std::{collections::BTreeSet, sync::Arc};

impl Overlay {
    /// Hands in a record that was loaded, or its absence. `loaded` is its version; 0 where it never was.
    pub fn load_record(&mut self, key: RecordKey, loaded: u64, record: Option<Record>) {
        self.records
            .entry(key)
            .or_insert(RecordState::loaded(loaded, record));
    }

    /// Whether the record, or its absence, is here.
    pub fn has_record(&self, key: &RecordKey) -> bool {
        self.records.contains_key(key)
    }

    /// A record with this invocation's own write.
    pub fn record(&self, key: &RecordKey) -> Option<&Record> {
        self.records.get(key).and_then(|state| state.now.as_ref())
    }

    /// Writes a record; `None` deletes it. `if_version` 0 means that it must not exist.
    ///
    /// # Errors
    /// [`Refusal::Conflict`] where it has another version, [`Refusal::Limit`] where it holds more than records are found by.
    pub fn put_record(
        &mut self,
        key: RecordKey,
        body: Option<String>,
        if_version: Option<u64>,
        indexes: &Indexes,
        at: Timestamp,
    ) -> Result<u64, Refusal> {
        let after = match &body {
            Some(body) => index::checked_entries(body, indexes)?,
            None => BTreeSet::new(),
        };
        let state = self
            .records
            .entry(key)
            .or_insert(RecordState::loaded(0, None));
        let version = state.now.as_ref().map_or(0, |record| record.version);
        if if_version.is_some_and(|wanted| wanted != version) {
            return Err(Refusal::Conflict(format!(
                "the record has version {version}"
            )));
        }
        if !state.touched {
            let body = state.now.as_ref().map(|record| record.body.as_str());
            state.before = body.map_or_else(BTreeSet::new, |body| index::entries(body, indexes));
        }
        state.after = after;
        let next = state.loaded + 1;
        state.now = body.map(|body| Record {
            version: next,
            body,
            updated_at: at,
        });
        state.touched = true;
        Ok(next)
    }

    /// Keeps content.
    pub fn put_file(&mut self, file: FileWrite) {
        self.files.insert(file.id, file);
    }

    /// Adds to content that this invocation keeps.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for content of others, [`Refusal::Limit`].
    pub fn append_file(&mut self, id: FileId, content: &[u8]) -> Result<(), Refusal> {
        let file = self
            .files
            .get_mut(&id)
            .ok_or_else(|| Refusal::NotFound(format!("file {id} among those made just now")))?;
        if file.content.len() + content.len() > limits::FILE_BYTES_MAX {
            return Err(Refusal::Limit(format!(
                "a file has at most {} bytes",
                limits::FILE_BYTES_MAX
            )));
        }
        Arc::make_mut(&mut file.content).extend_from_slice(content);
        Ok(())
    }

    /// Forgets content, whoever kept it: the caller knows that it may go. One that a ticket names stays.
    pub fn delete_file(&mut self, id: FileId) {
        self.files.remove(&id);
        self.lent.remove(&id);
        self.deleted_files.insert(id);
    }

    /// Whether this invocation forgets it.
    pub fn is_deleted_file(&self, id: FileId) -> bool {
        self.deleted_files.contains(&id)
    }

    /// Content kept by this invocation.
    pub fn file(&self, id: FileId) -> Option<&FileWrite> {
        self.files.get(&id)
    }
}
