//! The last runs of each install. Kept in memory: a healthy delivery writes no row of its own. Failures stand in the database, too, as parked rows and dead letters.

use crate::limits::RUNS_KEPT;
use guichet_core::{
    id::{InstallId, TenantId, TicketId},
    time::Timestamp,
};
use guichet_runtime::{Ended, limits::Limits};
use std::{
    collections::{HashMap, VecDeque},
    sync::Mutex,
};

/// One invocation, as people look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub at: Timestamp,
    /// `event-handler`, `job-handler`, `request-handler`, `guard` or `report`.
    pub point: &'static str,
    pub event: Option<u64>,
    pub ticket: Option<TicketId>,
    pub outcome: String,
    pub detail: Option<String>,
    pub cpu_us: u64,
    pub wall_us: u64,
    pub memory_bytes: u64,
    pub host_calls: u64,
    pub effects: u64,
    /// What the call might have used.
    pub limits: Limits,
    pub log: Vec<String>,
}

/// The limit that a run came nearest to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// `processor`, `time`, `memory`, `effects` or `host-calls`.
    pub limit: &'static str,
    /// Of what it allows, rounded down.
    pub percent: u64,
}

/// The last runs of all installs.
#[derive(Debug, Default)]
pub struct Runs {
    by_install: Mutex<HashMap<(TenantId, InstallId), VecDeque<Run>>>,
}

impl Run {
    /// The same, with its writes refused by a guard: nobody's failure.
    #[must_use]
    pub fn refused(mut self, reason: &str) -> Self {
        self.outcome = crate::lane::guard::REFUSED.to_owned();
        self.detail = Some(reason.to_owned());
        self
    }

    /// What it used of each limit that is worth a look, and what the limit allows.
    pub fn shares(&self) -> [(&'static str, u64, u64); 5] {
        let allowed = &self.limits;
        let memory_bytes = u64::try_from(allowed.memory_bytes).unwrap_or(u64::MAX);
        let effects = u64::try_from(allowed.effects).unwrap_or(u64::MAX);
        [
            ("processor", self.cpu_us, allowed.cpu_ms * 1_000),
            ("time", self.wall_us, allowed.wall_ms * 1_000),
            ("memory", self.memory_bytes, memory_bytes),
            ("effects", self.effects, effects),
            ("host-calls", self.host_calls, allowed.host_calls),
        ]
    }

    /// Which limit it came nearest to; none where it did not begin.
    pub fn nearest(&self) -> Option<Nearest> {
        self.shares()
            .into_iter()
            .filter(|(_, _, most)| *most > 0)
            .map(|(limit, used, most)| Nearest {
                limit,
                percent: u64::try_from(u128::from(used) * 100 / u128::from(most))
                    .unwrap_or(u64::MAX),
            })
            .max_by_key(|near| near.percent)
    }

    /// A run as it ended.
    pub fn of(
        ended: &Ended,
        at: Timestamp,
        point: &'static str,
        event: Option<u64>,
        ticket: Option<TicketId>,
    ) -> Self {
        Self {
            at,
            point,
            event,
            ticket,
            outcome: ended.outcome.name().to_owned(),
            detail: ended.outcome.detail().map(str::to_owned),
            cpu_us: ended.report.cpu_us,
            wall_us: ended.report.wall_us,
            memory_bytes: u64::try_from(ended.report.memory_bytes).unwrap_or(u64::MAX),
            host_calls: ended.report.host_calls,
            effects: u64::try_from(ended.report.effects).unwrap_or(u64::MAX),
            limits: ended.report.limits,
            log: ended
                .report
                .log
                .iter()
                .map(|line| format!("{}: {}", line.level, line.text))
                .collect(),
        }
    }
}

impl Runs {
    /// Keeps a run, forgetting the oldest beyond [`RUNS_KEPT`].
    pub fn add(&self, tenant: TenantId, install: InstallId, run: Run) {
        let mut all = self
            .by_install
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let runs = all.entry((tenant, install)).or_default();
        if runs.len() == RUNS_KEPT {
            runs.pop_front();
        }
        runs.push_back(run);
    }

    /// Newest first.
    pub fn of(&self, tenant: TenantId, install: InstallId) -> Vec<Run> {
        let all = self
            .by_install
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        all.get(&(tenant, install))
            .map(|runs| runs.iter().rev().cloned().collect())
            .unwrap_or_default()
    }
}
