//! Whether a change-set still holds: every version that it read or replaces is the present one, and its delivery was not committed before.

use super::{CommitError, present::Present};
use crate::limits::DONE_MAX;
use guichet_core::{
    changeset::{ChangeSet, Check},
    id::JobId,
    job::JobState,
};

impl Present {
    /// Refuses, or lets through; changes nothing.
    pub(super) fn check(&self, changes: &ChangeSet) -> Result<(), CommitError> {
        if let Some(done) = &changes.done {
            let place = match changes.cursor {
                None => &self.place,
                // An install that keeps step again, or was disabled: its delivery is nobody's any more.
                Some(install) => self
                    .own
                    .get(&install)
                    .ok_or(CommitError::AlreadyDone(done.sequence))?,
            };
            if place.is_done(done.sequence) {
                return Err(CommitError::AlreadyDone(done.sequence));
            }
            if place.done.len() >= DONE_MAX && done.sequence != place.low + 1 {
                return Err(CommitError::Conflict(format!(
                    "the window above event {}",
                    place.low
                )));
            }
        }
        if let Some(rejoin) = &changes.rejoins {
            let has_caught_up = self
                .own
                .get(&rejoin.install)
                .is_some_and(|own| own.low >= rejoin.handed_out && own.done.is_empty());
            if !has_caught_up || self.installs.get(&rejoin.install).is_none_or(|(_, on)| !on) {
                return Err(CommitError::Conflict("the install's place".to_owned()));
            }
        }
        for write in &changes.tickets {
            self.same(
                self.tickets.get(&write.ticket.id),
                write.expected,
                "the ticket",
            )?;
        }
        for write in &changes.customers {
            self.same(
                self.customers.get(&write.customer.id),
                write.expected,
                "the customer",
            )?;
        }
        for write in &changes.records {
            self.same(
                self.record_version(&write.key),
                write.expected,
                "the record",
            )?;
        }
        for write in &changes.installs {
            self.same(
                self.installs.get(&write.install.id).map(|(epoch, _)| epoch),
                write.expected,
                "the install",
            )?;
        }
        changes
            .checks
            .iter()
            .try_for_each(|check| self.still(check))
    }

    fn still(&self, check: &Check) -> Result<(), CommitError> {
        match check {
            Check::Ticket(id, version) => self.same(self.tickets.get(id), *version, "the ticket"),
            Check::Record(key, version) => {
                self.same(self.record_version(key), *version, "the record")
            }
            Check::IdentityIsFree(name) if self.identities.contains(name) => {
                Err(CommitError::Conflict(format!("the identity {name}")))
            }
            Check::IdentityIsFree(_) => Ok(()),
            Check::Epoch(install, epoch) if self.installs.get(install) == Some(&(*epoch, true)) => {
                Ok(())
            }
            Check::Epoch(..) => Err(CommitError::Conflict("the install".to_owned())),
            Check::Parked(install, lane, sequence, attempts)
                if self.parked.get(&(*install, *lane)) == Some(&(*sequence, *attempts)) =>
            {
                Ok(())
            }
            Check::Parked(..) => Err(CommitError::Conflict("the parked delivery".to_owned())),
            Check::Customer(id, version) => {
                self.same(self.customers.get(id), *version, "the customer")
            }
            Check::Attempt(job, attempt) => self.is_at(*job, JobState::Running, *attempt),
            Check::GivenUp(job, attempt) => self.is_at(*job, JobState::Dead, *attempt),
            Check::Delivery(message, mark) if self.deliveries.get(message) == Some(mark) => Ok(()),
            Check::Delivery(..) => Err(CommitError::Conflict("the message's way".to_owned())),
        }
    }

    fn is_at(&self, job: JobId, state: JobState, attempt: u32) -> Result<(), CommitError> {
        match self.attempts.get(&job) {
            Some(at) if *at == (state, attempt) => Ok(()),
            _ => Err(CommitError::Conflict("the job's attempt".to_owned())),
        }
    }

    fn same(&self, present: Option<&u64>, expected: u64, what: &str) -> Result<(), CommitError> {
        if present.copied().unwrap_or(0) == expected {
            Ok(())
        } else {
            Err(CommitError::Conflict(what.to_owned()))
        }
    }
}
