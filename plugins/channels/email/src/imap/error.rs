//! What went wrong, by what is to be done about it.

use crate::wire::{Fault, WireError};
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The server does not let us in with what we showed it.
    Unauthorized(String),
    /// It would have gone in plain text.
    NoTls(String),
    /// There is no such mailbox, or none for us.
    NoMailbox(String),
    /// The server understood, and did not do it.
    Refused(String),
    /// The server does not speak as it should.
    Protocol(String),
    Wire(WireError),
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Wire(error) => Self::Wire(error),
            Fault::LongLine | Fault::Endless | Fault::Injected => Self::Protocol(fault.to_string()),
        }
    }
}

impl From<WireError> for Error {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized(text) => write!(formatter, "the server lets us not in: {text}"),
            Self::NoTls(text) => write!(formatter, "the connection is not encrypted: {text}"),
            Self::NoMailbox(text) => write!(formatter, "there is no such mailbox: {text}"),
            Self::Refused(text) => write!(formatter, "the server refused: {text}"),
            Self::Protocol(text) => write!(formatter, "the server does not speak IMAP: {text}"),
            Self::Wire(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for Error {}
