//! Who holds the jobs that run here: the data folder, by a name of its own. One process works in a folder at a time, which a lock on the file of that name keeps
//! so. What the folder holds when its next process begins is held by nobody, then, and need not wait until its lease has run out.

use crate::{clock::random_bytes, limits::FOLDER_WAIT_MS};
use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _},
    os::unix::fs::FileExt as _,
    path::Path,
    time::Duration,
};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// The folder, as long as this process works in it.
pub(crate) struct Holder {
    /// Its name in the table of jobs.
    pub(crate) id: Uuid,
    /// Locked, where there is one.
    _file: Option<File>,
}

const FILE: &str = "holder";

/// Between two looks whether the process before this one has ended.
const LOOK_EVERY: Duration = Duration::from_millis(20);

impl Holder {
    /// Takes the folder, whose name is made where it has none. A process that is about to end is waited for.
    ///
    /// # Errors
    /// Where another process works in it, or the file cannot be read or written.
    pub(crate) async fn take(data: &Path) -> io::Result<Self> {
        Self::take_within(data, Duration::from_millis(FOLDER_WAIT_MS)).await
    }

    async fn take_within(data: &Path, wait: Duration) -> io::Result<Self> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(data.join(FILE))?;
        lock(&file, wait).await?;
        let mut kept = Vec::new();
        file.read_to_end(&mut kept)?;
        // One that was not finished when the machine stopped is none: what it held waits for its lease.
        let id = match Uuid::try_parse_ascii(&kept) {
            Ok(id) => id,
            Err(_) => {
                let id = new_name();
                file.set_len(0)?;
                file.write_all_at(id.to_string().as_bytes(), 0)?;
                id
            }
        };
        Ok(Self {
            id,
            _file: Some(file),
        })
    }

    /// Of a database in memory, which is nobody else's and has no past: its folder is only room for what is compiled.
    pub(crate) fn of_memory() -> Self {
        Self {
            id: new_name(),
            _file: None,
        }
    }
}

fn new_name() -> Uuid {
    uuid::Builder::from_random_bytes(random_bytes()).into_uuid()
}

async fn lock(file: &File, wait: Duration) -> io::Result<()> {
    let until = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if Instant::now() < until => sleep(LOOK_EVERY).await,
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(
                    io::ErrorKind::ResourceBusy,
                    "another server works in it: end that one first, or give this one a folder of its own",
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_folder_keeps_its_name_and_no_other_folder_has_it() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let name = async |folder: &tempfile::TempDir| Holder::take(folder.path()).await.unwrap().id;
        let first = name(&one).await;
        assert_eq!(name(&one).await, first);
        assert_ne!(name(&other).await, first);
        std::fs::write(one.path().join(FILE), "half a na").unwrap();
        let anew = name(&one).await;
        assert_ne!(anew, first);
        assert_eq!(name(&one).await, anew);
    }

    #[tokio::test]
    async fn a_folder_in_which_another_process_works_is_waited_for_and_then_refused() {
        let folder = tempfile::tempdir().unwrap();
        let held = Holder::take(folder.path()).await.unwrap();
        let refused = Holder::take_within(folder.path(), Duration::ZERO).await;
        let refused = refused.err().unwrap();
        assert_eq!(refused.kind(), io::ErrorKind::ResourceBusy);
        let next = Holder::take(folder.path());
        let ends = async {
            tokio::task::yield_now().await;
            drop(held);
        };
        let (next, ()) = tokio::join!(next, ends);
        assert!(next.is_ok());
    }
}
