//! One attempt to have a channel carry a message: begun by a commit, called, and settled by another.

use super::{
    choose, fits, order,
    outgoing::Outgoing,
    settle::{Settlement, cut},
    window,
};
use crate::{
    desk::Desk,
    due::{
        call::{self, Left},
        jobs::back_off_ms,
    },
    lane::{LaneError, again, into_lane_error},
    limits::JOB_ATTEMPTS_MAX,
    plugins::{Ready, breaker},
};
use guichet_core::{
    changeset::ChangeSet,
    delivery::{Delivery, DeliveryState},
    derive::Seed,
    id::{JobId, TenantId},
    job::{Job, JobWrite, Settled},
    message::Message,
    ticket::{Ticket, state::State},
};
use guichet_package::manifest::{Channel, OnUnknown};
use guichet_runtime::{NotCarried, Outbound, Outcome, Plugin, Receipt, Why};
use guichet_store::CommitError;
use std::sync::Arc;

/// A message on its way, with what is known of it.
pub(super) struct Going {
    pub(super) outgoing: Outgoing,
    pub(super) ticket: Ticket,
    pub(super) message: Message,
}

impl Going {
    /// Nothing where message or ticket are gone.
    async fn load(desk: &Desk, tenant: TenantId, job: &Job) -> Result<Option<Self>, LaneError> {
        let Some(outgoing) = Outgoing::read(job) else {
            return Ok(None);
        };
        let store = desk.store.tenant(tenant);
        let Some(message) = store.message(outgoing.message).await? else {
            return Ok(None);
        };
        let ticket = store.ticket(message.ticket).await?;
        Ok(ticket
            .filter(|ticket| ticket.state != State::Deleted)
            .map(|ticket| Self {
                outgoing,
                ticket,
                message,
            }))
    }

    /// What became of it so far: that it is under way, by this job's channel; that it is settled, by any.
    fn before(&self, job: &Job) -> Option<DeliveryState> {
        let delivery = self.message.delivery.as_ref();
        let is_settled = |state| {
            use DeliveryState::{Failed, Sent, Unknown};
            matches!(state, Sent | Failed | Unknown)
        };
        delivery
            .filter(|delivery| delivery.install == job.install || is_settled(delivery.state))
            .map(|delivery| delivery.state)
    }
}

/// From its beginning to its settling.
pub(crate) async fn take(
    desk: &Arc<Desk>,
    tenant: TenantId,
    ready: &Arc<Ready>,
    plugin: &Arc<Plugin>,
    job: &Job,
) -> Result<(), LaneError> {
    let going = Going::load(desk, tenant, job).await?;
    let (Some(going), Some(channel)) = (going, ready.manifest.channel.as_ref()) else {
        return Settlement::nothing(desk, tenant, job).await;
    };
    let before = going.before(job);
    let mut settlement = Settlement::new(desk, tenant, ready, job, &going);
    // Somebody decided meanwhile.
    if let Some(DeliveryState::Sent | DeliveryState::Failed | DeliveryState::Unknown) = before {
        return Settlement::nothing(desk, tenant, job).await;
    }
    let store = desk.store.tenant(tenant);
    if let Some(ahead) = order::ahead(&store, job, &going).await? {
        return settlement.behind(&ahead).await;
    }
    let is_unknown = before == Some(DeliveryState::Sending);
    let on_unknown = ready.on_unknown(channel);
    if is_unknown && on_unknown == OnUnknown::Ask {
        return settlement.unknown("the last attempt was cut off").await;
    }
    if let Some(failure) = obstacle(desk, tenant, channel, job, &going).await? {
        // What perhaps went out is not for another channel to send as well.
        return match is_unknown {
            true => settlement.unknown(&failure.detail).await,
            false => pass_on(desk, tenant, &settlement, &going, failure).await,
        };
    }
    if !settlement.begin().await? {
        return Ok(());
    }
    let prepared = call::prepare(desk, tenant, ready, job).await?;
    let outbound = Outbound {
        ticket: going.ticket.id,
        recipient: going.ticket.requester,
        message: going.message.draft.clone(),
        idempotency_key: key_of(desk, tenant, job, &going).await?,
        attempt: job.attempt,
        previous_unknown: is_unknown,
    };
    let (mut ended, answer) = plugin.deliver(prepared.call, outbound).await;
    let left = call::wrote(desk, tenant, ready, job, "channel", &mut ended).await?;
    let is_hosts = matches!(ended.outcome, Outcome::HostError(_));
    if job.attempt == 1 && !is_hosts {
        let reason = breaker::is_blamed(&ended.outcome).then(|| ended.outcome.to_string());
        breaker::note(desk, tenant, ready, reason.as_deref()).await?;
    }
    match (answer, left) {
        (Some(Ok(receipt)), Left::Well(wrote)) => {
            carried(desk, tenant, &settlement, wrote.overlay, receipt).await
        }
        (Some(Err(failure)), _) => {
            not_carried(desk, tenant, &settlement, &going, on_unknown, failure).await
        }
        (
            _,
            Left::Badly {
                has_called_out: true,
            },
        ) => {
            let failure = broken(Why::Unknown, &ended.outcome);
            not_carried(desk, tenant, &settlement, &going, on_unknown, failure).await
        }
        _ if is_hosts => settlement.never_began(&ended.outcome.to_string()).await,
        _ => {
            let failure = broken(Why::Retry(None), &ended.outcome);
            not_carried(desk, tenant, &settlement, &going, on_unknown, failure).await
        }
    }
}

