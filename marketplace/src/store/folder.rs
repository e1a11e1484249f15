//! The folder and what lies in it: the database, the key, packages, and what is still coming in.

use super::StoreError;
use crate::clock::random_bytes;
use guichet_package::PublisherKey;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Where everything is kept.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder; nothing is looked at yet.
    pub(crate) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.0.join("marketplace.db")
    }

    pub(crate) fn key(&self) -> PathBuf {
        self.0.join("marketplace.key")
    }

    /// Packages, by the sha-256 of their tars.
    pub(crate) fn packages(&self) -> PathBuf {
        self.0.join("packages")
    }

    /// Uploads on their way; what is left there after a crash is swept.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.0.join("incoming")
    }

    /// Makes the folders that are not there.
    pub(crate) fn make(&self) -> Result<(), StoreError> {
        for folder in [self.packages(), self.incoming()] {
            fs::create_dir_all(&folder).map_err(StoreError::file(&folder))?;
        }
        Ok(())
    }

    /// The marketplace's secret key; absent where there is no file.
    pub(crate) fn read_key(&self) -> Result<Option<PublisherKey>, StoreError> {
        let path = self.key();
        match path.try_exists().map_err(StoreError::file(&path))? {
            true => Ok(Some(PublisherKey::read(&path)?)),
            false => Ok(None),
        }
    }

    /// Makes a key, unless another process was quicker. Written whole under another name first: a crash leaves no half of a key.
    pub(crate) fn make_key(&self) -> Result<PublisherKey, StoreError> {
        let path = self.key();
        let random = random_bytes::<32>().map_err(StoreError::file(&path))?;
        let beside = tempfile::Builder::new()
            .prefix("key-")
            .tempdir_in(&self.0)
            .map_err(StoreError::file(&self.0))?;
        let written = beside.path().join("key");
        PublisherKey::from_random(random).write(&written)?;
        match fs::hard_link(&written, &path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(StoreError::file(&path)(error));
            }
            _ => sync_folder(&self.0)?,
        }
        Ok(PublisherKey::read(&path)?)
    }
}

/// Makes the names in a folder last, as `fsync` does the content of a file.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(StoreError::file(folder))
}
