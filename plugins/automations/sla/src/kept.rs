//! The clocks of a ticket, as they are kept in a record.

use crate::{kind::Kind, policy::id_of, progress::Progress};
use guichet_calendar::{Clock, Instant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The policy that a ticket is under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    pub id: String,
    pub version: u32,
    /// By which its targets were chosen.
    pub priority: u8,
}

/// All that is remembered of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    pub progress: Progress,
    pub clocks: BTreeMap<Kind, Clock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Chosen>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub merged: bool,
    /// To when the timer is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rings_at: Option<Instant>,
}

/// The same with what it is found by: only what still runs or may run is.
#[derive(Serialize)]
struct Found<'a> {
    live: bool,
    calendars: BTreeSet<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<&'a str>,
    kept: &'a Kept,
}

/// Likewise, as it is read.
#[derive(Deserialize)]
struct Read {
    kept: Kept,
}

impl Kept {
    pub fn new(progress: Progress) -> Self {
        Self {
            progress,
            clocks: BTreeMap::new(),
            chosen: None,
            deleted: false,
            merged: false,
            rings_at: None,
        }
    }

    /// Nobody works on it: its clocks are not shown, and ring nothing.
    pub fn is_hidden(&self) -> bool {
        self.deleted || self.merged
    }

    /// Of a ticket that was closed for good, only how it stands is remembered: no clock begins late any more. What clocks measured stays.
    pub fn close(&mut self) {
        if self.is_hidden() || !self.progress.is_solved() {
            return;
        }
        self.progress.forget_turns();
    }

    pub fn live(&self) -> impl Iterator<Item = (Kind, &Clock)> {
        let clocks = self.clocks.iter().map(|(kind, clock)| (*kind, clock));
        clocks.filter(|(_, clock)| clock.state().is_live())
    }

    /// As a record's body.
    ///
    /// # Errors
    /// Where it is no JSON, which does not happen.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        let live = self.live().next().is_some();
        let found = Found {
            live,
            calendars: self
                .live()
                .map(|(_, clock)| id_of(&clock.terms().calendar))
                .collect(),
            // Of what lives no more, nothing is to be changed; what is opened again asks for its policy then.
            policy: self
                .chosen
                .as_ref()
                .filter(|_| live)
                .map(|chosen| chosen.id.as_str()),
            kept: self,
        };
        serde_json::to_string(&found)
    }

    /// From a record's body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<Read>(body).map(|read| read.kept)
    }
}

#[cfg(test)]
mod tests;
