//! What a marketplace offers, as one signed document that can be kept, mirrored and read offline.
//!
//! A host remembers the greatest sequence that it saw: an older index, which might lack a revocation, is refused as replayed. An index
//! that nobody renews expires.

mod resolve;

pub use resolve::ResolveError;

use crate::{
    digest::Digest,
    limits::INDEX_BYTES_MAX,
    manifest::{Ask, Texts},
    sign::{PublicKey, PublisherKey, SignatureBytes},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Timestamp};
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

/// How far a marketplace's clock may be ahead of a host's.
pub const CLOCK_DIFFERENCE_SECONDS_MAX: i64 = 600;

/// A marketplace's index, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIndex {
    /// The index as JSON, in base64: what is signed are these bytes, not what somebody makes of them.
    pub payload: String,
    pub signature: SignatureBytes,
    pub key: PublicKey,
}

/// What a marketplace offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The marketplace's name for people.
    pub marketplace: String,
    /// Greater with each change.
    pub sequence: u64,
    pub issued_at: Timestamp,
    /// From then on it is not to be believed.
    pub expires_at: Timestamp,
    pub plugins: Vec<IndexedPlugin>,
    pub revocations: Vec<Revocation>,
}

/// A plugin on offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexedPlugin {
    /// `publisher/name`.
    pub id: String,
    /// By language; as its newest version says.
    pub title: Texts,
    #[serde(default)]
    pub summary: Texts,
    /// The publisher's keys: one of them signed each package.
    pub keys: Vec<PublicKey>,
    /// The newest first.
    pub versions: Vec<IndexedVersion>,
}

/// A version on offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexedVersion {
    pub version: Version,
    /// Versions of the contract that it runs on.
    pub platform: VersionReq,
    /// Of the package.
    pub digest: Digest,
    /// Of the package's tar.
    pub size_bytes: u64,
    pub published_at: Timestamp,
    /// Who signed it: one of the keys that its publisher had then.
    pub signed_by: PublicKey,
    /// What an admin will be asked to grant, hosts among them.
    pub permissions: Vec<Ask>,
}

/// A version that must not run any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revocation {
    pub digest: Digest,
    /// `publisher/name`.
    pub id: String,
    pub version: Version,
    /// For the admins who run it.
    pub reason: String,
    pub at: Timestamp,
}

/// Why an index is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    #[error(
        "the index is signed by {found}, and this marketplace's key is {expected}: if it has a new key, ask its operator for the fingerprint and set it"
    )]
    WrongKey { expected: String, found: String },
    #[error("the index was altered: its signature does not fit; fetch it anew")]
    Altered,
    #[error("the index cannot be read: {0}")]
    Form(String),
    #[error("the index has {bytes} bytes, and at most {INDEX_BYTES_MAX} are read")]
    TooLarge { bytes: usize },
    #[error(
        "the index expired at {at}: fetch it anew; if it stays so, the marketplace does not renew it, or this machine's clock is wrong"
    )]
    Expired { at: Timestamp },
    #[error(
        "the index was issued at {at}, which is yet to come: this machine's clock or the marketplace's is wrong"
    )]
    NotYet { at: Timestamp },
    #[error(
        "the index is an old one, number {sequence} after {seen} was seen: something on the way holds back the newer one"
    )]
    Replayed { sequence: u64, seen: u64 },
}

impl SignedIndex {
    /// Seals an index.
    ///
    /// # Errors
    /// [`IndexError::TooLarge`], and [`IndexError::Form`] if it cannot be written.
    pub fn seal(index: &Index, key: &PublisherKey) -> Result<Self, IndexError> {
        let bytes =
            serde_json::to_vec(index).map_err(|error| IndexError::Form(error.to_string()))?;
        let payload = STANDARD.encode(&bytes);
        check_size(&payload)?;
        Ok(Self {
            payload,
            signature: key.sign(&sentence(&bytes)),
            key: key.public(),
        })
    }

    /// Opens it, if it is of that marketplace, whole, of its time, and not older than what was seen before (0: nothing was).
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn open(
        &self,
        key: &PublicKey,
        now: Timestamp,
        last_sequence_seen: u64,
    ) -> Result<Index, IndexError> {
        check_size(&self.payload)?;
        if self.key != *key {
            return Err(IndexError::WrongKey {
                expected: key.fingerprint(),
                found: self.key.fingerprint(),
            });
        }
        let bytes = STANDARD
            .decode(&self.payload)
            .map_err(|_| IndexError::Altered)?;
        if !key.verify(&sentence(&bytes), &self.signature) {
            return Err(IndexError::Altered);
        }
        let index: Index =
            serde_json::from_slice(&bytes).map_err(|error| IndexError::Form(error.to_string()))?;
        if index.sequence < last_sequence_seen {
            return Err(IndexError::Replayed {
                sequence: index.sequence,
                seen: last_sequence_seen,
            });
        }
        if index.expires_at <= now {
            return Err(IndexError::Expired {
                at: index.expires_at,
            });
        }
        let ahead = index.issued_at.duration_since(now);
        if ahead > SignedDuration::from_secs(CLOCK_DIFFERENCE_SECONDS_MAX) {
            return Err(IndexError::NotYet {
                at: index.issued_at,
            });
        }
        Ok(index)
    }
}

fn check_size(payload: &str) -> Result<(), IndexError> {
    match payload.len() <= INDEX_BYTES_MAX {
        true => Ok(()),
        false => Err(IndexError::TooLarge {
            bytes: payload.len(),
        }),
    }
}

fn sentence(payload: &[u8]) -> Vec<u8> {
    [b"guichet index v1\n", payload].concat()
}

#[cfg(test)]
mod tests;
