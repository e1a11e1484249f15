//! The way to the writer. Each tenant has its own places in it, so that nobody waits because others filled it.
//!
//! A place is held until the change-set is settled, also where whoever brought it waits no more.

use super::{CommitError, Waiting};
use crate::{error::StoreError, limits::WAITING_MAX};
use guichet_core::{
    changeset::{ChangeSet, Committed},
    id::TenantId,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Tenants whose places are remembered before those that hold none are forgotten.
const REMEMBERED: usize = 1_024;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Queue {
    /// Bounded by the tenants' places.
    sender: mpsc::UnboundedSender<Waiting>,
    places: Arc<Mutex<HashMap<TenantId, Weak<Semaphore>>>>,
}

impl Queue {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<Waiting>) {
        let (sender, waiting) = mpsc::unbounded_channel();
        let queue = Self {
            sender,
            places: Arc::default(),
        };
        (queue, waiting)
    }

    /// Waits for a place, and for what becomes of the change-set.
    pub(crate) async fn commit(&self, changes: ChangeSet) -> Result<Committed, CommitError> {
        let closed = || CommitError::Store(StoreError::Closed);
        let place = self.place(changes.tenant).await.ok_or_else(closed)?;
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting {
            changes,
            answer,
            place,
        };
        self.sender.send(waiting).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    async fn place(&self, tenant: TenantId) -> Option<OwnedSemaphorePermit> {
        self.of(tenant).acquire_owned().await.ok()
    }

    /// A tenant's places, kept as long as somebody holds one or waits for one.
    fn of(&self, tenant: TenantId) -> Arc<Semaphore> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = places.get(&tenant).and_then(Weak::upgrade) {
            return known;
        }
        if places.len() >= REMEMBERED {
            places.retain(|_, place| place.strong_count() > 0);
        }
        let fresh = Arc::new(Semaphore::new(WAITING_MAX));
        places.insert(tenant, Arc::downgrade(&fresh));
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use tokio::task::unconstrained;
    use uuid::Uuid;

    /// A place, where there is one without waiting. Unconstrained, as the runtime would else ask a
    /// task that takes so many at a stretch to wait for its own sake.
    fn at_once(queue: &Queue, tenant: TenantId) -> Option<OwnedSemaphorePermit> {
        unconstrained(queue.place(tenant)).now_or_never().flatten()
    }

    #[tokio::test]
    async fn a_tenant_that_holds_all_its_places_waits_for_one_and_its_neighbour_does_not() {
        let (queue, _waiting) = Queue::new();
        let [one, other] = [1, 2].map(|number| TenantId(Uuid::from_u128(number)));
        let mut held = Vec::new();
        for _ in 0..WAITING_MAX {
            held.push(at_once(&queue, one).unwrap());
        }
        assert!(at_once(&queue, one).is_none());
        assert!(at_once(&queue, other).is_some());
        held.pop();
        assert!(at_once(&queue, one).is_some());
    }
}
