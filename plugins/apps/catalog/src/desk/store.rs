//! Entries as records. A change reads and writes the one record `state/tree`, so that of two at once the second is tried again on what the first made.

use super::Failure;
use crate::{
    catalog::{Catalog, Written, change::Change},
    entry::Entry,
    limits::{LEVELS_MAX, RETIRED_MAX},
    refusal::Refused,
};
use guichet_sdk::{
    Error, jobs,
    records::{self, Range},
    view::is_name,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

const ENTRIES: &str = "entries";
const STATE: &str = "state";
const TREE: &str = "tree";

/// How often tickets were made of an entry, by its id: apart from the entry, so that a ticket does not get in the way of an admin.
const USES: &str = "uses";

/// Ids of deleted entries.
const RETIRED: &str = "retired";

/// The job that carries out what is too large for a request.
pub(crate) const CHANGE: &str = "change";

/// What is kept of the whole.
#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    /// How often the tree was changed.
    revision: u64,
    /// How many entries were deleted.
    retired: u64,
}

impl State {
    /// One more id that is never used again.
    fn retire(&mut self) -> Result<(), Refused> {
        if self.retired >= RETIRED_MAX {
            return Err(Refused::TooManyRetired);
        }
        self.retired += 1;
        Ok(())
    }
}

/// What became of a change.
#[derive(Debug)]
pub(crate) enum Carried {
    /// The catalog is this now.
    Done(Catalog),
    /// A job does it.
    Later,
}

#[derive(Deserialize)]
struct Uses {
    count: u64,
}

fn read<T: DeserializeOwned>(collection: &str, key: &str) -> Result<Option<T>, Error> {
    let record = records::get(collection, key)?;
    record
        .map(|record| parse(collection, key, &record.body))
        .transpose()
}

fn parse<T: DeserializeOwned>(collection: &str, key: &str, body: &str) -> Result<T, Error> {
    serde_json::from_str(body)
        .map_err(|error| Error::Invalid(format!("the record {collection}/{key}: {error}")))
}

fn text<T: Serialize>(body: &T) -> Result<String, Error> {
    serde_json::to_string(body).map_err(|error| Error::Invalid(error.to_string()))
}

/// All entries, as committed.
pub(crate) fn catalog() -> Result<Catalog, Error> {
    let mut catalog = Catalog::default();
    let mut range = Range::all();
    loop {
        let page = records::query(ENTRIES, &range)?;
        for record in page.items {
            let entry = parse(ENTRIES, &record.key, &record.body)?;
            catalog.entries.insert(record.key, entry);
        }
        match page.next {
            Some(next) => range.cursor = Some(next),
            None => return Ok(catalog),
        }
    }
}

/// An entry and what it stands below, nothing else; what is committed on them is checked against what they are then.
pub(crate) fn branch(id: &str) -> Result<Catalog, Failure> {
    let mut catalog = Catalog::default();
    let mut next = id.to_owned();
    // What is no id is not asked for: the host answers keys of bounded length only.
    while is_name(&next) && catalog.entries.len() < LEVELS_MAX {
        let Some(entry) = read::<Entry>(ENTRIES, &next)? else {
            break;
        };
        let parent = entry.parent.clone();
        catalog.entries.insert(next, entry);
        next = parent;
    }
    catalog.entry(id)?;
    Ok(catalog)
}

/// How often tickets were made of the entry.
pub(crate) fn uses(id: &str) -> Result<u64, Error> {
    Ok(read::<Uses>(USES, id)?.map_or(0, |uses| uses.count))
}

/// A ticket is made of the entry.
pub(crate) fn count_use(id: &str) -> Result<(), Error> {
    records::add(USES, id, "/count", 1.0)
}

/// The catalog and what a change would make of it.
pub(crate) fn tried(change: &Change) -> Result<(Catalog, Catalog), Failure> {
    let before = catalog()?;
    let after = change.apply(&before)?;
    if let Change::Delete { id } = change
        && uses(id)? > 0
    {
        return Err(Refused::Used(id.clone()).into());
    }
    for id in after.entries.keys() {
        if !before.entries.contains_key(id) && records::get(RETIRED, id)?.is_some() {
            return Err(Refused::Retired(id.clone()).into());
        }
    }
    Ok((before, after))
}

/// Carries a change out, where it writes no more entries than there is `room` for; otherwise a job does.
pub(crate) fn carry_out(change: &Change, room: usize) -> Result<Carried, Failure> {
    // Read first: whoever changes the tree from here on is found out at the commit.
    let mut state = read::<State>(STATE, TREE)?.unwrap_or_default();
    let (before, after) = tried(change)?;
    let written = before.difference(&after);
    if written.is_empty() {
        return Ok(Carried::Done(before));
    }
    if written.len() > room {
        jobs::enqueue(CHANGE, &text(change)?, None, None)?;
        return Ok(Carried::Later);
    }
    for one in &written {
        write(one, &mut state)?;
    }
    state.revision += 1;
    records::put(STATE, TREE, &text(&state)?, None)?;
    Ok(Carried::Done(before.with(&written)))
}

fn write(written: &Written, state: &mut State) -> Result<(), Failure> {
    let id = &written.id;
    match &written.entry {
        Some(entry) => {
            records::put(ENTRIES, id, &text(entry)?, None)?;
        }
        None => {
            state.retire()?;
            records::delete(ENTRIES, id)?;
            records::put(RETIRED, id, &json!({}).to_string(), None)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_ids_are_remembered_and_then_entries_are_archived() {
        let mut state = State {
            retired: RETIRED_MAX - 1,
            ..State::default()
        };
        assert_eq!(state.retire(), Ok(()));
        assert_eq!(state.retire(), Err(Refused::TooManyRetired));
        assert_eq!(state.retired, RETIRED_MAX);
    }
}
