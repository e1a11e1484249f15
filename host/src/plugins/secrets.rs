//! Secret settings: sealed by the master key (XChaCha20-Poly1305), so that neither the database nor a backup of it tells them. They never stand in the log.

use crate::{clock::random_bytes, config::Place, lane::LaneError};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use guichet_core::{id::InstallId, refusal::Refusal};
use guichet_store::TenantStore;
use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};

const NONCE_BYTES: usize = 24;

/// The master key. Cheap to clone.
#[derive(Clone)]
pub struct Keys(Arc<[u8; 32]>);

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the master key in {0}")]
    File(String, #[source] std::io::Error),
    #[error("the master key in {0} is not 64 hexadecimal digits")]
    Form(String),
}

impl Keys {
    /// The key of the file that the settings name; by default `master.key` in the data folder, made where there is none.
    ///
    /// # Errors
    /// [`KeyError`], where the file cannot be read or holds no key.
    pub fn open(place: &Place) -> Result<Self, KeyError> {
        let path = place.master_key_path();
        let named = path.display().to_string();
        let failed = |error| KeyError::File(named.clone(), error);
        let text = match fs::read_to_string(&path) {
            Err(error)
                if error.kind() == ErrorKind::NotFound && place.master_key_file.is_none() =>
            {
                match make(&path) {
                    // Another process of this desk was first.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                        fs::read_to_string(&path).map_err(failed)?
                    }
                    made => made.map_err(failed)?,
                }
            }
            read => read.map_err(failed)?,
        };
        parse(text.trim())
            .map(|key| Self(Arc::new(key)))
            .ok_or(KeyError::Form(named))
    }

    /// Seals a secret of an install.
    ///
    /// # Errors
    /// [`Refusal::Limit`] where it is too long to be sealed.
    pub fn seal(&self, install: InstallId, name: &str, secret: &str) -> Result<Vec<u8>, Refusal> {
        let nonce = random_bytes::<NONCE_BYTES>();
        let sealed = self
            .cipher()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: secret.as_bytes(),
                    aad: &bound_to(install, name),
                },
            )
            .map_err(|_| Refusal::Limit(format!("the secret `{name}` cannot be sealed")))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// A secret of an install.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where it was not set, [`Refusal::Invalid`] where it was sealed by another key.
    pub async fn reveal(
        &self,
        store: &TenantStore,
        install: InstallId,
        name: &str,
    ) -> Result<String, LaneError> {
        let sealed = store.secret(install, name).await?.ok_or_else(|| {
            Refusal::NotFound(format!(
                "the secret `{name}`: it is not set in the settings"
            ))
        })?;
        self.unseal(install, name, &sealed).ok_or_else(|| {
            Refusal::Invalid(format!(
                "the secret `{name}` was sealed by another master key: set it again"
            ))
            .into()
        })
    }

    fn unseal(&self, install: InstallId, name: &str, sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload {
            msg: sealed,
            aad: &bound_to(install, name),
        };
        let text = self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}

/// A sealed secret is of no use in another place.
fn bound_to(install: InstallId, name: &str) -> Vec<u8> {
    [install.0.as_bytes(), name.as_bytes()].concat()
}

fn make(path: &Path) -> std::io::Result<String> {
    let key = hex::encode(random_bytes::<32>());
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()?;
    Ok(key)
}

fn parse(text: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    hex::decode_to_slice(text, &mut key).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_secret_opens_only_with_its_key_in_its_place() {
        let keys = |byte| Keys(Arc::new([byte; 32]));
        let (one, other) = (InstallId(Uuid::from_u128(1)), InstallId(Uuid::from_u128(2)));
        let sealed = keys(1).seal(one, "token", "秘密").unwrap();
        assert_eq!(
            keys(1).unseal(one, "token", &sealed).as_deref(),
            Some("秘密")
        );
        assert_eq!(keys(2).unseal(one, "token", &sealed), None);
        assert_eq!(keys(1).unseal(other, "token", &sealed), None);
        assert_eq!(keys(1).unseal(one, "other", &sealed), None);
        assert_ne!(keys(1).seal(one, "token", "秘密").unwrap(), sealed);
        assert!(
            !sealed
                .windows("秘密".len())
                .any(|part| part == "秘密".as_bytes())
        );
    }

    #[test]
    fn a_key_is_sixty_four_hexadecimal_digits() {
        assert_eq!(parse(&"0f".repeat(32)), Some([15; 32]));
        assert_eq!(parse("0f"), None);
        assert_eq!(parse(&"zz".repeat(32)), None);
    }
}
