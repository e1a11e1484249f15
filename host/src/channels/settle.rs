//! What came of an attempt, as it is written: beside the message, in the log, and as the job's end.

use super::{attempt::Going, order::Ahead};
use crate::{
    desk::Desk,
    due::{call::stamp, jobs::settled},
    lane::{LaneError, into_lane_error},
    limits::{BEHIND_TOLD_MS, BEHIND_WAIT_MS, HOST_RETRY_MS},
    plugins::Ready,
};
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, Check},
    delivery::{Delivery, DeliveryMark, DeliveryState, DeliveryWrite},
    event::Origin,
    id::TenantId,
    job::{Job, Settled},
    limits::DELIVERY_TEXT_BYTES_MAX,
    ticket::work::Stamp,
};
use guichet_runtime::NotCarried;
use guichet_store::CommitError;

/// An attempt that is to be settled.
pub(super) struct Settlement<'a> {
    desk: &'a Desk,
    tenant: TenantId,
    pub(super) job: &'a Job,
    going: &'a Going,
    /// What is known of the message's way, as this attempt saw or left it: where others know better by then, nothing is committed.
    known: Option<DeliveryMark>,
    stamp: Stamp,
}

impl<'a> Settlement<'a> {
    pub(super) fn new(
        desk: &'a Desk,
        tenant: TenantId,
        ready: &Ready,
        job: &'a Job,
        going: &'a Going,
    ) -> Self {
        Self {
            desk,
            tenant,
            job,
            going,
            known: going.message.delivery.as_ref().map(Delivery::mark),
            stamp: stamp(desk, ready, job),
        }
    }

    /// The job ends, and nothing is told: there is nothing to carry any more.
    pub(super) async fn nothing(desk: &Desk, tenant: TenantId, job: &Job) -> Result<(), LaneError> {
        let mut changes = ChangeSet::new(tenant);
        changes.checks.push(Check::Attempt(job.id, job.attempt));
        changes.jobs.push(settled(job, Settled::Done));
        commit(desk, changes).await.map(drop)
    }

    /// Says, before the channel is called, that it is. Whether this attempt is still the one that counts, and nobody decided meanwhile.
    pub(super) async fn begin(&mut self) -> Result<bool, LaneError> {
        let mut changes = ChangeSet::new(self.tenant);
        let job = self.job;
        changes.checks.push(Check::Attempt(job.id, job.attempt));
        let sending = self.delivery(DeliveryState::Sending);
        let mark = sending.mark();
        self.tell(&mut changes, Some(sending));
        let has_begun = self.commit(changes).await?;
        self.known = Some(mark);
        Ok(has_begun)
    }

    /// Adds the end of the attempt to what is committed with it.
    pub(super) fn end(&self, changes: &mut ChangeSet, delivery: Option<Delivery>, how: Settled) {
        let write = self.tell(changes, delivery);
        let before = self.before().map(|before| before.state);
        changes.events.extend(write.told(before, &self.stamp));
        self.end_job(changes, how);
    }

    /// The attempt ends, and what is known of the message stays as it is.
    pub(super) fn end_job(&self, changes: &mut ChangeSet, how: Settled) {
        let job = self.job;
        changes.checks.push(Check::Attempt(job.id, job.attempt));
        changes.jobs.push(settled(job, how));
    }

    /// Whether nothing was reported of the message since the attempt began.
    pub(super) async fn is_under_way(&self) -> Result<bool, LaneError> {
        let store = self.desk.store.tenant(self.tenant);
        let message = store.message(self.going.outgoing.message).await?;
        let delivery = message.and_then(|message| message.delivery);
        Ok(delivery.map(|delivery| delivery.mark()) == self.known)
    }

    /// The channel was not called after all: what is known of the message is what was known before, and the attempt does not count.
    pub(super) async fn never_began(&self, reason: &str) -> Result<(), LaneError> {
        let mut changes = ChangeSet::new(self.tenant);
        self.tell(&mut changes, self.before().cloned());
        self.end_job(&mut changes, self.later(HOST_RETRY_MS, reason, false));
        self.commit(changes).await.map(drop)
    }

    /// It did not go, and will not.
    pub(super) async fn failed(&self, failure: &NotCarried) -> Result<(), LaneError> {
        let delivery = self.because(DeliveryState::Failed, failure);
        self.told(delivery, Settled::Done).await
    }

    /// Nobody knows: somebody is asked.
    pub(super) async fn unknown(&self, detail: &str) -> Result<(), LaneError> {
        let delivery = Delivery {
            reason: Some("unknown".to_owned()),
            detail: Some(cut(detail)),
            ..self.delivery(DeliveryState::Unknown)
        };
        self.told(delivery, Settled::Done).await
    }

    /// It is tried again, and people see why it did not go yet.
    pub(super) async fn waits(&self, failure: &NotCarried, wait_ms: i64) -> Result<(), LaneError> {
        let delivery = self.because(DeliveryState::Waiting, failure);
        let how = self.later(wait_ms, &failure.detail, true);
        self.told(delivery, how).await
    }

