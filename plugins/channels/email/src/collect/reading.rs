//! How far we are in a mailbox: kept as a record, and replaced only by who saw the present one.

use crate::{records::digest, settings::Mailbox};
use guichet_sdk::{Error, clock, records};
use serde::{Deserialize, Serialize};

const COLLECTION: &str = "mailboxes";

/// How far we are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Reading {
    /// While this stays the same, a UID names the same mail.
    pub(super) uid_validity: u32,
    /// All up to this UID were looked at.
    pub(super) through: u32,
    /// Up to this UID only what nobody has seen is taken.
    pub(super) unseen_up_to: u32,
    /// Fetched, and to be marked or moved.
    pub(super) settling: Vec<u32>,
    /// Microseconds since 1970.
    pub(super) looked_at: u64,
    /// Of the record.
    #[serde(skip)]
    version: u64,
}

/// Under which name a mailbox is kept: another folder, or the same address at another server, is another one.
pub(super) fn name_of(mailbox: &Mailbox) -> String {
    let incoming = &mailbox.incoming;
    digest(&[
        mailbox.address.as_bytes(),
        incoming.host.as_bytes(),
        incoming.user.as_bytes(),
        incoming.folder.as_bytes(),
    ])
}

impl Reading {
    /// Nothing where it was never looked into.
    pub(super) fn of(mailbox: &Mailbox) -> Result<Option<Self>, Error> {
        let record = records::get(COLLECTION, &name_of(mailbox))?;
        Ok(record.map(|record| Self {
            version: record.version,
            ..serde_json::from_str(&record.body).unwrap_or_default()
        }))
    }

    /// Keeps it.
    ///
    /// # Errors
    /// [`Error::Conflict`] where another look was first.
    pub(super) fn put(self, mailbox: &Mailbox) -> Result<(), Error> {
        let looked = Self {
            looked_at: clock::now(),
            ..self
        };
        let body =
            serde_json::to_string(&looked).map_err(|error| Error::Invalid(error.to_string()))?;
        records::put(COLLECTION, &name_of(mailbox), &body, Some(looked.version)).map(drop)
    }

    /// The same mailbox under a new UIDVALIDITY, or one that is looked into for the first time.
    pub(super) fn anew(&self, uid_validity: u32, through: u32, unseen_up_to: u32) -> Self {
        Self {
            uid_validity,
            through,
            unseen_up_to,
            settling: Vec::new(),
            looked_at: 0,
            version: self.version,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_folder_or_server_is_another_mailbox() {
        let mut mailbox = Mailbox {
            address: "a@desk.example".to_owned(),
            ..Mailbox::default()
        };
        let mut names = std::collections::BTreeSet::from([name_of(&mailbox)]);
        mailbox.incoming.folder = "Tickets".to_owned();
        assert!(names.insert(name_of(&mailbox)));
        mailbox.incoming.host = "imap.example".to_owned();
        assert!(names.insert(name_of(&mailbox)));
        mailbox.incoming.port = 143;
        assert!(
            !names.insert(name_of(&mailbox)),
            "the same server, another way"
        );
    }
}
