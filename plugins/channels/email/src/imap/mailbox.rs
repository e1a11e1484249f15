//! A mailbox, and what is new in it.

use super::{
    Error, Session, names,
    response::{Kind, Response, Status},
};
use crate::{
    limits::{FOUND_MAX, MAIL_PART_BYTES, SEARCH_SPAN, SEARCHES_MAX},
    wire::Wire,
};

/// A mailbox that is looked into; the session looks into one at a time.
pub struct Mailbox<'s, W> {
    pub(super) session: &'s mut Session<W>,
    /// While this stays the same, a UID names the same mail.
    pub uid_validity: u32,
    /// What the next mail will be named at least, where the server says so.
    pub uid_next: Option<u32>,
    /// Whether the server takes no changes.
    pub is_read_only: bool,
    /// Bytes of a mail that are fetched at once.
    part_bytes: usize,
}

/// What was found after some mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// In rising order.
    pub uids: Vec<u32>,
    /// Everything up to this UID was looked at. Whoever goes on after it misses nothing.
    pub through: u32,
}

impl<W: Wire> Session<W> {
    /// Looks into a mailbox.
    pub fn select(&mut self, name: &str) -> Result<Mailbox<'_, W>, Error> {
        let name = self.mailbox_name(name)?;
        let (mut uid_validity, mut uid_next) = (None, None);
        let status = self.command_with(&format!("SELECT {name}"), &mut |response| {
            if let Response::Word(word) = response {
                uid_validity = word.number("UIDVALIDITY").or(uid_validity);
                uid_next = word.number("UIDNEXT").or(uid_next);
            }
            Ok(())
        })?;
        let status = selected(status)?;
        let uid_validity = uid_validity.ok_or_else(|| {
            let text = "the mailbox has no UIDVALIDITY, so no mail in it has a name";
            Error::Protocol(text.to_owned())
        })?;
        Ok(Mailbox {
            session: self,
            uid_validity,
            uid_next,
            is_read_only: status.has_code("READ-ONLY"),
            part_bytes: MAIL_PART_BYTES,
        })
    }

    pub(super) fn mailbox_name(&self, name: &str) -> Result<String, Error> {
        names::mailbox(name, self.letters()).ok_or_else(|| {
            Error::NoMailbox("the name is empty, too long or of more than one line".to_owned())
        })
    }
}

/// A refusal is about the mailbox, unless the server says that it is about itself.
fn selected(status: Status) -> Result<Status, Error> {
    match status.kind {
        Kind::No if !status.is_own_trouble() => Err(Error::NoMailbox(status.text())),
        _ => status.accepted(),
    }
}

impl<W> Mailbox<'_, W> {
    /// Fetches less at once: at most so many bytes, and never more than [`MAIL_PART_BYTES`].
    #[must_use]
    pub fn in_parts_of(self, bytes: usize) -> Self {
        Self {
            part_bytes: bytes.clamp(1, MAIL_PART_BYTES),
            ..self
        }
    }

    pub(super) fn part_bytes(&self) -> usize {
        self.part_bytes
    }
}

impl<W: Wire> Mailbox<'_, W> {
    /// Mails that came after the one of that UID, without those that are marked to be removed. Of many only the first are told: see [`Found::through`].
    pub fn search_after(&mut self, uid: u32) -> Result<Found, Error> {
        let mut through = uid;
        for _ in 0..SEARCHES_MAX {
            let Some(first) = through.checked_add(1) else {
                break;
            };
            // What is next is not there yet; what came since the mailbox was opened may be.
            let rest = self.uid_next.map(|next| next.saturating_sub(first));
            if rest.is_none_or(|rest| rest <= SEARCH_SPAN) {
                let uids = self.search(&format!("{first}:*"), first, u32::MAX)?;
                let newest = uids.last().copied().unwrap_or_default();
                let seen = self.uid_next.map_or(0, |next| next.saturating_sub(1));
                let through = newest.max(seen).max(through);
                return Ok(Found { uids, through });
            }
            let last = first + (SEARCH_SPAN - 1);
            let uids = self.search(&format!("{first}:{last}"), first, last)?;
            through = last;
            if !uids.is_empty() {
                return Ok(Found { uids, through });
            }
        }
        let uids = Vec::new();
        Ok(Found { uids, through })
    }

    fn search(&mut self, set: &str, first: u32, last: u32) -> Result<Vec<u32>, Error> {
        let mut uids = Vec::new();
        let line = format!("UID SEARCH UID {set} UNDELETED");
        let status = self.session.command_with(&line, &mut |response| {
            if let Response::Search(found) = response {
                // `7:*` names the last mail even if that is 5.
                uids.extend(found.into_iter().filter(|uid| (first..=last).contains(uid)));
            }
            // It may answer more than once.
            if uids.len() > FOUND_MAX {
                return Err(Error::Protocol("a search finds too much".to_owned()));
            }
            Ok(())
        })?;
        status.accepted()?;
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }
}
