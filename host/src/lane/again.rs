//! The last word on conflicts: what was asked is carried out as commands on the present state, without asking the plugins again.
//!
//! A plugin that decided on what it saw keeps its decision; what the present state refuses is left out, as it would be refused to a person.

use super::load;
use crate::{desk::Desk, limits::CONFLICT_RUNS_MAX};
use guichet_core::{
    changeset::ChangeSet, effect::Effect, id::TenantId, overlay::Overlay, ticket::work::Stamp,
};
use guichet_store::CommitError;

/// Carries out and commits, as often as others are first; `also` adds what belongs into the commit beside the effects.
///
/// # Errors
/// [`CommitError::Conflict`] where others were first each time, or what `also` checks does not hold.
pub async fn commit(
    desk: &Desk,
    tenant: TenantId,
    asked: &[(Effect, Stamp)],
    also: impl Fn(&mut ChangeSet),
) -> Result<(), CommitError> {
    let store = desk.store.tenant(tenant);
    let mut last = None;
    for _ in 0..CONFLICT_RUNS_MAX {
        let mut overlay = Overlay::new(tenant, store.directory().await?);
        for (effect, stamp) in asked {
            match load::carry_out(&store, &mut overlay, effect, stamp).await {
                Ok(()) => {}
                Err(super::LaneError::Store(error)) => return Err(error.into()),
                Err(refused) => {
                    tracing::info!(%refused, "an effect is refused by the present state, and left out")
                }
            }
        }
        let mut changes = overlay.finish();
        also(&mut changes);
        match desk.commit(changes).await {
            Err(CommitError::Conflict(what)) => last = Some(what),
            other => return other.map(drop),
        }
    }
    Err(CommitError::Conflict(last.unwrap_or_default()))
}
