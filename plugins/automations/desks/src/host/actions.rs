//! What other plugins, rules and admins ask for: to route anew, to hand over, to begin with a preset. What is refused is told in the history of the ticket.

use super::{
    Failure, Settings,
    apply::{Rights, apply},
    facts::{OfTicket, There},
    model::{self, Known},
    store, work,
};
use crate::{
    desk::Desk,
    engine::{Chooser, Engine, Outcome, hand::HandOver},
    limits::CAPACITY_MAX,
    people::shift::Shift,
    refusal::Refused,
    ticket::{
        kept::Kept,
        seen::{Seen, Stands},
    },
};
use guichet_sdk::{Actor, Error, Event, clock, directory_read, events_emit, log};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

/// An action that the plugin is asked for.
#[derive(Debug, Deserialize)]
struct Asked {
    action: String,
    #[serde(default)]
    input: Value,
}

/// Which preset, and the group that answers at the central desk where there is none yet.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ApplyPreset {
    pub(crate) preset: String,
    pub(crate) group: String,
}

/// Does what is asked for.
///
/// # Errors
/// What the host may answer otherwise when it is asked again.
pub(crate) fn asked(event: &Event) -> Result<(), Error> {
    let asked: Asked = serde_json::from_str(&event.data)
        .map_err(|error| Error::Invalid(format!("the action: {error}")))?;
    let why = match act(event, &asked) {
        Ok(()) => return Ok(()),
        Err(NotDone::Failed(Failure::Host(error))) => refusal(error)?,
        Err(NotDone::Failed(Failure::Refused(refused))) => refused.say(Settings::read()?.language),
        Err(NotDone::Input(why)) => why,
    };
    log::write("error", &format!("{}: {why}", asked.action));
    let data = json!({ "action": asked.action, "error": why }).to_string();
    events_emit::emit("refused", event.ticket.as_deref(), &data)
}

/// What the host refuses for good; an error where it may answer otherwise when it is asked again.
fn refusal(error: Error) -> Result<String, Error> {
    match error {
        Error::Invalid(why) | Error::NotFound(why) | Error::Conflict(why) | Error::Denied(why) => {
            Ok(why)
        }
        error => Err(error),
    }
}

/// A desk with its id: made, or changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaveDesk {
    id: String,
    desk: Desk,
}

/// A desk that goes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeleteDesk {
    id: String,
}

/// When an agent works, and how many tickets he has at most.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SaveShift {
    agent: String,
    shift: Shift,
}

