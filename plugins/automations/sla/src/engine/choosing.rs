//! Which policy holds for a ticket from now on, and what it says of its clocks.

use super::Wish;
use crate::{
    choice::{Asked, choose},
    heard::{CLASS, ENTRY, PATH},
    kept::{Chosen, Kept},
    library::Library,
    plan::Plan,
    policy::Policy,
};
use guichet_sdk::{Change, Error, Value, customers_read, tickets_read::Ticket};

/// The policy with its plan; nothing where none is for the ticket.
pub(super) fn policy_for(
    kept: &Kept,
    ticket: &Ticket,
    wish: &Wish<'_>,
    library: &mut Library,
) -> Result<Option<(Policy, Plan)>, Error> {
    let stays = kept.chosen.clone().filter(|_| !wish.chooses);
    let chosen = match stays {
        Some(chosen) => match library.policy(&chosen.id)? {
            Some(policy) if policy.enabled => Some(chosen),
            // It is gone: another one takes its place, if there is one.
            _ => choose_anew(ticket, wish, library)?,
        },
        None if wish.chooses => choose_anew(ticket, wish, library)?,
        None => None,
    };
    let Some(chosen) = chosen else {
        return Ok(None);
    };
    let Some(policy) = library.policy(&chosen.id)?.cloned() else {
        return Ok(None);
    };
    let named = library.current(&policy.calendar)?;
    let calendar = library.shelf.get(&named);
    let plan = Plan::of(&chosen.id, &policy, chosen.priority, &named, calendar);
    Ok(Some((policy, plan)))
}

fn choose_anew(
    ticket: &Ticket,
    wish: &Wish<'_>,
    library: &mut Library,
) -> Result<Option<Chosen>, Error> {
    let policies = library.in_order()?;
    if policies.is_empty() {
        return Ok(None);
    }
    let asked = asked(ticket, wish.changes)?;
    let all = policies.iter().map(|(id, policy)| (id.as_str(), policy));
    let Some(id) = choose(all, &asked).map(str::to_owned) else {
        return Ok(None);
    };
    let version = library.policy(&id)?.map_or(1, |policy| policy.version);
    Ok(Some(Chosen {
        id,
        version,
        priority: asked.priority,
    }))
}

/// What policies look at: as the event left it, or else as it is now.
fn asked(ticket: &Ticket, changes: &[Change]) -> Result<Asked, Error> {
    let value = |name: &str| {
        let change = changes.iter().rev().find(|change| change.name == name);
        change.map_or_else(|| ticket.field(name), |change| change.new.clone())
    };
    let text = |name: &str| match value(name) {
        Value::Text(text) => text,
        _ => String::new(),
    };
    let mut path = match value(PATH) {
        Value::Texts(path) => path,
        _ => Vec::new(),
    };
    let entry = text(ENTRY);
    if !entry.is_empty() && path.last() != Some(&entry) {
        path.push(entry);
    }
    let priority = match value("priority") {
        Value::Integer(priority) => u8::try_from(priority).unwrap_or(u8::MAX),
        _ => ticket.priority(),
    };
    let groups_of_customer = match customers_read::get(&ticket.requester()) {
        Ok(customer) => customer.groups(),
        Err(Error::NotFound(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    Ok(Asked {
        groups_of_customer,
        path,
        class: text(CLASS),
        kind: text("kind"),
        channel: text("channel"),
        group: text("group"),
        priority,
    })
}