/// Why the channel cannot carry the message, as far as that is known before it is called.
async fn obstacle(
    desk: &Desk,
    tenant: TenantId,
    channel: &Channel,
    job: &Job,
    going: &Going,
) -> Result<Option<NotCarried>, LaneError> {
    if let Err(unfit) = fits::check(channel, &going.message.draft) {
        return Ok(Some(unfit.into()));
    }
    let Some(window) = channel.window else {
        return Ok(None);
    };
    let store = desk.store.tenant(tenant);
    let message = Some(going.outgoing.message);
    let left = window::left(&store, going.ticket.id, job.install, window, message).await?;
    Ok(left.is_closed(desk.clock.now()).then(|| NotCarried {
        why: Why::WindowClosed,
        code: "window-closed".to_owned(),
        detail: "The time in which this channel may answer is over, or all its messages are spent."
            .to_owned(),
        address: None,
    }))
}

/// Of the message: whoever sends it again, and whatever job that is, tells the outside the same key.
async fn key_of(
    desk: &Desk,
    tenant: TenantId,
    job: &Job,
    going: &Going,
) -> Result<String, LaneError> {
    let scope = format!("message/{}/{}", job.install, going.outgoing.message);
    let seed = Seed::new(desk.key(tenant).await?, scope, going.message.at);
    Ok(seed.idempotency_key())
}

/// What a breakdown of the plugin says of the message.
fn broken(why: Why, outcome: &Outcome) -> NotCarried {
    NotCarried {
        why,
        code: "plugin-failed".to_owned(),
        detail: outcome.to_string(),
        address: None,
    }
}

/// The channel took it: what it wrote, and that it took it, are one commit.
async fn carried(
    desk: &Desk,
    tenant: TenantId,
    settlement: &Settlement<'_>,
    overlay: guichet_core::overlay::Overlay,
    receipt: Receipt,
) -> Result<(), LaneError> {
    let (states, mut fields): (Vec<_>, Vec<_>) = receipt
        .fields
        .into_iter()
        .partition(|field| field.name == "state");
    let state = states.first().and_then(|field| field.value.as_text());
    fields.extend(receipt.external_id.map(|id| guichet_core::value::Field {
        name: "external_id".to_owned(),
        value: guichet_core::value::Value::Text(cut(&id)),
    }));
    let now = desk.clock.now();
    let of = |state: &str, fields: &[_]| Delivery::of(state, fields, now, settlement.job.install);
    // It went out, whatever is wrong with the words for it.
    let delivery = of(state.unwrap_or("sent"), &fields).or_else(|_| of("sent", &[]))?;
    let done =
        |changes: &mut ChangeSet| settlement.end(changes, Some(delivery.clone()), Settled::Done);
    let asked = overlay.asked().to_vec();
    let mut changes = overlay.finish();
    done(&mut changes);
    let committed = match desk.commit(changes).await {
        // To send it again because of a conflict would be to send it twice. What was reported of it meanwhile, such as that it came back, is newer than this.
        Err(CommitError::Conflict(_)) if settlement.is_under_way().await? => {
            again::commit(desk, tenant, &asked, done).await
        }
        Err(CommitError::Conflict(_)) => {
            let only_job = |changes: &mut ChangeSet| settlement.end_job(changes, Settled::Done);
            again::commit(desk, tenant, &asked, only_job).await
        }
        other => other.map(drop),
    };
    match committed {
        // Another attempt has begun: by what it finds, it asks or sends again.
        Ok(()) | Err(CommitError::Conflict(_)) => Ok(()),
        // What the channel wanted to write cannot be written; that it sent the message stays true.
        Err(CommitError::Invalid(reason)) => {
            tracing::warn!(job = %settlement.job.id, reason, "what a channel wrote is left out");
            let mut changes = ChangeSet::new(tenant);
            done(&mut changes);
            settlement.commit(changes).await.map(drop)
        }
        Err(error) => Err(into_lane_error(error)),
    }
}

