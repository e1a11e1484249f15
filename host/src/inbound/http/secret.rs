//! Passwords, session secrets, bearer tokens. Only hashes are kept.

use crate::clock::random_bytes;
use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// A new secret of 256 bits, as text.
pub fn new_secret() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// What is kept of a secret. It has 256 bits of chance, so a plain hash cannot be guessed back.
pub fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// What is kept of a password: Argon2id with the library's present defaults, PHC string format.
///
/// # Errors
/// Where the password is shorter than ten characters.
pub fn hash_password(password: &str) -> Result<String, String> {
    if password.chars().count() < 10 {
        return Err("a password has at least ten characters".to_owned());
    }
    let salt = SaltString::encode_b64(&random_bytes::<16>()).map_err(|error| error.to_string())?;
    Argon2::default()
        .hash_password(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

/// Whether the password is the one that was hashed. Without a hash, the same time is spent, so that nobody learns who has an account.
pub fn password_is(password: &str, kept: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2E$1cV0+WwTvWcqS0p1fJ0d6p6Vh7rP7z0b3P1Hq3o5a1A";
    PasswordHash::new(kept.unwrap_or(NOBODY)).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    }) && kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_another_is_not() {
        let kept = hash_password("correct horse").unwrap();
        assert!(password_is("correct horse", Some(&kept)));
        assert!(!password_is("correct house", Some(&kept)));
        assert!(!password_is("correct horse", None));
    }

    #[test]
    fn nine_characters_are_too_few_and_ten_are_enough() {
        assert!(hash_password("123456789").is_err());
        assert!(hash_password("1234567890").is_ok());
    }
}
