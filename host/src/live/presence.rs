//! Who looks at a ticket, and who writes there: told by each one's page again and again, and forgotten when it tells no more.

use super::lock;
use crate::limits::{PRESENCE_MS, PRESENCES_MAX, TYPING_MS};
use guichet_core::{
    id::{AgentId, TenantId, TicketId},
    ticket::Ticket,
    time::Timestamp,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// What is told of somebody at a ticket.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Whoever may see it is told.
    pub ticket: Arc<Ticket>,
    pub present: Present,
}

/// Somebody at a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    pub agent: AgentId,
    /// Milliseconds that it holds from now on; 0: he has left.
    pub here_ms: u64,
    /// Of these, so many in which he counts as writing.
    pub typing_ms: u64,
}

/// All who look at tickets just now.
#[derive(Debug, Default)]
pub(crate) struct Presences(Mutex<HashMap<(TenantId, TicketId), HashMap<AgentId, Until>>>);

#[derive(Debug, Clone, Copy)]
struct Until {
    here: Timestamp,
    typing: Timestamp,
}

impl Until {
    fn shown(self, agent: AgentId, now: Timestamp) -> Option<Present> {
        let left = |until: Timestamp| until.milliseconds().saturating_sub(now.milliseconds());
        (self.here > now).then(|| Present {
            agent,
            here_ms: left(self.here),
            typing_ms: left(self.typing),
        })
    }
}

impl Presences {
    /// Somebody is there, and writes or not; what is to be told of him, and who else is there.
    pub(crate) fn come(
        &self,
        tenant: TenantId,
        ticket: TicketId,
        agent: AgentId,
        is_typing: bool,
        now: Timestamp,
    ) -> (Present, Vec<Present>) {
        let mine = Until {
            here: now.plus_milliseconds(PRESENCE_MS),
            typing: now.plus_milliseconds(if is_typing { TYPING_MS } else { 0 }),
        };
        let mut tickets = lock(&self.0);
        if tickets.len() >= PRESENCES_MAX {
            tickets.retain(|_, there| there.values().any(|until| until.here > now));
        }
        let mut others = Vec::new();
        // Beyond the bound, which is far beyond any desk, nobody is remembered: it is told to those who look just now.
        if tickets.len() < PRESENCES_MAX || tickets.contains_key(&(tenant, ticket)) {
            let there = tickets.entry((tenant, ticket)).or_default();
            there.retain(|_, until| until.here > now);
            there.insert(agent, mine);
            others.extend(
                there
                    .iter()
                    .filter(|(other, _)| **other != agent)
                    .filter_map(|(other, until)| until.shown(*other, now)),
            );
        }
        others.sort_by_key(|other| other.agent);
        let present = Present {
            agent,
            here_ms: PRESENCE_MS.unsigned_abs(),
            typing_ms: mine.typing.milliseconds() - now.milliseconds(),
        };
        (present, others)
    }

    /// Somebody has left; what is to be told of him, where he was there.
    pub(crate) fn leave(
        &self,
        tenant: TenantId,
        ticket: TicketId,
        agent: AgentId,
    ) -> Option<Present> {
        let mut tickets = lock(&self.0);
        let there = tickets.get_mut(&(tenant, ticket))?;
        let was = there.remove(&agent);
        if there.is_empty() {
            tickets.remove(&(tenant, ticket));
        }
        was.map(|_| Present {
            agent,
            here_ms: 0,
            typing_ms: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const TENANT: TenantId = TenantId(Uuid::from_u128(1));
    const TICKET: TicketId = TicketId(Uuid::from_u128(2));
    const ANA: AgentId = AgentId(Uuid::from_u128(3));
    const BO: AgentId = AgentId(Uuid::from_u128(4));

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp(0).plus_milliseconds(milliseconds)
    }

    #[test]
    fn who_is_there_is_forgotten_in_its_last_millisecond_and_who_writes_before() {
        let presences = Presences::default();
        presences.come(TENANT, TICKET, ANA, true, at(0));
        let seen = |now| presences.come(TENANT, TICKET, BO, false, at(now)).1;
        let ana = |here: i64, typing: i64| Present {
            agent: ANA,
            here_ms: here.unsigned_abs(),
            typing_ms: typing.unsigned_abs(),
        };
        assert_eq!(seen(0), [ana(PRESENCE_MS, TYPING_MS)]);
        assert_eq!(seen(TYPING_MS - 1), [ana(PRESENCE_MS - TYPING_MS + 1, 1)]);
        assert_eq!(seen(TYPING_MS), [ana(PRESENCE_MS - TYPING_MS, 0)]);
        assert_eq!(seen(PRESENCE_MS - 1), [ana(1, 0)]);
        assert_eq!(seen(PRESENCE_MS), []);
    }

    #[test]
    fn who_has_left_is_gone_and_leaves_once() {
        let presences = Presences::default();
        presences.come(TENANT, TICKET, ANA, false, at(0));
        assert!(presences.leave(TENANT, TICKET, ANA).is_some());
        assert_eq!(presences.leave(TENANT, TICKET, ANA), None);
        assert_eq!(presences.come(TENANT, TICKET, BO, false, at(1)).1, []);
        let elsewhere = TicketId(Uuid::from_u128(9));
        assert_eq!(presences.come(TENANT, elsewhere, ANA, false, at(2)).1, []);
    }

    #[test]
    fn beyond_so_many_tickets_those_that_were_left_make_room_and_others_are_not_remembered() {
        let presences = Presences::default();
        let ticket = |number: usize| TicketId(Uuid::from_u128(number as u128 + 10));
        let others = |number, agent, now| {
            let (_, others) = presences.come(TENANT, ticket(number), agent, false, at(now));
            others.len()
        };
        for number in 0..PRESENCES_MAX {
            others(number, ANA, 0);
        }
        assert_eq!(others(PRESENCES_MAX, ANA, 1), 0);
        assert_eq!(others(PRESENCES_MAX, BO, 1), 0, "not remembered");
        assert_eq!(others(0, BO, 1), 1, "what is known stays known");
        assert_eq!(others(PRESENCES_MAX, ANA, PRESENCE_MS), 0);
        assert_eq!(others(PRESENCES_MAX, BO, PRESENCE_MS), 1, "there is room");
    }
}
