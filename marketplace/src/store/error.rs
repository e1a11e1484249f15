//! What can go wrong with the folder.

use guichet_package::sign::KeyError;
use std::{io, path::PathBuf};

/// A failure of the database or a file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the marketplace's database")]
    Database(#[from] sqlx::Error),
    #[error("{} cannot be read or written", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the marketplace's database holds what cannot be read: {0}")]
    Damaged(String),
    #[error(
        "migration {0} of this database is not the one of this program: use the program that made it, or restore a backup"
    )]
    Migration(i64),
    #[error(
        "there is no marketplace in {}: make one with `guichet marketplace init`, or say where it is with --data",
        .0.display()
    )]
    NoMarketplace(PathBuf),
    #[error(
        "there is no copy of a marketplace in {}: make one with `guichet marketplace mirror`",
        .0.display()
    )]
    NoMirror(PathBuf),
    #[error("the marketplace's key")]
    Key(#[from] KeyError),
    #[error(
        "the key in {} is not the one of this marketplace, {expected}: put the right file back; hosts believe no other",
        path.display()
    )]
    OtherKey { path: PathBuf, expected: String },
    #[error(
        "the key file {} is gone: put it back; hosts believe what the key {expected} signs and nothing else",
        path.display()
    )]
    LostKey { path: PathBuf, expected: String },
}

impl StoreError {
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
