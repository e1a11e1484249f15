//! A static copy of a marketplace: its sealed index and its packages in a folder. It needs no key: what it sends is sealed by the marketplace and signed
//! by publishers, and hosts check both.

use crate::{
    client::{Client, ClientError},
    clock::Clock,
    shown::{Snapshot, key_shown, publisher_of},
    store::{StoreError, folder::sync_folder},
    wire::PublisherShown,
};
use guichet_package::{
    Digest, Index, Package, PublicKey, SignedIndex, index::IndexError, limits::INDEX_BYTES_MAX,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::SystemTime,
};

const INDEX_FILE: &str = "index.json";
const PACKAGES: &str = "packages";

/// What a copy took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    pub sequence: u64,
    /// Packages that came now.
    pub fetched: usize,
    /// Packages that were there.
    pub kept: usize,
    /// Packages that were deleted: taken back, or no more on offer.
    pub deleted: usize,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the package {0} cannot be written")]
    Package(Digest, #[source] guichet_package::PackageError),
}

/// Copies what a marketplace offers into a folder, or brings the copy up to date. Each package is checked as a host would; the index is written last, so
/// that it never names what is not there. An index older than the one that is there is refused.
///
/// # Errors
/// [`MirrorError`].
pub async fn copy(
    client: &Client,
    key: &PublicKey,
    folder: &Path,
    clock: &Clock,
) -> Result<Copied, MirrorError> {
    let packages = folder.join(PACKAGES);
    fs::create_dir_all(&packages).map_err(StoreError::file(&packages))?;
    let seen = match read_index(folder)? {
        Some(signed) if signed.key == *key => unsealed(&signed)?.sequence,
        _ => 0,
    };
    let signed = client.signed_index().await?;
    let index = signed.open(key, clock.now(), seen)?;
    let mut copied = Copied {
        sequence: index.sequence,
        ..Copied::default()
    };
    let mut wanted = BTreeSet::new();
    for version in index.plugins.iter().flat_map(|plugin| &plugin.versions) {
        if index.revocation(&version.digest).is_some() {
            continue;
        }
        let path = package_path(folder, &version.digest);
        match is_whole(&path, &version.digest) {
            true => copied.kept += 1,
            false => {
                let package = client.download(version).await?;
                let tar = package
                    .write_tar()
                    .map_err(|error| MirrorError::Package(version.digest.clone(), error))?;
                write(&path, &tar)?;
                copied.fetched += 1;
            }
        }
        wanted.insert(path);
    }
    let document =
        serde_json::to_vec(&signed).map_err(|error| StoreError::Damaged(error.to_string()))?;
    write(&folder.join(INDEX_FILE), &document)?;
    copied.deleted = delete_others(&packages, &wanted)?;
    Ok(copied)
}

fn is_whole(path: &Path, digest: &Digest) -> bool {
    fs::File::open(path)
        .ok()
        .and_then(|file| Package::read_tar(file).ok())
        .is_some_and(|package| package.digest() == *digest)
}