    /// A message that was said before goes first. Where that takes its time, people are told.
    pub(super) async fn behind(&self, ahead: &Ahead) -> Result<(), LaneError> {
        let now = self.desk.clock.now();
        let after = ahead.due_at.unwrap_or(now).max(now);
        let wait_ms = (after.0 - now.0) / 1_000 + BEHIND_WAIT_MS;
        let reason = "an answer that was said before it is still on its way";
        let mut changes = ChangeSet::new(self.tenant);
        let how = self.later(wait_ms, reason, false);
        let is_unknown = self.before().map(|before| before.state) == Some(DeliveryState::Sending);
        // That nobody knows of it stays what is known of it.
        if wait_ms < BEHIND_TOLD_MS || is_unknown {
            self.end_job(&mut changes, how);
        } else {
            let delivery = Delivery {
                reason: Some("behind".to_owned()),
                detail: Some(reason.to_owned()),
                ..self.delivery(DeliveryState::Waiting)
            };
            self.end(&mut changes, Some(delivery), how);
        }
        self.commit(changes).await.map(drop)
    }

    /// The attempt is made again, and what is known of the message stays as it is.
    pub(super) async fn again(&self, wait_ms: i64, reason: &str) -> Result<(), LaneError> {
        let mut changes = ChangeSet::new(self.tenant);
        self.end_job(&mut changes, self.later(wait_ms, reason, true));
        self.commit(changes).await.map(drop)
    }

    /// Whether it was committed: another attempt may have begun meanwhile, and then nothing is.
    pub(super) async fn commit(&self, changes: ChangeSet) -> Result<bool, LaneError> {
        commit(self.desk, changes).await
    }

    async fn told(&self, delivery: Delivery, how: Settled) -> Result<(), LaneError> {
        let mut changes = ChangeSet::new(self.tenant);
        self.end(&mut changes, Some(delivery), how);
        self.commit(changes).await.map(drop)
    }

    fn before(&self) -> Option<&Delivery> {
        self.going.message.delivery.as_ref()
    }

    fn tell(&self, changes: &mut ChangeSet, delivery: Option<Delivery>) -> DeliveryWrite {
        let message = self.going.outgoing.message;
        changes.checks.push(Check::Delivery(message, self.known));
        let write = DeliveryWrite {
            ticket: self.going.ticket.id,
            message,
            delivery,
        };
        changes.deliveries.push(write.clone());
        write
    }

    fn later(&self, wait_ms: i64, reason: &str, counts: bool) -> Settled {
        Settled::Again {
            due_at: self.desk.clock.now().plus_milliseconds(wait_ms),
            reason: reason.to_owned(),
            counts,
        }
    }

    fn because(&self, state: DeliveryState, failure: &NotCarried) -> Delivery {
        Delivery {
            reason: Some(cut(&failure.code)),
            detail: Some(cut(&failure.detail)),
            address: failure.address.as_deref().map(cut),
            ..self.delivery(state)
        }
    }

    fn delivery(&self, state: DeliveryState) -> Delivery {
        delivery(self.desk, self.job, state)
    }
}

fn delivery(desk: &Desk, job: &Job, state: DeliveryState) -> Delivery {
    Delivery {
        state,
        reason: None,
        detail: None,
        file: None,
        address: None,
        external_id: None,
        at: desk.clock.now(),
        install: job.install,
    }
}

async fn commit(desk: &Desk, changes: ChangeSet) -> Result<bool, LaneError> {
    match desk.commit(changes).await {
        Ok(_) => Ok(true),
        Err(CommitError::Conflict(_)) => Ok(false),
        Err(error) => Err(into_lane_error(error)),
    }
}

/// Tells what became of a message whose job is given up.
pub(super) fn tell_given_up(
    desk: &Desk,
    job: &Job,
    going: &Going,
    state: DeliveryState,
    reason: &str,
    changes: &mut ChangeSet,
) {
    let stamp = Stamp {
        at: desk.clock.now(),
        principal: Actor::SYSTEM.into(),
        origin: Origin {
            event: job.cause,
            by: None,
            root: job.root,
            depth: job.depth + 1,
        },
        because: None,
    };
    let write = DeliveryWrite {
        ticket: going.ticket.id,
        message: going.outgoing.message,
        delivery: Some(Delivery {
            reason: Some("given-up".to_owned()),
            detail: Some(cut(reason)),
            ..delivery(desk, job, state)
        }),
    };
    let before = going.message.delivery.as_ref().map(|before| before.state);
    changes.events.extend(write.told(before, &stamp));
    changes.deliveries.push(write);
}

/// A plugin's words, as far as they are kept.
pub(super) fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(DELIVERY_TEXT_BYTES_MAX);
    text[..end].replace('\0', " ")
}
