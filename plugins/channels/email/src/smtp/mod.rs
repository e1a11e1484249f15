//! # The way out: a mail is handed to a server (RFC 5321)
//!
//! - A **server** is whom we hand mails to; the wire to it is open already.
//! - A **reply** is what it answers; an **extension** is what it says that it can.
//! - An **outcome** says what became of the mail, and never more than is known: where the answer to a whole mail is lost, it is unknown.
//!
//! Nothing that is sent can end a line or a mail before its end. Credentials and mails that must not be read along are not sent in plain text,
//! whatever the server offers or leaves out.

/// What became of a mail.
mod outcome;

/// What the server answers.
mod reply;

/// What the server can.
mod extensions;

/// Commands and their replies, from the greeting to the goodbye.
mod session;

/// Who we are.
mod authentication;

/// From whom and to whom.
mod envelope;

/// The mail itself, as it is on the wire.
mod data;

#[cfg(test)]
mod tests;

use crate::wire::{Credentials, Security, Wire};
pub use outcome::{Lasting, Outcome, Reason, Refused};
use session::Session;

/// Whom we hand mails to, and how.
#[derive(Debug, Clone)]
pub struct Server {
    /// What we call ourselves: a domain.
    pub own_name: String,
    pub security: Security,
    /// Absent: the server takes mail of whoever comes by this way.
    pub credentials: Option<Credentials>,
    /// How long to wait for each piece of an answer.
    pub timeout_milliseconds: u32,
}

/// A mail, and who is to get it.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'x> {
    /// Where it goes if it cannot be delivered; empty: nowhere.
    pub sender: &'x str,
    pub recipients: &'x [String],
    /// Headers and body. Lines may end in any way.
    pub content: &'x [u8],
}

/// Hands a mail over and says goodbye.
pub fn send<W: Wire>(wire: W, server: &Server, mail: &Mail<'_>) -> Outcome {
    let mut session = Session::new(wire, server.timeout_milliseconds);
    let outcome = hand_over(&mut session, server, mail).unwrap_or_else(|outcome| outcome);
    // What was taken stays taken, however the goodbye goes.
    session.say_goodbye();
    outcome
}

fn hand_over<W: Wire>(
    session: &mut Session<W>,
    server: &Server,
    mail: &Mail<'_>,
) -> Result<Outcome, Outcome> {
    let extensions = session.open(&server.own_name, server.security)?;
    if let Some(credentials) = &server.credentials {
        session.authenticate(credentials, server.security, &extensions)?;
    }
    let refused = session.announce(mail, &extensions)?;
    Ok(session.transfer(mail.content, refused))
}
