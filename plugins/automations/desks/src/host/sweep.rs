//! Tickets that no group has, and of which no event tells: they were there before the plugin, or before its first desk.

use super::{
    apply::apply_or_tell,
    facts::{OfTicket, There},
    store,
};
use crate::{
    desk::all::Desks,
    engine::{Chooser, Engine},
    limits::SWEPT_PER_RUN_MAX,
    ticket::seen::{Happened, Stands},
};
use guichet_sdk::{Error, PageRequest, Value, clock, tickets_read};

/// Tickets that are worked on, and of no group.
const LOST: &str = "state in [\"new\", \"open\"] && group == null";

/// Routes some of them, the oldest first.
pub(crate) fn sweep(desks: &Desks) -> Result<(), Error> {
    if desks.central().is_none() {
        return Ok(());
    }
    let request = PageRequest {
        filter: LOST.to_owned(),
        columns: vec!["id".to_owned()],
        sort: vec!["created_at".to_owned()],
        cursor: None,
        limit: SWEPT_PER_RUN_MAX,
        extra: Vec::new(),
    };
    let mut there = There::default();
    for row in tickets_read::query(&request)?.rows {
        if let [Value::Text(id)] = row.as_slice() {
            route(id, desks, &mut there)?;
        }
    }
    Ok(())
}

fn route(id: &str, desks: &Desks, there: &mut There) -> Result<(), Error> {
    let Some(mut of) = OfTicket::open(id, there)? else {
        return Ok(());
    };
    let Some(seen) = of.seen() else {
        return Ok(());
    };
    if seen.stands != Stands::Live || !seen.group.is_empty() {
        return Ok(());
    }
    let old = store::kept(id)?;
    let at = clock::now();
    let mut engine = Engine {
        desks,
        facts: &mut of,
        at,
        chooser: Chooser::Here,
    };
    let out = engine.settle(old.as_ref(), &seen, &Happened::at(at))?;
    apply_or_tell(&of.ticket, &seen, old.as_ref(), desks, &out)
}
