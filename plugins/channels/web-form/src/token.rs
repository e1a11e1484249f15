//! The one-time token of an opened form: signed, so that nobody makes one; with its time, so that it is known how long the form was open; and once, so
//! that the same form sent twice makes one ticket.

use crate::limits::{TOKEN_SECONDS_AHEAD_MAX, TOKEN_SECONDS_MAX};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

const NONCE_BYTES: usize = 16;
const MAC_BYTES: usize = 16;

/// A token that is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Seconds since 1970 at which the form was opened.
    pub issued_s: u64,
    pub nonce: [u8; NONCE_BYTES],
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("the token is none of ours, or another form's")]
    Foreign,
    #[error("the form was open for too long")]
    Expired,
}

impl Token {
    /// A new one.
    pub fn new(now_s: u64, random: &[u8]) -> Self {
        let mut nonce = [0; NONCE_BYTES];
        random
            .iter()
            .zip(&mut nonce)
            .for_each(|(from, to)| *to = *from);
        Self {
            issued_s: now_s,
            nonce,
        }
    }

    /// As the page of that form has it.
    pub fn signed(&self, key: &[u8], form: &str) -> String {
        let mut bytes = self.plain();
        let mac = mac(key, form, &bytes).finalize().into_bytes();
        bytes.extend(&mac[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads one that a page of that form has, however old.
    ///
    /// # Errors
    /// [`TokenError::Foreign`].
    pub fn read(key: &[u8], form: &str, text: &str) -> Result<Self, TokenError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_| TokenError::Foreign)?;
        let plain = bytes
            .len()
            .checked_sub(MAC_BYTES)
            .filter(|length| *length == 8 + NONCE_BYTES)
            .ok_or(TokenError::Foreign)?;
        let (plain, sent) = bytes.split_at(plain);
        mac(key, form, plain)
            .verify_truncated_left(sent)
            .map_err(|_| TokenError::Foreign)?;
        let (issued, nonce) = plain.split_at(8);
        let issued = issued.try_into().map_err(|_| TokenError::Foreign)?;
        Ok(Self::new(u64::from_be_bytes(issued), nonce))
    }

    /// Seconds since the form was opened.
    ///
    /// # Errors
    /// [`TokenError::Expired`] where it is too old to be sent, or of a time to come.
    pub fn age_s(&self, now_s: u64) -> Result<u64, TokenError> {
        if self.issued_s > now_s.saturating_add(TOKEN_SECONDS_AHEAD_MAX) {
            return Err(TokenError::Expired);
        }
        match now_s.saturating_sub(self.issued_s) {
            age if age <= TOKEN_SECONDS_MAX => Ok(age),
            _ => Err(TokenError::Expired),
        }
    }

    /// By which its receipt is found.
    pub fn name(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.nonce)
    }

    fn plain(&self) -> Vec<u8> {
        [&self.issued_s.to_be_bytes()[..], &self.nonce].concat()
    }
}

fn mac(key: &[u8], form: &str, plain: &[u8]) -> Hmac<Sha256> {
    keyed(key)
        .chain_update(b"form\0")
        .chain_update(form.as_bytes())
        .chain_update(b"\0")
        .chain_update(plain)
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// A name for an address that tells nothing of it.
pub fn pseudonym(key: &[u8], kind: &str, address: &str) -> [u8; 9] {
    let whole = keyed(key)
        .chain_update(b"address\0")
        .chain_update(kind.as_bytes())
        .chain_update(b"\0")
        .chain_update(address.as_bytes())
        .finalize()
        .into_bytes();
    let mut short = [0; 9];
    short.copy_from_slice(&whole[..9]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"a key of this install";
    const NOW: u64 = 1_795_600_000;

    #[test]
    fn a_token_is_good_for_its_form_and_key_only() {
        let token = Token::new(NOW, &[7; 16]);
        let text = token.signed(KEY, "support");
        assert_eq!(Token::read(KEY, "support", &text), Ok(token));
        assert_eq!(Token::read(KEY, "orders", &text), Err(TokenError::Foreign));
        assert_eq!(
            Token::read(b"another", "support", &text),
            Err(TokenError::Foreign)
        );
    }

    #[test]
    fn no_letter_of_a_token_can_be_changed() {
        let text = Token::new(NOW, &[7; 16]).signed(KEY, "support");
        for at in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                Token::read(KEY, "support", &changed),
                Err(TokenError::Foreign),
                "{at}"
            );
        }
        for odd in ["", "AAAA", "密码", &format!("{text}A"), &text[1..]] {
            assert_eq!(
                Token::read(KEY, "support", odd),
                Err(TokenError::Foreign),
                "{odd}"
            );
        }
    }

    #[test]
    fn a_token_lasts_a_day_and_comes_from_no_future() {
        let token = Token::new(NOW, &[7; 16]);
        assert_eq!(token.age_s(NOW + TOKEN_SECONDS_MAX), Ok(TOKEN_SECONDS_MAX));
        assert_eq!(
            token.age_s(NOW + TOKEN_SECONDS_MAX + 1),
            Err(TokenError::Expired)
        );
        assert_eq!(token.age_s(NOW - TOKEN_SECONDS_AHEAD_MAX), Ok(0));
        assert_eq!(
            token.age_s(NOW - TOKEN_SECONDS_AHEAD_MAX - 1),
            Err(TokenError::Expired)
        );
    }

    #[test]
    fn a_pseudonym_differs_by_address_kind_and_key() {
        let name = |key: &[u8], kind, address| pseudonym(key, kind, address);
        let one = name(KEY, "mail", "ana@trade.example");
        assert_eq!(one, name(KEY, "mail", "ana@trade.example"));
        assert_ne!(one, name(KEY, "net", "ana@trade.example"));
        assert_ne!(one, name(KEY, "mail", "bo@trade.example"));
        assert_ne!(one, name(b"k", "mail", "ana@trade.example"));
    }
}
