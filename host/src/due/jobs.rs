//! Jobs of plugins: at least once, retried with back-off; their effects exactly once, with their end.

use super::call::{self, Wrote};
use crate::{
    channels::{self, outgoing::Outgoing},
    desk::Desk,
    in_flight::{IN_FLIGHT_AT_DEATHS, Suspicion, Trace, What},
    inbound::http::plugin_route::{durable, invoke::Failure},
    lane::{LaneError, again},
    limits::{
        CONFLICT_RUNS_MAX, JOB_ATTEMPTS_MAX, JOB_LEASE_MS, JOBS_AT_ONCE, JOBS_OF_INSTALL_AT_ONCE,
        RERUNS_MAX,
    },
    plugins::{Ready, breaker, schedule},
};
use guichet_core::{
    changeset::{ChangeSet, Check},
    id::{JobId, TenantId},
    job::{Job, JobWrite, SCHEDULE_KEY, Settled},
    limits::DEPTH_MAX,
};
use guichet_runtime::{Ended, JobFailure, Outcome, Plugin};
use guichet_store::{CommitError, DueJob, StoreError};
use std::sync::Arc;
use tokio::sync::watch;

/// How many jobs run.
pub(super) struct Running(Arc<watch::Sender<usize>>);

impl Default for Running {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

/// One that runs, as long as this is held.
struct Entered(Arc<watch::Sender<usize>>);

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

impl Running {
    fn enter(&self) -> Entered {
        self.0.send_modify(|count| *count += 1);
        Entered(self.0.clone())
    }

