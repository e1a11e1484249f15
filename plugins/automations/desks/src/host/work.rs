//! Jobs: the timer of a silent assignee, the queue of a desk, a look at all queues now and then, and a preset of many desks.

use super::{
    Failure, actions,
    apply::{apply_or_tell, say_on, set_timer},
    facts::{OfTicket, There},
    model, reason, store,
    sweep::sweep,
};
use crate::{
    desk::all::Desks,
    engine::{Chooser, Engine, give},
    language::Language,
    limits::{QUEUES_PER_RUN_MAX, WAITING_PER_RUN_MAX},
    ticket::{
        kept::{self, Kept},
        seen::{Happened, Stands},
    },
};
use guichet_sdk::{
    Error, Failure as NotDone, Job, clock, jobs,
    tickets_read::{self, Message, Ticket},
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

/// Messages that are read at once: as many as the host answers.
const MESSAGES_PER_PAGE: u32 = 200;

/// A preset that writes many desks.
pub(crate) const PRESET: &str = "preset";

#[derive(Deserialize)]
struct OfOne {
    ticket: String,
}

#[derive(Deserialize)]
struct Timer {
    ticket: String,
    /// It does not ring yet: the silent time begins.
    #[serde(default)]
    begins: bool,
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
    /// The place in its queue at which to begin.
    #[serde(default)]
    from: Option<String>,
}

/// Does a job.
///
/// # Errors
/// [`NotDone::Retry`] where the host may answer otherwise later.
pub(crate) fn run(job: &Job) -> Result<(), NotDone> {
    match job.name.as_str() {
        SILENT => match read::<Timer>(job)? {
            Timer {
                ticket,
                begins: true,
            } => begin(&ticket).map_err(again),
            timer => silent(&timer.ticket).map_err(again),
        },
        NEXT => next(&read::<OfDesk>(job)?).map_err(again),
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
    match store::waiting("", 1)?.is_empty() {
        true => Ok(()),
        false => jobs::enqueue(LOOK, "{}", None, Some(LOOK)).map(drop),
    }
}

/// Each desk for which tickets wait gives them to whoever is free, and what no group has is routed.
fn look() -> Result<(), Error> {
    sweep(&store::desks()?)?;
    // Tickets may wait for desks that are gone or switched off: those wait no more.
    let mut from = String::new();
    for _ in 0..QUEUES_PER_RUN_MAX {
        // More than one is read: one that is broken is passed over.
        let first = store::waiting(&from, WAITING_PER_RUN_MAX)?;
        let Some(waits) = first.into_iter().next().and_then(|(_, kept)| kept.waits) else {
            break;
        };
        let desk = kept::desk_of(&waits);
        ask_next(desk)?;
        (_, from) = kept::queue(desk);
    }
    Ok(())
}

/// The desk's queue is looked at soon.
pub(crate) fn ask_next(desk: &str) -> Result<(), Error> {
    ask_next_from(desk, None)
}

fn ask_next_from(desk: &str, from: Option<&str>) -> Result<(), Error> {
    let payload = json!({ "desk": desk, "from": from }).to_string();
    let key = format!("{NEXT}/{desk}");
    jobs::enqueue(NEXT, &payload, None, Some(&key)).map(drop)
}

/// The timer of a ticket that was given in an event handler: there the clock stands at the event.
pub(crate) fn ask_begin(ticket: &str) -> Result<(), Error> {
    let payload = json!({ "ticket": ticket, "begins": true }).to_string();
    jobs::enqueue(SILENT, &payload, None, Some(&format!("{SILENT}/{ticket}"))).map(drop)
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

/// The silent time begins by the clock: the event that gave the ticket may have been handled long after it happened.
fn begin(id: &str) -> Result<(), Error> {
    let mut there = There::default();
    let Some(mut of) = OfTicket::open(id, &mut there)? else {
        return Ok(());
    };
    let Some(kept) = store::kept(id)? else {
        return Ok(());
    };
    let desks = store::desks()?;
    let mut engine = Engine {
        desks: &desks,
        facts: &mut of,
        at: clock::now(),
        chooser: Chooser::Here,
    };
    let begun = engine.begin(&kept)?;
    if begun != kept {
        store::put_kept(id, &begun)?;
    }
    set_timer(id, None, begun.ring)
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
    let has_stirred = has_spoken(&of.ticket, &seen.assignee, kept.since)?;
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
            let rung = Kept { ring: None, ..kept };
            apply_or_tell(&of.ticket, &seen, Some(&rung), &desks, &out)
        }
        None => Ok(()),
    }
}

/// Whether an agent wrote on a ticket after an instant.
fn has_spoken(ticket: &Ticket, agent: &str, since: u64) -> Result<bool, Error> {
    // Mostly nobody did, and then not all that was ever said need be read.
    if ticket.last_message()?.is_none_or(|last| last.at <= since) {
        return Ok(false);
    }
    let mut after: Option<String> = None;
    loop {
        let page = ticket.messages(after.as_deref(), MESSAGES_PER_PAGE)?;
        if is_among(&page, agent, since) {
            return Ok(true);
        }
        match page.last() {
            Some(last) => after = Some(last.id.clone()),
            None => return Ok(false),
        }
    }
}

fn is_among(messages: &[Message], agent: &str, since: u64) -> bool {
    let is_his = |one: &Message| one.author.kind == "agent" && one.author.id == agent;
    messages.iter().any(|one| is_his(one) && one.at > since)
}

/// The oldest waiting tickets of a desk go to its free members. Those for which nobody is free are walked past; another run goes on where this one has done enough.
fn next(of: &OfDesk) -> Result<(), Error> {
    let desks = store::desks()?;
    let mut there = There::default();
    let mut queue = store::Queue::of(&of.desk, of.from.as_deref());
    let mut tried = 0;
    while let Some(page) = queue.page()? {
        for (id, kept) in page {
            if !has_chance(&desks, &kept, &mut there)? {
                continue;
            }
            if tried == WAITING_PER_RUN_MAX {
                return ask_next_from(&of.desk, kept.waits.as_deref());
            }
            tried += 1;
            give(&id, &desks, &mut there)?;
        }
    }
    Ok(())
}

/// Whether something may become of a waiting ticket, as it is remembered: somebody is free for it, or its desk gives it to nobody any more.
fn has_chance(desks: &Desks, kept: &Kept, there: &mut There) -> Result<bool, Error> {
    let Some((_, strategy)) = give::strategy(desks, kept) else {
        return Ok(true);
    };
    let there = there.of(&kept.group)?;
    Ok(there.next(strategy, clock::now(), &kept.silent).is_some())
}

fn give(id: &str, desks: &Desks, there: &mut There) -> Result<(), Error> {
    // Read once more: now it is checked at the commit.
    let Some(kept) = store::kept(id)?.filter(|kept| kept.waits.is_some()) else {
        return Ok(());
    };
    let Some(mut of) = OfTicket::open(id, there)? else {
        return Ok(());
    };
    let Some(seen) = of.seen() else {
        return Ok(());
    };
    let is_so = seen.group == kept.group && seen.assignee.is_empty();
    if seen.stands != Stands::Live || !is_so {
        return Ok(());
    }
    let mut engine = Engine {
        desks,
        facts: &mut of,
        at: clock::now(),
        chooser: Chooser::Here,
    };
    let out = match give::strategy(desks, &kept) {
        Some(_) => engine.give_waiting(&kept)?,
        None if desks.central().is_some() => Some(engine.wait_no_more(&kept, seen.stands)?),
        None => None,
    };
    match out {
        Some(out) => apply_or_tell(&of.ticket, &seen, Some(&kept), desks, &out),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_sdk::Actor;

    fn message(kind: &str, id: &str, at: u64) -> Message {
        Message {
            id: format!("m-{at}"),
            at,
            author: Actor {
                kind: kind.to_owned(),
                id: id.to_owned(),
            },
            visibility: "public".to_owned(),
            text: String::new(),
            attachments: Vec::new(),
            fields: Vec::new(),
        }
    }

    #[test]
    fn an_assignee_who_wrote_is_not_silent_though_somebody_else_wrote_after_him() {
        let said = [
            message("agent", "bo", 4),
            message("agent", "bo", 6),
            message("customer", "ana", 7),
        ];
        assert!(is_among(&said, "bo", 5));
        assert!(
            !is_among(&said, "bo", 6) && !is_among(&said, "cy", 0) && !is_among(&said, "ana", 0)
        );
    }
}
