//! What other plugins publish. Without them there is no catalog, and desks are always open.

use crate::{desk::preset::Top, language::Texts, limits::LEVELS_MAX};
use guichet_calendar::Calendar;
use guichet_sdk::{
    Error, log,
    records::{Document, Range},
    records_shared,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Published by the service catalog.
const CATALOG: &str = "service-catalog";

/// Published by service levels.
const CALENDARS: &str = "business-calendar";

/// What is read of an entry of the catalog.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    pub(crate) title: Texts,
    pub(crate) parent: String,
    pub(crate) group: String,
    pub(crate) archived: bool,
}

#[derive(Deserialize)]
struct Named {
    calendar: Calendar,
}

/// Nothing, where nobody publishes it or the admin did not consent.
fn there<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::NotFound(_) | Error::Denied(_) | Error::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// All entries of the catalog that are not archived.
pub(crate) fn entries() -> Result<BTreeMap<String, Entry>, Error> {
    let mut found = BTreeMap::new();
    let mut range = Range::all();
    while let Some(page) = there(records_shared::query(CATALOG, &range))? {
        let read = page.items.into_iter().filter_map(|document: Document| {
            let entry: Entry = serde_json::from_str(&document.body).ok()?;
            (!entry.archived).then_some((document.key, entry))
        });
        found.extend(read);
        match page.next {
            Some(next) => range.cursor = Some(next),
            None => break,
        }
    }
    Ok(found)
}

/// Entries at the top of the catalog.
pub(crate) fn top() -> Result<BTreeMap<String, Top>, Error> {
    Ok(top_of(&entries()?))
}

/// Those of these entries that stand at the top.
pub(crate) fn top_of(entries: &BTreeMap<String, Entry>) -> BTreeMap<String, Top> {
    let top = entries.iter().filter(|(_, entry)| entry.parent.is_empty());
    top.map(|(id, entry)| {
        let (title, group) = (entry.title.clone(), entry.group.clone());
        (id.clone(), Top { title, group })
    })
    .collect()
}

/// Ids from the top down to an entry; the entry alone where nobody knows it.
pub(crate) fn path(entry: &str) -> Result<Vec<String>, Error> {
    let mut path = vec![entry.to_owned()];
    let mut next = entry.to_owned();
    while path.len() < LEVELS_MAX {
        let Some(Some(document)) = there(records_shared::get(CATALOG, &next))? else {
            break;
        };
        let entry: Entry = serde_json::from_str(&document.body).unwrap_or_default();
        if entry.parent.is_empty() {
            break;
        }
        path.push(entry.parent.clone());
        next = entry.parent;
    }
    path.reverse();
    Ok(path)
}

/// The calendar of that id. One that is not there is always open, and the log says so.
pub(crate) fn calendar(id: &str) -> Result<Calendar, Error> {
    if id.is_empty() {
        return Ok(Calendar::always().clone());
    }
    let document = there(records_shared::get(CALENDARS, id))?.flatten();
    let named = document.map(|document| serde_json::from_str::<Named>(&document.body));
    Ok(match named {
        Some(Ok(named)) => named.calendar,
        other => {
            let why = match other {
                Some(Err(error)) => error.to_string(),
                _ => "there is none, or the admin did not consent to it".to_owned(),
            };
            log::write(
                "warn",
                &format!("the calendar `{id}`: {why}; measured round the clock"),
            );
            Calendar::always().clone()
        }
    })
}
