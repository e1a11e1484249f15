//! Uploads and revocations.

use super::{MarketError, Marketplace, Review};
use crate::{
    checks,
    exact::Exact,
    limits::{
        PLUGIN_INDEX_BYTES_BESIDE, PUBLISHER_INDEX_BYTES_MAX, VERSIONS_INDEX_BYTES_MAX,
        WAITING_OF_A_PUBLISHER_MAX,
    },
    refusal::Refusal,
    store::{
        self, Writing, files, publishers, revocations,
        versions::{self, Known, New, State},
    },
    wire::{Published, RevocationNotice, Revoked, Standing, check_reason},
};
use guichet_package::{Package, PublicKey, index::IndexedVersion};

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken now.
    New(Published),
    /// It was there before.
    Again(Published),
}

impl Marketplace {
    /// Takes a package in. The same package again changes nothing. Any version that was not used yet may come, in any order: a fix of an old line, too.
    ///
    /// # Errors
    /// [`Refusal`]; [`MarketError::Store`] where it cannot be kept.
    pub async fn publish(&self, package: Package) -> Result<Outcome, MarketError> {
        checks::manifest(package.manifest())?;
        let (digest, now) = (package.digest(), self.clock().now());
        let mut tx = self.store().write().await?;
        let publisher = package.manifest().publisher();
        let keys = publishers::keys(&mut tx, publisher)
            .await?
            .ok_or_else(|| Refusal::UnknownPublisher(publisher.to_owned()))?;
        if let Some(known) = versions::by_digest(&mut tx, &digest).await? {
            return again(&package, &known).map_err(MarketError::from);
        }
        let signed_by = checks::signer(&package, &keys)?;
        self.is_free(&mut tx, &package).await?;
        let tar = package.write_tar().map_err(Refusal::from)?;
        let indexed = indexed(&package, signed_by, tar.len() as u64, now);
        let index_bytes = checks::index_bytes(package.manifest(), &indexed)?;
        let state = self.first_state(&mut tx, &package).await?;
        has_room(&mut tx, publisher, index_bytes, state).await?;
        // On the disk before the row that names it; under the lock, so that it is not swept from under it.
        let folder = self.folder().packages();
        let file = tokio::task::spawn_blocking(move || files::keep(&folder, &tar))
            .await
            .map_err(|error| store::StoreError::Damaged(error.to_string()))??;
        let new = New {
            publisher,
            id: &package.manifest().id,
            title: &package.manifest().title,
            summary: &package.manifest().summary,
            indexed: &indexed,
            file: &file,
            index_bytes,
            state,
        };
        versions::insert(&mut tx, &new, now).await?;
        if state == State::Listed {
            store::changed(&mut tx, now).await?;
        }
        tx.commit().await?;
        Ok(Outcome::New(published(&package, state)))
    }

    /// A publisher takes a version back.
    ///
    /// # Errors
    /// [`Refusal`]; [`MarketError::Store`].
    pub async fn revoke_signed(&self, notice: &RevocationNotice) -> Result<Revoked, MarketError> {
        check_reason(&notice.reason).map_err(Refusal::from)?;
        if !notice.is_signed_for(&self.public_key()) {
            return Err(Refusal::Proof.into());
        }
        let mut tx = self.store().write().await?;
        let publisher = notice.id.split('/').next().unwrap_or_default();
        let keys = publishers::keys(&mut tx, publisher)
            .await?
            .ok_or_else(|| Refusal::UnknownPublisher(publisher.to_owned()))?;
        let fingerprint = notice.key.fingerprint();
        let publisher = publisher.to_owned();
        match keys.iter().find(|kept| kept.key == notice.key) {
            None => {
                return Err(Refusal::ForeignKey {
                    publisher,
                    fingerprint,
                }
                .into());
            }
            Some(kept) => {
                if let Some(at) = kept.retired_at {
                    return Err(Refusal::RetiredKey {
                        publisher,
                        fingerprint,
                        at,
                    }
                    .into());
                }
            }
        }
        let known = versions::by_digest(&mut tx, &notice.digest)
            .await?
            .filter(|known| known.id == notice.id && known.version == notice.version)
            .ok_or_else(|| not_offered(&notice.id, &notice.version.to_string()))?;
        self.revoke(tx, &known, &notice.reason, Some(&notice.key))
            .await
    }

