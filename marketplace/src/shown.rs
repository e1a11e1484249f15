//! What is on offer, sealed, as it is now.
//!
//! It is kept in memory as long as the database says that nothing changed, and sealed anew each day although nothing did: while the service runs, an
//! index that it sends never expires.

use crate::{
    limits::{INDEX_RENEWED_AFTER_HOURS, INDEX_VALID_HOURS},
    market::{MarketError, Marketplace, Publisher},
    search::Searchable,
    store::StoreError,
    wire::{KeyShown, PluginDetail, PublisherShown, Revoked, VersionDetail},
};
use axum::body::Bytes;
use guichet_package::{
    Digest, Index, PublicKey, SignedIndex,
    index::{IndexedPlugin, IndexedVersion},
};
use jiff::{SignedDuration, Timestamp};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

/// What is on offer, and what pages and search make of it.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) index: Index,
    /// The sealed index as JSON.
    pub(crate) document: Bytes,
    pub(crate) key: PublicKey,
    /// By name.
    pub(crate) publishers: BTreeMap<String, PublisherShown>,
    /// In the index's order.
    pub(crate) searchable: Vec<Searchable>,
    revoked: BTreeMap<Digest, Revoked>,
}

impl Snapshot {
    pub(crate) fn new(
        index: Index,
        document: Bytes,
        key: PublicKey,
        publishers: BTreeMap<String, PublisherShown>,
    ) -> Self {
        let searchable = index.plugins.iter().map(Searchable::of).collect();
        let revoked = index
            .revocations
            .iter()
            .map(|revocation| {
                let told = Revoked {
                    reason: revocation.reason.clone(),
                    at: revocation.at,
                };
                (revocation.digest.clone(), told)
            })
            .collect();
        Self {
            index,
            document,
            key,
            publishers,
            searchable,
            revoked,
        }
    }

    /// Whether and why a package was taken back.
    pub(crate) fn revoked(&self, digest: &Digest) -> Option<&Revoked> {
        self.revoked.get(digest)
    }

    /// A version on offer, by its package.
    pub(crate) fn version(&self, digest: &Digest) -> Option<&IndexedVersion> {
        self.index
            .plugins
            .iter()
            .flat_map(|plugin| &plugin.versions)
            .find(|version| version.digest == *digest)
    }

    /// What an admin would install today: the newest that was not taken back, finished ones first.
    pub(crate) fn newest<'a>(&self, plugin: &'a IndexedPlugin) -> Option<&'a IndexedVersion> {
        let good = || {
            plugin
                .versions
                .iter()
                .filter(|version| self.revoked(&version.digest).is_none())
        };
        good()
            .filter(|version| version.version.pre.is_empty())
            .max_by(|one, other| one.version.cmp(&other.version))
            .or_else(|| good().max_by(|one, other| one.version.cmp(&other.version)))
    }

    /// All that is known of a plugin.
    pub(crate) fn plugin(&self, id: &str) -> Option<PluginDetail> {
        let plugin = self.index.plugin(id)?;
        let name = publisher_of(id);
        let publisher = self
            .publishers
            .get(name)
            .cloned()
            .unwrap_or_else(|| PublisherShown {
                name: name.to_owned(),
                title: name.to_owned(),
                keys: plugin.keys.iter().map(key_shown).collect(),
            });
        Some(PluginDetail {
            id: plugin.id.clone(),
            title: plugin.title.clone(),
            summary: plugin.summary.clone(),
            publisher,
            versions: plugin
                .versions
                .iter()
                .map(|version| VersionDetail {
                    revoked: self.revoked(&version.digest).cloned(),
                    version: version.clone(),
                })
                .collect(),
        })
    }
}

/// The part of an id before the slash.
pub(crate) fn publisher_of(id: &str) -> &str {
    id.split('/').next().unwrap_or(id)
}

/// A key of which no more is known than that it is one.
pub(crate) fn key_shown(key: &PublicKey) -> KeyShown {
    KeyShown {
        fingerprint: key.fingerprint(),
        key: key.clone(),
        retired_at: None,
    }
}

impl From<&Publisher> for PublisherShown {
    fn from(publisher: &Publisher) -> Self {
        Self {
            name: publisher.name.clone(),
            title: publisher.title.clone(),
            keys: publisher
                .keys
                .iter()
                .map(|kept| KeyShown {
                    retired_at: kept.retired_at,
                    ..key_shown(&kept.key)
                })
                .collect(),
        }
    }
}

/// The last snapshot, and one at a time who makes the next.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    last: RwLock<Option<Arc<Snapshot>>>,
    making: tokio::sync::Mutex<()>,
}

impl Shown {
    /// The last one, if it is of that change and its seal is fresh.
    fn fresh(&self, sequence: u64, now: Timestamp) -> Option<Arc<Snapshot>> {
        let last = self.last.read().unwrap_or_else(PoisonError::into_inner);
        let renew_after = SignedDuration::from_hours(INDEX_RENEWED_AFTER_HOURS);
        last.as_ref()
            .filter(|snapshot| {
                let age = now.duration_since(snapshot.index.issued_at);
                // A negative age: the clock was set back, and hosts would not believe an index of tomorrow.
                snapshot.index.sequence == sequence && !age.is_negative() && age < renew_after
            })
            .cloned()
    }

    fn keep(&self, snapshot: Arc<Snapshot>) {
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(snapshot);
    }
}

impl Marketplace {
    /// What is on offer now, and what other processes changed a moment ago.
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, MarketError> {
        if let Some(fresh) = self.fresh_snapshot().await? {
            return Ok(fresh);
        }
        let _one_at_a_time = self.shown().making.lock().await;
        if let Some(fresh) = self.fresh_snapshot().await? {
            return Ok(fresh);
        }
        let shelf = self.store().shelf().await?;
        let (key, now) = (self.key().clone(), self.clock().now());
        let valid = SignedDuration::from_hours(INDEX_VALID_HOURS);
        let publishers = shelf
            .publishers
            .iter()
            .map(|publisher| (publisher.name.clone(), publisher.into()))
            .collect();
        let index = Index {
            marketplace: shelf.name,
            sequence: shelf.sequence,
            issued_at: now,
            expires_at: now.saturating_add(valid).unwrap_or(Timestamp::MAX),
            plugins: shelf.plugins,
            revocations: shelf.revocations,
        };
        let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(error.to_string());
        let made = tokio::task::spawn_blocking(move || {
            let signed = SignedIndex::seal(&index, &key).map_err(|error| damaged(&error))?;
            let document = serde_json::to_vec(&signed).map_err(|error| damaged(&error))?;
            Ok::<_, StoreError>(Snapshot::new(
                index,
                document.into(),
                signed.key,
                publishers,
            ))
        })
        .await
        .map_err(|error| damaged(&error))??;
        let made = Arc::new(made);
        self.shown().keep(made.clone());
        Ok(made)
    }

    async fn fresh_snapshot(&self) -> Result<Option<Arc<Snapshot>>, MarketError> {
        let sequence = self.store().sequence().await?;
        let sequence = u64::try_from(sequence).unwrap_or_default();
        Ok(self.shown().fresh(sequence, self.clock().now()))
    }
}
