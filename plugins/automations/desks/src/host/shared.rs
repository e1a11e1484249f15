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

/// What became of looking for a calendar.
#[derive(Debug)]
enum Found {
    Calendar(Box<Calendar>),
    /// There is none of that id, or it cannot be read.
    Not(String),
    /// Nobody publishes calendars, or the admin did not consent to them.
    NoCalendars,
}

fn found(answer: Result<Option<Document>, Error>) -> Result<Found, Error> {
    let Some(document) = there(answer)? else {
        return Ok(Found::NoCalendars);
    };
    let Some(document) = document else {
        return Ok(Found::Not("there is none".to_owned()));
    };
    Ok(match serde_json::from_str::<Named>(&document.body) {
        Ok(named) => Found::Calendar(Box::new(named.calendar)),
        Err(error) => Found::Not(error.to_string()),
    })
}

/// The calendar of that id; without an id, always open. Nothing where there is one to be and it cannot be read: the log says so.
pub(crate) fn calendar(id: &str) -> Result<Option<Calendar>, Error> {
    if id.is_empty() {
        return Ok(Some(Calendar::always().clone()));
    }
    let why = match found(records_shared::get(CALENDARS, id))? {
        Found::Calendar(calendar) => return Ok(Some(*calendar)),
        Found::Not(why) => why,
        Found::NoCalendars => "nobody publishes any, or the admin did not consent".to_owned(),
    };
    log::write(
        "warn",
        &format!("the calendar `{id}`: {why}; no silence is measured"),
    );
    Ok(None)
}

/// Whether a desk may name a calendar. Where none can be looked at, each may be: the plugin that has it may still come.
pub(crate) fn may_name(id: &str) -> Result<bool, Error> {
    match id {
        "" => Ok(true),
        id => Ok(is_no_mistake(&found(records_shared::get(CALENDARS, id))?)),
    }
}

fn is_no_mistake(found: &Found) -> bool {
    !matches!(found, Found::Not(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(body: &str) -> Document {
        Document {
            key: "office".to_owned(),
            version: 1,
            body: body.to_owned(),
            updated_at: 0,
            extra: Vec::new(),
        }
    }

    #[test]
    fn a_calendar_that_cannot_be_read_is_a_mistake_where_calendars_can_be() {
        let office = r#"{ "name": "Office", "calendar": { "zone": "UTC", "week": { "monday": ["09:00-12:00"] } } }"#;
        for (answer, may_be) in [
            (Ok(Some(document(office))), true),
            (Ok(Some(document("{}"))), false),
            (Ok(None), false),
            (Err(Error::NotFound(String::new())), true),
            (Err(Error::Denied(String::new())), true),
        ] {
            let told = format!("{answer:?}");
            assert_eq!(is_no_mistake(&found(answer).unwrap()), may_be, "{told}");
        }
        assert!(found(Err(Error::Unavailable(String::new()))).is_err());
    }
}
