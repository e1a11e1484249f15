//! A publisher's key, and signatures of packages by it.

use crate::{
    pack::{self, PackError, Packed},
    project::Project,
};
use guichet::clock::random_bytes;
use guichet_package::{PublicKey, PublisherKey, sign::KeyError};
use std::path::Path;

/// Why nothing is signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(
        "{0} is there already, and a key is never written over: choose another file, or move it away"
    )]
    Taken(String),
    #[error(transparent)]
    Package(#[from] PackError),
}

/// Makes a key and writes it to a file that its owner alone may read.
///
/// # Errors
/// [`SignError::Taken`]: a key that is lost cannot be had again.
pub fn new_key(path: &Path) -> Result<PublicKey, SignError> {
    if path.exists() {
        return Err(SignError::Taken(path.display().to_string()));
    }
    let key = PublisherKey::from_random(random_bytes::<32>());
    key.write(path)?;
    Ok(key.public())
}

/// The public half of a key file.
///
/// # Errors
/// [`SignError::Key`].
pub fn public_key(path: &Path) -> Result<PublicKey, SignError> {
    Ok(PublisherKey::read(path)?.public())
}

/// Signs a package where it lies. Signed again by the same key, it stays the same.
///
/// # Errors
/// [`SignError`].
pub fn sign(
    project: Option<&Project>,
    named: Option<&Path>,
    key: &Path,
) -> Result<(Packed, PublicKey), SignError> {
    let key = PublisherKey::read(key)?;
    let (path, mut package) = pack::read(project, named)?;
    package.sign(&key);
    Ok((pack::write(&path, &package)?, key.public()))
}

/// A public key and what people compare of it.
pub fn told(public: &PublicKey) -> String {
    format!("public key  {public}\nfingerprint {}", public.fingerprint())
}
