//! Answers of a ticket go out in the order in which they were said: one that was said later waits as long as one before it is on its way by the same channel.
//! Of two jobs of one message, where somebody had it sent again, the second waits for the end of the first.

use super::{attempt::Going, outgoing::Outgoing};
use guichet_core::{
    id::MessageId,
    job::{Job, JobState},
    message::Message,
    time::Timestamp,
};
use guichet_store::{StoreError, TenantStore};

/// What goes first.
pub(super) struct Ahead {
    /// When it is tried next; absent while it is being tried.
    pub(super) due_at: Option<Timestamp>,
}

/// The message that goes before this one, if one does.
///
/// # Errors
/// Where the database fails.
pub(super) async fn ahead(
    store: &TenantStore,
    job: &Job,
    going: &Going,
) -> Result<Option<Ahead>, StoreError> {
    for other in store.live_jobs_of(going.ticket.id, job.install).await? {
        let Some(outgoing) = Outgoing::read(&other.job).filter(|_| other.job.id != job.id) else {
            continue;
        };
        let is_ahead = if outgoing.message == going.message.draft.id {
            other.state == JobState::Running && other.job.id < job.id
        } else {
            let said = store.message(outgoing.message).await?;
            said.is_some_and(|said| when(&said) < when(&going.message))
        };
        if is_ahead {
            let due_at = (other.state == JobState::Waiting).then_some(other.job.due_at);
            return Ok(Some(Ahead { due_at }));
        }
    }
    Ok(None)
}

/// Ids are in the order of time, too.
fn when(message: &Message) -> (Timestamp, MessageId) {
    (message.at, message.draft.id)
}
