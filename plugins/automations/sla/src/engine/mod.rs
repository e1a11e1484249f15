//! # From an event to what is written
//!
//! The record of the ticket is read, its policy found, its clocks driven; then marks are told, the ticket's fields set where they are others, the timer
//! moved, and the record kept. Whatever is written is written with the event or not at all.

/// Which policy holds, and what of it.
mod choosing;

/// What is written.
mod writing;

use crate::{
    drive::{drive, next_ring},
    kept::Kept,
    library::Library,
    progress::Happened,
    store,
    words::Language,
};
use choosing::policy_for;
use guichet_sdk::{
    Change, Error, Value, jobs, log,
    tickets_read::{self, Ticket},
};
use writing::{Written, set_timer, timer};

/// The timer's job.
pub(crate) const RING: &str = "ring";

/// What a ticket's clocks are driven by.
pub(crate) struct Wish<'a> {
    pub(crate) ticket: &'a str,
    pub(crate) happened: Happened,
    /// The policy is chosen anew; otherwise it stays, in its present version.
    pub(crate) chooses: bool,
    /// What the event changed: it counts, whatever became of it since.
    pub(crate) changes: &'a [Change],
    /// What people read as the cause.
    pub(crate) cause: &'a str,
}

/// Drives a ticket's clocks and writes what came of it. `stored` is the record as it stands, if there is one; in `kept`, the timer is set to what waits.
pub(crate) fn settle(
    mut kept: Kept,
    stored: Option<&Kept>,
    wish: &Wish<'_>,
    library: &mut Library,
) -> Result<(), Error> {
    let waits = kept.rings_at;
    let before = kept.chosen.clone();
    let ticket = tickets_read::get(wish.ticket)?;
    let policy = policy_for(&kept, &ticket, wish, library)?;
    library.fetch_for(&kept)?;
    let plan = policy.as_ref().map(|(_, plan)| plan);
    let driven = drive(&mut kept, &wish.happened, plan, &library.shelf);
    for note in &driven.notes {
        log::write("warn", &format!("ticket {}: {note}", wish.ticket));
    }
    if is_closed(&ticket, wish.changes) {
        kept.close();
    }
    kept.rings_at = next_ring(&kept, &library.shelf, wish.happened.at);
    if stored == Some(&kept) && waits == kept.rings_at {
        return Ok(());
    }
    let name = policy.map(|(policy, _)| policy.name.say(Language::English).to_owned());
    let written = Written {
        wish,
        kept: &kept,
        policy: name.as_deref(),
        shelf: &library.shelf,
    };
    written.explain();
    written.tell(before.as_ref(), &driven)?;
    written.set_fields(&ticket)?;
    set_timer(wish.ticket, waits, kept.rings_at)?;
    store::put_clocks(wish.ticket, &kept)
}

/// Whether it was closed: as the event left it, or else as it is now.
fn is_closed(ticket: &Ticket, changes: &[Change]) -> bool {
    if changes.is_empty() {
        return ticket.state() == "closed";
    }
    changes.iter().any(|change| {
        change.name == "state" && matches!(&change.new, Value::Text(state) if state == "closed")
    })
}

/// The ticket is gone for good.
pub(crate) fn forget(ticket: &str) -> Result<(), Error> {
    if store::clocks(ticket)?.is_some() {
        store::delete_clocks(ticket)?;
        jobs::cancel(&timer(ticket))?;
    }
    Ok(())
}
