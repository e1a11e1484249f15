//! A mail that is fetched apart from the others: it is large for the way that it takes, or the server has trouble with it. Those behind it go first.
//!
//! Each job fetches a part, which is kept as a file; what is here counts, whatever becomes of the next job. All parts together are the mail. One that cannot be
//! had as a whole rests in the suspended queue with its beginning, and stays in the mailbox.

use super::{keep::Keep, look::Stop};
use crate::{
    imap::{self, Fetched},
    inbound,
    limits::{APART_ATTEMPTS_MAX, APART_BYTES, APART_FAILURES_MAX, PARTS_FORGOTTEN_MAX},
    wire::Wire,
};
use guichet_sdk::{Error, Failure};
use serde::{Deserialize, Serialize};

/// Seconds after the first failure of the server's; twice as many after each more.
const WAIT_SECONDS: u64 = 5;

/// Seconds until a server that cannot be reached is tried again, at most.
const AWAY_SECONDS_MAX: u64 = 300;

/// A mail that is fetched apart, and how far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Apart {
    pub(super) mailbox: String,
    /// Which folder of which server, as the reading is named.
    pub(super) place: String,
    pub(super) uid_validity: u32,
    pub(super) uid: u32,
    /// What is here of it, in order, and how many bytes that is.
    pub(super) files: Vec<String>,
    pub(super) bytes: usize,
    /// Of [`APART_BYTES`], how much a job fetches.
    pub(super) pace: usize,
    /// How often in a row the server failed at it.
    pub(super) failures: u32,
    /// How often in a row the server could not be reached.
    pub(super) away: u32,
    /// It is taken in, and to be marked or moved.
    pub(super) is_settling: bool,
}

/// What a job came to.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    /// There is more of it.
    Part,
    Whole,
    /// It is larger than mails may be.
    TooLarge,
    /// It is not there any more.
    Gone,
    Failed(imap::Error),
}

impl Apart {
    /// One job's work on it.
    ///
    /// # Errors
    /// What the desk could not do; or that nothing of it can be had, and that this is the end.
    pub(super) fn go_on<W: Wire>(
        mut self,
        open: imap::Mailbox<'_, W>,
        keep: &mut impl Keep,
    ) -> Result<(), Failure> {
        let again = |error: Error| Failure::Retry((None, error.to_string()));
        self.away = 0;
        match self.fetch(open, keep).map_err(again)? {
            Came::Part => keep.fetch_apart(&self, 0).map_err(again),
            Came::Whole => self.finish(keep).map_err(again),
            Came::TooLarge => self.rest("it is too large", keep),
            // What is here of it is more than nothing.
            Came::Gone if !self.files.is_empty() => self.rest("it was taken away meanwhile", keep),
            Came::Gone => {
                keep.tell(&format!("mail {} is gone again", self.uid));
                Ok(())
            }
            Came::Failed(error) if self.failures >= APART_FAILURES_MAX => {
                self.rest(&error.to_string(), keep)
            }
            Came::Failed(error) => self.fail(&error, keep).map_err(again),
        }
    }

    /// The same, after jobs that came to no end: a smaller part each. Nothing where there were too many of them.
    pub(super) fn after(self, attempt: u32) -> Option<Self> {
        let slower = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
        (attempt <= APART_ATTEMPTS_MAX).then(|| Self {
            pace: self.pace.saturating_add(slower).min(APART_BYTES.len() - 1),
            ..self
        })
    }

    /// The server failed at it: it is fetched on later.
    pub(super) fn fail(mut self, error: &imap::Error, keep: &mut impl Keep) -> Result<(), Error> {
        let wait_seconds = WAIT_SECONDS << self.failures;
        self.failures += 1;
        keep.tell(&format!(
            "mail {} is fetched apart in {wait_seconds} s, and those behind it go first: {error}",
            self.uid
        ));
        keep.fetch_apart(&self, wait_seconds)
    }

    /// The server cannot be reached: it is tried again, however long it is away.
    pub(super) fn wait(mut self, error: &Error, keep: &mut impl Keep) -> Result<(), Error> {
        let wait_seconds = (WAIT_SECONDS << self.away.min(10)).min(AWAY_SECONDS_MAX);
        self.away += 1;
        keep.tell(&format!("mail {} waits for its server: {error}", self.uid));
        keep.fetch_apart(&self, wait_seconds)
    }

    fn fetch<W: Wire>(
        &mut self,
        open: imap::Mailbox<'_, W>,
        keep: &mut impl Keep,
    ) -> Result<Came, Error> {
        let most = APART_BYTES[self.pace.min(APART_BYTES.len() - 1)];
        let (mut file, mut fetched_bytes): (Option<String>, _) = (None, 0);
        let fetched = open.in_parts_of(most).fetch(self.uid, self.bytes, |piece| {
            file = Some(keep.keep(file.as_deref(), piece)?);
            fetched_bytes += piece.len();
            match fetched_bytes >= most {
                true => Err(Stop::Enough),
                false => Ok(()),
            }
        });
        self.files.extend(file);
        self.bytes += fetched_bytes;
        if fetched_bytes > 0 {
            self.failures = 0;
        }
        Ok(match fetched {
            Ok(Fetched::Whole) => Came::Whole,
            Ok(Fetched::Stopped(Stop::Enough)) => Came::Part,
            Ok(Fetched::Stopped(Stop::Failed(error))) => return Err(error),
            Ok(Fetched::TooLarge) => Came::TooLarge,
            Ok(Fetched::Absent) => Came::Gone,
            Err(error) => Came::Failed(error),
        })
    }

    /// All of it is here.
    fn finish(mut self, keep: &mut impl Keep) -> Result<(), Error> {
        match self.together(keep)? {
            Some(file) => keep.receive(&self.taken(file, false))?,
            None => keep.tell(&format!("mail {} is empty", self.uid)),
        }
        self.files.clear();
        self.is_settling = true;
        keep.fetch_apart(&self, 0)
    }

    /// It ends with what is here of it. The mailbox has the only whole one.
    pub(super) fn rest(self, why: &str, keep: &mut impl Keep) -> Result<(), Failure> {
        let text = format!("mail {} of {} stays there: {why}", self.uid, self.mailbox);
        let again = |error: Error| Failure::Retry((None, error.to_string()));
        let Some(file) = self.together(keep).map_err(again)? else {
            return Err(Failure::GiveUp(text));
        };
        keep.tell(&text);
        keep.receive(&self.taken(file, true)).map_err(again)
    }

    fn taken(&self, file: String, is_cut: bool) -> inbound::Fetched {
        inbound::Fetched {
            file,
            mailbox: self.mailbox.clone(),
            is_cut,
        }
    }

    /// Its parts as one file, in whose place they go; nothing where there are none.
    fn together(&self, keep: &mut impl Keep) -> Result<Option<String>, Error> {
        if self.files.len() < 2 {
            return Ok(self.files.first().cloned());
        }
        let mut whole: Option<String> = None;
        for (index, part) in self.files.iter().enumerate() {
            let mut offset = 0;
            loop {
                let piece = keep.read(part, offset)?;
                if piece.is_empty() {
                    break;
                }
                offset += piece.len();
                whole = Some(keep.keep(whole.as_deref(), &piece)?);
            }
            if index < PARTS_FORGOTTEN_MAX {
                keep.forget(part)?;
            }
        }
        Ok(whole)
    }
}

#[cfg(test)]
mod tests;
