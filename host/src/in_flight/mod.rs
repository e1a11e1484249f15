//! # What was in flight when the process died
//! - A **trace** names the delivery, the job or the request for which a plugin is called; it stands in a file as long as the call lasts.
//! - A **suspect** is a trace that stood there when the process had died. Its deaths are counted until a call of it comes to an end.
//!
//! A guest is contained by its sandbox. Should one bring the process down all the same, it would do so again at each start, since what is not done is done
//! again. So what was in flight at two deaths is tried apart, after the other suspects; what was in flight at three is given up. Nothing here is flushed to
//! the disk: it has to outlive the process, not the machine.

/// Traces in a file.
mod slots;

use crate::limits::{DEATHS_GIVEN_UP, DEATHS_TRIED_APART, RETRY_AFTER_MS, SUSPECTS_MAX};
use guichet_core::{
    id::{InstallId, JobId, TenantId},
    install::Install,
};
use guichet_runtime::limits;
use serde::{Deserialize, Serialize};
use slots::Slots;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Why something is tried apart, or given up.
pub(crate) const IN_FLIGHT_AT_DEATHS: &str =
    "the server died again and again while this was in flight";

/// What a person can do where requests to a plugin are given up.
pub(crate) const SUSPECT_REMEDY: &str = "the server died again and again while this plugin answered: it is asked again once an admin has disabled and enabled it";

/// Of what is in flight.
const FILE: &str = "in-flight";

/// Of suspects, as JSON.
const SUSPECTS: &str = "suspects.json";

/// For what a plugin is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Trace {
    pub tenant: TenantId,
    pub install: InstallId,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Its sequence.
    Event(u64),
    Job(JobId),
    /// Any request or report of an install, until it is switched: its epoch.
    Request(u64),
}

impl Trace {
    /// Of requests to an install. Once it is switched off and on, nothing is known of them any more.
    pub(crate) fn of_requests(tenant: TenantId, install: &Install) -> Self {
        Self {
            tenant,
            install: install.id,
            what: What::Request(install.epoch),
        }
    }
}

/// What is to be done with what comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspicion {
    /// Nothing speaks against it.
    None,
    /// It waits so many milliseconds, so that no other suspect runs beside it.
    TryApart(i64),
    GiveUp,
}

impl Suspicion {
    /// How long it must not run beside others; what is given up is given up alone, too.
    pub(crate) fn wait_ms(self) -> Option<i64> {
        match self {
            Self::None => None,
            Self::TryApart(wait_ms) => Some(wait_ms),
            Self::GiveUp => Some(0),
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Suspect {
    trace: Trace,
    deaths: u32,
}

/// What is in flight, and what is suspected.
pub struct InFlight {
    /// None where nothing is called here.
    slots: Option<Slots>,
    suspects: Mutex<Vec<Suspect>>,
    folder: PathBuf,
}

/// A call that is in flight, as long as this is held.
pub struct Passage<'a> {
    of: &'a InFlight,
    trace: Trace,
    slot: Option<usize>,
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        if let (Some(slots), Some(slot)) = (&self.of.slots, self.slot) {
            slots.leave(slot);
        }
        self.of.absolve(&self.trace);
    }
}

impl InFlight {
    /// Where nothing is called: the file is another process's.
    pub(crate) fn elsewhere() -> Self {
        Self {
            slots: None,
            suspects: Mutex::default(),
            folder: PathBuf::new(),
        }
    }

    /// Reads what was in flight when the process before this one ended, and begins anew.
    pub(crate) fn open(data: &Path) -> io::Result<Self> {
        let (slots, left) = Slots::open(&data.join(FILE))?;
        let suspects = match fs::read(data.join(SUSPECTS)) {
            // One that was not finished when the process died is as good as none.
            Ok(kept) => serde_json::from_slice(&kept).unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        let suspects = after_death(suspects, left);
        for Suspect { trace, deaths } in &suspects {
            tracing::warn!(tenant = %trace.tenant, install = %trace.install, what = ?trace.what, deaths, "was in flight when the process died");
        }
        let in_flight = Self {
            slots: Some(slots),
            suspects: Mutex::new(suspects),
            folder: data.to_owned(),
        };
        in_flight.keep(&lock(&in_flight.suspects));
        Ok(in_flight)
    }

    /// A call begins.
    pub(crate) fn enter(&self, trace: Trace) -> Passage<'_> {
        let slot = self.slots.as_ref().map(|slots| slots.enter(&trace));
        Passage {
            of: self,
            trace,
            slot,
        }
    }

    pub(crate) fn suspicion(&self, trace: &Trace) -> Suspicion {
        let suspects = lock(&self.suspects);
        let place = suspects.iter().position(|one| one.trace == *trace);
        let Some((place, suspect)) = place.and_then(|place| Some((place, suspects.get(place)?)))
        else {
            return Suspicion::None;
        };
        match suspect.deaths {
            DEATHS_GIVEN_UP.. => Suspicion::GiveUp,
            DEATHS_TRIED_APART.. => {
                let place = i64::try_from(place).unwrap_or_default();
                let wall = i64::try_from(limits::EVENT.wall_ms).unwrap_or_default();
                Suspicion::TryApart(RETRY_AFTER_MS[0] + place * wall)
            }
            _ => Suspicion::None,
        }
    }

