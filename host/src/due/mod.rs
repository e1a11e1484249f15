//! # What is due
//! - A **job** is work that a plugin wants to have done: now, at a time, or by its schedule. Its attempt is committed before it runs; its end is part of
//!   the commit of its effects.
//! - A **ticket** falls due when its waiting ends, when it has been solved for long enough, or when what was put away is to go.
//!
//! One loop looks after both, woken by a signal and right by looking: losing a signal costs latency only, a lost worker's lease runs out.

/// Jobs of plugins.
pub mod jobs;

/// In whose name they run.
pub mod holder;

/// One call for a job.
pub(crate) mod call;

/// What the host does with tickets by itself.
pub mod tickets;

use crate::{
    admin::operator,
    desk::Desk,
    lane::LaneError,
    limits::{DUE_AGAIN_MS, POLL_EVERY_MS, TIDY_EVERY_MS},
    plugins::lifecycle::removal::forget_removed,
};
use guichet_core::time::Timestamp;
use std::{
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};

/// Wakes the loop.
#[derive(Default)]
pub struct Due {
    wake: Notify,
    running: jobs::Running,
}

impl Due {
    /// Something may be due earlier than was known.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// Begins to look after what is due, until the desk is gone.
    pub(crate) fn start(desk: &Arc<Desk>) {
        tokio::spawn(watch(Arc::downgrade(desk), desk.due.clone()));
    }

    /// Waits until nothing is due now and no job runs.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settled(desk: &Arc<Desk>) -> Result<(), guichet_store::StoreError> {
        loop {
            desk.due.wake();
            desk.due.running.ended().await;
            let now = desk.clock.now();
            let next = next(desk).await?;
            if next.is_none_or(|at| at > now) && desk.due.running.count() == 0 {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    }
}

async fn watch(desk: Weak<Desk>, due: Arc<Due>) {
    let mut tidied = None;
    loop {
        let wait = {
            let Some(desk) = desk.upgrade() else { return };
            let now = desk.clock.now();
            if tidied.is_none_or(|at: Timestamp| at.plus_milliseconds(TIDY_EVERY_MS) <= now) {
                tidied = Some(now);
                tidy(&desk).await;
            }
            match round(&desk).await {
                Ok((_, None)) => POLL_EVERY_MS,
                Ok((did_something, Some(at))) => {
                    let wait = u64::try_from((at.0 - desk.clock.now().0) / 1_000 + 1).unwrap_or(0);
                    // What is due and was not begun has no room, or nobody to do it: it is not asked for without a pause.
                    let least = if did_something { 0 } else { DUE_AGAIN_MS };
                    wait.max(least).min(POLL_EVERY_MS)
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "what is due cannot be looked at just now"
                    );
                    1_000
                }
            }
        };
        // Nobody holds the desk here: it may go, and the time-out notices.
        drop(timeout(Duration::from_millis(wait), due.wake.notified()).await);
    }
}

/// Forgets what was removed long enough ago, in every tenant.
async fn tidy(desk: &Arc<Desk>) {
    let forgotten = async {
        for tenant in desk.store.tenants_with_removed_installs().await? {
            let operator = operator(desk, tenant).await?;
            forget_removed(desk, &operator).await?;
        }
        Ok::<_, LaneError>(())
    };
    if let Err(error) = forgotten.await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the data of removed plugins could not be deleted; it is tried again in a day"
        );
    }
}

/// Whether anything was done, and when the next thing is due.
async fn round(desk: &Arc<Desk>) -> Result<(bool, Option<Timestamp>), guichet_store::StoreError> {
    let begun = jobs::begin_due(desk).await?;
    let settled = tickets::settle_due(desk).await?;
    Ok((begun + settled > 0, next(desk).await?))
}

async fn next(desk: &Desk) -> Result<Option<Timestamp>, guichet_store::StoreError> {
    let (job, ticket) = (
        desk.store.next_job_due().await?,
        desk.store.next_ticket_due().await?,
    );
    Ok(job.into_iter().chain(ticket).min())
}
