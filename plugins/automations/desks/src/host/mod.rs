//! What the plugin reads from the desk and writes to it.

/// Records.
pub(crate) mod store;

/// What other plugins publish: the catalog, and calendars.
pub(crate) mod shared;

/// Who of a group is there.
pub(crate) mod people;

/// A ticket, and what there is to know of it.
pub(crate) mod facts;

/// What was decided is done.
pub(crate) mod apply;

/// Events of the desk.
pub(crate) mod events;

/// What other plugins and rules ask for.
pub(crate) mod actions;

/// Timers and queues.
pub(crate) mod work;

/// Tickets that no group has.
pub(crate) mod sweep;

/// Desks are changed.
pub(crate) mod model;

/// The menu is changed.
pub(crate) mod menu;

use crate::{language::Language, refusal::Refused};
use guichet_sdk::{Error, typed_settings};
use serde::Deserialize;

/// What an admin sets.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The desk's first language: reasons in the history of tickets are in it.
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

impl From<crate::engine::hand::NotHanded<Error>> for Failure {
    fn from(not: crate::engine::hand::NotHanded<Error>) -> Self {
        match not {
            crate::engine::hand::NotHanded::Refused(refused) => Self::Refused(refused),
            crate::engine::hand::NotHanded::Facts(error) => Self::Host(error),
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
