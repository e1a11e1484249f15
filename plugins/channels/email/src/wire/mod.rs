//! What the mail protocols stand on.
//!
//! - A **wire** is a connection as the platform gives it: bytes in, bytes out, encrypted from some moment on.
//! - A **connection** reads lines and counted bytes from a wire, each within a bound.
//! - **Security** says from when on it must be encrypted; **credentials** go only where it allows them.
//!
//! Whatever a server sends, reading it ends, takes bounded memory and never panics. What came in plain text is never taken for something that came
//! encrypted.

/// Lines and counted bytes.
mod connection;

/// Who may read along.
mod security;

/// Who we are to the server.
mod credentials;

/// A server that keeps to a script.
#[cfg(test)]
pub(crate) mod script;

use crate::{limits::SERVER_TEXT_CHARACTERS_MAX, mail::clean_line};
pub(crate) use connection::{Connection, Fault};
pub use credentials::Credentials;
pub(crate) use credentials::encoded;
pub use security::Security;
use std::fmt;

/// A connection to a server, as the platform gives it.
pub trait Wire {
    /// Up to `limit` bytes; empty at the end of the stream. Waits at most so long.
    fn read(&mut self, limit: u32, timeout_milliseconds: u32) -> Result<Vec<u8>, WireError>;

    /// Hands over all of the bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), WireError>;

    /// From here on by TLS (STARTTLS); the certificate is checked against the name that was connected to.
    fn start_tls(&mut self) -> Result<(), WireError>;
}

impl<W: Wire + ?Sized> Wire for &mut W {
    fn read(&mut self, limit: u32, timeout_milliseconds: u32) -> Result<Vec<u8>, WireError> {
        (**self).read(limit, timeout_milliseconds)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        (**self).write(bytes)
    }

    fn start_tls(&mut self) -> Result<(), WireError> {
        (**self).start_tls()
    }
}

/// Why the platform could not do what was asked of a wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WireError {
    /// The other side is gone.
    Closed,
    /// It took too long.
    TimedOut,
    /// The platform says no: a certificate that proves nothing, a right that is missing.
    Refused(String),
}

impl fmt::Display for WireError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => formatter.write_str("the server closed the connection"),
            Self::TimedOut => formatter.write_str("the server did not answer in time"),
            Self::Refused(text) => write!(formatter, "the connection was refused: {text}"),
        }
    }
}

impl std::error::Error for WireError {}

/// What a server says, for people: one line that neither misleads the eye nor has no end.
pub(crate) fn readable(bytes: &[u8]) -> String {
    // Bytes are cut first, so that a long line costs no more than a short one; no character has more than four.
    let most = bytes.len().min(4 * SERVER_TEXT_CHARACTERS_MAX);
    clean_line(&String::from_utf8_lossy(&bytes[..most]))
        .chars()
        .take(SERVER_TEXT_CHARACTERS_MAX)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_one_line_with_an_end() {
        assert_eq!(readable(b"a\tb\x00\x1b[1m c"), "a b  [1m c");
        assert_eq!(readable("\u{202e}é\r\nBcc: x".as_bytes()), "é  Bcc: x");
        let fits = "界".repeat(SERVER_TEXT_CHARACTERS_MAX);
        assert_eq!(readable(fits.as_bytes()), fits);
        assert_eq!(readable(format!("{fits}界").as_bytes()), fits);
    }

    #[test]
    fn what_failed_is_told_in_words() {
        let refused = WireError::Refused("the certificate is of another name".to_owned());
        assert_eq!(
            refused.to_string(),
            "the connection was refused: the certificate is of another name"
        );
    }
}
