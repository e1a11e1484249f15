//! From a name to addresses. A hop asks once; what is checked is what is connected to, so a name that changes its mind gains nothing.

use crate::limits::LOOKUPS_MAX;
use std::{
    future::Future,
    io,
    net::{IpAddr, ToSocketAddrs},
    pin::Pin,
    sync::Arc,
};
use tokio::sync::Semaphore;

/// Addresses on their way.
pub type Lookup<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Looks names up.
pub trait Resolve: Send + Sync {
    /// All addresses of a host, in the order to try them. `host` is a name in the letters of DNS, without a dot at its end, never an
    /// address. Nothing found is an error or an empty list.
    fn resolve<'a>(&'a self, host: &'a str) -> Lookup<'a>;
}

/// What this machine's other programs use: `/etc/hosts`, DNS.
#[derive(Debug, Clone)]
pub struct SystemResolver {
    slots: Arc<Semaphore>,
}

impl Default for SystemResolver {
    fn default() -> Self {
        Self {
            slots: Arc::new(Semaphore::new(LOOKUPS_MAX)),
        }
    }
}

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str) -> Lookup<'a> {
        let asked = (host.to_owned(), 0u16);
        self.within_slots(move || Ok(asked.to_socket_addrs()?.map(|found| found.ip()).collect()))
    }
}

impl SystemResolver {
    /// The slot goes with the thread, not with the waiting: a look-up that nobody waits for any more still holds its thread.
    fn within_slots<'a, W>(&'a self, work: W) -> Lookup<'a>
    where
        W: FnOnce() -> io::Result<Vec<IpAddr>> + Send + 'static,
    {
        Box::pin(async move {
            let slot = self.slots.clone().acquire_owned().await;
            let slot = slot.map_err(io::Error::other)?;
            tokio::task::spawn_blocking(move || {
                let found = work();
                drop(slot);
                found
            })
            .await
            .map_err(io::Error::other)?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::mpsc, time::Duration};

    #[tokio::test]
    async fn the_systems_resolver_knows_this_machine() {
        let found = SystemResolver::default()
            .resolve("localhost")
            .await
            .unwrap();
        assert!(found.iter().all(IpAddr::is_loopback), "{found:?}");
        assert!(!found.is_empty());
    }

    #[tokio::test]
    async fn no_more_than_sixty_four_look_ups_hold_a_thread() {
        let resolver = SystemResolver::default();
        let mut ends = Vec::new();
        let begun = Arc::new(Semaphore::new(0));
        for _ in 0..LOOKUPS_MAX {
            let (end, ended) = mpsc::channel::<()>();
            let mark = begun.clone();
            let lookup = resolver.within_slots(move || {
                mark.add_permits(1);
                let _ = ended.recv();
                Ok(Vec::new())
            });
            // Nobody waits for it any more, and still it holds its slot.
            let waiting = tokio::time::timeout(Duration::from_millis(1), lookup);
            assert!(waiting.await.is_err());
            ends.push(end);
        }
        let all = begun.acquire_many(LOOKUPS_MAX as u32).await.unwrap();
        let more = resolver.resolve("localhost");
        let mut more = std::pin::pin!(more);
        let early = tokio::time::timeout(Duration::from_millis(20), &mut more);
        assert!(early.await.is_err(), "one more has to wait");
        ends.pop();
        assert!(more.await.is_ok(), "and goes on when one ends");
        drop((all, ends));
    }
}