/// Only what looks like a copied package: the folder may hold other things.
fn delete_others(packages: &Path, wanted: &BTreeSet<PathBuf>) -> Result<usize, StoreError> {
    let mut deleted = 0;
    for entry in fs::read_dir(packages).map_err(StoreError::file(packages))? {
        let path = entry.map_err(StoreError::file(packages))?.path();
        let is_tar = path.extension().is_some_and(|extension| extension == "tar");
        if is_tar && !wanted.contains(&path) {
            fs::remove_file(&path).map_err(StoreError::file(&path))?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

/// Whole or not at all: under another name first.
fn write(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(path);
    let mut new = tempfile::NamedTempFile::new_in(folder).map_err(StoreError::file(folder))?;
    new.write_all(bytes)
        .and_then(|()| new.as_file().sync_all())
        .map_err(StoreError::file(path))?;
    new.persist(path)
        .map_err(|error| StoreError::file(path)(error.error))?;
    sync_folder(folder)
}

fn package_path(folder: &Path, digest: &Digest) -> PathBuf {
    folder.join(PACKAGES).join(format!("{}.tar", digest.hex()))
}

fn read_index(folder: &Path) -> Result<Option<SignedIndex>, StoreError> {
    let path = folder.join(INDEX_FILE);
    if !path.try_exists().map_err(StoreError::file(&path))? {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    fs::File::open(&path)
        .and_then(|file| {
            file.take(2 * INDEX_BYTES_MAX as u64)
                .read_to_end(&mut bytes)
        })
        .map_err(StoreError::file(&path))?;
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| StoreError::Damaged(format!("{}: {error}", path.display())))
}

/// What the index says, however old it is: a mirror passes it on, and hosts decide whether they believe it.
fn unsealed(signed: &SignedIndex) -> Result<Index, StoreError> {
    let damaged = |error: IndexError| StoreError::Damaged(error.to_string());
    let mut at = jiff::Timestamp::UNIX_EPOCH;
    loop {
        // Opened as of when it was issued, which it says itself.
        match signed.open(&signed.key, at, 0) {
            Ok(index) => return Ok(index),
            Err(IndexError::NotYet { at: issued }) if issued > at => at = issued,
            Err(error) => return Err(damaged(error)),
        }
    }
}

/// A folder with a copy, to be served.
#[derive(Debug)]
pub struct Mirror {
    folder: PathBuf,
    shown: RwLock<Option<(SystemTime, Arc<Snapshot>)>>,
}

impl Mirror {
    /// Opens a copy.
    ///
    /// # Errors
    /// [`StoreError`]: there is none in that folder.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        match read_index(folder)? {
            Some(_) => Ok(Self {
                folder: folder.to_owned(),
                shown: RwLock::default(),
            }),
            None => Err(StoreError::NoMirror(folder.to_owned())),
        }
    }

    /// Of which marketplace it is a copy: its name, its key, and until when hosts believe it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn origin(&self) -> Result<(String, PublicKey, jiff::Timestamp), StoreError> {
        let snapshot = self.snapshot().await?;
        Ok((
            snapshot.index.marketplace.clone(),
            snapshot.key.clone(),
            snapshot.index.expires_at,
        ))
    }

    pub(crate) fn file_of(&self, digest: &Digest) -> PathBuf {
        package_path(&self.folder, digest)
    }

    /// The copy as it is now: read again where the file changed.
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, StoreError> {
        let path = self.folder.join(INDEX_FILE);
        let written = tokio::fs::metadata(&path)
            .await
            .and_then(|metadata| metadata.modified())
            .map_err(StoreError::file(&path))?;
        {
            let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, snapshot)) = shown.as_ref()
                && *at == written
            {
                return Ok(snapshot.clone());
            }
        }
        let folder = self.folder.clone();
        let made = tokio::task::spawn_blocking(move || snapshot(&folder))
            .await
            .map_err(|error| StoreError::Damaged(error.to_string()))??;
        let made = Arc::new(made);
        *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Some((written, made.clone()));
        Ok(made)
    }
}

fn snapshot(folder: &Path) -> Result<Snapshot, StoreError> {
    let signed = read_index(folder)?.ok_or_else(|| StoreError::NoMirror(folder.to_owned()))?;
    let index = unsealed(&signed)?;
    let document =
        serde_json::to_vec(&signed).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let publishers = publishers(&index);
    Ok(Snapshot::new(
        index,
        document.into(),
        signed.key,
        publishers,
    ))
}

/// What the index says of publishers: their keys.
fn publishers(index: &Index) -> BTreeMap<String, PublisherShown> {
    let mut publishers: BTreeMap<String, PublisherShown> = BTreeMap::new();
    for plugin in &index.plugins {
        let name = publisher_of(&plugin.id);
        let publisher = publishers
            .entry(name.to_owned())
            .or_insert_with(|| PublisherShown {
                name: name.to_owned(),
                title: name.to_owned(),
                keys: Vec::new(),
            });
        for key in &plugin.keys {
            if !publisher.keys.iter().any(|shown| shown.key == *key) {
                publisher.keys.push(key_shown(key));
            }
        }
    }
    publishers
}
