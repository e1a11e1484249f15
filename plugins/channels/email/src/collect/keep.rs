//! What a look asks of the desk: to keep what was fetched, and to do the rest later.

use super::{APART, RECEIVE, apart::Apart};
use crate::inbound::Fetched;
use guichet_sdk::{Error, clock, files, jobs, log};
use serde::Serialize;

/// Where what was fetched goes. Nothing of it is there before the job has come to its end.
pub(super) trait Keep {
    /// Keeps a piece of a mail: at the end of a file of this job, or in a new one. The file's id is answered.
    fn keep(&mut self, file: Option<&str>, piece: &[u8]) -> Result<String, Error>;

    /// A piece of a file that is kept; empty at its end.
    fn read(&mut self, file: &str, offset: usize) -> Result<Vec<u8>, Error>;

    /// A file is not needed any more.
    fn forget(&mut self, file: &str) -> Result<(), Error>;

    /// A mail is to be taken in.
    fn receive(&mut self, fetched: &Fetched) -> Result<(), Error>;

    /// A mail is to be fetched apart, in so many seconds.
    fn fetch_apart(&mut self, apart: &Apart, wait_seconds: u64) -> Result<(), Error>;

    /// What an admin should know.
    fn tell(&mut self, text: &str);
}

/// The desk.
pub(super) struct Desk;

impl Keep for Desk {
    fn keep(&mut self, file: Option<&str>, piece: &[u8]) -> Result<String, Error> {
        match file {
            None => Ok(files::put("source.eml", "message/rfc822", piece)?.file),
            Some(file) => files::append(file, piece).map(|()| file.to_owned()),
        }
    }

    fn read(&mut self, file: &str, offset: usize) -> Result<Vec<u8>, Error> {
        files::read(file, offset as u64, crate::limits::FILE_PART_BYTES as u32)
    }

    fn forget(&mut self, file: &str) -> Result<(), Error> {
        match files::delete(file) {
            // Not there any more: that is what is wanted.
            Err(Error::NotFound(_)) => Ok(()),
            deleted => deleted,
        }
    }

    fn receive(&mut self, fetched: &Fetched) -> Result<(), Error> {
        enqueue(RECEIVE, fetched, None)
    }

    fn fetch_apart(&mut self, apart: &Apart, wait_seconds: u64) -> Result<(), Error> {
        enqueue(APART, apart, Some(clock::now() + wait_seconds * 1_000_000))
    }

    fn tell(&mut self, text: &str) {
        log::write("warn", text);
    }
}

fn enqueue(name: &str, payload: &impl Serialize, due_at: Option<u64>) -> Result<(), Error> {
    let payload =
        serde_json::to_string(payload).map_err(|error| Error::Invalid(error.to_string()))?;
    jobs::enqueue(name, &payload, due_at, None).map(drop)
}

/// A desk that remembers what it was asked.
#[cfg(test)]
#[derive(Default)]
pub(super) struct Remembered {
    /// A file's id is its place.
    pub(super) files: Vec<Vec<u8>>,
    pub(super) forgotten: Vec<String>,
    pub(super) received: Vec<Fetched>,
    /// Each with how long it waits.
    pub(super) apart: Vec<(Apart, u64)>,
    pub(super) told: Vec<String>,
}

#[cfg(test)]
impl Keep for Remembered {
    fn keep(&mut self, file: Option<&str>, piece: &[u8]) -> Result<String, Error> {
        let at = match file {
            None => {
                self.files.push(Vec::new());
                self.files.len() - 1
            }
            Some(file) => file.parse().unwrap(),
        };
        self.files[at].extend_from_slice(piece);
        Ok(at.to_string())
    }

    fn read(&mut self, file: &str, offset: usize) -> Result<Vec<u8>, Error> {
        let file = &self.files[file.parse::<usize>().unwrap()];
        let rest = &file[offset.min(file.len())..];
        Ok(rest[..rest.len().min(crate::limits::FILE_PART_BYTES)].to_vec())
    }

    fn forget(&mut self, file: &str) -> Result<(), Error> {
        self.forgotten.push(file.to_owned());
        Ok(())
    }

    fn receive(&mut self, fetched: &Fetched) -> Result<(), Error> {
        self.received.push(fetched.clone());
        Ok(())
    }

    fn fetch_apart(&mut self, apart: &Apart, wait_seconds: u64) -> Result<(), Error> {
        self.apart.push((apart.clone(), wait_seconds));
        Ok(())
    }

    fn tell(&mut self, text: &str) {
        self.told.push(text.to_owned());
    }
}
