//! How many requests of one install run at once, and how many begin a second: so that the visitors of one plugin take no places from anybody else's.
//! Who finds none free waits a little, and is then told when to come again.

use crate::limits::{ROUTE_PLACES, ROUTES_PER_SECOND};
use guichet_core::id::{InstallId, TenantId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

/// The places of all installs.
pub struct Places {
    /// Requests that may begin at once.
    burst: f64,
    of: Mutex<HashMap<(TenantId, InstallId), Arc<OfInstall>>>,
}

struct OfInstall {
    free: Arc<Semaphore>,
    allowance: Mutex<Allowance>,
}

/// Requests that may begin now, as it was at a time; it grows with it.
struct Allowance {
    requests: f64,
    burst: f64,
    at: Instant,
}

impl Allowance {
    fn full(burst: f64, at: Instant) -> Self {
        Self {
            requests: burst,
            burst,
            at,
        }
    }

    fn take(&mut self, now: Instant) -> bool {
        let grown = now.duration_since(self.at).as_secs_f64() * ROUTES_PER_SECOND;
        (self.requests, self.at) = ((self.requests + grown).min(self.burst), now);
        let is_allowed = self.requests >= 1.0;
        if is_allowed {
            self.requests -= 1.0;
        }
        is_allowed
    }
}

impl Places {
    /// Places of which nobody has any yet; at most so many requests of an install begin at once.
    pub fn new(burst: f64) -> Self {
        Self {
            burst,
            of: Mutex::default(),
        }
    }

    /// Whether another request of an install may begin now.
    pub(super) fn may_begin(&self, tenant: TenantId, install: InstallId) -> bool {
        self.of(tenant, install)
            .allowance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(Instant::now())
    }

    /// A place for one request of an install, as long as it is held; none where too many run. Asked for when the request is there: who sends slowly holds none.
    pub(crate) async fn enter(
        &self,
        tenant: TenantId,
        install: InstallId,
        wait: Duration,
    ) -> Option<OwnedSemaphorePermit> {
        let free = self.of(tenant, install).free.clone();
        timeout(wait, free.acquire_owned()).await.ok()?.ok()
    }

    fn of(&self, tenant: TenantId, install: InstallId) -> Arc<OfInstall> {
        let mut all = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let of_install = all.entry((tenant, install)).or_insert_with(|| {
            Arc::new(OfInstall {
                free: Arc::new(Semaphore::new(ROUTE_PLACES)),
                allowance: Mutex::new(Allowance::full(self.burst, Instant::now())),
            })
        });
        of_install.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::ROUTE_BURST;

    #[test]
    fn a_burst_is_allowed_and_then_so_many_a_second() {
        let begun = Instant::now();
        let mut allowance = Allowance::full(ROUTE_BURST, begun);
        assert!((0..ROUTE_BURST as usize).all(|_| allowance.take(begun)));
        assert!(!allowance.take(begun));
        let later = begun + Duration::from_secs(1);
        assert!((0..ROUTES_PER_SECOND as usize).all(|_| allowance.take(later)));
        assert!(!allowance.take(later));
        let much_later = later + Duration::from_secs(3_600);
        assert!((0..ROUTE_BURST as usize).all(|_| allowance.take(much_later)));
        assert!(!allowance.take(much_later));
    }

    #[tokio::test]
    async fn who_finds_no_place_goes_away_and_another_install_has_its_own() {
        let places = Places::new(ROUTE_BURST);
        let tenant = TenantId(uuid::Uuid::nil());
        let enter = |install: u128| {
            let install = InstallId(uuid::Uuid::from_u128(install));
            places.enter(tenant, install, Duration::ZERO)
        };
        let mut held = Vec::new();
        for _ in 0..ROUTE_PLACES {
            held.push(enter(1).await.unwrap());
        }
        assert!(enter(1).await.is_none());
        assert!(enter(2).await.is_some());
        held.pop();
        assert!(enter(1).await.is_some());
    }
}
