//! The events after a cursor, by lane: serial within a lane, parallel between them, at most [`WINDOW_EVENTS_MAX`] ahead of the oldest not done.

use super::{
    Dispatch, apart, retry, turn,
    who::{Follower, Who},
};
use crate::{
    channels::choose,
    desk::Desk,
    lane::LaneError,
    limits::{RETRIES_AT_ONCE, TURNS_APART_AT_ONCE, TURNS_AT_ONCE, WINDOW_EVENTS_MAX},
};
use guichet_core::{
    changeset::{ChangeSet, Park, ParkWrite, Parked},
    event::{Event, Lane},
    id::{InstallId, TenantId},
    time::Timestamp,
};
use guichet_store::{CommitError, TenantStore};
use std::{
    collections::{BTreeSet, HashMap, HashSet, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::task::JoinSet;

/// Where a tenant's dispatch stands when it has nothing to do.
pub(super) struct CaughtUp {
    /// All up to here is done or parked.
    pub(super) sequence: u64,
    /// When a parked install is to be tried again.
    pub(super) next_due: Option<Timestamp>,
}

enum Finished {
    Turn {
        event: Arc<Event>,
        result: Result<Option<Vec<ParkWrite>>, LaneError>,
    },
    Retry {
        parked: Parked,
        result: Result<Option<Vec<ParkWrite>>, LaneError>,
    },
}

struct Window {
    follower: Follower,
    /// Everything up to here was read.
    read_to: u64,
    last: u64,
    waiting: HashMap<Lane, VecDeque<Arc<Event>>>,
    /// Lanes with events that wait and that nobody works on.
    ready: VecDeque<Lane>,
    busy: HashSet<Lane>,
    open: BTreeSet<u64>,
    /// Parked installs that are being tried.
    retries: usize,
    /// Events that nobody listens to; done by the way with the next commit.
    passed: Vec<u64>,
    /// What was read is not true any more: what runs comes to its end, and then all is read again.
    is_stale: bool,
    /// Installs have changed: their parked rows, too, perhaps.
    rows_changed: bool,
}

/// Works off what the log holds, until nothing is left to do now.
///
/// `told` grows with the log while this goes on.
pub(super) async fn catch_up(
    desk: &Arc<Desk>,
    tenant: TenantId,
    who: Who,
    told: &AtomicU64,
) -> Result<CaughtUp, LaneError> {
    let store = desk.store.tenant(tenant);
    let (cursor, epoch) = match who {
        Who::Together => (store.cursor().await?, 0),
        Who::Apart(install) => {
            // The install first: where it changes meanwhile, nothing commits by what is read now.
            let epoch = store.install(install).await?.map(|install| install.epoch);
            match (store.own_cursor(install).await?, epoch) {
                (Some(cursor), Some(epoch)) => (cursor, epoch),
                // It keeps step again, or is gone.
                _ => return Ok(again(desk, tenant)),
            }
        }
    };
    let follower = Follower { who, epoch };
    let done: HashSet<u64> = cursor.done.iter().copied().collect();
    let mut window = Window {
        follower,
        read_to: cursor.low,
        last: cursor.sequence,
        waiting: HashMap::new(),
        ready: VecDeque::new(),
        busy: HashSet::new(),
        open: BTreeSet::new(),
        retries: 0,
        passed: Vec::new(),
        is_stale: false,
        rows_changed: false,
    };
    let mut parked = rows_of(desk, &store, who).await?;
    let mut working = JoinSet::new();
    loop {
        window.last = window.last.max(told.load(Ordering::SeqCst));
        if !window.is_stale {
            window.fill(desk, tenant, &done).await?;
        }
        let has_come_back =
            who == Who::Together && apart::rejoin(desk, tenant, window.read_to).await?;
        if has_come_back || std::mem::take(&mut window.rows_changed) {
            // Where those stand that have come back, or began anew.
            parked = rows_of(desk, &store, who).await?;
        }
        if !window.is_stale {
            start_retries(&mut window, &mut working, desk, tenant, &parked);
            start_turns(&mut window, &mut working, desk, tenant, &parked);
        }
        let Some(finished) = working.join_next().await else {
            if window.read_to < window.last && !window.is_stale {
                continue;
            }
            break;
        };
        let finished = finished.map_err(|error| {
            guichet_core::refusal::Refusal::Conflict(format!("a turn ended badly: {error}"))
        })?;
        let parks = match finished {
            Finished::Turn { event, result } => {
                window.ended(event.lane());
                window.open.remove(&event.sequence);
                result?
            }
            Finished::Retry {
                parked: row,
                result,
            } => {
                window.retries -= 1;
                window.ended(row.lane);
                result?
            }
        };
        let Some(parks) = parks else {
            // An own cursor stands still, perhaps: what was not handed out must not be passed over.
            window.is_stale |= who != Who::Together;
            // Somebody else was first: what stands now is read again.
            parked = rows_of(desk, &store, who).await?;
            continue;
        };
        for park in parks {
            note(&mut parked, park);
        }
    }
    if window.is_stale {
        return Ok(again(desk, tenant));
    }
    flush(desk, tenant, follower, window.passed).await?;
    let next_due = parked.values().map(|row| row.due_at).min();
    Ok(CaughtUp {
        sequence: window.read_to,
        next_due,
    })
}

/// What was read is not true any more: at once from the beginning.
fn again(desk: &Desk, tenant: TenantId) -> CaughtUp {
    desk.forget_installs(tenant);
    CaughtUp {
        sequence: 0,
        next_due: Some(desk.clock.now()),
    }
}

type Rows = HashMap<(InstallId, Lane), Parked>;

/// Those that are followed here. One whose install is gone is taken by those that keep step, and released.
async fn rows_of(desk: &Desk, store: &TenantStore, who: Who) -> Result<Rows, LaneError> {
    let rows = store.parked().await?;
    if rows.is_empty() {
        return Ok(Rows::new());
    }
    let installs = desk.installs(store.id()).await?;
    let is_followed = |row: &Parked| match installs
        .iter()
        .find(|ready| ready.install.id == row.install)
    {
        Some(ready) => who.includes(ready),
        None => who == Who::Together,
    };
    Ok(rows
        .into_iter()
        .filter(is_followed)
        .map(|row| ((row.install, row.lane), row))
        .collect())
}

/// What a commit did to the rows.
fn note(rows: &mut Rows, write: ParkWrite) {
    let key = (write.install, write.lane);
    match write.what {
        Park::At {
            sequence,
            attempts,
            due_at,
            reason,
        } => drop(rows.insert(
            key,
            Parked {
                install: write.install,
                lane: write.lane,
                sequence,
                attempts,
                due_at,
                reason,
            },
        )),
        Park::Release => drop(rows.remove(&key)),
        Park::Dead { .. } | Park::Replayed { .. } => {}
    }
}

impl Window {
    /// Reads on, as far as the window is open.
    async fn fill(
        &mut self,
        desk: &Arc<Desk>,
        tenant: TenantId,
        done: &HashSet<u64>,
    ) -> Result<(), LaneError> {
        while self.read_to < self.last
            && self.read_to
                < self
                    .open
                    .first()
                    .map_or(u64::MAX, |oldest| oldest + WINDOW_EVENTS_MAX / 2)
        {
            let events = desk
                .store
                .tenant(tenant)
                .events_after(self.read_to, 256)
                .await?;
            if events.is_empty() {
                break;
            }
            for event in events {
                self.read_to = event.sequence;
                if done.contains(&event.sequence) {
                    continue;
                }
                if event.draft.kind.starts_with("install.") {
                    desk.forget_installs(tenant);
                    self.rows_changed = true;
                    Dispatch::follow_apart(desk, tenant).await?;
                }
                let installs = desk.installs(tenant).await?;
                if !self.follower.moves(&installs, desk.clock.now()) {
                    self.is_stale = true;
                    return Ok(());
                }
                let is_heard = installs
                    .iter()
                    .any(|ready| self.follower.who.includes(ready) && ready.listens_to(&event));
                let is_carried =
                    self.follower.who == Who::Together && choose::concerns(&installs, &event);
                if is_heard || is_carried {
                    self.add(event);
                } else {
                    self.passed.push(event.sequence);
                }
            }
            if self.passed.len() >= 512 {
                flush(
                    desk,
                    tenant,
                    self.follower,
                    std::mem::take(&mut self.passed),
                )
                .await?;
            }
        }
        Ok(())
    }

    fn add(&mut self, event: Event) {
        let lane = event.lane();
        self.open.insert(event.sequence);
        let waiting = self.waiting.entry(lane).or_default();
        if waiting.is_empty() && !self.busy.contains(&lane) {
            self.ready.push_back(lane);
        }
        waiting.push_back(Arc::new(event));
    }

    fn ended(&mut self, lane: Lane) {
        self.busy.remove(&lane);
        if self
            .waiting
            .get(&lane)
            .is_some_and(|waiting| !waiting.is_empty())
        {
            self.ready.push_back(lane);
        } else {
            self.waiting.remove(&lane);
        }
    }

    /// All events of this lane up to here were handed to whoever listens.
    fn frontier(&self, lane: Lane) -> u64 {
        self.waiting
            .get(&lane)
            .and_then(|waiting| waiting.front())
            .map_or(self.read_to, |event| event.sequence - 1)
    }
}

type Working = JoinSet<Finished>;

fn start_turns(
    window: &mut Window,
    working: &mut Working,
    desk: &Arc<Desk>,
    tenant: TenantId,
    parked: &Rows,
) {
    let at_once = match window.follower.who {
        Who::Together => TURNS_AT_ONCE,
        Who::Apart(_) => TURNS_APART_AT_ONCE,
    };
    let threads = desk.runtime.threads().clone();
    while working.len() < at_once {
        let Some(lane) = window.ready.pop_front() else {
            return;
        };
        let Some(event) = window.waiting.get_mut(&lane).and_then(VecDeque::pop_front) else {
            continue;
        };
        window.busy.insert(lane);
        let waiting_installs: HashSet<InstallId> = parked
            .keys()
            .filter(|(_, parked_lane)| *parked_lane == lane)
            .map(|(install, _)| *install)
            .collect();
        let passed = std::mem::take(&mut window.passed);
        let (desk, follower) = (desk.clone(), window.follower);
        let turn = async move {
            let result =
                turn::take(&desk, tenant, follower, &event, &waiting_installs, passed).await;
            Finished::Turn { event, result }
        };
        // Beside the plugins that it calls.
        working.spawn_on(turn, &threads);
    }
}

/// Parked installs whose time has come, each in its lane's order and alone.
fn start_retries(
    window: &mut Window,
    working: &mut Working,
    desk: &Arc<Desk>,
    tenant: TenantId,
    parked: &Rows,
) {
    let now = desk.clock.now();
    for row in parked.values().filter(|row| row.due_at <= now) {
        if window.retries >= RETRIES_AT_ONCE || window.busy.contains(&row.lane) {
            continue;
        }
        window.retries += 1;
        window.busy.insert(row.lane);
        window.ready.retain(|lane| *lane != row.lane);
        let (desk, row, frontier) = (desk.clone(), row.clone(), window.frontier(row.lane));
        let follower = window.follower;
        working.spawn(async move {
            let result = retry::take(&desk, tenant, follower, &row, frontier).await;
            Finished::Retry {
                parked: row,
                result,
            }
        });
    }
}

/// Notes that nobody listens to these.
async fn flush(
    desk: &Desk,
    tenant: TenantId,
    follower: Follower,
    passed: Vec<u64>,
) -> Result<(), LaneError> {
    if passed.is_empty() {
        return Ok(());
    }
    let mut changes = ChangeSet::new(tenant);
    changes.passed = passed;
    changes.cursor = follower.who.cursor();
    changes.checks.extend(follower.check());
    match desk.commit(changes).await {
        // An own cursor that is another one now: it is read again.
        Err(CommitError::Conflict(_)) if follower.who != Who::Together => {
            desk.forget_installs(tenant);
            Ok(())
        }
        ended => ended.map(drop).map_err(crate::lane::into_lane_error),
    }
}
