//! # Dispatch
//! - The **log** is the queue. A tenant has one cursor: `low`, all done up to here, and a bounded set of sequences done above it.
//! - A **turn** hands one event to the installs that listen, in their order, and commits all their effects and "done" at once.
//! - A **parked** install goes on from its row; the lane goes on without it.
//!
//! A handler may run more than once for an event; its effects are committed once, by compare-and-set of "done". Nothing here holds a lock while a plugin runs.

/// The events after a tenant's cursor, by lane.
pub mod window;

/// One event to the installs that listen.
pub mod turn;

/// One parked install, alone.
pub mod retry;

/// A delivery that was given up, once more.
mod replay;

/// One call of a plugin's handler.
pub mod call;

pub use replay::replay;

use crate::{
    desk::{Desk, DeskError},
    limits::POLL_EVERY_MS,
};
use guichet_core::{id::TenantId, time::Timestamp};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, broadcast::error::RecvError, watch},
    time::{Instant, timeout, timeout_at},
};

/// The tenants whose log is being followed.
#[derive(Default)]
pub struct Dispatch {
    tenants: Mutex<HashMap<TenantId, Arc<Waking>>>,
}

/// How a tenant's follower is woken, and how others learn that it has nothing to do.
#[derive(Default)]
pub struct Waking {
    wake: Notify,
    /// The last event of the log, as far as was told.
    last: AtomicU64,
    /// Rounds that have begun.
    begun: AtomicU64,
    quiet: watch::Sender<Quiet>,
}

/// How the last round ended.
#[derive(Debug, Clone, Copy, Default)]
struct Quiet {
    round: u64,
    /// All up to here is done or parked.
    sequence: u64,
    /// When a parked install is to be tried again.
    next_due: Option<Timestamp>,
}

impl Drop for Dispatch {
    fn drop(&mut self) {
        // Followers wait for a word; with the desk gone, they end.
        let tenants = self
            .tenants
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        tenants.values().for_each(|waking| waking.wake.notify_one());
    }
}

impl Dispatch {
    /// Follows the log of every tenant that has work, and of those that come to have some. An idle tenant costs nothing.
    pub(crate) async fn start(desk: &Arc<Desk>) -> Result<(), DeskError> {
        let mut signals = desk.store.subscribe();
        for tenant in desk.store.tenants_with_work().await? {
            desk.dispatch.wake(desk, tenant, 0);
        }
        let weak = Arc::downgrade(desk);
        tokio::spawn(async move {
            let every = Duration::from_millis(POLL_EVERY_MS);
            let mut look = Instant::now() + every;
            loop {
                // Not so long after the last signal, but after the last look: on a busy desk there is always a signal.
                let signal = timeout_at(look, signals.recv()).await;
                let Some(desk) = weak.upgrade() else { return };
                match signal {
                    Ok(Ok(signal)) if Instant::now() < look => {
                        desk.dispatch.wake(&desk, signal.tenant, signal.sequence);
                    }
                    Ok(Err(RecvError::Closed)) => return,
                    // Time for a look, or signals were lost. Losing one costs latency, never data.
                    Ok(_) | Err(_) => {
                        look = Instant::now() + every;
                        desk.forget_all_installs();
                        match desk.store.tenants_with_work().await {
                            Ok(tenants) => tenants
                                .into_iter()
                                .for_each(|tenant| desk.dispatch.wake(&desk, tenant, 0)),
                            Err(error) => tracing::error!(
                                error = &error as &dyn std::error::Error,
                                "the log cannot be looked at just now"
                            ),
                        }
                    }
                }
            }
        });
        Ok(())
    }

    fn wake(&self, desk: &Arc<Desk>, tenant: TenantId, sequence: u64) {
        let mut tenants = self
            .tenants
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let waking = tenants.entry(tenant).or_insert_with(|| {
            let waking = Arc::new(Waking::default());
            tokio::spawn(follow(Arc::downgrade(desk), tenant, waking.clone()));
            waking
        });
        waking.last.fetch_max(sequence, Ordering::SeqCst);
        waking.wake.notify_one();
    }

    /// Waits until every event of the tenant up to now has been handled, and no parked install is due.
    pub async fn settled(desk: &Arc<Desk>, tenant: TenantId) {
        loop {
            let Ok(cursor) = desk.store.tenant(tenant).cursor().await else {
                return;
            };
            desk.dispatch.wake(desk, tenant, cursor.sequence);
            let Some(waking) = desk.dispatch.waking(tenant) else {
                continue;
            };
            // Only a round that begins from here on has seen what is there now.
            let seen = waking.begun.load(Ordering::SeqCst);
            waking.wake.notify_one();
            let mut quiet = waking.quiet.subscribe();
            let Ok(quiet) = quiet
                .wait_for(|quiet| quiet.round > seen)
                .await
                .map(|quiet| *quiet)
            else {
                return;
            };
            let is_due = quiet.next_due.is_some_and(|due| due <= desk.clock.now());
            if quiet.sequence >= cursor.sequence && !is_due {
                return;
            }
        }
    }

    fn waking(&self, tenant: TenantId) -> Option<Arc<Waking>> {
        self.tenants
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .get(&tenant)
            .cloned()
    }
}

/// Follows one tenant's log until the desk is gone.
async fn follow(desk: Weak<Desk>, tenant: TenantId, waking: Arc<Waking>) {
    loop {
        let next_due = {
            let Some(desk) = desk.upgrade() else { return };
            let round = waking.begun.fetch_add(1, Ordering::SeqCst) + 1;
            match window::catch_up(&desk, tenant, &waking.last).await {
                Ok(caught_up) => {
                    let next_due = caught_up.next_due;
                    waking.quiet.send_replace(Quiet {
                        round,
                        sequence: caught_up.sequence,
                        next_due,
                    });
                    next_due.map(|due| {
                        u64::try_from((due.0 - desk.clock.now().0) / 1_000 + 1).unwrap_or(1)
                    })
                }
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the log cannot be followed just now"
                    );
                    Some(1_000)
                }
            }
        };
        match next_due {
            Some(milliseconds) => {
                let _ = timeout(Duration::from_millis(milliseconds), waking.wake.notified()).await;
            }
            None => waking.wake.notified().await,
        }
    }
}
