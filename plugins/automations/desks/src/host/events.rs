//! Events of the desk, one by one.

use super::{
    actions,
    apply::apply_or_tell,
    facts::{OfTicket, There},
    store, work,
};
use crate::{
    engine::{Chooser, Engine, Outcome, is_settled},
    ticket::{kept::Kept, seen::Happened},
};
use guichet_sdk::{Error, Event, Value, jobs, tickets_read::Ticket};

/// The kind of an event by which somebody asks for one of the plugin's actions.
const ACTION: &str = "plugin.action";

/// Settles what an event did to its ticket.
///
/// # Errors
/// What the host may answer otherwise when it is asked again.
pub(crate) fn handle(event: &Event) -> Result<(), Error> {
    if event.kind == ACTION {
        return actions::asked(event);
    }
    let Some(id) = &event.ticket else {
        return Ok(());
    };
    if event.kind == "ticket.purged" {
        jobs::cancel(&format!("{}/{id}", work::SILENT))?;
        return store::forget(id);
    }
    let mut there = There::default();
    let Some(mut of) = OfTicket::open(id, &mut there)? else {
        return Ok(());
    };
    let Some(seen) = of.seen() else {
        return Ok(());
    };
    let old = store::kept(id)?;
    if is_closed_for_good(&of.ticket) {
        return close(id, old.as_ref());
    }
    let happened = Happened::of(event, &seen, of.ticket.version());
    if old
        .as_ref()
        .is_some_and(|old| is_settled(old, &seen, &happened))
    {
        return Ok(());
    }
    let desks = store::desks()?;
    let mut engine = Engine {
        desks: &desks,
        facts: &mut of,
        at: event.at,
        chooser: Chooser::Here,
    };
    let out = Outcome {
        is_of_event: true,
        ..engine.settle(old.as_ref(), &seen, &happened)?
    };
    apply_or_tell(&of.ticket, &seen, old.as_ref(), &desks, &out)
}

/// Nobody works on it again: a ticket that was merged may be taken out again, any other may not.
fn is_closed_for_good(ticket: &Ticket) -> bool {
    ticket.state() == "closed" && matches!(ticket.field("merged_into"), Value::None)
}

/// What is remembered of a ticket goes with it: there are more closed tickets than records may be. Its fields and its history say what there is to know.
fn close(id: &str, old: Option<&Kept>) -> Result<(), Error> {
    let Some(old) = old else {
        return Ok(());
    };
    store::forget(id)?;
    if old.ring.is_some() {
        jobs::cancel(&format!("{}/{id}", work::SILENT))?;
    }
    match old.rests || old.assignee.is_empty() {
        true => Ok(()),
        false => work::look_soon(),
    }
}