enum NotDone {
    Input(String),
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for NotDone {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

fn act(event: &Event, asked: &Asked) -> Result<(), NotDone> {
    let input = &asked.input;
    match (asked.action.as_str(), &event.ticket) {
        ("apply-preset", _) => {
            may_change(&event.actor)?;
            model::apply_preset(&read(input)?, usize::MAX)?;
        }
        ("save-desk", _) => {
            may_change(&event.actor)?;
            let SaveDesk { id, desk } = read(input)?;
            model::save(&id, desk, Known::Either)?;
        }
        ("delete-desk", _) => {
            may_change(&event.actor)?;
            model::delete(&read::<DeleteDesk>(input)?.id)?;
        }
        ("save-shift", _) => {
            may_change(&event.actor)?;
            let SaveShift { agent, shift } = read(input)?;
            save_shift(&agent, &shift)?;
        }
        ("route", Some(ticket)) => route(ticket)?,
        ("hand-over", Some(ticket)) => hand_over(ticket, &read(input)?, Rights::Own)?,
        ("route" | "hand-over", None) => {
            let why = "it is about a ticket, and none was named".to_owned();
            return Err(NotDone::Input(why));
        }
        (action, _) => return Err(NotDone::Input(format!("there is no action `{action}`"))),
    }
    Ok(())
}

fn read<T: DeserializeOwned>(input: &Value) -> Result<T, NotDone> {
    serde_json::from_value(input.clone())
        .map_err(|error| NotDone::Input(format!("the input: {error}")))
}

/// Keeps a shift; whoever has more room now may have what waits.
pub(crate) fn save_shift(agent: &str, shift: &Shift) -> Result<(), Failure> {
    if !shift.is_within_bounds() {
        let english = format!("at most {CAPACITY_MAX}");
        let chinese = format!("最大 {CAPACITY_MAX}");
        return Err(Refused::shift("/capacity", english, chinese).into());
    }
    match directory_read::agent(agent) {
        Ok(_) => {}
        Err(Error::NotFound(_) | Error::Invalid(_)) => {
            return Err(Refused::shift("/agent", "there is no such agent", "没有此客服").into());
        }
        Err(error) => return Err(error.into()),
    }
    store::put_shift(agent, shift)?;
    Ok(work::look_soon()?)
}

/// Routes a ticket anew.
pub(crate) fn route(id: &str) -> Result<(), Failure> {
    on_ticket(id, Rights::Own, |engine, ticket| {
        Ok(engine.anew(ticket.old.as_ref(), &ticket.seen)?)
    })
}

/// Hands a ticket over.
pub(crate) fn hand_over(id: &str, wish: &HandOver, rights: Rights) -> Result<(), Failure> {
    on_ticket(id, rights, |engine, ticket| {
        Ok(engine.hand_over(ticket.old.as_ref(), &ticket.seen, wish)?)
    })
}

struct OnTicket {
    old: Option<Kept>,
    seen: Seen,
}

fn on_ticket(
    id: &str,
    rights: Rights,
    decide: impl FnOnce(&mut Engine<'_, OfTicket<'_>>, &OnTicket) -> Result<Outcome, Failure>,
) -> Result<(), Failure> {
    let desks = store::desks()?;
    if desks.central().is_none() {
        return Err(Refused::NoDesks.into());
    }
    let mut there = There::default();
    let not_there = || Error::NotFound("the ticket is gone, or suspended".to_owned());
    let mut of = OfTicket::open(id, &mut there)?.ok_or_else(not_there)?;
    let on = OnTicket {
        old: store::kept(id)?,
        seen: of.seen().ok_or_else(not_there)?,
    };
    if on.seen.stands == Stands::Over {
        return Err(Refused::Over.into());
    }
    let mut engine = Engine {
        desks: &desks,
        facts: &mut of,
        at: clock::now(),
        chooser: match rights {
            Rights::Own => Chooser::Here,
            Rights::Viewers => Chooser::Job,
        },
    };
    let out = Outcome {
        is_of_event: true,
        ..decide(&mut engine, &on)?
    };
    Ok(apply(
        &of.ticket,
        &on.seen,
        on.old.as_ref(),
        &desks,
        &out,
        rights,
    )?)
}

/// Who may change desks: admins, and what an admin set up.
fn may_change(actor: &Actor) -> Result<(), Failure> {
    let may = match actor.kind.as_str() {
        "agent" => match directory_read::agent(&actor.id) {
            Ok(agent) => agent.active && agent.role == "admin",
            Err(Error::NotFound(_)) => false,
            Err(error) => return Err(error.into()),
        },
        kind => matches!(kind, "plugin" | "system"),
    };
    match may {
        true => Ok(()),
        false => Err(Refused::NotAdmin.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asking_again_would_not_mend_is_a_refusal_and_the_rest_is_tried_again() {
        type Kind = fn(String) -> Error;
        let kinds: [(Kind, bool); 6] = [
            (Error::Invalid, true),
            (Error::NotFound, true),
            (Error::Conflict, true),
            (Error::Denied, true),
            (Error::Unavailable, false),
            (Error::Limit, false),
        ];
        for (kind, is_final) in kinds {
            let error = kind("why".to_owned());
            assert_eq!(refusal(error).is_ok_and(|why| why == "why"), is_final);
        }
    }
}
