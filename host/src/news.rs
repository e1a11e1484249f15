//! Whose log has grown: told at once of each commit of this process, and looked for now and then, since another process may have committed, or signals were lost.
//! Losing one costs latency, never data.

use crate::limits::POLL_EVERY_MS;
use guichet_store::{Signal, Store};
use std::time::Duration;
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, timeout_at},
};

const EVERY: Duration = Duration::from_millis(POLL_EVERY_MS);

/// What there is to look at.
pub(crate) enum News {
    /// A tenant's log.
    Of(Signal),
    /// Every tenant's.
    Anywhere,
}

/// Waits for news.
pub(crate) struct Watch {
    signals: Receiver<Signal>,
    look: Instant,
}

impl Watch {
    pub(crate) fn new(store: &Store) -> Self {
        Self {
            signals: store.subscribe(),
            look: Instant::now() + EVERY,
        }
    }

    /// The next news; none once the store is gone.
    pub(crate) async fn next(&mut self) -> Option<News> {
        // Not so long after the last signal, but after the last look: on a busy desk there is always a signal.
        match timeout_at(self.look, self.signals.recv()).await {
            Ok(Ok(signal)) if Instant::now() < self.look => return Some(News::Of(signal)),
            Ok(Err(RecvError::Closed)) => return None,
            Ok(_) | Err(_) => {}
        }
        self.look = Instant::now() + EVERY;
        Some(News::Anywhere)
    }
}
