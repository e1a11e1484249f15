//! What became of a mail. Each of the ways out asks for something else of whoever sent it.

use super::reply::Reply;
use crate::wire::Fault;
use std::fmt;

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it, for everybody who is not among the refused.
    Sent { refused: Vec<Refused> },
    /// Nobody got it; later it may go.
    Temporary(Reason),
    /// Nobody got it, and as it is nobody will.
    Permanent(Reason),
    /// All of it was written, and the answer was lost: nobody knows whether it was taken.
    Unknown { text: String },
    /// The server does not take mail from us with what we showed it.
    Unauthorized(Reason),
    /// It would have gone in plain text.
    NoTls(Reason),
}

/// Why, in the server's words or ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason {
    /// Absent where the server said nothing.
    pub code: Option<u16>,
    pub text: String,
}

/// Somebody to whom the server did not take the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub address: String,
    pub lasting: Lasting,
    pub reason: Reason,
}

/// Whether it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    Temporary,
    Permanent,
}

impl Reason {
    /// Ours, not the server's.
    pub(super) fn own(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

impl Outcome {
    /// What a reply means that is not the one that was hoped for.
    pub(super) fn of(reply: &Reply) -> Self {
        let reason = reply.reason();
        match reply.code() {
            // One code for two demands (RFC 3207 and RFC 4954).
            530 if reason.text.to_ascii_uppercase().contains("STARTTLS") => Self::NoTls(reason),
            530 => Self::Unauthorized(reason),
            500..=599 => Self::Permanent(reason),
            // What makes no sense here may make sense another time.
            _ => Self::Temporary(reason),
        }
    }
}

/// The connection failed before all of the mail was written, so it was not taken.
impl From<Fault> for Outcome {
    fn from(fault: Fault) -> Self {
        let reason = Reason::own(fault.to_string());
        match fault {
            Fault::Injected => Self::NoTls(reason),
            Fault::Wire(_) | Fault::LongLine | Fault::Endless => Self::Temporary(reason),
        }
    }
}

/// The code and the text, which most servers begin with an enhanced code (RFC 3463).
impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(formatter, "{code} {}", self.text),
            None => formatter.write_str(&self.text),
        }
    }
}
