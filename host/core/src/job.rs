//! Work that a plugin wants to have done: now, at a time, or by its schedule. What a handler enqueues is one of its effects.

use crate::{
    id::{InstallId, JobId, TicketId},
    limits,
    refusal::Refusal,
    time::Timestamp,
};

/// Begins the key under which the host keeps the next run of a schedule; no plugin can use it.
pub const SCHEDULE_KEY: &str = "\u{1}schedule/";

/// Begins the key under which the host keeps a request to a durable route; no plugin can use it.
pub const ROUTE_KEY: &str = "\u{1}route/";

/// Begins the key under which the host keeps a message on its way out; no plugin can use it.
pub const OUTGOING_KEY: &str = "\u{1}outgoing/";

/// A job that is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: JobId,
    pub install: InstallId,
    /// Which of the plugin's jobs it is.
    pub name: String,
    /// At most one waiting job of an install has it; a second one replaces the first.
    pub key: Option<String>,
    /// JSON.
    pub payload: String,
    pub due_at: Timestamp,
    /// Attempts that have begun.
    pub attempt: u32,
    /// The event that led to it, the first of its chain, and how deep in it.
    pub cause: Option<u64>,
    pub root: Option<u64>,
    pub depth: u32,
    /// The ticket whose lane it came from, for people to find it by.
    pub ticket: Option<TicketId>,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    Waiting,
    Running,
    /// Given up.
    Dead,
}

impl JobState {
    /// As it is kept and shown.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Dead => "dead",
        }
    }

    /// From its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Waiting, Self::Running, Self::Dead]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

impl Job {
    /// Checks name, key and payload.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] or [`Refusal::Limit`].
    pub fn check(&self) -> Result<(), Refusal> {
        let fits = |text: &str| {
            !text.is_empty()
                && text.len() <= limits::JOB_NAME_BYTES_MAX
                && !text.contains(char::is_control)
        };
        if !fits(&self.name) || !self.key.as_deref().is_none_or(fits) {
            return Err(Refusal::Invalid(format!(
                "a job's name and key have 1 to {} bytes and no control characters",
                limits::JOB_NAME_BYTES_MAX
            )));
        }
        if self.payload.len() > limits::JOB_PAYLOAD_BYTES_MAX {
            return Err(Refusal::Limit(format!(
                "a job's payload has at most {} bytes: put more into a file or a record",
                limits::JOB_PAYLOAD_BYTES_MAX
            )));
        }
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&self.payload) {
            return Err(Refusal::Invalid(format!(
                "a job's payload is one JSON text: {error}"
            )));
        }
        Ok(())
    }
}

/// What becomes of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobWrite {
    /// Replaces the waiting one of the same key.
    Enqueue(Job),
    /// The waiting one of that key, if there is one.
    Cancel { install: InstallId, key: String },
    /// Its attempt came to an end.
    Settle {
        id: JobId,
        /// The attempt that ends; another one's end is refused.
        attempt: u32,
        how: Settled,
    },
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// Done: the job goes.
    Done,
    /// To be tried again.
    Again {
        due_at: Timestamp,
        reason: String,
        /// Whether the attempt counts towards giving up.
        counts: bool,
    },
    /// Given up; kept for people to look at.
    Dead { at: Timestamp, reason: String },
    /// It was given up, and somebody wants it done all the same, from its first attempt.
    Revived { at: Timestamp },
}
