//! What people read of a ticket's clocks: why, which marks, how it stands, and the timer for what comes next.

use super::{RING, Wish};
use crate::{
    drive::{Driven, Told},
    kept::{Chosen, Kept},
    policy::label,
    shelf::Shelf,
    stage::Summary,
    stands::Stands,
    time::{rfc3339, seconds},
};
use guichet_calendar::Instant;
use guichet_sdk::{
    Error, Field, Value, events_emit, explain, jobs, log, tickets_read::Ticket, tickets_write,
};
use serde_json::json;

/// What came of an event, as it is to be written.
pub(super) struct Written<'a> {
    pub(super) wish: &'a Wish<'a>,
    pub(super) kept: &'a Kept,
    /// The policy's name.
    pub(super) policy: Option<&'a str>,
    pub(super) shelf: &'a Shelf,
}

impl Written<'_> {
    /// What people read beside the changes that follow.
    pub(super) fn explain(&self) {
        let (kept, at) = (self.kept, self.wish.happened.at);
        let clocks = kept.live().map(|(kind, clock)| {
            let calendar = self.shelf.get(&clock.terms().calendar);
            let seen = json!({
                "elapsed_seconds": seconds(clock.elapsed(calendar, at)),
                "target_seconds": seconds(clock.terms().target),
                "calendar": clock.terms().calendar,
                "due": clock.due(calendar).map(rfc3339),
            });
            (kind.name().to_owned(), seen)
        });
        let clocks: serde_json::Map<_, _> = clocks.collect();
        let chosen = kept.chosen.as_ref();
        let detail = json!({
            "cause": self.wish.cause,
            "policy": chosen.map(|chosen| label(&chosen.id, chosen.version)),
            "priority": chosen.map(|chosen| chosen.priority),
            "clocks": clocks,
        });
        explain::because(self.policy.unwrap_or("No policy"), &detail.to_string());
    }

    /// Marks that were reached, and clocks that are cancelled, in the ticket's history.
    pub(super) fn tell(&self, before: Option<&Chosen>, driven: &Driven) -> Result<(), Error> {
        let ticket = self.wish.ticket;
        for told in &driven.told {
            events_emit::emit("threshold", Some(ticket), &data(told).to_string())?;
        }
        if driven.cancelled.is_empty() {
            return Ok(());
        }
        let clocks: Vec<_> = driven.cancelled.iter().map(|kind| kind.name()).collect();
        let policy = before.map(|chosen| label(&chosen.id, chosen.version));
        let data = json!({ "clocks": clocks, "policy": policy });
        events_emit::emit("cancelled", Some(ticket), &data.to_string())
    }

    /// The ticket's fields, where they are others.
    pub(super) fn set_fields(&self, ticket: &Ticket) -> Result<(), Error> {
        let kept = self.kept;
        // What cannot be changed any more keeps what it showed; what is out of sight shows it when it is back.
        let is_fixed = matches!(ticket.state().as_str(), "closed" | "deleted" | "suspended");
        if is_fixed || kept.is_hidden() {
            return Ok(());
        }
        // An event that is yet to come tells how it stands now, and what is shown then: once it is closed, nothing could set right what was shown before.
        let stands = Stands::of(&ticket.state(), |name| ticket.field(name));
        if !stands.is_known_to(kept) {
            return Ok(());
        }
        let summary = Summary::of(kept, self.shelf, self.wish.happened.at);
        let text =
            |text: Option<&str>| text.map_or(Value::None, |text| Value::Text(text.to_owned()));
        let wanted = [
            (
                "guichet/sla/stage",
                text(summary.stage.map(|stage| stage.name())),
            ),
            (
                "guichet/sla/due",
                summary
                    .due
                    .map_or(Value::None, |due| Value::Instant(due.into())),
            ),
            ("guichet/sla/policy", text(self.policy)),
        ];
        let others = wanted
            .into_iter()
            .filter(|(name, value)| !is_same(&ticket.field(name), value));
        let fields: Vec<Field> = others
            .map(|(name, value)| Field {
                name: name.to_owned(),
                value,
            })
            .collect();
        if fields.is_empty() {
            return Ok(());
        }
        match tickets_write::set(self.wish.ticket, &fields) {
            Err(error @ Error::Unavailable(_)) => Err(error),
            // That they cannot be shown must not stop the clocks.
            Err(error) => {
                let note = format!(
                    "ticket {}: its fields cannot be set: {error}",
                    self.wish.ticket
                );
                log::write("warn", &note);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

fn data(told: &Told) -> serde_json::Value {
    json!({
        "clock": told.kind.name(),
        "percent": told.percent,
        "at": rfc3339(told.at),
        "late": told.late,
        "policy": told.policy,
        "cycle": told.cycle,
    })
}

fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::None, Value::None) => true,
        (Value::Text(one), Value::Text(other)) => one == other,
        (Value::Instant(one), Value::Instant(other)) => one == other,
        _ => false,
    }
}

/// The timer rings when the next mark is reached.
pub(super) fn set_timer(
    ticket: &str,
    before: Option<Instant>,
    rings_at: Option<Instant>,
) -> Result<(), Error> {
    if before == rings_at {
        return Ok(());
    }
    let key = timer(ticket);
    match rings_at {
        Some(at) => {
            let payload = json!({ "ticket": ticket }).to_string();
            jobs::enqueue(RING, &payload, Some(at.into()), Some(&key))?;
        }
        None => drop(jobs::cancel(&key)?),
    }
    Ok(())
}

/// The key of its job.
pub(super) fn timer(ticket: &str) -> String {
    format!("{RING}/{ticket}")
}
