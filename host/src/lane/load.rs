//! What an effect needs, fetched by id or key onto the overlay before the core carries the effect out.

use super::LaneError;
use guichet_core::{
    delivery::Said,
    effect::{Effect, Missing},
    overlay::Overlay,
    refusal::Refusal,
    ticket::work::Stamp,
};
use guichet_store::{StoreError, TenantStore};
use std::collections::BTreeSet;

/// Loads what the effect needs and carries it out.
///
/// # Errors
/// What the core refuses; [`LaneError::Store`] where the database fails.
pub async fn carry_out(
    store: &TenantStore,
    overlay: &mut Overlay,
    effect: &Effect,
    stamp: &Stamp,
) -> Result<(), LaneError> {
    supply(store, overlay, effect).await?;
    for file in effect.files() {
        if overlay.file(file).is_none() && store.file_part(file, 0, 0).await?.is_none() {
            return Err(Refusal::NotFound(format!("file {file}")).into());
        }
    }
    Ok(overlay.apply(effect, stamp)?)
}

/// Loads what the effect needs, as far as it is there.
///
/// # Errors
/// Where the database fails.
pub async fn supply(
    store: &TenantStore,
    overlay: &mut Overlay,
    effect: &Effect,
) -> Result<(), StoreError> {
    // What was looked for once and is not there is not looked for again: the core answers that it is missing.
    let mut tried = BTreeSet::new();
    loop {
        let missing: Vec<_> = overlay
            .missing(effect)
            .into_iter()
            .filter(|missing| tried.insert(missing.clone()))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        for missing in missing {
            fetch(store, overlay, missing).await?;
        }
    }
}

async fn fetch(
    store: &TenantStore,
    overlay: &mut Overlay,
    missing: Missing,
) -> Result<(), StoreError> {
    match missing {
        Missing::Ticket(id) => store
            .ticket(id)
            .await?
            .into_iter()
            .for_each(|ticket| overlay.load_ticket(ticket)),
        Missing::Customer(id) => store
            .customer(id)
            .await?
            .into_iter()
            .for_each(|customer| overlay.load_customer(customer)),
        Missing::Identities(names) => store
            .customers_by_identities(&names)
            .await?
            .into_iter()
            .for_each(|customer| overlay.load_customer(customer)),
        Missing::Message(id) => {
            if let Some(message) = store.message(id).await? {
                let said = Said {
                    ticket: message.ticket,
                    delivery: message.delivery,
                };
                overlay.load_said(id, said);
            }
        }
        Missing::Record(key) => {
            let (version, record) = store.record(&key).await?;
            overlay.load_record(key, version, record);
        }
    }
    Ok(())
}