    pub(super) fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Waits until none runs.
    pub(super) async fn ended(&self) {
        drop(self.0.subscribe().wait_for(|count| *count == 0).await);
    }
}

/// Begins the jobs that are due, as many as there is room for; answers how many.
pub(super) async fn begin_due(desk: &Arc<Desk>) -> Result<usize, StoreError> {
    let room = JOBS_AT_ONCE.saturating_sub(desk.due.running.count());
    let Some(holder) = desk.holder.as_ref().filter(|_| room > 0) else {
        return Ok(0);
    };
    // From the claim on they count as running: nobody may think meanwhile that all is done.
    let _claiming = desk.due.running.enter();
    let now = desk.clock.now();
    let due = desk
        .store
        .begin_jobs(
            holder.id,
            now,
            now.plus_milliseconds(JOB_LEASE_MS),
            u32::try_from(room).unwrap_or(u32::MAX),
            JOBS_OF_INSTALL_AT_ONCE,
        )
        .await?;
    let begun = due.len();
    for DueJob { tenant, job } in due {
        let running = desk.due.running.enter();
        let desk = desk.clone();
        tokio::spawn(async move {
            if let Err(error) = attempt(&desk, tenant, &job).await {
                // The lease runs out, and the job is tried again.
                tracing::error!(job = %job.id, error = &error as &dyn std::error::Error, "a job's attempt could not be ended");
            }
            drop(running);
            desk.due.wake();
        });
    }
    Ok(begun)
}

/// One attempt, from its beginning to its settling.
async fn attempt(desk: &Arc<Desk>, tenant: TenantId, job: &Job) -> Result<(), LaneError> {
    for run in 1..=CONFLICT_RUNS_MAX {
        let installs = desk.installs(tenant).await?;
        let Some((ready, plugin)) = installs
            .iter()
            .find(|ready| ready.install.id == job.install && ready.is_enabled())
            .and_then(|ready| Some((ready, ready.plugin.as_ref()?)))
        else {
            desk.forget_installs(tenant);
            let reason = "the plugin cannot be loaded, or is disabled".to_owned();
            return settle_badly(desk, tenant, job, None, None, reason).await;
        };
        let now = desk.clock.now();
        if let Some(until) = ready.install.paused_until(now) {
            let seconds = u32::try_from((until.0 - now.0) / 1_000_000 + 1).unwrap_or(u32::MAX);
            let later = Some(JobFailure::Retry(Some(seconds)));
            let reason = "the plugin is paused: it failed too often".to_owned();
            return settle_badly(desk, tenant, job, None, later, reason).await;
        }
        if job.depth >= DEPTH_MAX {
            let reason = "it is part of a chain of effects that goes round".to_owned();
            let failure = Some(JobFailure::GiveUp);
            return settle_badly(desk, tenant, job, Some(ready), failure, reason).await;
        }
        if job.attempt > JOB_ATTEMPTS_MAX {
            // Its worker went each time without a word: killed, perhaps by the job itself.
            let reason = "the last attempt came to no end".to_owned();
            let failure = Some(JobFailure::GiveUp);
            return settle_badly(desk, tenant, job, Some(ready), failure, reason).await;
        }
        let trace = Trace {
            tenant,
            install: job.install,
            what: What::Job(job.id),
        };
        if desk.in_flight.suspicion(&trace) == Suspicion::GiveUp {
            let (reason, failure) = (IN_FLIGHT_AT_DEATHS.to_owned(), Some(JobFailure::GiveUp));
            settle_badly(desk, tenant, job, Some(ready), failure, reason).await?;
            desk.in_flight.absolve(&trace);
            return Ok(());
        }
        let _passage = desk.in_flight.enter(trace);
        if durable::is_kept_request(job) {
            return handle_request(desk, tenant, ready, job).await;
        }
        if Outgoing::read(job).is_some() {
            return channels::attempt::take(desk, tenant, ready, plugin, job).await;
        }
        let (ended, failure, wrote) = call(desk, tenant, ready, plugin, job).await?;
        // That a job could not be done, as the plugin itself says, is no failure of the plugin: a server outside may be away.
        let is_hosts = matches!(ended.outcome, Outcome::HostError(_));
        if job.attempt == 1 && failure.is_none() && !is_hosts {
            let reason = breaker::is_blamed(&ended.outcome).then(|| ended.outcome.to_string());
            breaker::note(desk, tenant, ready, reason.as_deref()).await?;
        }
        let Some(wrote) = wrote else {
            let reason = ended.outcome.to_string();
            // The host's own failure is nobody's fault.
            let blamed = (!is_hosts).then_some(ready);
            return settle_badly(desk, tenant, job, blamed, failure, reason).await;
        };
        let done = |changes: &mut ChangeSet| {
            changes.checks.push(Check::Attempt(job.id, job.attempt));
            changes
                .checks
                .push(Check::Epoch(ready.install.id, ready.install.epoch));
            changes.jobs.push(settled(job, Settled::Done));
        };
        let next = next_run(desk, tenant, ready, job).await?;
        // What was told to the outside is not told twice because of a conflict.
        let result = if run <= RERUNS_MAX && !wrote.has_called_out {
            let mut changes = wrote.overlay.finish();
            done(&mut changes);
            changes.jobs.extend(next);
            desk.commit(changes).await.map(drop)
        } else {
            again::commit(desk, tenant, wrote.overlay.asked(), |changes| {
                done(changes);
                changes.jobs.extend(next.clone());
            })
            .await
        };
        match result {
            Ok(()) => return Ok(()),
            // To call the plugin again would call the outside again: that is for the next attempt, which says so by the same key.
            Err(CommitError::Conflict(_)) if wrote.has_called_out => {
                desk.forget_installs(tenant);
                let reason = "others changed the same things meanwhile".to_owned();
                return settle_badly(desk, tenant, job, None, None, reason).await;
            }
            Err(CommitError::Conflict(_)) => desk.forget_installs(tenant),
            Err(CommitError::Invalid(reason)) => {
                return settle_badly(desk, tenant, job, Some(ready), None, reason).await;
            }
            Err(error) => return Err(crate::lane::into_lane_error(error)),
        }
    }
    settle_badly(
        desk,
        tenant,
        job,
        None,
        None,
        "others kept changing the same things".to_owned(),
    )
    .await
}

/// A request to a durable route that was kept.
async fn handle_request(
    desk: &Arc<Desk>,
    tenant: TenantId,
    ready: &Arc<Ready>,
    job: &Job,
) -> Result<(), LaneError> {
    let done = |changes: &mut ChangeSet| {
        changes.checks.push(Check::Attempt(job.id, job.attempt));
        changes.jobs.push(settled(job, Settled::Done));
    };
    let (blamed, failure, reason) = match durable::handle(desk, tenant, ready, job, &done).await {
        Ok(()) => return Ok(()),
        Err(Failure::Plugin(Outcome::HostError(reason))) => (None, None, reason),
        Err(Failure::Plugin(outcome)) => (Some(ready), None, outcome.to_string()),
        Err(Failure::Refused(refusal)) => {
            (Some(ready), Some(JobFailure::GiveUp), refusal.to_string())
        }
        Err(Failure::Suspect) => {
            let reason = IN_FLIGHT_AT_DEATHS.to_owned();
            (Some(ready), Some(JobFailure::GiveUp), reason)
        }
        Err(Failure::Busy) => (
            None,
            None,
            "others kept changing the same things".to_owned(),
        ),
        Err(Failure::Host(error)) => return Err(error),
    };
    settle_badly(desk, tenant, job, blamed, failure, reason).await
}

type Called = (Ended, Option<JobFailure>, Option<Wrote>);

async fn call(
    desk: &Desk,
    tenant: TenantId,
    ready: &Ready,
    plugin: &Arc<Plugin>,
    job: &Job,
) -> Result<Called, LaneError> {
    let prepared = call::prepare(desk, tenant, ready, job).await?;
    let (mut ended, failure) = plugin
        .do_job(prepared.call, job, prepared.idempotency_key)
        .await;
    let wrote = call::wrote(desk, tenant, ready, job, "job-handler", &mut ended).await?;
    Ok((ended, failure, wrote.well()))
}

/// Tries again later, or gives up.
async fn settle_badly(
    desk: &Desk,
    tenant: TenantId,
    job: &Job,
    ready: Option<&Arc<Ready>>,
    failure: Option<JobFailure>,
    reason: String,
) -> Result<(), LaneError> {
    let now = desk.clock.now();
    let mut changes = ChangeSet::new(tenant);
    changes.checks.push(Check::Attempt(job.id, job.attempt));
    let asked_for = match &failure {
        Some(JobFailure::Retry(Some(seconds))) => i64::from(*seconds) * 1_000,
        _ => 0,
    };
    // Without the plugin there is nobody to blame: the attempt does not count towards giving up.
    let gives_up =
        failure == Some(JobFailure::GiveUp) || (ready.is_some() && job.attempt >= JOB_ATTEMPTS_MAX);
    if gives_up {
        channels::attempt::given_up(desk, tenant, job, &reason, &mut changes).await?;
        changes
            .jobs
            .push(settled(job, Settled::Dead { at: now, reason }));
        if let Some(ready) = ready {
            changes
                .jobs
                .extend(next_run(desk, tenant, ready, job).await?);
        }
    } else {
        let wait = back_off_ms(job.attempt).max(asked_for);
        let due_at = now.plus_milliseconds(wait);
        changes.jobs.push(settled(
            job,
            Settled::Again {
                due_at,
                reason,
                counts: ready.is_some(),
            },
        ));
    }
    match desk.commit(changes).await {
        // Another attempt has begun meanwhile: this one's end is of no interest.
        Ok(_) | Err(CommitError::Conflict(_)) => Ok(()),
        Err(error) => Err(crate::lane::into_lane_error(error)),
    }
}

/// The end of the attempt.
pub(crate) fn settled(job: &Job, how: Settled) -> JobWrite {
    JobWrite::Settle {
        id: job.id,
        attempt: job.attempt,
        how,
    }
}

/// What follows a schedule's run: its next one. Runs that were missed are not made up for.
async fn next_run(
    desk: &Desk,
    tenant: TenantId,
    ready: &Ready,
    job: &Job,
) -> Result<Option<JobWrite>, StoreError> {
    let name = job
        .key
        .as_deref()
        .and_then(|key| key.strip_prefix(SCHEDULE_KEY));
    let Some(timed) = name.and_then(|name| ready.manifest.schedule(name)) else {
        return Ok(None);
    };
    let zone = desk.store.tenant(tenant).zone().await?;
    let after = desk.clock.now().max(job.due_at);
    let id = JobId(desk.clock.new_id());
    Ok(schedule::job(timed, id, job.install, after, &zone).map(JobWrite::Enqueue))
}

/// 5 s, 20 s, 80 s, … at most 6 h.
pub(crate) fn back_off_ms(attempt: u32) -> i64 {
    5_000_i64
        .saturating_mul(4_i64.saturating_pow(attempt.saturating_sub(1).min(10)))
        .min(6 * 3_600_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_fourfold_up_to_six_hours() {
        let waits: Vec<_> = [1, 2, 3, 7, 8, 30].map(back_off_ms).into();
        assert_eq!(
            waits,
            [5_000, 20_000, 80_000, 20_480_000, 21_600_000, 21_600_000]
        );
    }
}
