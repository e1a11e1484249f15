//! The plugin's records: policies, calendars, their versions, and the clocks of tickets.

use crate::{
    kept::Kept,
    policy::{Policy, id_of, label},
    words::Name,
};
use guichet_calendar::Calendar;
use guichet_sdk::{
    Error, log,
    records::{self, Documents, Range},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

const POLICIES: &str = "policies";
const CALENDARS: &str = "calendars";
const VERSIONS: &str = "versions";
pub(crate) const CLOCKS: &str = "clocks";

/// A calendar as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub name: Name,
    /// From 1; each saving makes the next.
    #[serde(default = "one")]
    pub version: u32,
    pub calendar: Calendar,
}

fn one() -> u32 {
    1
}

pub(crate) fn invalid(error: &serde_json::Error) -> Error {
    Error::Invalid(error.to_string())
}

/// A record that cannot be read is told in the log and passed over: one that is broken must not stop all clocks.
fn read<T: DeserializeOwned>(collection: &str, key: &str, body: &str) -> Option<T> {
    match serde_json::from_str(body) {
        Ok(read) => Some(read),
        Err(error) => {
            log::write(
                "error",
                &format!("{collection}/{key} cannot be read: {error}"),
            );
            None
        }
    }
}

fn get<T: DeserializeOwned>(collection: &str, key: &str) -> Result<Option<T>, Error> {
    let found = records::get(collection, key)?;
    Ok(found.and_then(|document| read(collection, key, &document.body)))
}

fn put<T: Serialize>(collection: &str, key: &str, body: &T) -> Result<(), Error> {
    let body = serde_json::to_string(body).map_err(|error| invalid(&error))?;
    records::put(collection, key, &body, None).map(drop)
}

/// All of a collection, by an index or else by key.
fn all<T: DeserializeOwned>(
    collection: &str,
    index: Option<&str>,
) -> Result<Vec<(String, T)>, Error> {
    let range = Range {
        index: index.map(str::to_owned),
        ..Range::all()
    };
    gather(collection, range, |range| records::query(collection, range))
}

/// Page by page, all of them or what the host says: a part of them is never taken for all.
fn gather<T: DeserializeOwned>(
    collection: &str,
    mut range: Range,
    mut query: impl FnMut(&Range) -> Result<Documents, Error>,
) -> Result<Vec<(String, T)>, Error> {
    let mut found = Vec::new();
    loop {
        let page = query(&range)?;
        let read = page.items.into_iter().filter_map(|document| {
            let body = read(collection, &document.key, &document.body)?;
            Some((document.key, body))
        });
        found.extend(read);
        match page.next {
            Some(next) => range.cursor = Some(next),
            None => return Ok(found),
        }
    }
}

/// All policies, in their order.
pub(crate) fn policies() -> Result<Vec<(String, Policy)>, Error> {
    let mut found: Vec<(String, Policy)> = all(POLICIES, Some("/order"))?;
    found.sort_by(|(one, first), (other, second)| (first.order, one).cmp(&(second.order, other)));
    Ok(found)
}

pub(crate) fn policy(id: &str) -> Result<Option<Policy>, Error> {
    get(POLICIES, id)
}

pub(crate) fn put_policy(id: &str, policy: &Policy) -> Result<(), Error> {
    put(POLICIES, id, policy)
}

pub(crate) fn delete_policy(id: &str) -> Result<(), Error> {
    records::delete(POLICIES, id)
}

/// All calendars that were made, by id.
pub(crate) fn calendars() -> Result<Vec<(String, Named)>, Error> {
    all(CALENDARS, None)
}

pub(crate) fn calendar(id: &str) -> Result<Option<Named>, Error> {
    get(CALENDARS, id)
}

pub(crate) fn put_calendar(id: &str, calendar: &Named) -> Result<(), Error> {
    put(CALENDARS, id, calendar)
}

pub(crate) fn delete_calendar(id: &str) -> Result<(), Error> {
    records::delete(CALENDARS, id)
}

/// Keeps a version for good. One that is kept already stays as it is.
pub(crate) fn keep_version<T: Serialize>(
    what: &str,
    id: &str,
    version: u32,
    body: &T,
) -> Result<(), Error> {
    let key = format!("{what}/{}", label(id, version));
    match records::get(VERSIONS, &key)? {
        Some(_) => Ok(()),
        None => put(VERSIONS, &key, body),
    }
}

/// A version of a policy, as it was.
pub(crate) fn policy_version(label: &str) -> Result<Option<Policy>, Error> {
    if let Some(kept) = get(VERSIONS, &format!("policy/{label}"))? {
        return Ok(Some(kept));
    }
    let now: Option<Policy> = policy(id_of(label))?;
    Ok(now.filter(|policy| self::label(id_of(label), policy.version) == label))
}

/// A version of a calendar, as it was.
pub(crate) fn calendar_version(label: &str) -> Result<Option<Named>, Error> {
    if let Some(kept) = get(VERSIONS, &format!("calendar/{label}"))? {
        return Ok(Some(kept));
    }
    let now = calendar(id_of(label))?;
    Ok(now.filter(|calendar| self::label(id_of(label), calendar.version) == label))
}

pub(crate) fn clocks(ticket: &str) -> Result<Option<Kept>, Error> {
    let Some(document) = records::get(CLOCKS, ticket)? else {
        return Ok(None);
    };
    Kept::read(&document.body)
        .map(Some)
        .map_err(|error| Error::Invalid(format!("the clocks of ticket {ticket}: {error}")))
}

/// Keeps the clocks of a ticket. Where the plugin's records are full, that is told in the log and the rest goes on: what people see of the ticket stays, and
/// one ticket whose clocks cannot be kept must not stop those of all others.
pub(crate) fn put_clocks(ticket: &str, kept: &Kept) -> Result<(), Error> {
    let body = kept.write().map_err(|error| invalid(&error))?;
    let put = records::put(CLOCKS, ticket, &body, None).map(drop);
    unless_full(put, |limit| {
        let note = format!("the clocks of ticket {ticket} are not kept: {limit}");
        log::write("error", &note);
    })
}

/// What the host answers, but for a bound that is reached: that is told.
fn unless_full(put: Result<(), Error>, tell: impl FnOnce(&str)) -> Result<(), Error> {
    match put {
        Err(Error::Limit(limit)) => {
            tell(&limit);
            Ok(())
        }
        put => put,
    }
}

pub(crate) fn delete_clocks(ticket: &str) -> Result<(), Error> {
    records::delete(CLOCKS, ticket)
}

#[cfg(test)]
mod tests;
