//! The marketplace: what publishers and its operator do. Each verb is one transaction; what it decides, it decides under the write lock, so that of
//! several who do the same at once one wins and the others are told.

/// Uploads and revocations.
mod publish;

/// Who may publish.
mod publishers;

/// What the operator does with versions.
mod review;

use crate::{
    clock::Clock,
    refusal::Refusal,
    shown::Shown,
    store::{Store, folder::Folder},
    wire::{Introduction, check_title},
};
use guichet_package::{PublicKey, PublisherKey};
use std::path::{Path, PathBuf};

pub use publish::Outcome;

pub use crate::store::{
    StoreError,
    publishers::{KeptKey, Publisher, Request},
    versions::{Known, State},
};

/// How the marketplace is run.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// For people. The one it has, where none is said.
    pub name: Option<String>,
    /// Which uploads wait for the operator.
    pub review: Review,
}

/// Which uploads wait for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Review {
    /// None: a publisher that was let in is trusted.
    #[default]
    Nothing,
    /// The versions of a plugin until one of it is on offer.
    FirstVersions,
}

/// The name of a marketplace that was given none.
const UNNAMED: &str = "Guichet Marketplace";

/// A marketplace, opened.
#[derive(Debug)]
pub struct Marketplace {
    folder: Folder,
    store: Store,
    key: PublisherKey,
    review: Review,
    clock: Clock,
    shown: Shown,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for MarketError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Marketplace {
    /// Opens the marketplace of a folder, or makes one there: folder, key and database.
    ///
    /// # Errors
    /// [`MarketError`]: the name is none, the folder cannot be written, or its key is not the marketplace's.
    pub async fn start(
        folder: &Path,
        settings: Settings,
        clock: Clock,
    ) -> Result<Self, MarketError> {
        if let Some(name) = &settings.name {
            check_title(name).map_err(Refusal::from)?;
        }
        let folder = Folder::new(folder);
        folder.make()?;
        let store = Store::open(&folder.database()).await?;
        if store.marketplace().await?.is_none() {
            let key = match folder.read_key()? {
                Some(key) => key,
                None => folder.make_key()?,
            };
            let name = settings.name.as_deref().unwrap_or(UNNAMED);
            let public = key.public().to_string();
            store.make(name, &public, clock.now()).await?;
        }
        let market = Self::opened(folder, store, settings.review, clock).await?;
        let now = market.clock.now();
        match settings.name {
            Some(name) if market.introduction().await?.name != name => {
                market.store.rename(&name, now).await?;
            }
            _ => market.store.touch(now).await?,
        }
        market.store.sweep(&market.folder, now).await?;
        Ok(market)
    }

    /// Opens the marketplace of a folder, beside a server that may run on it.
    ///
    /// # Errors
    /// [`MarketError`]: there is none, or its key is gone.
    pub async fn open(folder: &Path, clock: Clock) -> Result<Self, MarketError> {
        let folder = Folder::new(folder);
        let database = folder.database();
        if !database.try_exists().map_err(StoreError::file(&database))? {
            return Err(StoreError::NoMarketplace(folder.path().to_owned()).into());
        }
        let store = Store::open(&database).await?;
        Self::opened(folder, store, Review::Nothing, clock).await
    }

    async fn opened(
        folder: Folder,
        store: Store,
        review: Review,
        clock: Clock,
    ) -> Result<Self, MarketError> {
        let row = store
            .marketplace()
            .await?
            .ok_or_else(|| StoreError::NoMarketplace(folder.path().to_owned()))?;
        let path = folder.key();
        let key = match folder.read_key()? {
            Some(key) if key.public().to_string() == row.key => key,
            Some(_) => {
                return Err(StoreError::OtherKey {
                    path,
                    expected: row.key,
                }
                .into());
            }
            None => {
                return Err(StoreError::LostKey {
                    path,
                    expected: row.key,
                }
                .into());
            }
        };
        Ok(Self {
            folder,
            store,
            key,
            review,
            clock,
            shown: Shown::default(),
        })
    }

    /// The key that hosts must know.
    pub fn public_key(&self) -> PublicKey {
        self.key.public()
    }

    /// Where the secret key lies, of which a copy should be kept elsewhere.
    pub fn key_path(&self) -> PathBuf {
        self.folder.key()
    }

    /// Name and key.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn introduction(&self) -> Result<Introduction, MarketError> {
        let row = self
            .store
            .marketplace()
            .await?
            .ok_or_else(|| StoreError::NoMarketplace(self.folder.path().to_owned()))?;
        Ok(Introduction {
            name: row.name,
            fingerprint: self.public_key().fingerprint(),
            key: self.public_key(),
        })
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn folder(&self) -> &Folder {
        &self.folder
    }

    pub(crate) fn key(&self) -> &PublisherKey {
        &self.key
    }

    pub(crate) fn shown(&self) -> &Shown {
        &self.shown
    }
}
