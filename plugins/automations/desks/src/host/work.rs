//! Jobs: the timer of a silent assignee, the queue of a desk, a look at all queues now and then, and a preset of many desks.

use super::{
    Failure, actions,
    apply::{apply_or_tell, say_on},
    facts::{OfTicket, There},
    model, reason, store,
    sweep::sweep,
};
use crate::{
    desk::{Strategy, all::Desks},
    engine::{Chooser, Engine},
    language::Language,
    limits::WAITING_PER_RUN_MAX,
    ticket::{
        kept,
        seen::{Happened, Stands},
    },
};
use guichet_sdk::{
    Error, Failure as NotDone, Job, clock, jobs,
    tickets_read::{self, Message},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// The timer of a ticket.
pub(crate) const SILENT: &str = "silent";

/// A desk's waiting tickets.
const NEXT: &str = "next";

/// The schedule: who came online or on shift is told by nobody.
const LOOK: &str = "look";

/// A ticket is routed anew: asked for by somebody who may not see everybody's tickets.
const ROUTE: &str = "route";

/// What a viewer did is written on a ticket that he may not write on any more.
const TELL: &str = "tell";

/// A preset that writes many desks.
pub(crate) const PRESET: &str = "preset";

#[derive(Deserialize)]
struct OfOne {
    ticket: String,
}

#[derive(Deserialize)]
struct Told {
    ticket: String,
    /// Kinds of events, and their data.
    told: Vec<(String, Value)>,
}

#[derive(Deserialize)]
struct OfDesk {
    desk: String,
}

/// Does a job.
///
/// # Errors
/// [`NotDone::Retry`] where the host may answer otherwise later.
pub(crate) fn run(job: &Job) -> Result<(), NotDone> {
    match job.name.as_str() {
        SILENT => silent(&read::<OfOne>(job)?.ticket).map_err(again),
        NEXT => next(&read::<OfDesk>(job)?.desk).map_err(again),
        ROUTE => done(actions::route(&read::<OfOne>(job)?.ticket)),
        TELL => tell(&read::<Told>(job)?).map_err(again),
        LOOK => look().map_err(again),
        PRESET => {
            let wish = read::<actions::ApplyPreset>(job)?;
            done(model::apply_preset(&wish, usize::MAX).map(drop))
        }
        name => Err(NotDone::GiveUp(format!("there is no job `{name}`"))),
    }
}

/// What the host may answer otherwise later is tried again.
fn again(error: Error) -> NotDone {
    match error {
        Error::Unavailable(_) | Error::Conflict(_) => {
            NotDone::Retry((None, reason(&error).to_owned()))
        }
        error => NotDone::GiveUp(reason(&error).to_owned()),
    }
}

fn done(done: Result<(), Failure>) -> Result<(), NotDone> {
    done.map_err(|failure| match failure {
        Failure::Host(error) => again(error),
        Failure::Refused(refused) => NotDone::GiveUp(refused.say(Language::English)),
    })
}

fn read<T: DeserializeOwned>(job: &Job) -> Result<T, NotDone> {
    serde_json::from_str(&job.payload).map_err(|error| NotDone::GiveUp(error.to_string()))
}

/// Where tickets wait, the desks' queues are looked at soon.
pub(crate) fn look_soon() -> Result<(), Error> {
    match store::waiting(None, 1)?.is_empty() {
        true => Ok(()),
        false => jobs::enqueue(LOOK, "{}", None, Some(LOOK)).map(drop),
    }
}

/// Each desk for which tickets wait gives them to whoever is free, and what no group has is routed.
fn look() -> Result<(), Error> {
    let desks = store::desks()?;
    sweep(&desks)?;
    for (id, desk) in desks.enabled() {
        let is_given = desk.strategy != Strategy::Group;
        if is_given && !store::waiting(Some(id), 1)?.is_empty() {
            ask_next(id)?;
        }
    }
    Ok(())
}

/// The desk's queue is looked at soon.
pub(crate) fn ask_next(desk: &str) -> Result<(), Error> {
    let payload = json!({ "desk": desk }).to_string();
    let key = format!("{NEXT}/{desk}");
    jobs::enqueue(NEXT, &payload, None, Some(&key)).map(drop)
}

/// The ticket is routed anew soon.
pub(crate) fn ask_route(ticket: &str) -> Result<(), Error> {
    let payload = json!({ "ticket": ticket }).to_string();
    jobs::enqueue(ROUTE, &payload, None, Some(&format!("{ROUTE}/{ticket}"))).map(drop)
}

/// The ticket says soon what was decided.
pub(crate) fn ask_tell(ticket: &str, told: &[(&str, Value)]) -> Result<(), Error> {
    let payload = json!({ "ticket": ticket, "told": told }).to_string();
    jobs::enqueue(TELL, &payload, None, None).map(drop)
}

fn tell(told: &Told) -> Result<(), Error> {
    let ticket = match tickets_read::get(&told.ticket) {
        Ok(ticket) => ticket,
        Err(Error::NotFound(_)) => return Ok(()),
        Err(error) => return Err(error),
    };
    let kept = store::kept(&told.ticket)?.unwrap_or_default();
    say_on(&ticket, &kept, &told.told)
}

/// The timer rang.
fn silent(id: &str) -> Result<(), Error> {
    let mut there = There::default();
    let Some(mut of) = OfTicket::open(id, &mut there)? else {
        return Ok(());
    };
    let (Some(seen), Some(kept)) = (of.seen(), store::kept(id)?) else {
        return Ok(());
    };
    let desks = store::desks()?;
    // What was said a moment ago may not have been handed over as an event yet.
    let last = of.ticket.last_message()?;
    let has_stirred =
        last.is_some_and(|last| is_his(&last, &seen.assignee) && last.at > kept.since);
    let mut engine = Engine {
        desks: &desks,
        facts: &mut of,
        at: clock::now(),
        chooser: Chooser::Here,
    };
    let out = match has_stirred && seen.stands == Stands::Live {
        true => {
            let stirred = Some(seen.assignee.clone());
            let happened = Happened {
                stirred,
                ..Happened::at(engine.at)
            };
            Some(engine.settle(Some(&kept), &seen, &happened)?)
        }
        false => engine.silent(&kept, &seen)?,
    };
    match out {
        // The timer that rang is set no more.
        Some(out) => {
            let rung = kept::Kept { ring: None, ..kept };
            apply_or_tell(&of.ticket, &seen, Some(&rung), &desks, &out)
        }
        None => Ok(()),
    }
}

fn is_his(message: &Message, agent: &str) -> bool {
    message.author.kind == "agent" && message.author.id == agent
}

/// The oldest waiting tickets of a desk go to its free members.
fn next(desk: &str) -> Result<(), Error> {
    let desks = store::desks()?;
    let mut there = There::default();
    let waiting = store::waiting(Some(desk), WAITING_PER_RUN_MAX)?;
    let is_full = waiting.len() == WAITING_PER_RUN_MAX;
    let mut given = 0;
    for (id, _) in waiting {
        if give(&id, &desks, &mut there)? {
            given += 1;
        }
    }
    match is_full && given > 0 {
        true => ask_next(desk),
        false => Ok(()),
    }
}

fn give(id: &str, desks: &Desks, there: &mut There) -> Result<bool, Error> {
    // Read once more: now it is checked at the commit.
    let Some(kept) = store::kept(id)?.filter(|kept| kept.waits.is_some()) else {
        return Ok(false);
    };
    let Some(mut of) = OfTicket::open(id, there)? else {
        return Ok(false);
    };
    let Some(seen) = of.seen() else {
        return Ok(false);
    };
    let is_so = seen.group == kept.group && seen.assignee.is_empty();
    if seen.stands != Stands::Live || !is_so {
        return Ok(false);
    }
    let mut engine = Engine {
        desks,
        facts: &mut of,
        at: clock::now(),
        chooser: Chooser::Here,
    };
    let Some(out) = engine.give_waiting(&kept)? else {
        return Ok(false);
    };
    apply_or_tell(&of.ticket, &seen, Some(&kept), desks, &out)?;
    Ok(true)
}