async fn not_carried(
    desk: &Desk,
    tenant: TenantId,
    settlement: &Settlement<'_>,
    going: &Going,
    on_unknown: OnUnknown,
    failure: NotCarried,
) -> Result<(), LaneError> {
    let job = settlement.job;
    // Of an attempt before this one nobody knows: whatever came of this one does not tell, and no other channel may send it as well.
    let is_unknown = going.before(job) == Some(DeliveryState::Sending);
    let is_tried_on = match failure.why {
        Why::Retry(_) => job.attempt < JOB_ATTEMPTS_MAX,
        Why::Unknown => true,
        _ => false,
    };
    if is_unknown && !is_tried_on {
        return settlement.unknown(&failure.detail).await;
    }
    match failure.why {
        Why::Retry(_) if job.attempt >= JOB_ATTEMPTS_MAX => settlement.failed(&failure).await,
        Why::Retry(seconds) => {
            let asked_for = i64::from(seconds.unwrap_or_default()) * 1_000;
            let wait = back_off_ms(job.attempt).max(asked_for);
            match is_unknown {
                // That is still to be said to the next attempt.
                true => settlement.again(wait, &failure.detail).await,
                false => settlement.waits(&failure, wait).await,
            }
        }
        Why::Unknown if on_unknown == OnUnknown::Resend && job.attempt < JOB_ATTEMPTS_MAX => {
            // The state stays `sending`: that is what tells the next attempt.
            settlement
                .again(back_off_ms(job.attempt), &failure.detail)
                .await
        }
        Why::Unknown => settlement.unknown(&failure.detail).await,
        Why::GiveUp => settlement.failed(&failure).await,
        Why::WindowClosed | Why::Unreachable | Why::Declined => {
            pass_on(desk, tenant, settlement, going, failure).await
        }
    }
}

/// To the next channel; where there is none, that is told, unless nobody was to carry it.
async fn pass_on(
    desk: &Desk,
    tenant: TenantId,
    settlement: &Settlement<'_>,
    going: &Going,
    failure: NotCarried,
) -> Result<(), LaneError> {
    let job = settlement.job;
    let installs = desk.installs(tenant).await?;
    let store = desk.store.tenant(tenant);
    let requester = store.customer(going.ticket.requester).await?;
    let mut tried = going.outgoing.tried.clone();
    tried.push(job.install);
    let next =
        requester.and_then(|requester| choose::next(&installs, &going.ticket, &requester, &tried));
    match next {
        Some(next) => {
            let id = JobId(desk.clock.new_id());
            let passed = going
                .outgoing
                .clone()
                .passed_on(id, job, next, desk.clock.now());
            let mut changes = ChangeSet::new(tenant);
            settlement.end(&mut changes, None, Settled::Done);
            changes.jobs.push(JobWrite::Enqueue(passed));
            settlement.commit(changes).await.map(drop)
        }
        None if failure.why == Why::Declined => {
            let mut changes = ChangeSet::new(tenant);
            settlement.end(&mut changes, None, Settled::Done);
            settlement.commit(changes).await.map(drop)
        }
        None => settlement.failed(&failure).await,
    }
}

/// What is told of a message whose job is given up: that it failed, or, where its sending was cut off, that nobody knows.
pub(crate) async fn given_up(
    desk: &Desk,
    tenant: TenantId,
    job: &Job,
    reason: &str,
    changes: &mut ChangeSet,
) -> Result<(), LaneError> {
    let Some(going) = Going::load(desk, tenant, job).await? else {
        return Ok(());
    };
    let state = match going.before(job) {
        Some(DeliveryState::Sending) => DeliveryState::Unknown,
        _ => DeliveryState::Failed,
    };
    super::settle::tell_given_up(desk, job, &going, state, reason, changes);
    Ok(())
}
