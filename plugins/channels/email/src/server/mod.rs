//! A mailbox's servers: how they are reached, and who we are to them.

/// A token instead of a password.
mod token;

use crate::{
    settings::{Mailbox, Security},
    wire::{self, Credentials, Wire, WireError},
};
use guichet_sdk::{Error, net, secret_of_entry, secrets};
use std::net::IpAddr;

/// Milliseconds that a server may take for each piece of an answer.
pub(crate) const ANSWER_MS_MAX: u32 = 20_000;

/// Where a server is, as the settings say.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'x> {
    pub(crate) host: &'x str,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) user: &'x str,
    /// Under which name its password is kept with the mailbox: `incoming`, `outgoing`.
    pub(crate) kept_as: &'static str,
}

/// A connection of the platform's.
pub(crate) struct Socket(net::Connection);

impl Wire for Socket {
    fn read(&mut self, limit: u32, timeout_milliseconds: u32) -> Result<Vec<u8>, WireError> {
        self.0.read(limit, timeout_milliseconds).map_err(failed)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        self.0.write(bytes).map_err(failed)
    }

    fn start_tls(&mut self) -> Result<(), WireError> {
        self.0.start_tls().map_err(failed)
    }
}

fn failed(error: Error) -> WireError {
    match error {
        // The platform's words end so where the server is silent, and nothing else.
        Error::Unavailable(text) if text.contains("said nothing within") => WireError::TimedOut,
        Error::Unavailable(text) if text.contains("was cut") => WireError::Closed,
        Error::Invalid(_) => WireError::Closed,
        error => WireError::Refused(error.to_string()),
    }
}

impl Place<'_> {
    /// A connection to it.
    pub(crate) fn connect(&self) -> Result<Socket, Error> {
        let tls = self.security == Security::Tls;
        net::connect(self.host, self.port, tls).map(Socket)
    }

    /// From when on the connection must be encrypted. A password goes unencrypted only to this very machine.
    pub(crate) fn security(&self) -> wire::Security {
        match self.security {
            Security::Tls => wire::Security::Tls,
            Security::StartTls => wire::Security::StartTls,
            Security::None if is_here(self.host) => wire::Security::PlainWithCredentials,
            Security::None => wire::Security::Plain,
        }
    }

    /// Who we are to it; nothing where it is not to be told.
    pub(crate) fn credentials(&self, mailbox: &Mailbox) -> Result<Option<Credentials>, Error> {
        if self.user.is_empty() {
            return Ok(None);
        }
        let user = self.user.to_owned();
        if !mailbox.oauth.token_url.is_empty() {
            let token = token::of(mailbox)?;
            return Ok(Some(Credentials::Token { user, token }));
        }
        let password = secret(mailbox, &format!("{}.password", self.kept_as))?;
        Ok(Some(Credentials::Password { user, password }))
    }
}

/// A secret of a mailbox, by its path in it.
fn secret(mailbox: &Mailbox, path: &str) -> Result<String, Error> {
    secrets::reveal(&secret_of_entry("mailboxes", &mailbox.address, path))
}

fn is_here(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn security(host: &str, security: Security) -> wire::Security {
        let place = Place {
            host,
            port: 143,
            security,
            user: "desk",
            kept_as: "incoming",
        };
        place.security()
    }

    #[test]
    fn a_password_goes_unencrypted_only_to_this_machine() {
        for here in ["localhost", "LOCALHOST", "127.0.0.1", "::1"] {
            assert_eq!(
                security(here, Security::None),
                wire::Security::PlainWithCredentials
            );
        }
        for there in [
            "mail.example",
            "localhost.example",
            "127.mail.example",
            "10.0.0.1",
        ] {
            assert_eq!(security(there, Security::None), wire::Security::Plain);
        }
        assert_eq!(security("localhost", Security::Tls), wire::Security::Tls);
    }
}
