//! # Grouped commits
//! - A **change-set** is what one request, turn or invocation wants to write.
//! - A **group** is the change-sets that wait at the same moment: one transaction, a few multi-row statements, one fsync.
//!
//! Tenants take turns at it. Each change-set is checked against what is there, and against those before it in its group; one that is refused harms no other. If the transaction
//! itself fails, its members are tried one by one, so that nobody suffers for a neighbour.

/// The way to the writer.
mod queue;

/// Whose turn it is.
mod turns;

/// What is there now, of all that a group touches.
mod present;

/// Whether a change-set still holds.
mod check;

/// Rows to be written.
mod write;

/// Installs and what waits for them.
mod installs;

/// Records, and the ways to them.
mod records;

/// People, groups, participants.
mod people;

/// Jobs.
mod jobs;

/// Saved views.
mod views;

use crate::{db::Db, error::StoreError, limits::GROUP_MAX};
use guichet_core::{
    changeset::{ChangeSet, Committed},
    id::TenantId,
};
use present::Present;
pub(crate) use queue::Queue;
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{OwnedSemaphorePermit, broadcast, mpsc, oneshot};
use turns::{Source, Turns};
use write::Rows;

/// Why a change-set was not committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    #[error("{0} has changed meanwhile")]
    Conflict(String),
    #[error("event {0} has been handled before")]
    AlreadyDone(u64),
    #[error("{0}")]
    Invalid(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A tenant's log has grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signal {
    pub tenant: TenantId,
    /// Its last event.
    pub sequence: u64,
}

/// A change-set in the queue.
pub(crate) struct Waiting {
    pub(crate) changes: ChangeSet,
    pub(crate) answer: oneshot::Sender<Result<Committed, CommitError>>,
    /// Free again once it is settled.
    pub(crate) place: OwnedSemaphorePermit,
}

/// Commits what comes, until nobody can send any more.
pub(crate) async fn serve(
    db: Db,
    mut queue: mpsc::UnboundedReceiver<Waiting>,
    signals: broadcast::Sender<Signal>,
    deliveries: Arc<AtomicU64>,
) {
    let mut turns = Turns::default();
    let mut come = Vec::new();
    loop {
        if turns.is_empty() && queue.recv_many(&mut come, GROUP_MAX).await == 0 {
            return;
        }
        // All that has come meanwhile, whoever sent it: else whoever sends much would fill the group.
        come.extend(std::iter::from_fn(|| queue.try_recv().ok()));
        for waiting in come.drain(..) {
            let (tenant, source) = (waiting.changes.tenant, Source::of(&waiting.changes));
            turns.push(tenant, source, waiting);
        }
        settle(&db, turns.take(GROUP_MAX), &signals, &deliveries).await;
    }
}

async fn settle(
    db: &Db,
    group: Vec<Waiting>,
    signals: &broadcast::Sender<Signal>,
    deliveries: &AtomicU64,
) {
    let count = |changes: &ChangeSet, result: &Result<Committed, CommitError>| {
        if result.is_ok() && changes.done.is_some() {
            deliveries.fetch_add(1, Ordering::Relaxed);
        }
    };
    let (mut changes, mut answers, mut places) = (Vec::new(), Vec::new(), Vec::new());
    for waiting in group {
        changes.push(waiting.changes);
        answers.push(waiting.answer);
        places.push(waiting.place);
    }
    match write_group(db, &changes, signals).await {
        Ok(results) => {
            for ((change, result), answer) in changes.iter().zip(results).zip(answers) {
                count(change, &result);
                drop(answer.send(result));
            }
        }
        Err(error) if changes.len() == 1 => answers
            .into_iter()
            .take(1)
            .for_each(|answer| drop(answer.send(Err(error_of(&error))))),
        Err(error) => {
            tracing::warn!(%error, members = changes.len(), "a group could not be committed: its members are tried one by one");
            for (change, answer) in changes.iter().zip(answers) {
                let result = match write_group(db, std::slice::from_ref(change), signals).await {
                    Ok(mut results) => results
                        .pop()
                        .unwrap_or(Err(CommitError::Store(StoreError::Closed))),
                    Err(error) => Err(error_of(&error)),
                };
                count(change, &result);
                drop(answer.send(result));
            }
        }
    }
}

/// What one member is told of a failed transaction.
fn error_of(error: &StoreError) -> CommitError {
    match error {
        StoreError::Taken(what) => CommitError::Conflict(what.clone()),
        StoreError::Invalid(what) => CommitError::Invalid(what.clone()),
        other => CommitError::Store(StoreError::Damaged(other.to_string())),
    }
}

async fn write_group(
    db: &Db,
    group: &[ChangeSet],
    signals: &broadcast::Sender<Signal>,
) -> Result<Vec<Result<Committed, CommitError>>, StoreError> {
    // Tenants in the order of their ids: two nodes lock in the same order.
    let mut by_tenant: BTreeMap<TenantId, Vec<usize>> = BTreeMap::new();
    for (index, changes) in group.iter().enumerate() {
        by_tenant.entry(changes.tenant).or_default().push(index);
    }
    let mut results: Vec<_> = group.iter().map(|_| None).collect();
    let mut told = Vec::new();
    let mut tx = db.begin().await?;
    for (tenant, members) in by_tenant {
        let changes: Vec<&ChangeSet> = members.iter().map(|index| &group[*index]).collect();
        let mut present = Present::load(&mut tx, tenant, &changes).await?;
        let mut rows = Rows::default();
        for index in members {
            let changes = &group[index];
            let result = match present.check(changes) {
                Ok(()) => Ok(present.take(changes, &mut rows)?),
                Err(error) => Err(error),
            };
            results[index] = Some(result);
        }
        if !rows.events.is_empty() {
            told.push(Signal {
                tenant,
                sequence: present.sequence,
            });
        }
        rows.write(&mut tx, tenant).await?;
        present.write(&mut tx, tenant).await?;
    }
    tx.commit().await?;
    told.into_iter()
        .for_each(|signal| drop(signals.send(signal)));
    Ok(results
        .into_iter()
        .map(|result| result.unwrap_or(Err(CommitError::Store(StoreError::Closed))))
        .collect())
}
