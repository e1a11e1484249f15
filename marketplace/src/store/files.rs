//! Packages as files, by the sha-256 of their bytes. A file is whole and on the disk before a row names it; one that no row names is swept later.

use super::{
    Store, StoreError,
    folder::{Folder, sync_folder},
};
use crate::limits::ORPHAN_DAYS_MAX;
use guichet_package::Digest;
use jiff::{SignedDuration, Timestamp};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Where the file of that name is.
pub(crate) fn path(folder: &Path, file: &Digest) -> PathBuf {
    folder.join(format!("{}.tar", file.hex()))
}

/// Keeps these bytes: written under another name, made to last, renamed, and the name made to last. Bytes that are there, and are these, are left.
pub(crate) fn keep(folder: &Path, bytes: &[u8]) -> Result<Digest, StoreError> {
    let file = Digest::of(bytes);
    let path = path(folder, &file);
    if !fs::read(&path).is_ok_and(|present| present == bytes) {
        let written = tempfile::Builder::new()
            .prefix("new-")
            .tempfile_in(folder)
            .and_then(|mut new| {
                new.write_all(bytes)?;
                new.as_file().sync_all()?;
                Ok(new)
            })
            .map_err(StoreError::file(folder))?;
        written
            .persist(&path)
            .map_err(|error| StoreError::file(&path)(error.error))?;
    }
    sync_folder(folder)?;
    Ok(file)
}

impl Store {
    /// Deletes what a crash left behind: files that no row names, of another day. Under the write lock, in which packages are kept, too: a file that
    /// an upload is about to name is not taken from under it.
    pub(crate) async fn sweep(&self, folder: &Folder, now: Timestamp) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let named: Vec<String> = sqlx::query_scalar("select file from versions")
            .fetch_all(&mut *tx)
            .await?;
        let named: std::collections::BTreeSet<_> = named.into_iter().collect();
        let mut swept = 0;
        for place in [folder.packages(), folder.incoming()] {
            for entry in fs::read_dir(&place).map_err(StoreError::file(&place))? {
                let entry = entry.map_err(StoreError::file(&place))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let digest = name.strip_suffix(".tar").map(|hex| format!("sha256:{hex}"));
                let is_named = digest.is_some_and(|digest| named.contains(&digest));
                if !is_named && is_old(&entry, now) {
                    fs::remove_file(entry.path()).map_err(StoreError::file(&entry.path()))?;
                    swept += 1;
                }
            }
        }
        tx.commit().await?;
        Ok(swept)
    }
}

fn is_old(entry: &fs::DirEntry, now: Timestamp) -> bool {
    let most = SignedDuration::from_hours(24 * ORPHAN_DAYS_MAX);
    entry
        .metadata()
        .ok()
        .filter(fs::Metadata::is_file)
        .and_then(|metadata| metadata.modified().ok())
        .and_then(|modified| Timestamp::try_from(modified).ok())
        .is_some_and(|modified| now.duration_since(modified) > most)
}
