//! What people decide of a message that waits, failed, or of which nobody knows whether it went out.

use super::{choose, outgoing::Outgoing};
use crate::{
    desk::Desk,
    lane::{self, Asker, LaneError, Named, into_lane_error},
};
use guichet_core::{
    changeset::{ChangeSet, Check},
    delivery::{Delivery, DeliveryState, DeliveryWrite},
    directory::Access,
    id::{InstallId, JobId, MessageId},
    job::{Job, JobWrite, OUTGOING_KEY},
    message::Message,
    refusal::Refusal,
    ticket::{Ticket, state::State},
};

/// What is to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is sent, whatever came of it before.
    Send,
    /// It did go out, as somebody found.
    Sent,
    /// It is not sent any more.
    Drop,
}

impl Decision {
    /// The decision of that name.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the names that there are.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        match name {
            "send" => Ok(Self::Send),
            "sent" => Ok(Self::Sent),
            "drop" => Ok(Self::Drop),
            _ => Err(Refusal::Invalid(
                "a decision is `send`, `sent` or `drop`".to_owned(),
            )),
        }
    }
}

/// Decides, and answers the message as it is then.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::Right`] for whoever may not change the ticket, [`Refusal::State`] where there is nothing to decide.
pub async fn decide(
    desk: &Desk,
    asker: &Asker,
    ticket: Named,
    message: MessageId,
    decision: Decision,
) -> Result<Message, LaneError> {
    let ticket = lane::find(desk, asker, ticket).await?;
    let store = desk.store.tenant(asker.tenant);
    let unknown = || Refusal::NotFound(format!("message {message}"));
    let mut message = store
        .message(message)
        .await?
        .filter(|found| found.ticket == ticket.id)
        .ok_or_else(unknown)?;
    let rights = asker.principal.rights.as_ref();
    let access = rights.map(|rights| rights.on(ticket.group));
    if !matches!(access, Some(Access::Change | Access::Supervise)) {
        return Err(Refusal::Right(
            "only agents with the right to change tickets of this group may do this".to_owned(),
        )
        .into());
    }
    let nothing = || {
        Refusal::State(
            "there is nothing to decide: the message is on its way, was sent, or is for nobody"
                .to_owned(),
        )
    };
    let delivery = message.delivery.take().ok_or_else(nothing)?;
    let before = delivery.state;
    if matches!(before, DeliveryState::Sending | DeliveryState::Sent) {
        return Err(nothing().into());
    }
    let mut changes = ChangeSet::new(asker.tenant);
    let seen = Check::Delivery(message.draft.id, Some(delivery.mark()));
    changes.checks.push(seen);
    let decided = match decision {
        Decision::Send => send(desk, asker, &ticket, &message, delivery, &mut changes).await?,
        Decision::Sent | Decision::Drop => {
            // What waits to be tried again is not.
            changes.jobs.push(JobWrite::Cancel {
                install: delivery.install,
                key: format!("{OUTGOING_KEY}{}", message.draft.id),
            });
            let (state, reason) = match decision {
                Decision::Sent => (DeliveryState::Sent, "said-to-be-sent"),
                _ => (DeliveryState::Failed, "dropped"),
            };
            Delivery {
                state,
                reason: Some(reason.to_owned()),
                detail: None,
                at: desk.clock.now(),
                ..delivery
            }
        }
    };
    let write = DeliveryWrite {
        ticket: ticket.id,
        message: message.draft.id,
        delivery: Some(decided.clone()),
    };
    changes
        .events
        .extend(write.told(Some(before), &asker.stamp(desk)));
    changes.deliveries.push(write);
    desk.commit(changes).await.map_err(into_lane_error)?;
    desk.due.wake();
    message.delivery = Some(decided);
    Ok(message)
}

/// A job of the channel that had it, if that may still carry it, or else of the first that may.
async fn send(
    desk: &Desk,
    asker: &Asker,
    ticket: &Ticket,
    message: &Message,
    delivery: Delivery,
    changes: &mut ChangeSet,
) -> Result<Delivery, LaneError> {
    let none = || {
        Refusal::State(
            "no channel can carry it: enable one that reaches the requester, or add an address of his"
                .to_owned(),
        )
    };
    let store = desk.store.tenant(asker.tenant);
    let installs = desk.installs(asker.tenant).await?;
    let requester = store.customer(ticket.requester).await?.ok_or_else(none)?;
    let candidates: Vec<_> = choose::channels(&installs, ticket, &requester)
        .map(|ready| ready.install.id)
        .collect();
    let had = candidates.iter().find(|id| **id == delivery.install);
    let install = *had.or(candidates.first()).ok_or_else(none)?;
    let now = desk.clock.now();
    let outgoing = Outgoing::of(ticket.id, message.draft.id);
    let job = outgoing.job(JobId(desk.clock.new_id()), install, now);
    if install != delivery.install {
        // The channel that had it may come back, and would send it as well.
        changes.jobs.push(JobWrite::Cancel {
            install: delivery.install,
            key: format!("{OUTGOING_KEY}{}", message.draft.id),
        });
    }
    changes.jobs.push(JobWrite::Enqueue(job));
    Ok(waiting(desk, install, delivery))
}

/// Adds to the revival of a message's dead job that the message waits again.
///
/// # Errors
/// [`Refusal::State`] where it was decided about otherwise or is no more, or where nobody would carry it.
pub async fn revive(
    desk: &Desk,
    asker: &Asker,
    job: &Job,
    outgoing: &Outgoing,
    changes: &mut ChangeSet,
) -> Result<(), LaneError> {
    let over = || {
        Refusal::State(
            "the message is on its way, was sent, or is no more: there is nothing to try again"
                .to_owned(),
        )
    };
    let installs = desk.installs(asker.tenant).await?;
    let channel = installs
        .iter()
        .find(|ready| ready.install.id == job.install);
    if !channel.is_some_and(|ready| ready.is_enabled() && ready.manifest.channel.is_some()) {
        return Err(Refusal::State(
            "its plugin does not run: enable it, or decide on the ticket how the message goes"
                .to_owned(),
        )
        .into());
    }
    let store = desk.store.tenant(asker.tenant);
    let message = store.message(outgoing.message).await?.ok_or_else(over)?;
    let ticket = store.ticket(message.ticket).await?.ok_or_else(over)?;
    if ticket.state == State::Deleted {
        return Err(over().into());
    }
    let delivery = message.delivery.ok_or_else(over)?;
    let before = delivery.state;
    if !matches!(before, DeliveryState::Failed | DeliveryState::Unknown) {
        return Err(over().into());
    }
    let seen = Check::Delivery(outgoing.message, Some(delivery.mark()));
    changes.checks.push(seen);
    let write = DeliveryWrite {
        ticket: message.ticket,
        message: outgoing.message,
        delivery: Some(waiting(desk, job.install, delivery)),
    };
    changes
        .events
        .extend(write.told(Some(before), &asker.stamp(desk)));
    changes.deliveries.push(write);
    Ok(())
}

fn waiting(desk: &Desk, install: InstallId, before: Delivery) -> Delivery {
    Delivery {
        state: DeliveryState::Waiting,
        reason: None,
        detail: None,
        at: desk.clock.now(),
        install,
        ..before
    }
}
