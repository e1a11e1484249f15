//! What the plugin reads from the desk and writes to it.

/// Entries, as records.
pub(crate) mod store;

/// What an entry does to a ticket.
pub(crate) mod mark;

/// Tickets that a program or an agent asks for.
pub(crate) mod request;

/// Tickets that are there already.
pub(crate) mod classify;

/// Changes that are too large for a request.
pub(crate) mod later;

use crate::{form::answers::Misfit, language::Language, refusal::Refused};
use guichet_sdk::{Error, typed_settings};
use serde::Deserialize;

/// What an admin sets.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The desk's first language: titles on tickets are in it.
    pub(crate) language: Language,
}

impl Settings {
    pub(crate) fn read() -> Result<Self, Error> {
        typed_settings()
    }
}

/// Why something was not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// People are told.
    Refused(Refused),
    /// Answers that do not fit the entry's form.
    Misfits(Vec<Misfit>),
    /// What the host says.
    Host(Error),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Host(error)
    }
}

impl From<Vec<Misfit>> for Failure {
    fn from(misfits: Vec<Misfit>) -> Self {
        Self::Misfits(misfits)
    }
}

impl Failure {
    /// What people are told, where it is not the host's own trouble.
    pub(crate) fn say(&self, language: Language) -> String {
        match self {
            Self::Refused(refused) => refused.say(language),
            Self::Misfits(misfits) => {
                let told = misfits
                    .iter()
                    .map(|one| format!("{}: {}", one.pointer, one.wrong.say(language)));
                told.collect::<Vec<_>>().join("; ")
            }
            Self::Host(error) => reason(error).to_owned(),
        }
    }
}

/// What an error of the host says.
pub(crate) fn reason(error: &Error) -> &str {
    match error {
        Error::Denied(text)
        | Error::NotFound(text)
        | Error::Invalid(text)
        | Error::Conflict(text)
        | Error::Limit(text)
        | Error::Unavailable(text)
        | Error::Other((_, text)) => text,
    }
}
