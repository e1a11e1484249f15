//! Which channels may carry a message: first that of the ticket, then those that reach the person by another name, in the order of the installs.

use super::outgoing::Outgoing;
use crate::{desk::Desk, lane::LaneError, plugins::Ready};
use guichet_core::{
    customer::Customer,
    event::Event,
    id::{InstallId, MessageId, TenantId},
    job::Job,
    overlay::Overlay,
    ticket::Ticket,
};
use serde::Deserialize;
use std::sync::Arc;

/// What the log tells of a message that was added.
#[derive(Deserialize)]
struct Added {
    message: MessageId,
    visibility: String,
    author: Author,
}

#[derive(Deserialize)]
struct Author {
    kind: String,
}

/// The message that an event tells of, where it is for the person who asked: public, and not his own.
fn said_here(event: &Event) -> Option<MessageId> {
    if event.draft.kind != "message.added" {
        return None;
    }
    let added = Added::deserialize(&event.draft.data).ok()?;
    let is_outgoing = added.visibility == "public"
        && matches!(added.author.kind.as_str(), "agent" | "plugin" | "system");
    is_outgoing.then_some(added.message)
}

/// Whether an event tells of a message that some channel may have to carry.
pub fn concerns(installs: &[Arc<Ready>], event: &Event) -> bool {
    installs.iter().any(|ready| is_channel(ready)) && said_here(event).is_some()
}

/// Disabled ones that keep their place, too: what they are to carry waits until they are enabled.
fn is_channel(ready: &Ready) -> bool {
    ready.manifest.channel.is_some() && (ready.is_enabled() || ready.install.apart)
}

/// Channels that may carry a message to a customer, best first.
pub fn channels<'r>(
    installs: &'r [Arc<Ready>],
    ticket: &Ticket,
    requester: &Customer,
) -> impl Iterator<Item = &'r Arc<Ready>> {
    let own = |ready: &Ready| {
        let channel = ready.manifest.channel.as_ref();
        channel.is_some_and(|channel| channel.name == ticket.channel)
    };
    let reaches = |ready: &Ready| {
        let channel = ready.manifest.channel.as_ref();
        channel.is_some_and(|channel| {
            requester.identities.iter().any(|identity| {
                let scheme = identity.name.split_once(':').map(|(scheme, _)| scheme);
                channel
                    .reaches
                    .iter()
                    .any(|reached| scheme == Some(reached))
            })
        })
    };
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for ready in installs.iter().filter(|ready| is_channel(ready)) {
        if own(ready) {
            first.push(ready);
        } else if reaches(ready) {
            others.push(ready);
        }
    }
    first.into_iter().chain(others)
}

/// The next channel for a message, beside those that were tried.
pub fn next(
    installs: &[Arc<Ready>],
    ticket: &Ticket,
    requester: &Customer,
    tried: &[InstallId],
) -> Option<InstallId> {
    let mut candidates = channels(installs, ticket, requester).map(|ready| ready.install.id);
    candidates.find(|candidate| !tried.contains(candidate))
}

/// The job by which the message of an event goes out; nothing where it is for nobody, or no channel can carry it.
///
/// # Errors
/// Where the database fails.
pub async fn outgoing(
    desk: &Desk,
    tenant: TenantId,
    installs: &[Arc<Ready>],
    event: &Event,
    overlay: &Overlay,
) -> Result<Option<Job>, LaneError> {
    if !installs.iter().any(|ready| is_channel(ready)) {
        return Ok(None);
    }
    let (Some(message), Some(ticket)) = (said_here(event), event.draft.ticket) else {
        return Ok(None);
    };
    let Ok(ticket) = overlay.ticket(ticket) else {
        return Ok(None);
    };
    let Some(requester) = desk.store.tenant(tenant).customer(ticket.requester).await? else {
        return Ok(None);
    };
    let Some(channel) = next(installs, ticket, &requester, &[]) else {
        return Ok(None);
    };
    let key = desk.key(tenant).await?;
    let outgoing = Outgoing::of(ticket.id, message);
    Ok(Some(outgoing.job_of_event(key, channel, event)))
}
