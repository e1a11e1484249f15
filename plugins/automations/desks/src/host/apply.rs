//! What was decided is done: the ticket goes to its group and agent, its fields say why, its history tells it, and timers are set.

use super::{Settings, store, work};
use crate::{
    desk::all::Desks,
    engine::Outcome,
    language::Language,
    ticket::{kept::Kept, reason::Reason, seen::Seen},
};
use guichet_sdk::{
    Error, Field, Value, events_emit, explain, jobs, log, text_field, tickets_read::Ticket,
    tickets_write,
};
use serde_json::{Value as Json, json};

/// The desk that has the ticket.
const DESK: &str = "guichet/desks/desk";
/// Why.
const REASON: &str = "guichet/desks/reason";

/// With whose rights it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    Own,
    /// Whoever gives a ticket away may not write on it any more: a job does, with the plugin's own rights.
    Viewers,
}

/// Does what was decided where nobody waits for the answer: what the desk refuses, such as a group that is gone, is told in the log, and tried again with what
/// happens next. Failing would hold up all other tickets.
pub(crate) fn apply_or_tell(
    ticket: &Ticket,
    seen: &Seen,
    old: Option<&Kept>,
    desks: &Desks,
    out: &Outcome,
) -> Result<(), Error> {
    match apply(ticket, seen, old, desks, out, Rights::Own) {
        Err(Error::Invalid(why) | Error::NotFound(why)) => {
            let desk = &out.kept.desk;
            log::write(
                "error",
                &format!(
                    "the desk `{desk}` cannot have ticket {}: {why}",
                    ticket.id()
                ),
            );
            Ok(())
        }
        done => done,
    }
}

/// Does what was decided. `old` is what was remembered before.
pub(crate) fn apply(
    ticket: &Ticket,
    seen: &Seen,
    old: Option<&Kept>,
    desks: &Desks,
    out: &Outcome,
    rights: Rights,
) -> Result<(), Error> {
    let id = ticket.id();
    let kept = &out.kept;
    let is_known = old.map_or(*kept == Kept::default(), |old| old == kept);
    // Where something is told, somebody else moved the ticket, and it goes back to where it is known to be.
    if is_known && out.told.is_empty() {
        return Ok(());
    }
    let fields = changed_fields(ticket, kept);
    let assigned = assignment(seen, kept);
    if !fields.is_empty() || !assigned.is_empty() {
        because(desks, kept)?;
    }
    // First: where this is refused, nothing is done.
    if !assigned.is_empty() {
        tickets_write::transition(&id, "assign", &assigned)?;
    }
    match rights {
        Rights::Own => tell(&id, &fields, &out.told)?,
        Rights::Viewers => work::ask_tell(&id, &out.told)?,
    }
    store::put_kept(&id, kept)?;
    for (agent, turn) in &out.turns {
        store::put_turn(agent, *turn)?;
    }
    let is_given = !kept.assignee.is_empty() && kept.assignee != seen.assignee;
    match out.is_of_event && is_given && kept.ring.is_some() {
        true => work::ask_begin(&id)?,
        false => set_timer(&id, old.and_then(|old| old.ring), kept.ring)?,
    }
    // A ticket that a viewer handed over waits for the job that chooses.
    if let (Rights::Viewers, Some(_)) = (rights, &kept.waits) {
        work::ask_next(&kept.desk)?;
    }
    match out.freed {
        true => work::look_soon(),
        false => Ok(()),
    }
}

/// Says on a ticket what its desk and reason are, as they are remembered now.
pub(crate) fn say_on(ticket: &Ticket, kept: &Kept, told: &[(String, Json)]) -> Result<(), Error> {
    let fields = changed_fields(ticket, kept);
    if !fields.is_empty() {
        because(&store::desks()?, kept)?;
    }
    tell(&ticket.id(), &fields, told)
}

fn tell<K: AsRef<str>>(id: &str, fields: &[Field], told: &[(K, Json)]) -> Result<(), Error> {
    if !fields.is_empty() {
        tickets_write::set(id, fields)?;
    }
    for (kind, data) in told {
        events_emit::emit(kind.as_ref(), Some(id), &data.to_string())?;
    }
    Ok(())
}

/// Sets the timer, moves it, or stops it.
pub(crate) fn set_timer(id: &str, before: Option<u64>, ring: Option<u64>) -> Result<(), Error> {
    let key = format!("{}/{id}", work::SILENT);
    match (before, ring) {
        (before, Some(ring)) if before != Some(ring) => {
            let payload = json!({ "ticket": id }).to_string();
            jobs::enqueue(work::SILENT, &payload, Some(ring), Some(&key)).map(drop)
        }
        (Some(_), None) => jobs::cancel(&key).map(drop),
        _ => Ok(()),
    }
}

/// What a ticket's fields say of its desk: all that there is once it is closed.
pub(crate) fn said_on(ticket: &Ticket) -> Kept {
    let text = |name: &str| match ticket.field(name) {
        Value::Text(text) => text,
        _ => String::new(),
    };
    Kept {
        desk: text(DESK),
        reason: Reason::parse(&text(REASON)),
        ..Kept::default()
    }
}

fn changed_fields(ticket: &Ticket, kept: &Kept) -> Vec<Field> {
    let Some(reason) = kept.reason else {
        return Vec::new();
    };
    // What is closed is not written on.
    if matches!(ticket.state().as_str(), "closed" | "deleted") {
        return Vec::new();
    }
    let wanted = [(DESK, kept.desk.as_str()), (REASON, reason.name())];
    let changed = wanted.into_iter().filter_map(|(name, wanted)| {
        let is_so = match ticket.field(name) {
            Value::Text(present) => present == wanted,
            _ => wanted.is_empty(),
        };
        let value = match wanted {
            "" => Value::None,
            wanted => Value::Text(wanted.to_owned()),
        };
        let name = name.to_owned();
        (!is_so).then_some(Field { name, value })
    });
    changed.collect()
}

fn assignment(seen: &Seen, kept: &Kept) -> Vec<Field> {
    let wanted = [
        ("group", &seen.group, &kept.group),
        ("assignee", &seen.assignee, &kept.assignee),
    ];
    let mut changed = wanted
        .into_iter()
        .filter(|(_, present, wanted)| present != wanted);
    match changed.next() {
        // Both are said: whoever has it may not work in another group.
        Some(_) => wanted
            .iter()
            .map(|(name, _, wanted)| text_field(name, wanted.as_str()))
            .collect(),
        None => Vec::new(),
    }
}

/// Says why what follows is done.
fn because(desks: &Desks, kept: &Kept) -> Result<(), Error> {
    let language = Settings::read()?.language;
    let desk = desks.0.get(&kept.desk);
    let desk = desk.map_or(kept.desk.as_str(), |desk| desk.name.of(language));
    let words = kept.reason.map_or("", |reason| {
        let (english, chinese) = reason.words();
        language.pick(english, chinese)
    });
    let rule = match (desk, language) {
        ("", _) => words.to_owned(),
        (desk, Language::English) => format!("Desk {desk}: {words}"),
        (desk, Language::Chinese) => format!("服务台“{desk}”：{words}"),
    };
    let detail = json!({ "desk": kept.desk, "wanted": kept.wanted, "reason": kept.reason.map(Reason::name) });
    explain::because(&rule, &detail.to_string());
    Ok(())
}
