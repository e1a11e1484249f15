//! # The way in: mails are fetched from a server (RFC 3501)
//!
//! - An **account** says who we are on a server; the wire to it is open already.
//! - A **session** is what follows a login; a **mailbox** is what it looks into, one at a time.
//! - A **response** is what the server says, asked or not: of another mailbox's change, of a mail that somebody else removed, of its end.
//! - A mail is known by its **UID**, which holds while the mailbox's UIDVALIDITY does.
//!
//! Nothing that is sent can end a line before its end, and no response is read without a bound. No mail is removed that was not moved before, and none
//! that others marked: there is no plain EXPUNGE.

/// What went wrong.
mod error;

/// What the server says.
mod response;

/// Commands and what they are answered.
mod session;

/// From the greeting to the login.
mod login;

/// How a mailbox's name is written.
mod names;

/// How mails are named.
mod uids;

/// A mailbox, and what is new in it.
mod mailbox;

/// A mail, in parts.
mod fetch;

/// Marks, and another place.
mod change;

#[cfg(test)]
mod tests;

use crate::wire::{Credentials, Security};
pub use error::Error;
pub use fetch::{Fetched, Overview};
pub use login::open;
pub use mailbox::{Found, Mailbox};
pub use session::Session;

/// Who we are on a server.
#[derive(Debug, Clone)]
pub struct Account {
    pub security: Security,
    pub credentials: Credentials,
    /// How long to wait for each piece of an answer.
    pub timeout_milliseconds: u32,
}
