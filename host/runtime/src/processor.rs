//! How long a call has used a processor: the thread's own time, so that a busy machine is not taken for a busy plugin.

use rustix::time::{ClockId, clock_gettime};
use std::sync::atomic::{AtomicU64, Ordering};

/// Nanoseconds used by one call, over all the polls in which it ran and whatever threads those were on.
#[derive(Debug, Default)]
pub(crate) struct ProcessorTime {
    used: AtomicU64,
    /// The present thread's time when the present poll began.
    began: AtomicU64,
}

impl ProcessorTime {
    /// A poll begins on this thread.
    pub(crate) fn begin(&self) {
        self.began.store(thread_nanoseconds(), Ordering::Relaxed);
    }

    /// The poll has ended.
    pub(crate) fn end(&self) {
        self.used.store(self.nanoseconds(), Ordering::Relaxed);
    }

    /// So far; asked within a poll.
    pub(crate) fn nanoseconds(&self) -> u64 {
        let since = thread_nanoseconds().saturating_sub(self.began.load(Ordering::Relaxed));
        self.used.load(Ordering::Relaxed) + since
    }

    /// Of all polls that have ended.
    pub(crate) fn microseconds_used(&self) -> u64 {
        self.used.load(Ordering::Relaxed) / 1_000
    }
}

fn thread_nanoseconds() -> u64 {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    u64::try_from(now.tv_sec * 1_000_000_000 + now.tv_nsec).unwrap_or(0)
}