    /// Jobs that were in flight at so many deaths that nothing is to run beside them: they wait until their lease has run out.
    pub(crate) fn suspected_jobs(&self) -> Vec<(TenantId, JobId)> {
        let suspects = lock(&self.suspects);
        let suspects = suspects
            .iter()
            .filter(|suspect| suspect.deaths >= DEATHS_TRIED_APART);
        suspects
            .filter_map(|suspect| match suspect.trace.what {
                What::Job(job) => Some((suspect.trace.tenant, job)),
                What::Event(_) | What::Request(_) => None,
            })
            .collect()
    }

    /// It came to an end, or is given up.
    pub(crate) fn absolve(&self, trace: &Trace) {
        let mut suspects = lock(&self.suspects);
        let before = suspects.len();
        suspects.retain(|suspect| suspect.trace != *trace);
        if suspects.len() < before {
            self.keep(&suspects);
        }
    }

    fn keep(&self, suspects: &[Suspect]) {
        let kept = serde_json::to_vec(suspects).unwrap_or_default();
        if let Err(error) = fs::write(self.folder.join(SUSPECTS), kept) {
            tracing::warn!(%error, "what was in flight when the process died cannot be kept");
        }
    }
}

/// Suspects once these were in flight at one more death, which is one however often a trace stood there: requests share theirs. Of very many the newest
/// are kept.
fn after_death(mut suspects: Vec<Suspect>, left: Vec<Trace>) -> Vec<Suspect> {
    for trace in left {
        match suspects.iter_mut().find(|suspect| suspect.trace == trace) {
            Some(suspect) => suspect.deaths += 1,
            None => suspects.push(Suspect { trace, deaths: 1 }),
        }
    }
    let surplus = suspects.len().saturating_sub(SUSPECTS_MAX);
    suspects.drain(..surplus);
    suspects
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_core::id::JobId;
    use uuid::Uuid;

    fn trace(what: What) -> Trace {
        Trace {
            tenant: TenantId(Uuid::from_u128(1)),
            install: InstallId(Uuid::from_u128(2)),
            what,
        }
    }

    /// A process that dies with these in flight.
    fn die(data: &Path, traces: &[Trace]) {
        let in_flight = InFlight::open(data).unwrap();
        traces
            .iter()
            .for_each(|trace| std::mem::forget(in_flight.enter(*trace)));
    }

    #[test]
    fn what_was_in_flight_at_each_death_is_tried_then_tried_apart_then_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let culprit = trace(What::Event(7));
        let mut seen = Vec::new();
        for _ in 0..3 {
            die(folder.path(), &[culprit]);
            seen.push(InFlight::open(folder.path()).unwrap().suspicion(&culprit));
        }
        assert_eq!(
            seen,
            [
                Suspicion::None,
                Suspicion::TryApart(RETRY_AFTER_MS[0]),
                Suspicion::GiveUp
            ]
        );
    }

    #[test]
    fn a_job_that_was_in_flight_at_two_deaths_is_suspected() {
        let folder = tempfile::tempdir().unwrap();
        let job = JobId(Uuid::from_u128(3));
        let both = [trace(What::Event(7)), trace(What::Job(job))];
        let mut seen = Vec::new();
        for _ in 0..2 {
            die(folder.path(), &both);
            seen.push(InFlight::open(folder.path()).unwrap().suspected_jobs());
        }
        assert_eq!(seen, [vec![], vec![(both[1].tenant, job)]]);
    }

    #[test]
    fn suspects_are_tried_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let two = [
            trace(What::Event(7)),
            trace(What::Job(JobId(Uuid::from_u128(3)))),
        ];
        die(folder.path(), &two);
        die(folder.path(), &two);
        let in_flight = InFlight::open(folder.path()).unwrap();
        let Suspicion::TryApart(first) = in_flight.suspicion(&two[0]) else {
            panic!("{:?}", in_flight.suspicion(&two[0]));
        };
        let wall = i64::try_from(limits::EVENT.wall_ms).unwrap();
        assert_eq!(
            in_flight.suspicion(&two[1]),
            Suspicion::TryApart(first + wall)
        );
    }

    #[test]
    fn whoever_comes_to_an_end_is_no_suspect_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let innocent = trace(What::Request(1));
        die(folder.path(), &[innocent]);
        die(folder.path(), &[innocent]);
        drop(InFlight::open(folder.path()).unwrap().enter(innocent));
        die(folder.path(), &[]);
        assert_eq!(
            InFlight::open(folder.path()).unwrap().suspicion(&innocent),
            Suspicion::None
        );
    }

    #[test]
    fn many_requests_in_flight_at_one_death_are_one_death() {
        let folder = tempfile::tempdir().unwrap();
        let requests = [trace(What::Request(1)); 8];
        die(folder.path(), &requests);
        die(folder.path(), &requests);
        let suspicion = |data| InFlight::open(data).unwrap().suspicion(&requests[0]);
        assert_ne!(suspicion(folder.path()), Suspicion::GiveUp);
        die(folder.path(), &requests);
        assert_eq!(suspicion(folder.path()), Suspicion::GiveUp);
    }

    #[test]
    fn of_very_many_suspects_the_newest_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let most = u64::try_from(SUSPECTS_MAX).unwrap();
        let all: Vec<_> = (0..=most).map(|n| trace(What::Event(n))).collect();
        die(folder.path(), &all);
        let in_flight = InFlight::open(folder.path()).unwrap();
        assert_eq!(lock(&in_flight.suspects).len(), SUSPECTS_MAX);
    }
}
