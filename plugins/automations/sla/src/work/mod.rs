//! Jobs: the timer of a ticket, and what follows from a policy or calendar that was saved, ticket by ticket.

/// Slices of tickets that a saving concerns.
mod slice;

use crate::{
    engine::{self, RING, Wish},
    kept::Kept,
    library::Library,
    progress::Happened,
    store,
};
use guichet_sdk::{Error, Failure, Job, clock};
use serde::{Deserialize, de::DeserializeOwned};
use slice::{FOLLOW, REFIT, Turn, follow};
pub(crate) use slice::{Saved, ask};

#[derive(Deserialize)]
struct Rung {
    ticket: String,
}

pub(crate) fn run(job: &Job) -> Result<(), Failure> {
    let done = match job.name.as_str() {
        RING => ring(&read::<Rung>(&job.payload)?.ticket),
        FOLLOW => follow(read(&job.payload)?),
        REFIT => refit(&read(&job.payload)?),
        name => return Err(Failure::GiveUp(format!("there is no job `{name}`"))),
    };
    match done {
        // The ticket is gone: nothing is to be told of it.
        Ok(()) | Err(Error::NotFound(_)) => Ok(()),
        Err(error) => Err(Failure::Retry((None, error.to_string()))),
    }
}

fn read<T: DeserializeOwned>(payload: &str) -> Result<T, Failure> {
    serde_json::from_str(payload).map_err(|error| Failure::GiveUp(error.to_string()))
}

/// The timer has gone off: what is reached is told, and it is set to what comes next.
fn ring(ticket: &str) -> Result<(), Error> {
    let Some(stored) = store::clocks(ticket)? else {
        return Ok(());
    };
    // It is set no more, whatever the record says.
    let kept = Kept {
        rings_at: None,
        ..stored.clone()
    };
    let wish = Wish {
        ticket,
        happened: Happened::nothing(clock::now().into()),
        chooses: false,
        changes: &[],
        cause: "timer",
    };
    engine::settle(kept, Some(&stored), &wish, &mut Library::default())
}

/// One ticket follows what was saved.
fn refit(turn: &Turn) -> Result<(), Error> {
    let Some(stored) = store::clocks(&turn.ticket)? else {
        return Ok(());
    };
    let (chooses, cause) = match turn.saved {
        // One that was changed, switched off or deleted may not be for the ticket any more.
        Saved::Policy(_) => (true, "policy saved"),
        Saved::Calendar(_) => (false, "calendar saved"),
    };
    let wish = Wish {
        ticket: &turn.ticket,
        happened: Happened::nothing(clock::now().into()),
        chooses,
        changes: &[],
        cause,
    };
    let kept = stored.clone();
    engine::settle(kept, Some(&stored), &wish, &mut Library::default())
}
