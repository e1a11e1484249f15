//! Policies are saved, put in order, switched and deleted.

use super::{NotSaved, calendar, must_stand, room, wrong};
use crate::{
    complaint::Wrong,
    limits::POLICIES_MAX,
    policy::{Policy, is_id, label},
    store,
    work::{self, Saved},
};
use guichet_sdk::{Error, clock};

/// Saves a policy under an id, new or not. Its place in the order stays; a new one comes last. `shown` is the version that was changed: where it is given,
/// it must still be the one that is kept. Answers with what is kept.
pub(crate) fn save(id: &str, wish: Policy, shown: Option<u32>) -> Result<Policy, NotSaved> {
    if !is_id(id) {
        return Err(wrong("/id", Wrong::Id));
    }
    let before = store::policy(id)?;
    must_stand(before.as_ref().map(|before| before.version), shown)?;
    let Some(calendar) = calendar(&wish.calendar)? else {
        return Err(wrong("/calendar", Wrong::Unknown(wish.calendar)));
    };
    let complaints = wish.complaints(&calendar);
    if !complaints.is_empty() {
        return Err(NotSaved::Wrong(complaints));
    }
    let (version, order) = match &before {
        Some(before) => (before.version.saturating_add(1), before.order),
        None => {
            let all = store::policies()?;
            room(all.len(), POLICIES_MAX)?;
            let last = all.iter().map(|(_, policy)| policy.order).max();
            // An id that was used before goes on with its versions: none is kept twice.
            (
                next_version(id)?,
                last.map_or(1, |last| last.saturating_add(1)),
            )
        }
    };
    if let Some(before) = &before {
        store::keep_version("policy", id, before.version, before)?;
    }
    let saved = Policy {
        version,
        order,
        ..wish
    };
    store::put_policy(id, &saved)?;
    store::keep_version("policy", id, version, &saved)?;
    work::ask(Saved::Policy(id.to_owned()), clock::now())?;
    Ok(saved)
}

/// The first version of a policy that is not kept yet.
fn next_version(id: &str) -> Result<u32, Error> {
    let mut version = 1;
    while store::policy_version(&label(id, version))?.is_some() {
        version += 1;
    }
    Ok(version)
}

/// Switches a policy on or off. Tickets under one that is switched off go over to another, or have none.
pub(crate) fn switch(id: &str, enabled: bool) -> Result<(), Error> {
    let Some(policy) = store::policy(id)? else {
        return Ok(());
    };
    store::put_policy(id, &Policy { enabled, ..policy })?;
    work::ask(Saved::Policy(id.to_owned()), clock::now())
}

/// Puts a policy one place up or down in the order.
pub(crate) fn swap(one: &str, other: &str) -> Result<(), Error> {
    let (Some(first), Some(second)) = (store::policy(one)?, store::policy(other)?) else {
        return Ok(());
    };
    // Where both have one place, the ids decided: now the places do.
    let apart = i64::from(first.order == second.order);
    let (first_order, second_order) = match first.order > second.order || one > other {
        true => (second.order, first.order.saturating_add(apart)),
        false => (second.order.saturating_add(apart), first.order),
    };
    store::put_policy(
        one,
        &Policy {
            order: first_order,
            ..first
        },
    )?;
    store::put_policy(
        other,
        &Policy {
            order: second_order,
            ..second
        },
    )
}

/// Deletes a policy; its versions are kept.
pub(crate) fn delete(id: &str) -> Result<(), Error> {
    if let Some(policy) = store::policy(id)? {
        store::keep_version("policy", id, policy.version, &policy)?;
        store::delete_policy(id)?;
        work::ask(Saved::Policy(id.to_owned()), clock::now())?;
    }
    Ok(())
}
