//! Who made something: Ed25519 keys, their texts, and signatures of packages.
//!
//! A signature is over a sentence that says what is signed, so that none can be used for anything else. What is signed of a package is its digest,
//! which names all its parts.

mod key;

pub use key::{KeyError, PublicKey, PublisherKey, SignatureBytes};

use crate::{digest::Digest, layout::Package};
use serde::{Deserialize, Serialize};

/// A signature of a package, as it lies in the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub key: PublicKey,
    pub signature: SignatureBytes,
}

/// Why a package is not taken for somebody's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    #[error("the package is not signed: sign it with `guichet plugin sign`")]
    Unsigned,
    #[error("the package is signed by {found}, and that key is not known here; known are {known}")]
    UnknownKey { found: String, known: String },
    #[error(
        "the signature of {0} does not fit this package: it was altered or made for another; do not use it"
    )]
    Bad(String),
}

impl Package {
    /// Signs it. A signature of the same key takes the place of the one before.
    pub fn sign(&mut self, key: &PublisherKey) {
        let signature = Signature {
            key: key.public(),
            signature: key.sign(&sentence(&self.digest())),
        };
        self.signatures.retain(|other| other.key != signature.key);
        self.signatures.push(signature);
        // In one order, whoever signed first: the same package and signers are the same bytes.
        self.signatures
            .sort_by(|one, other| one.key.cmp(&other.key));
    }

    /// Checks that one of these keys signed it, and says which.
    ///
    /// # Errors
    /// [`SignatureError`]: unsigned, signed by others only, or with a signature that does not fit.
    pub fn verify(&self, keys: &[PublicKey]) -> Result<PublicKey, SignatureError> {
        if self.signatures.is_empty() {
            return Err(SignatureError::Unsigned);
        }
        let sentence = sentence(&self.digest());
        let known: Vec<_> = self
            .signatures
            .iter()
            .filter(|signature| keys.contains(&signature.key))
            .collect();
        if let Some(good) = known
            .iter()
            .find(|signature| signature.key.verify(&sentence, &signature.signature))
        {
            return Ok(good.key.clone());
        }
        Err(match known.first() {
            Some(bad) => SignatureError::Bad(bad.key.fingerprint()),
            None => SignatureError::UnknownKey {
                found: list(self.signatures.iter().map(|signature| &signature.key)),
                known: list(keys.iter()),
            },
        })
    }

    /// The keys that its signatures name. They say nothing until [`Package::verify`] was asked.
    pub fn claimed_keys(&self) -> impl Iterator<Item = &PublicKey> {
        self.signatures.iter().map(|signature| &signature.key)
    }
}

fn sentence(digest: &Digest) -> Vec<u8> {
    format!("guichet package v1\n{digest}").into_bytes()
}

fn list<'a>(keys: impl Iterator<Item = &'a PublicKey>) -> String {
    let fingerprints: Vec<_> = keys.map(PublicKey::fingerprint).collect();
    match fingerprints.is_empty() {
        true => "none".to_owned(),
        false => fingerprints.join(", "),
    }
}

#[cfg(test)]
mod tests;
