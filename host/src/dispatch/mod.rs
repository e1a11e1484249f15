//! # Dispatch
//! - The **log** is the queue. A tenant has one cursor: `low`, all done up to here, and a bounded set of sequences done above it.
//! - A **turn** hands one event to the installs that listen, in their order, and commits all their effects and "done" at once.
//! - A **parked** install goes on from its row; the lane goes on without it.
//! - An install **apart** is paused or catches up: it has a cursor of its own, until it keeps step again.
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

/// Whose deliveries are followed.
mod who;

/// Those that do not keep step.
mod apart;

pub use replay::replay;

use crate::{
    desk::{Desk, DeskError},
    lane::LaneError,
    news::{News, Watch},
};
use apart::Standing;
use guichet_core::{
    id::{InstallId, TenantId},
    time::Timestamp,
};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Notify, watch},
    time::timeout,
};
use who::Who;

/// The tenants whose log is being followed, each by one follower a cursor.
#[derive(Default)]
pub struct Dispatch {
    tenants: Mutex<HashMap<TenantId, HashMap<Who, Arc<Waking>>>>,
}

/// How a follower is woken, and how others learn that it has nothing to do.
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
    /// When a parked install is to be tried again, or a paused one.
    next_due: Option<Timestamp>,
    /// Nothing is to be done before that, whatever the log holds.
    rests: bool,
}

impl Quiet {
    /// There is no follower any more.
    const ENDED: Self = Self {
        round: u64::MAX,
        sequence: 0,
        next_due: None,
        rests: true,
    };
}

impl Drop for Dispatch {
    fn drop(&mut self) {
        // Followers wait for a word; with the desk gone, they end.
        let tenants = self
            .tenants
            .get_mut()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        tenants
            .values()
            .flat_map(HashMap::values)
            .for_each(|waking| waking.wake.notify_one());
    }
}

