//! The log as far as the eyes of an invocation reach: what is hidden takes no place among what is told, so that nobody counts it.

use super::{Sight, View};
use guichet_core::{event::Event, id::TicketId};
use guichet_runtime::Fault;
use std::{collections::BTreeMap, time::Instant};

/// Events that are looked at at once where not all may be told.
const LOOKED_AT: u32 = 200;

impl View {
    pub(super) async fn events_in_sight(
        &mut self,
        mut after: u64,
        kind: String,
        limit: u32,
    ) -> Result<Vec<Event>, Fault> {
        let limit = limit as usize;
        let page = match self.sight {
            Sight::Plugin => u32::try_from(limit).unwrap_or(LOOKED_AT),
            Sight::Viewer(_) => LOOKED_AT,
        };
        let (mut told, mut known) = (Vec::new(), BTreeMap::new());
        while told.len() < limit {
            let (left, began) = (self.time_left()?, Instant::now());
            let events = self.store.events_of_kind(after, &kind, page, left).await;
            let events = self.taken(began, events)?;
            let is_last = events.len() < page as usize;
            let began = Instant::now();
            for event in events {
                after = event.sequence;
                if told.len() < limit && self.is_told(event.draft.ticket, &mut known).await? {
                    told.push(self.told(event));
                }
            }
            self.taken(began, Ok(()))?;
            if is_last {
                break;
            }
        }
        Ok(told)
    }

    /// Whether an event about that ticket may be told at all.
    async fn is_told(
        &mut self,
        ticket: Option<TicketId>,
        known: &mut BTreeMap<TicketId, bool>,
    ) -> Result<bool, Fault> {
        let ticket = match (&self.sight, ticket) {
            (Sight::Plugin, _) => return Ok(true),
            (Sight::Viewer(_), None) => return Ok(false),
            (Sight::Viewer(_), Some(ticket)) => ticket,
        };
        if let Some(is_told) = known.get(&ticket) {
            return Ok(*is_told);
        }
        let is_told = match self.load(ticket).await {
            Ok(()) => true,
            Err(Fault::Refused(_)) => false,
            Err(fault) => return Err(fault),
        };
        known.insert(ticket, is_told);
        Ok(is_told)
    }
}
