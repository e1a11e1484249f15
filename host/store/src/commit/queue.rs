//! The way to the writer. Each tenant has its own places in it, and within a tenant people and plugins have theirs, so that nobody waits because others
//! filled it.
//!
//! A place is held until the change-set is settled, also where whoever brought it waits no more.

use super::{CommitError, Waiting, turns::Source};
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

/// Those whose places are remembered before those that hold none are forgotten.
const REMEMBERED: usize = 1_024;

/// Whose places they are.
type Whose = (TenantId, Source);

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Queue {
    /// Bounded by the tenants' places.
    sender: mpsc::UnboundedSender<Waiting>,
    places: Arc<Mutex<HashMap<Whose, Weak<Semaphore>>>>,
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
        let whose = (changes.tenant, Source::of(&changes));
        let place = self.place(whose).await.ok_or_else(closed)?;
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting {
            changes,
            answer,
            place,
        };
        self.sender.send(waiting).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    async fn place(&self, whose: Whose) -> Option<OwnedSemaphorePermit> {
        self.of(whose).acquire_owned().await.ok()
    }

    /// Somebody's places, kept as long as one is held or waited for.
    fn of(&self, whose: Whose) -> Arc<Semaphore> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = places.get(&whose).and_then(Weak::upgrade) {
            return known;
        }
        if places.len() >= REMEMBERED {
            places.retain(|_, place| place.strong_count() > 0);
        }
        let fresh = Arc::new(Semaphore::new(WAITING_MAX));
        places.insert(whose, Arc::downgrade(&fresh));
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
    fn at_once(queue: &Queue, whose: Whose) -> Option<OwnedSemaphorePermit> {
        unconstrained(queue.place(whose)).now_or_never().flatten()
    }

    #[tokio::test]
    async fn plugins_that_hold_all_their_places_wait_for_one_and_neither_people_nor_neighbours_do()
    {
        let (queue, _waiting) = Queue::new();
        let tenant = |number| TenantId(Uuid::from_u128(number));
        let one = (tenant(1), Source::Effects);
        let mut held = Vec::new();
        for _ in 0..WAITING_MAX {
            held.push(at_once(&queue, one).unwrap());
        }
        assert!(at_once(&queue, one).is_none());
        assert!(at_once(&queue, (tenant(1), Source::Requests)).is_some());
        assert!(at_once(&queue, (tenant(2), Source::Effects)).is_some());
        held.pop();
        assert!(at_once(&queue, one).is_some());
    }
}