impl Dispatch {
    /// Follows the log of every tenant that has work, and of those that come to have some. An idle tenant costs nothing.
    pub(crate) async fn start(desk: &Arc<Desk>) -> Result<(), DeskError> {
        let mut watch = Watch::new(&desk.store);
        for tenant in desk.store.tenants_with_work().await? {
            desk.dispatch.wake(desk, tenant, 0);
        }
        let weak = Arc::downgrade(desk);
        tokio::spawn(async move {
            while let Some(news) = watch.next().await {
                let Some(desk) = weak.upgrade() else { return };
                match news {
                    News::Of(signal) => desk.dispatch.wake(&desk, signal.tenant, signal.sequence),
                    News::Anywhere => {
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

    /// Wakes all who follow the tenant's log.
    fn wake(&self, desk: &Arc<Desk>, tenant: TenantId, sequence: u64) {
        self.ensure(desk, tenant, Who::Together);
        for (_, waking) in self.followers(tenant) {
            waking.last.fetch_max(sequence, Ordering::SeqCst);
            waking.wake.notify_one();
        }
    }

    /// Wakes who follows for those that keep step: somebody has caught up with them.
    fn wake_together(&self, tenant: TenantId) {
        let tenants = self.lock();
        let followers = tenants.get(&tenant);
        if let Some(waking) = followers.and_then(|followers| followers.get(&Who::Together)) {
            waking.wake.notify_one();
        }
    }

    /// Has installs with cursors of their own followed.
    async fn follow_apart(desk: &Arc<Desk>, tenant: TenantId) -> Result<(), LaneError> {
        for ready in desk.installs(tenant).await?.iter() {
            if ready.install.apart && ready.is_enabled() {
                let who = Who::Apart(ready.install.id);
                desk.dispatch.ensure(desk, tenant, who);
            }
        }
        Ok(())
    }

    fn ensure(&self, desk: &Arc<Desk>, tenant: TenantId, who: Who) {
        let mut tenants = self.lock();
        let followers = tenants.entry(tenant).or_default();
        if followers.contains_key(&who) {
            return;
        }
        let waking = Arc::new(Waking::default());
        tokio::spawn(follow(Arc::downgrade(desk), tenant, who, waking.clone()));
        followers.insert(who, waking);
    }

    /// Installs with cursors of their own that had nothing to do when they looked last, and stood at `sequence` or beyond.
    fn caught_up(&self, tenant: TenantId, sequence: u64) -> Vec<InstallId> {
        let tenants = self.lock();
        let followers = tenants.get(&tenant).into_iter().flatten();
        followers
            .filter_map(|(who, waking)| {
                let quiet = *waking.quiet.borrow();
                let install = who.cursor()?;
                (quiet.round > 0 && !quiet.rests && quiet.sequence >= sequence).then_some(install)
            })
            .collect()
    }

    fn followers(&self, tenant: TenantId) -> Vec<(Who, Arc<Waking>)> {
        let tenants = self.lock();
        let followers = tenants.get(&tenant).into_iter().flatten();
        followers
            .map(|(who, waking)| (*who, waking.clone()))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TenantId, HashMap<Who, Arc<Waking>>>> {
        self.tenants
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Waits until every event of the tenant up to now has been handled, no parked install is due, and whoever catches up has caught up.
    pub async fn settled(desk: &Arc<Desk>, tenant: TenantId) {
        loop {
            let Ok(cursor) = desk.store.tenant(tenant).cursor().await else {
                return;
            };
            desk.dispatch.wake(desk, tenant, cursor.sequence);
            if Self::follow_apart(desk, tenant).await.is_err() {
                return;
            }
            let mut is_settled = true;
            for (who, waking) in desk.dispatch.followers(tenant) {
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
                let is_catching_up = who != Who::Together && !quiet.rests;
                let has_seen_all = quiet.sequence >= cursor.sequence || quiet.rests;
                is_settled &= has_seen_all && !is_due && !is_catching_up;
            }
            if is_settled {
                return;
            }
        }
    }

    /// The follower of an install that keeps step again, or does not run, ends.
    fn end(&self, tenant: TenantId, who: Who, waking: &Waking) {
        if let Some(followers) = self.lock().get_mut(&tenant) {
            followers.remove(&who);
        }
        waking.quiet.send_replace(Quiet::ENDED);
    }
}

/// Follows a tenant's log with one of its cursors, until the desk is gone.
async fn follow(desk: Weak<Desk>, tenant: TenantId, who: Who, waking: Arc<Waking>) {
    loop {
        let next_due = {
            let Some(desk) = desk.upgrade() else { return };
            let round = waking.begun.fetch_add(1, Ordering::SeqCst) + 1;
            match take_round(&desk, tenant, who, &waking).await {
                Ok(None) => {
                    desk.dispatch.end(tenant, who, &waking);
                    // Perhaps it left again just now: whoever keeps step has it followed.
                    desk.dispatch.wake(&desk, tenant, 0);
                    return;
                }
                Ok(Some(quiet)) => {
                    waking.quiet.send_replace(Quiet { round, ..quiet });
                    if who != Who::Together && !quiet.rests {
                        desk.dispatch.wake_together(tenant);
                    }
                    quiet.next_due.map(|due| {
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

/// Works off what there is to do now; nothing where this cursor is not to be followed any more.
async fn take_round(
    desk: &Arc<Desk>,
    tenant: TenantId,
    who: Who,
    waking: &Waking,
) -> Result<Option<Quiet>, LaneError> {
    match who {
        Who::Together => Dispatch::follow_apart(desk, tenant).await?,
        Who::Apart(install) => match apart::standing(desk, tenant, install).await? {
            Standing::Ended => return Ok(None),
            Standing::Rests(until) => {
                return Ok(Some(Quiet {
                    next_due: Some(until),
                    rests: true,
                    ..Quiet::default()
                }));
            }
            Standing::Follows => {}
        },
    }
    let caught_up = window::catch_up(desk, tenant, who, &waking.last).await?;
    Ok(Some(Quiet {
        sequence: caught_up.sequence,
        next_due: caught_up.next_due,
        ..Quiet::default()
    }))
}
