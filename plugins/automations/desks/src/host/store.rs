//! The plugin's own records.

use crate::{
    desk::{Desk, all::Desks},
    menu::{Item, Menu},
    people::{presence::Presence, shift::Shift},
    ticket::kept::{self, Kept},
};
use guichet_sdk::{
    Error, log,
    records::{self, Document, Range},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use std::collections::BTreeMap;

const DESKS: &str = "desks";
const MENU: &str = "menu";
const SHIFTS: &str = "shifts";
const PRESENCE: &str = "presence";
const TICKETS: &str = "tickets";
const TURNS: &str = "turns";
const STATE: &str = "state";

/// Apart from an agent's shift, so that a ticket given does not get in the way of an admin.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Turns {
    turn: u64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct State {
    revision: u64,
}

/// A record that cannot be read is told in the log and passed over: one that is broken must not stop all tickets.
fn parse<T: DeserializeOwned>(collection: &str, document: &Document) -> Option<T> {
    match serde_json::from_str(&document.body) {
        Ok(read) => Some(read),
        Err(error) => {
            let key = &document.key;
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
    Ok(found.and_then(|document| parse(collection, &document)))
}

fn put<T: Serialize>(collection: &str, key: &str, body: &T) -> Result<(), Error> {
    let body = serde_json::to_string(body).map_err(|error| Error::Invalid(error.to_string()))?;
    records::put(collection, key, &body, None).map(drop)
}

fn all<T: DeserializeOwned>(collection: &str) -> Result<BTreeMap<String, T>, Error> {
    let mut found = BTreeMap::new();
    let mut range = Range::all();
    loop {
        let page = records::query(collection, &range)?;
        for document in page.items {
            if let Some(body) = parse(collection, &document) {
                found.insert(document.key, body);
            }
        }
        match page.next {
            Some(next) => range.cursor = Some(next),
            None => return Ok(found),
        }
    }
}

pub(crate) fn desks() -> Result<Desks, Error> {
    Ok(Desks(all(DESKS)?))
}

pub(crate) fn put_desk(id: &str, desk: &Desk) -> Result<(), Error> {
    put(DESKS, id, desk)
}

pub(crate) fn delete_desk(id: &str) -> Result<(), Error> {
    records::delete(DESKS, id)
}

pub(crate) fn menu() -> Result<Menu, Error> {
    Ok(Menu(all(MENU)?))
}

pub(crate) fn put_item(key: &str, item: &Item) -> Result<(), Error> {
    put(MENU, key, item)
}

pub(crate) fn delete_item(key: &str) -> Result<(), Error> {
    records::delete(MENU, key)
}

/// Reads the number of changes, so that of two changes at once the second is tried again on what the first made; then counts one more.
pub(crate) fn count_change(of: &str) -> Result<(), Error> {
    let mut state: State = get(STATE, of)?.unwrap_or_default();
    state.revision += 1;
    put(STATE, of, &state)
}

pub(crate) fn shift(agent: &str) -> Result<Shift, Error> {
    Ok(get(SHIFTS, agent)?.unwrap_or_default())
}

pub(crate) fn put_shift(agent: &str, shift: &Shift) -> Result<(), Error> {
    match *shift == Shift::default() {
        true => records::delete(SHIFTS, agent),
        false => put(SHIFTS, agent, shift),
    }
}

pub(crate) fn presence(agent: &str) -> Result<Presence, Error> {
    Ok(get(PRESENCE, agent)?.unwrap_or_default())
}

pub(crate) fn put_presence(agent: &str, presence: Presence) -> Result<(), Error> {
    put(PRESENCE, agent, &presence)
}

pub(crate) fn turn(agent: &str) -> Result<u64, Error> {
    Ok(get::<Turns>(TURNS, agent)?.unwrap_or_default().turn)
}

pub(crate) fn put_turn(agent: &str, turn: u64) -> Result<(), Error> {
    put(TURNS, agent, &Turns { turn })
}

pub(crate) fn kept(ticket: &str) -> Result<Option<Kept>, Error> {
    get(TICKETS, ticket)
}

pub(crate) fn put_kept(ticket: &str, kept: &Kept) -> Result<(), Error> {
    put(TICKETS, ticket, kept)
}

pub(crate) fn forget(ticket: &str) -> Result<(), Error> {
    records::delete(TICKETS, ticket)
}

/// Tickets that wait, from a place on: desk by desk, the oldest first. As committed.
pub(crate) fn waiting(from: &str, limit: usize) -> Result<Vec<(String, Kept)>, Error> {
    let mut queue = Queue {
        range: Some(queued(from, None, limit)),
    };
    Ok(queue.page()?.unwrap_or_default())
}

/// Tickets that wait for a desk, the oldest first, a page at a time. As committed.
pub(crate) struct Queue {
    /// Nothing once it has ended.
    range: Option<Range>,
}

impl Queue {
    /// The queue of a desk; from a place on, where one is named.
    pub(crate) fn of(desk: &str, from: Option<&str>) -> Self {
        let (first, to) = kept::queue(desk);
        let range = queued(from.unwrap_or(&first), Some(&to), PAGE);
        Self { range: Some(range) }
    }

    /// The next page, which may be empty; nothing once the queue has ended.
    pub(crate) fn page(&mut self) -> Result<Option<Vec<(String, Kept)>>, Error> {
        let Some(mut range) = self.range.take() else {
            return Ok(None);
        };
        let page = records::query(TICKETS, &range)?;
        if page.next.is_some() {
            range.cursor = page.next;
            self.range = Some(range);
        }
        let read = page.items.into_iter();
        Ok(Some(
            read.filter_map(|document| Some((document.key.clone(), parse(TICKETS, &document)?)))
                .collect(),
        ))
    }
}

/// As many documents as one query answers.
const PAGE: usize = 200;

fn queued(from: &str, to: Option<&str>, limit: usize) -> Range {
    Range {
        index: Some("/waits".to_owned()),
        from: Some(json!(from).to_string()),
        to: to.map(|to| json!(to).to_string()),
        limit: u32::try_from(limit).unwrap_or(u32::MAX),
        ..Range::all()
    }
}
