//! A message on its way, as the job that keeps it: which one, and which channels could not carry it.

use guichet_core::{
    derive::Seed,
    event::Event,
    id::{InstallId, JobId, MessageId, TicketId},
    job::{Job, OUTGOING_KEY},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// The name under which people see such jobs.
const NAME: &str = "deliver";

/// A message that is to go out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    pub ticket: TicketId,
    pub message: MessageId,
    /// Channels that could not carry it.
    #[serde(default)]
    pub tried: Vec<InstallId>,
}

impl Outgoing {
    /// A message that nobody has tried to carry.
    pub fn of(ticket: TicketId, message: MessageId) -> Self {
        Self {
            ticket,
            message,
            tried: Vec::new(),
        }
    }

    /// What a job keeps; nothing where it is a job of another kind.
    pub fn read(job: &Job) -> Option<Self> {
        job.key.as_deref()?.strip_prefix(OUTGOING_KEY)?;
        serde_json::from_str(&job.payload).ok()
    }

    /// The job of one channel. A second one of the same message takes the place of the first while that waits.
    pub fn job(&self, id: JobId, install: InstallId, due_at: Timestamp) -> Job {
        Job {
            id,
            install,
            name: NAME.to_owned(),
            key: Some(format!("{OUTGOING_KEY}{}", self.message)),
            // Ids have no form that JSON could not say.
            payload: serde_json::to_string(self).unwrap_or_default(),
            due_at,
            attempt: 0,
            cause: None,
            root: None,
            depth: 0,
            ticket: Some(self.ticket),
        }
    }

    /// The same as what follows from an event: a second turn makes the same job.
    pub fn job_of_event(&self, key: [u8; 32], install: InstallId, event: &Event) -> Job {
        let seed = Seed::new(key, format!("outgoing/{}", self.message), event.draft.at);
        Job {
            cause: Some(event.sequence),
            root: Some(event.root()),
            depth: event.draft.origin.depth,
            ..self.job(JobId(seed.id("job", 1)), install, event.draft.at)
        }
    }

    /// The same as what follows from an attempt of another channel, which could not carry it.
    pub fn passed_on(mut self, id: JobId, from: &Job, to: InstallId, due_at: Timestamp) -> Job {
        self.tried.push(from.install);
        Job {
            cause: from.cause,
            root: from.root,
            depth: from.depth,
            ..self.job(id, to, due_at)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_job_of_a_message_is_read_back_and_another_job_is_none() {
        let outgoing = Outgoing::of(TicketId(Uuid::from_u128(1)), MessageId(Uuid::from_u128(2)));
        let (one, other) = (InstallId(Uuid::from_u128(3)), InstallId(Uuid::from_u128(4)));
        let job = outgoing.job(JobId(Uuid::from_u128(5)), one, Timestamp(6));
        assert_eq!(Outgoing::read(&job), Some(outgoing.clone()));
        let next = outgoing.passed_on(JobId(Uuid::from_u128(7)), &job, other, Timestamp(8));
        assert_eq!(Outgoing::read(&next).unwrap().tried, [one]);
        assert_eq!(next.key, job.key);
        let own = Job {
            key: Some(format!("outgoing/{}", Uuid::from_u128(2))),
            ..job
        };
        assert_eq!(
            Outgoing::read(&own),
            None,
            "what a plugin enqueues is its own"
        );
    }
}
