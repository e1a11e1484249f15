//! A ticket as it is now, and what there is to know of it; each thing is asked for once in a call.

use super::{people, shared};
use crate::{
    desk::choice::Asked,
    engine::Facts,
    limits::SILENT_MINUTES_MAX,
    people::attendance::Attendance,
    ticket::seen::{ENTRY, PATH, Seen, Stands},
};
use guichet_calendar::Micros;
use guichet_sdk::{
    Error, Value, customers_read,
    tickets_read::{self, Ticket},
};
use std::collections::BTreeMap;

/// What there is to know of a ticket.
pub(crate) struct OfTicket<'a> {
    pub(crate) ticket: Ticket,
    asked: Option<Asked>,
    /// Shared by all tickets of a call.
    there: &'a mut There,
}

/// Who is there, by groups.
#[derive(Default)]
pub(crate) struct There(BTreeMap<String, Attendance>);

impl There {
    pub(crate) fn of(&mut self, group: &str) -> Result<&mut Attendance, Error> {
        if !self.0.contains_key(group) {
            let there = people::attendance(group)?;
            self.0.insert(group.to_owned(), there);
        }
        Ok(self.0.entry(group.to_owned()).or_default())
    }
}

impl<'a> OfTicket<'a> {
    /// Nothing where there is no such ticket any more.
    pub(crate) fn open(ticket: &str, there: &'a mut There) -> Result<Option<Self>, Error> {
        match tickets_read::get(ticket) {
            Ok(ticket) => Ok(Some(Self {
                ticket,
                asked: None,
                there,
            })),
            Err(Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How it stands; nothing where it is suspended.
    pub(crate) fn seen(&self) -> Option<Seen> {
        Some(Seen {
            stands: Stands::of(&self.ticket.state())?,
            group: self.ticket.group().unwrap_or_default(),
            assignee: self.ticket.assignee().unwrap_or_default(),
        })
    }

    fn look(&self) -> Result<Asked, Error> {
        let path = match (self.ticket.field(PATH), self.ticket.field(ENTRY)) {
            (Value::Texts(path), _) if !path.is_empty() => path,
            (_, Value::Text(entry)) if !entry.is_empty() => shared::path(&entry)?,
            _ => Vec::new(),
        };
        let customer_groups = match customers_read::get(&self.ticket.requester()) {
            Ok(customer) => customer.groups(),
            Err(Error::NotFound(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Asked {
            path,
            channel: self.ticket.channel(),
            customer_groups,
            kind: self.ticket.kind(),
        })
    }
}

impl Facts for OfTicket<'_> {
    type Error = Error;

    fn asked(&mut self) -> Result<Asked, Error> {
        if let Some(asked) = &self.asked {
            return Ok(asked.clone());
        }
        let asked = self.look()?;
        self.asked = Some(asked.clone());
        Ok(asked)
    }

    fn attendance(&mut self, group: &str) -> Result<&mut Attendance, Error> {
        self.there.of(group)
    }

    fn works_in(&mut self, agent: &str, group: &str) -> Result<bool, Error> {
        Ok(people::members(group)?.iter().any(|one| one.id == agent))
    }

    fn due(&mut self, calendar: &str, since: u64, minutes: u32) -> Result<Option<u64>, Error> {
        let Some(calendar) = shared::calendar(calendar)? else {
            return Ok(None);
        };
        let minutes = Micros::from_minutes(minutes.min(SILENT_MINUTES_MAX).into());
        Ok(calendar.add(since.into(), minutes).map(u64::from))
    }
}
