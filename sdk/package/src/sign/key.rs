//! Ed25519 keys as texts and files.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::{
    fmt, fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    str::FromStr,
};

const SECRET_PREFIX: &str = "guichet-key:";
const PUBLIC_PREFIX: &str = "ed25519:";

/// Bytes of a key file that are read: it has one line.
const KEY_FILE_BYTES_MAX: u64 = 1 << 10;

/// What is wrong with a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("this is no secret key: it is one line, `guichet-key:` and 32 bytes in base64")]
    Secret,
    #[error("`{0}` is no public key: it is `ed25519:` and 32 bytes in base64")]
    Public(String),
    #[error("this is no signature: it is 64 bytes in base64")]
    Signature,
    #[error("the key file {} cannot be read or written", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "the key file {path} may be read by others than its owner: run `chmod 600 {path}`, and think about whether somebody did",
        path = path.display()
    )]
    Exposed { path: PathBuf },
}

/// A secret key, of a publisher or a marketplace. Neither its text nor its bytes are in what `Debug` shows.
#[derive(Clone)]
pub struct PublisherKey(SigningKey);

impl PublisherKey {
    /// The key made of these 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(SigningKey::from_bytes(&bytes))
    }

    /// Its other half, which everybody may know.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs a message. The message must say what it is for, so that no signature can be used for anything else.
    pub fn sign(&self, message: &[u8]) -> SignatureBytes {
        SignatureBytes(self.0.sign(message).to_bytes())
    }

    /// The line of a key file. Secret.
    pub fn to_text(&self) -> String {
        format!("{SECRET_PREFIX}{}\n", STANDARD.encode(self.0.to_bytes()))
    }

    /// Writes a key file that its owner alone may read. A file that is there is not written over.
    ///
    /// # Errors
    /// [`KeyError::Io`].
    pub fn write(&self, path: &Path) -> Result<(), KeyError> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(path)
            .and_then(|mut file| {
                file.write_all(self.to_text().as_bytes())?;
                file.sync_all()
            })
            .map_err(|source| failed(path, source))
    }

    /// Reads a key file, unless others than its owner may read it.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let file = fs::File::open(path).map_err(|source| failed(path, source))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let metadata = file.metadata().map_err(|source| failed(path, source))?;
            if metadata.permissions().mode() & 0o077 != 0 {
                return Err(KeyError::Exposed {
                    path: path.to_owned(),
                });
            }
        }
        let mut text = String::new();
        file.take(KEY_FILE_BYTES_MAX)
            .read_to_string(&mut text)
            .map_err(|source| failed(path, source))?;
        text.parse()
    }
}

impl FromStr for PublisherKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let encoded = text.trim().strip_prefix(SECRET_PREFIX);
        bytes(encoded)
            .map(Self::from_random)
            .ok_or(KeyError::Secret)
    }
}

impl fmt::Debug for PublisherKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublisherKey({})", self.public().fingerprint())
    }
}

/// A public key: `ed25519:` and 32 bytes in base64.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// What people compare: the first 20 bytes of its sha-256, as ten groups of four hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::digest(self.0);
        let groups: Vec<_> = digest[..20].chunks(2).map(hex::encode).collect();
        groups.join("-")
    }

    /// Whether this key signed that message.
    pub fn verify(&self, message: &[u8], signature: &SignatureBytes) -> bool {
        // Strict: a weak key, with which one signature fits many messages, verifies nothing.
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| {
            key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0))
                .is_ok()
        })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PUBLIC_PREFIX}{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let refuse = || KeyError::Public(text.chars().take(100).collect());
        let bytes = bytes(text.trim().strip_prefix(PUBLIC_PREFIX)).ok_or_else(refuse)?;
        match VerifyingKey::from_bytes(&bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(bytes)),
            _ => Err(refuse()),
        }
    }
}

impl TryFrom<String> for PublicKey {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

/// 64 bytes, in base64 as text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SignatureBytes([u8; 64]);

impl fmt::Display for SignatureBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for SignatureBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignatureBytes({self})")
    }
}

impl FromStr for SignatureBytes {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        bytes(Some(text)).map(Self).ok_or(KeyError::Signature)
    }
}

impl TryFrom<String> for SignatureBytes {
    type Error = KeyError;

    fn try_from(text: String) -> Result<Self, KeyError> {
        text.parse()
    }
}

impl From<SignatureBytes> for String {
    fn from(signature: SignatureBytes) -> Self {
        signature.to_string()
    }
}

fn bytes<const N: usize>(encoded: Option<&str>) -> Option<[u8; N]> {
    STANDARD.decode(encoded?).ok()?.try_into().ok()
}

fn failed(path: &Path, source: io::Error) -> KeyError {
    KeyError::Io {
        path: path.to_owned(),
        source,
    }
}
