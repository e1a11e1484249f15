//! What changes, told to whoever looks, as it happens.
//!
//! The log is read once a tenant, however many look, and not at all where nobody does. Nothing here is the truth: whoever missed something reads the log from
//! where he was. Who is here and who writes is kept in memory alone.

/// A change, and whose eyes it is for.
pub mod change;

/// Who looks at a ticket, and who writes there.
pub mod presence;

use crate::{
    desk::Desk,
    ending,
    limits::{LIVE_KEPT, LIVE_OF_AGENT_MAX},
    news::{News, Watch},
};
use change::Change;
use guichet_core::id::{AgentId, TenantId};
use guichet_store::StoreError;
use presence::{Presences, Seen};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};
use tokio::sync::{broadcast, watch};

/// What is told.
#[derive(Debug, Clone)]
pub enum Told {
    Change(Arc<Change>),
    Presence(Arc<Seen>),
}

/// Whoever looks, by tenant.
#[derive(Debug, Default)]
pub struct Live {
    rooms: Mutex<HashMap<TenantId, Room>>,
    pub(crate) connections: Arc<Connections>,
    /// Whether the server is told to end.
    ending: watch::Sender<bool>,
    pub(crate) presences: Presences,
}

/// Who looks here, and by how many windows.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<HashMap<(TenantId, AgentId), usize>>);

impl Connections {
    /// Whether an agent looks, here, just now.
    pub(crate) fn has(&self, tenant: TenantId, agent: AgentId) -> bool {
        lock(&self.0).contains_key(&(tenant, agent))
    }
}

/// A tenant at which somebody looks.
#[derive(Debug)]
struct Room {
    tell: broadcast::Sender<Told>,
    /// That the log has grown.
    news: watch::Sender<()>,
}

/// A connection that is counted as long as it lasts.
pub struct Counted {
    desk: Arc<Desk>,
    whose: (TenantId, AgentId),
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut connections = lock(&self.desk.live.connections.0);
        if let Some(count) = connections.get_mut(&self.whose) {
            *count -= 1;
            if *count == 0 {
                connections.remove(&self.whose);
            }
        }
    }
}

impl Live {
    /// Tells those who look of each commit of this process at once, of those of others when it looks for them.
    pub(crate) fn start(desk: &Arc<Desk>) {
        // A command of the operator ends as any program does.
        if desk.settings.works {
            ending::hear();
            let ends = Arc::downgrade(desk);
            tokio::spawn(async move {
                ending::until_told().await;
                if let Some(desk) = ends.upgrade() {
                    desk.live.ending.send_replace(true);
                }
            });
        }
        let (mut watch, weak) = (Watch::new(&desk.store), Arc::downgrade(desk));
        tokio::spawn(async move {
            while let Some(news) = watch.next().await {
                let Some(desk) = weak.upgrade() else { return };
                match news {
                    News::Of(signal) => desk.live.wake(signal.tenant),
                    News::Anywhere => lock(&desk.live.rooms)
                        .values()
                        .for_each(|room| room.news.send_replace(())),
                }
            }
        });
    }

    /// That the server is told to end: it would wait for connections otherwise. Whoever asks late is told as well.
    pub(crate) fn ending(&self) -> watch::Receiver<bool> {
        self.ending.subscribe()
    }

    /// All that changes in the tenant from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn enter(
        desk: &Arc<Desk>,
        tenant: TenantId,
    ) -> Result<broadcast::Receiver<Told>, StoreError> {
        // Before the room is there: what is committed meanwhile is told.
        let from = desk.store.tenant(tenant).sequence().await?;
        let mut rooms = lock(&desk.live.rooms);
        if let Some(room) = rooms.get(&tenant) {
            return Ok(room.tell.subscribe());
        }
        let (tell, told) = broadcast::channel(LIVE_KEPT);
        let (news, hears) = watch::channel(());
        let follow = follow(Arc::downgrade(desk), tenant, from, tell.clone(), hears);
        rooms.insert(tenant, Room { tell, news });
        tokio::spawn(follow);
        Ok(told)
    }

    /// Counts a connection; nothing where the agent has as many as one may have.
    pub fn count(desk: &Arc<Desk>, tenant: TenantId, agent: AgentId) -> Option<Counted> {
        let mut connections = lock(&desk.live.connections.0);
        let count = connections.entry((tenant, agent)).or_default();
        if *count >= LIVE_OF_AGENT_MAX {
            return None;
        }
        *count += 1;
        Some(Counted {
            desk: desk.clone(),
            whose: (tenant, agent),
        })
    }

    /// Tells who looks at a ticket.
    pub(crate) fn tell(&self, tenant: TenantId, seen: Seen) {
        if let Some(room) = lock(&self.rooms).get(&tenant) {
            drop(room.tell.send(Told::Presence(Arc::new(seen))));
        }
    }

    fn wake(&self, tenant: TenantId) {
        if let Some(room) = lock(&self.rooms).get(&tenant) {
            room.news.send_replace(());
        }
    }

    /// Whether nobody looks any more; then the room is closed.
    fn is_left(&self, tenant: TenantId) -> bool {
        let mut rooms = lock(&self.rooms);
        let is_left = rooms
            .get(&tenant)
            .is_none_or(|room| room.tell.receiver_count() == 0);
        if is_left {
            rooms.remove(&tenant);
        }
        is_left
    }
}

/// Reads a tenant's log for all who look, until nobody does.
async fn follow(
    desk: Weak<Desk>,
    tenant: TenantId,
    mut from: u64,
    tell: broadcast::Sender<Told>,
    mut news: watch::Receiver<()>,
) {
    loop {
        news.mark_unchanged();
        loop {
            let Some(desk) = desk.upgrade() else { return };
            match change::after(&desk, tenant, from).await {
                Ok(page) => {
                    let Some(last) = page.last() else { break };
                    from = last.sequence;
                    for change in page {
                        drop(tell.send(Told::Change(change)));
                    }
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::error!(error, "what changed cannot be told just now");
                    break;
                }
            }
        }
        // The room is gone with the desk.
        if news.changed().await.is_err() {
            return;
        }
        if desk.upgrade().is_none_or(|desk| desk.live.is_left(tenant)) {
            return;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
