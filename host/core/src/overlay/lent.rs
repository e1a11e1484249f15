//! Files that an invocation is given to read, such as a request's large body. They are no effect of its own, and none is kept unless something that it
//! writes names it.

use super::Overlay;
use crate::{
    changeset::{ChangeSet, FileWrite},
    id::FileId,
    job::JobWrite,
};
use serde::Serialize;

impl Overlay {
    /// Gives a file to be read. [`Overlay::finish`] leaves it out: whoever lends it keeps it where [`ChangeSet::names`] it.
    pub fn lend_file(&mut self, file: FileWrite) {
        self.lent.insert(file.id);
        self.files.insert(file.id, file);
    }
}

impl ChangeSet {
    /// Whether anything that is written says the id of a file: a message, a ticket, a record, a job, an event.
    pub fn names(&self, file: FileId) -> bool {
        let name = file.to_string();
        let says = |text: &str| text.contains(&name);
        self.messages
            .iter()
            .map(|message| &message.draft)
            .any(|message| {
                message
                    .attachments
                    .iter()
                    .any(|attachment| attachment.file == file)
                    || says(&json(&message.fields))
            })
            || self.tickets.iter().any(|write| says(&json(&write.ticket)))
            || self
                .deliveries
                .iter()
                .filter_map(|write| write.delivery.as_ref())
                .any(|delivery| delivery.file == Some(file))
            || self
                .records
                .iter()
                .filter_map(|write| write.body.as_deref())
                .any(says)
            || self.jobs.iter().any(|job| match job {
                JobWrite::Enqueue(job) => says(&job.payload),
                _ => false,
            })
            || self.events.iter().any(|event| says(&json(&event.data)))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        changeset::{RecordKey, RecordWrite},
        id::{InstallId, TenantId},
        index::IndexChange,
        time::Timestamp,
    };
    use std::sync::Arc;
    use uuid::Uuid;

    #[test]
    fn a_lent_file_is_read_is_no_effect_and_is_left_out_unless_it_is_named() {
        let id = FileId(Uuid::from_u128(7));
        let mut overlay = Overlay::new(TenantId(Uuid::nil()), Arc::default());
        overlay.lend_file(FileWrite {
            id,
            install: None,
            name: "body".to_owned(),
            media_type: "application/octet-stream".to_owned(),
            content: Arc::new(vec![1]),
            at: Timestamp(0),
        });
        assert!(overlay.file(id).is_some());
        assert_eq!(overlay.effects(), 0);
        let mut changes = overlay.finish();
        assert!(changes.is_empty() && !changes.names(id));
        changes.records.push(RecordWrite {
            key: RecordKey {
                install: InstallId(Uuid::nil()),
                collection: "kept".to_owned(),
                key: "one".to_owned(),
            },
            expected: 0,
            body: Some(format!("{{\"file\":\"{id}\"}}")),
            at: Timestamp(0),
            found_by: IndexChange::default(),
        });
        assert!(changes.names(id));
        assert!(!changes.names(FileId(Uuid::from_u128(8))));
    }
}
