//! Desks are changed: all or nothing, and only to a model that is as it must be.

use super::{Failure, actions::ApplyPreset, shared, store, work};
use crate::{
    desk::{Desk, all::Desks, preset::Preset},
    refusal::Refused,
};
use guichet_sdk::{Error, jobs};
use serde_json::json;

/// What counts changes of desks.
const COUNTED: &str = "desks";

/// What became of a change.
#[derive(Debug)]
pub(crate) enum Carried {
    /// The desks are these now.
    Done,
    /// A job does it.
    Later,
}

/// Writes what is other.
fn write(before: &Desks, after: &Desks) -> Result<(), Error> {
    for (id, desk) in &after.0 {
        if before.0.get(id) != Some(desk) {
            store::put_desk(id, desk)?;
        }
    }
    for id in before.0.keys().filter(|id| !after.0.contains_key(*id)) {
        store::delete_desk(id)?;
    }
    // What waits for a desk that has another group now is placed anew.
    work::look_soon()
}

fn writes(before: &Desks, after: &Desks) -> usize {
    let put = after
        .0
        .iter()
        .filter(|(id, desk)| before.0.get(*id) != Some(desk));
    let gone = before.0.keys().filter(|id| !after.0.contains_key(*id));
    put.count() + gone.count()
}

fn fits(before: &Desks, after: &Desks, room: usize) -> bool {
    writes(before, after) <= room
}

/// Makes the desks those of a preset, where that writes no more than there is `room` for; otherwise a job does.
pub(crate) fn apply_preset(wish: &ApplyPreset, room: usize) -> Result<Carried, Failure> {
    let preset =
        Preset::parse(&wish.preset).ok_or_else(|| Refused::NoPreset(wish.preset.clone()))?;
    store::count_change(COUNTED)?;
    let before = store::desks()?;
    let after = preset.apply(&before, &shared::top()?, &wish.group)?;
    if !fits(&before, &after, room) {
        let payload = json!({ "preset": wish.preset, "group": wish.group }).to_string();
        jobs::enqueue(work::PRESET, &payload, None, Some(work::PRESET))?;
        return Ok(Carried::Later);
    }
    write(&before, &after)?;
    Ok(Carried::Done)
}

/// Whether there is a desk of that id already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Already,
    Not,
    Either,
}

/// Makes a desk, or changes it. Where it becomes the central one, the one before is central no more.
pub(crate) fn save(id: &str, desk: Desk, known: Known) -> Result<Desks, Failure> {
    if !shared::may_name(&desk.calendar)? {
        let english = "there is no such calendar, or it cannot be read";
        return Err(Refused::desk(id, "/calendar", english, "没有此日历，或无法读取").into());
    }
    store::count_change(COUNTED)?;
    let before = store::desks()?;
    match (known, before.0.contains_key(id)) {
        (Known::Not, true) => return Err(Refused::Taken(id.to_owned()).into()),
        (Known::Already, false) => return Err(Refused::NoDesk(id.to_owned()).into()),
        _ => {}
    }
    let mut after = before.clone();
    if desk.central && desk.enabled {
        for other in after.0.values_mut().filter(|other| other.enabled) {
            (other.central, other.first) = (false, false);
        }
    }
    after.0.insert(id.to_owned(), desk);
    after.check()?;
    write(&before, &after)?;
    Ok(after)
}

/// Deletes a desk. Tickets that it has stay where they are.
pub(crate) fn delete(id: &str) -> Result<Desks, Failure> {
    store::count_change(COUNTED)?;
    let before = store::desks()?;
    let mut after = before.clone();
    if after.0.remove(id).is_none() {
        return Err(Refused::NoDesk(id.to_owned()).into());
    }
    after.check()?;
    write(&before, &after)?;
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language::Texts, limits::WRITES_OF_ACTION_MAX};

    fn desks(count: usize) -> Desks {
        let one = |index: usize| {
            let desk = Desk::new(Texts::new("IT", ""), "g");
            (format!("desk-{index}"), desk)
        };
        Desks((0..count).map(one).collect())
    }

    #[test]
    fn what_comes_changes_and_goes_is_written_and_nothing_else() {
        let (before, mut after) = (desks(4), desks(4));
        assert_eq!(writes(&before, &after), 0);
        after.0.remove("desk-0");
        after.0.get_mut("desk-1").unwrap().order = 7;
        let desk = after.0["desk-2"].clone();
        after.0.insert("another".to_owned(), desk);
        assert_eq!(writes(&before, &after), 3);
    }

    #[test]
    fn an_action_writes_twelve_desks_and_a_job_writes_thirteen() {
        let none = Desks::default();
        assert!(fits(
            &none,
            &desks(WRITES_OF_ACTION_MAX),
            WRITES_OF_ACTION_MAX
        ));
        assert!(!fits(
            &none,
            &desks(WRITES_OF_ACTION_MAX + 1),
            WRITES_OF_ACTION_MAX
        ));
    }
}