    /// The operator takes a version back.
    ///
    /// # Errors
    /// [`Refusal`]; [`MarketError::Store`].
    pub async fn revoke_exact(&self, exact: &Exact, reason: &str) -> Result<Revoked, MarketError> {
        check_reason(reason).map_err(Refusal::from)?;
        let mut tx = self.store().write().await?;
        let known = versions::by_release(&mut tx, &exact.id, &exact.version)
            .await?
            .into_iter()
            .find(|known| known.version == exact.version)
            .ok_or_else(|| not_offered(&exact.id, &exact.version.to_string()))?;
        self.revoke(tx, &known, reason, None).await
    }

    async fn revoke(
        &self,
        mut tx: Writing,
        known: &Known,
        reason: &str,
        by: Option<&PublicKey>,
    ) -> Result<Revoked, MarketError> {
        if matches!(known.state, State::Waiting | State::Rejected) {
            return Err(not_offered(&known.id, &known.version.to_string()).into());
        }
        let now = self.clock().now();
        let (revoked, is_new) =
            revocations::revoke(&mut tx, &known.digest, reason, by, now).await?;
        if is_new {
            store::changed(&mut tx, now).await?;
        }
        tx.commit().await?;
        Ok(revoked)
    }

    async fn is_free(&self, tx: &mut Writing, package: &Package) -> Result<(), MarketError> {
        let (id, version) = (&package.manifest().id, &package.manifest().version);
        let present = versions::by_release(tx, id, version).await?;
        match present
            .into_iter()
            .find(|known| known.state != State::Rejected)
        {
            None => Ok(()),
            Some(known) => Err(Refusal::OtherContent {
                id: id.clone(),
                version: known.version.to_string(),
                digest: known.digest,
            }
            .into()),
        }
    }

    async fn first_state(&self, tx: &mut Writing, package: &Package) -> Result<State, MarketError> {
        let waits = self.review == Review::FirstVersions
            && !versions::was_offered(tx, &package.manifest().id).await?;
        Ok(match waits {
            true => State::Waiting,
            false => State::Listed,
        })
    }
}

/// Whether the index has room for a version, now or once it was reviewed.
pub(super) async fn has_room(
    tx: &mut Writing,
    publisher: &str,
    index_bytes: i64,
    state: State,
) -> Result<(), MarketError> {
    let room = versions::room(tx, publisher, PLUGIN_INDEX_BYTES_BESIDE).await?;
    let more = index_bytes + PLUGIN_INDEX_BYTES_BESIDE;
    let refused = if state == State::Waiting && room.waiting >= WAITING_OF_A_PUBLISHER_MAX {
        Refusal::TooManyWaiting(publisher.to_owned())
    } else if room.publisher_bytes + more > PUBLISHER_INDEX_BYTES_MAX {
        Refusal::PublisherFull(publisher.to_owned())
    } else if room.all_bytes + more > VERSIONS_INDEX_BYTES_MAX {
        Refusal::IndexFull
    } else {
        return Ok(());
    };
    Err(refused.into())
}

/// The same package comes again.
fn again(package: &Package, known: &Known) -> Result<Outcome, Refusal> {
    let (id, version) = (known.id.clone(), known.version.to_string());
    if let Some(reason) = &known.revoked {
        return Err(Refusal::Revoked {
            id,
            version,
            reason: reason.clone(),
        });
    }
    match known.state {
        State::Waiting | State::Listed => Ok(Outcome::Again(published(package, known.state))),
        State::Rejected => Err(Refusal::Rejected {
            id,
            version,
            reason: known.reason.clone().unwrap_or_default(),
        }),
        State::Unlisted => Err(Refusal::Unlisted { id, version }),
    }
}

fn published(package: &Package, state: State) -> Published {
    Published {
        id: package.manifest().id.clone(),
        version: package.manifest().version.clone(),
        digest: package.digest(),
        standing: match state {
            State::Listed => Standing::Listed,
            _ => Standing::Waiting,
        },
        notices: package.manifest().unused(package.inspection()),
    }
}

fn indexed(
    package: &Package,
    signed_by: PublicKey,
    size_bytes: u64,
    now: jiff::Timestamp,
) -> IndexedVersion {
    let manifest = package.manifest();
    IndexedVersion {
        version: manifest.version.clone(),
        platform: manifest.platform.clone(),
        digest: package.digest(),
        size_bytes,
        published_at: now,
        signed_by,
        permissions: manifest.asks().collect(),
    }
}

fn not_offered(id: &str, version: &str) -> Refusal {
    Refusal::NotFound(format!(
        "{id} {version} is not on offer here, and cannot be taken back"
    ))
}
