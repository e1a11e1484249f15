//! Who we are to the server, and how it is said (SASL). Secrets are in no text that is made for people.

use crate::limits::CREDENTIAL_BYTES_MAX;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;

/// A name, and what proves it.
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials {
    Password {
        user: String,
        password: String,
    },
    /// An OAuth 2.0 access token.
    Token {
        user: String,
        token: String,
    },
}

impl Credentials {
    pub(crate) fn user(&self) -> &str {
        match self {
            Self::Password { user, .. } | Self::Token { user, .. } => user,
        }
    }

    pub(crate) fn secret(&self) -> &str {
        match self {
            Self::Password { password, .. } => password,
            Self::Token { token, .. } => token,
        }
    }

    /// Whether nothing in them could end a line or a field, and there is a user at all.
    pub(crate) fn are_sound(&self) -> bool {
        let is_sound = |text: &str| {
            text.len() <= CREDENTIAL_BYTES_MAX && !text.contains(['\0', '\r', '\n', '\u{1}'])
        };
        !self.user().is_empty() && is_sound(self.user()) && is_sound(self.secret())
    }

    /// What begins PLAIN (RFC 4616) or XOAUTH2, in base64.
    pub(crate) fn initial_response(&self) -> String {
        match self {
            Self::Password { user, password } => encoded(&format!("\0{user}\0{password}")),
            Self::Token { user, token } => {
                encoded(&format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"))
            }
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Password { .. } => "Password",
            Self::Token { .. } => "Token",
        };
        formatter
            .debug_struct(kind)
            .field("user", &self.user())
            .finish_non_exhaustive()
    }
}

/// As it stands on a line of SASL.
pub(crate) fn encoded(text: &str) -> String {
    STANDARD.encode(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(user: &str, password: &str) -> Credentials {
        Credentials::Password {
            user: user.to_owned(),
            password: password.to_owned(),
        }
    }

    fn token(user: &str, token: &str) -> Credentials {
        Credentials::Token {
            user: user.to_owned(),
            token: token.to_owned(),
        }
    }

    #[test]
    fn each_kind_begins_as_its_mechanism_has_it() {
        assert_eq!(
            password("ana", "geheim").initial_response(),
            "AGFuYQBnZWhlaW0="
        );
        // The example of the mechanism's own description.
        assert_eq!(
            token(
                "someuser@example.com",
                "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg"
            )
            .initial_response(),
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
        );
    }

    #[test]
    fn nothing_in_credentials_ends_a_line_or_a_field() {
        assert!(password("ana", "").are_sound() && token("ana", "t").are_sound());
        for wrong in ["", "a\r", "a\n", "a\0b", "a\u{1}b"] {
            assert!(!password(wrong, "x").are_sound(), "{wrong:?}");
            assert!(wrong.is_empty() || !token("ana", wrong).are_sound());
        }
        let fits = "x".repeat(CREDENTIAL_BYTES_MAX);
        assert!(token("ana", &fits).are_sound());
        assert!(!token("ana", &format!("{fits}x")).are_sound());
    }

    #[test]
    fn a_secret_is_not_shown() {
        let shown = format!(
            "{:?} {:?}",
            password("ana", "geheim"),
            token("bo", "geheim")
        );
        assert!(shown.contains("ana") && shown.contains("bo") && !shown.contains("geheim"));
    }
}
