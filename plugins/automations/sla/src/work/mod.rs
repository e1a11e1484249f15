//! Jobs: the timer of a ticket, and what follows from a policy or calendar that was saved, ticket by ticket.

/// Slices of tickets that a saving concerns.
mod slice;

use crate::{
    engine::{self, RING, Wish},
    kept::Kept,
    library::Library,
    limits::CATCH_UP_SECONDS,
    stands::{Course, Stands},
    store,
};
use guichet_sdk::{Error, Failure, Job, clock, tickets_read};
use serde::{Deserialize, de::DeserializeOwned};
use slice::{FOLLOW, REFIT, Turn, follow};
pub(crate) use slice::{Saved, ask};

#[derive(Deserialize)]
struct Rung {
    ticket: String,
}

pub(crate) fn run(job: &Job) -> Result<(), Failure> {
    let done = match job.name.as_str() {
        RING => ring(&read::<Rung>(&job.payload)?.ticket, job.attempt),
        FOLLOW => follow(read(&job.payload)?).map(|()| Done::Yes),
        REFIT => refit(&read(&job.payload)?, job.attempt),
        name => return Err(Failure::GiveUp(format!("there is no job `{name}`"))),
    };
    match done {
        // The ticket is gone: nothing is to be told of it.
        Ok(Done::Yes) | Err(Error::NotFound(_)) => Ok(()),
        Ok(Done::Later) => Err(Failure::Retry((
            Some(CATCH_UP_SECONDS),
            "the ticket stands otherwise than its clocks were told: the event that says so comes first".to_owned(),
        ))),
        Err(error) => Err(Failure::Retry((None, error.to_string()))),
    }
}

fn read<T: DeserializeOwned>(payload: &str) -> Result<T, Failure> {
    serde_json::from_str(payload).map_err(|error| Failure::GiveUp(error.to_string()))
}

/// Whether a job was done.
enum Done {
    Yes,
    /// An event that was not handled yet comes first.
    Later,
}

/// The timer has gone off: what is reached is told, and it is set to what comes next.
fn ring(ticket: &str, attempt: u32) -> Result<Done, Error> {
    let Some(stored) = store::clocks(ticket)? else {
        return Ok(Done::Yes);
    };
    // It is set no more, whatever the record says.
    let kept = Kept {
        rings_at: None,
        ..stored.clone()
    };
    let way = Way {
        chooses: false,
        cause: "timer",
        attempt,
    };
    go_on(ticket, kept, &stored, &way)
}

/// One ticket follows what was saved.
fn refit(turn: &Turn, attempt: u32) -> Result<Done, Error> {
    let Some(stored) = store::clocks(&turn.ticket)? else {
        return Ok(Done::Yes);
    };
    let (chooses, cause) = match turn.saved {
        // One that was changed, switched off or deleted may not be for the ticket any more.
        Saved::Policy(_) => (true, "policy saved"),
        Saved::Calendar(_) => (false, "calendar saved"),
    };
    let way = Way {
        chooses,
        cause,
        attempt,
    };
    go_on(&turn.ticket, stored.clone(), &stored, &way)
}

/// How a ticket's clocks are driven by a job.
struct Way {
    chooses: bool,
    cause: &'static str,
    attempt: u32,
}

/// Drives the clocks by time alone, or by how the ticket stands where they were not told of that.
fn go_on(ticket: &str, mut kept: Kept, stored: &Kept, way: &Way) -> Result<Done, Error> {
    let found = tickets_read::get(ticket)?;
    let stands = Stands::of(&found.state(), |name| found.field(name));
    let happened = match stands.course(&mut kept, clock::now().into(), way.attempt) {
        Course::Wait => return Ok(Done::Later),
        Course::Drive(happened) => happened,
    };
    let wish = Wish {
        ticket,
        happened,
        chooses: way.chooses,
        changes: &[],
        cause: way.cause,
    };
    engine::settle(kept, Some(stored), &wish, &mut Library::default())?;
    Ok(Done::Yes)
}
