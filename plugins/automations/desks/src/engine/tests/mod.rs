//! A small world with desks, people and tickets, and what becomes of these.

/// Whatever happens.
mod chance;

/// One after the other.
mod stories;

use super::{hand::NotHanded, *};
use crate::{
    desk::{Desk, Strategy},
    language::Texts,
    people::{
        attendance::{Member, Standing},
        shift::Shift,
    },
    ticket::{
        reason::Reason,
        seen::{By, Stands},
    },
};
use guichet_calendar::{Calendar, Micros};
use std::collections::BTreeMap;

const MINUTE: u64 = 60_000_000;

/// An agent of the world.
#[derive(Debug, Clone)]
struct Agent {
    groups: Vec<&'static str>,
    online: bool,
    capacity: u32,
    turn: u64,
}

/// A ticket of the world.
#[derive(Debug, Clone)]
struct Ticket {
    seen: Seen,
    asked: Asked,
    kept: Option<Kept>,
}

struct World {
    at: u64,
    desks: Desks,
    agents: BTreeMap<&'static str, Agent>,
    tickets: Vec<Ticket>,
    calendar: Calendar,
    told: Vec<&'static str>,
}

/// What an engine knows of it, with one ticket in hand.
struct Known<'a> {
    asked: Asked,
    agents: &'a BTreeMap<&'static str, Agent>,
    open: BTreeMap<String, u32>,
    there: BTreeMap<String, Attendance>,
    calendar: &'a Calendar,
}

impl Facts for Known<'_> {
    type Error = std::convert::Infallible;

    fn asked(&mut self) -> Result<Asked, Self::Error> {
        Ok(self.asked.clone())
    }

    fn attendance(&mut self, group: &str) -> Result<&mut Attendance, Self::Error> {
        let (agents, open) = (self.agents, &self.open);
        Ok(self.there.entry(group.to_owned()).or_insert_with(|| {
            let of_group = agents
                .iter()
                .filter(|(_, agent)| agent.groups.contains(&group));
            let members = of_group.map(|(id, agent)| Member {
                id: (*id).to_owned(),
                online: agent.online,
                shift: Shift {
                    capacity: agent.capacity,
                    ..Shift::default()
                },
                open: open.get(*id).copied().unwrap_or_default(),
                turn: agent.turn,
                ..Member::default()
            });
            Attendance {
                exists: group != "gone",
                members: members.collect(),
            }
        }))
    }

    fn works_in(&mut self, agent: &str, group: &str) -> Result<bool, Self::Error> {
        let agent = self.agents.get(agent);
        Ok(agent.is_some_and(|agent| agent.groups.contains(&group)))
    }

    fn due(
        &mut self,
        calendar: &str,
        since: u64,
        minutes: u32,
    ) -> Result<Option<u64>, Self::Error> {
        let minutes = Micros::from_minutes(minutes.into());
        Ok(match calendar {
            "" => Calendar::always().add(since.into(), minutes),
            _ => self.calendar.add(since.into(), minutes),
        }
        .map(u64::from))
    }
}

impl World {
    /// A central desk, and one for the network.
    fn new(strategy: Strategy) -> Self {
        let desk = |name: &str, group: &str| Desk {
            strategy,
            silent_minutes: 30,
            ..Desk::new(Texts::new(name, ""), group)
        };
        let mut network = desk("Network", "network");
        network.covers.entries = vec!["network".to_owned()];
        let central = Desk {
            central: true,
            ..desk("Front", "front")
        };
        let agent = |groups: &[&'static str]| Agent {
            groups: groups.to_vec(),
            online: true,
            capacity: 2,
            turn: 0,
        };
        let office = r#"{ "zone": "Asia/Shanghai", "week": { "monday": ["09:00-12:00", "13:00-18:00"], "tuesday": ["09:00-12:00"] } }"#;
        Self {
            // Monday, 5 October 2026, 17:50 in Shanghai.
            at: 1_791_193_800_000_000,
            desks: Desks(BTreeMap::from([
                ("central".to_owned(), central),
                ("network".to_owned(), network),
            ])),
            agents: BTreeMap::from([
                ("ana", agent(&["front"])),
                ("bo", agent(&["network"])),
                ("cy", agent(&["network"])),
            ]),
            tickets: Vec::new(),
            calendar: Calendar::read(office).unwrap(),
            told: Vec::new(),
        }
    }

    fn off(&mut self, agents: &[&'static str]) {
        for (id, agent) in &mut self.agents {
            agent.online = !agents.contains(id);
        }
    }

    fn known(&self, index: usize) -> Known<'_> {
        let mut open = BTreeMap::new();
        let others = self.tickets.iter();
        for ticket in others.filter(|ticket| ticket.seen.stands != Stands::Over) {
            *open.entry(ticket.seen.assignee.clone()).or_default() += 1;
        }
        Known {
            asked: self.tickets[index].asked.clone(),
            agents: &self.agents,
            open,
            there: BTreeMap::new(),
            calendar: &self.calendar,
        }
    }

    /// Decides about a ticket, and does what is decided.
    fn decide<R>(
        &mut self,
        index: usize,
        decide: impl FnOnce(&mut Engine<'_, Known<'_>>, &Ticket) -> R,
    ) -> R {
        let ticket = self.tickets[index].clone();
        let mut known = self.known(index);
        let mut engine = Engine {
            desks: &self.desks,
            facts: &mut known,
            at: self.at,
            chooser: Chooser::Here,
        };
        decide(&mut engine, &ticket)
    }

    fn apply(&mut self, index: usize, out: Outcome) {
        let before = &self.tickets[index].seen;
        // Whoever is given a ticket by a desk has room for it.
        for (agent, turn) in &out.turns {
            let known = self.known(index);
            let open = known.open.get(agent).copied().unwrap_or_default();
            let own = u32::from(before.assignee == *agent);
            let one = &self.agents[agent.as_str()];
            assert!(
                one.online && open - own < one.capacity,
                "{agent} has {open}"
            );
            let one = self.agents.iter_mut().find(|(id, _)| *id == agent);
            one.unwrap().1.turn = *turn;
        }
        self.told.extend(out.told.iter().map(|(kind, _)| *kind));
        let ticket = &mut self.tickets[index];
        if ticket.seen.stands != Stands::Over {
            ticket.seen.group.clone_from(&out.kept.group);
            ticket.seen.assignee.clone_from(&out.kept.assignee);
        }
        if ticket.kept.is_some() || out.kept != Kept::default() {
            ticket.kept = Some(out.kept);
        }
        if out.freed {
            self.next();
        }
    }

    fn happened(&mut self, index: usize, happened: &Happened) {
        let out = self.decide(index, |engine, ticket| {
            engine.settle(ticket.kept.as_ref(), &ticket.seen, happened)
        });
        let Ok(out) = out;
        let ticket = &self.tickets[index];
        if let Some(kept) = &ticket.kept
            && is_settled(kept, &ticket.seen, happened)
        {
            assert_eq!(out.kept, *kept, "nothing becomes of it");
        }
        self.apply(index, out);
    }

    /// A new ticket about that; its place.
    fn create(&mut self, path: &[&str]) -> usize {
        self.tickets.push(Ticket {
            seen: Seen {
                stands: Stands::Live,
                group: String::new(),
                assignee: String::new(),
            },
            asked: Asked {
                path: path.iter().map(|one| (*one).to_owned()).collect(),
                ..Asked::default()
            },
            kept: None,
        });
        let index = self.tickets.len() - 1;
        self.happened(index, &Happened::at(self.at));
        index
    }

    fn give(&mut self, index: usize, group: &str, assignee: &str, by: By) {
        let seen = &mut self.tickets[index].seen;
        (seen.group, seen.assignee) = (group.to_owned(), assignee.to_owned());
        let happened = Happened {
            by: Some(by),
            ..Happened::at(self.at)
        };
        self.happened(index, &happened);
    }

    fn say(&mut self, index: usize, path: &[&str]) {
        self.tickets[index].asked.path = path.iter().map(|one| (*one).to_owned()).collect();
        // It is handled late: others have happened since.
        let happened = Happened {
            said: true,
            by: None,
            ..Happened::at(self.at)
        };
        self.happened(index, &happened);
    }

    fn stir(&mut self, index: usize, agent: &str) {
        let happened = Happened {
            stirred: Some(agent.to_owned()),
            by: None,
            ..Happened::at(self.at)
        };
        self.happened(index, &happened);
    }

    fn stands(&mut self, index: usize, stands: Stands) {
        self.tickets[index].seen.stands = stands;
        self.happened(index, &Happened::at(self.at));
    }

    /// The oldest waiting tickets go to free members.
    fn next(&mut self) {
        let mut waiting: Vec<_> = (0..self.tickets.len())
            .filter_map(|index| Some((self.kept(index)?.waits.clone()?, index)))
            .collect();
        waiting.sort();
        for (_, index) in waiting {
            let out = self.decide(index, |engine, ticket| {
                let kept = ticket.kept.as_ref().filter(|kept| kept.waits.is_some());
                kept.map_or(Ok(None), |kept| engine.give_waiting(kept))
            });
            let Ok(out) = out;
            if let Some(out) = out {
                self.apply(index, out);
            }
        }
    }

    /// Time goes by, and what is due meanwhile is done at its time.
    fn advance(&mut self, minutes: u64) {
        let end = self.at + minutes * MINUTE;
        loop {
            let rings = (0..self.tickets.len())
                .filter_map(|index| Some((self.kept(index)?.ring?, index)))
                .filter(|(ring, _)| *ring <= end);
            let Some((ring, index)) = rings.min() else {
                break;
            };
            self.at = ring.max(self.at);
            let out = self.decide(index, |engine, ticket| {
                engine.silent(ticket.kept.as_ref().unwrap(), &ticket.seen)
            });
            let Ok(out) = out;
            self.apply(index, out.expect("a timer that is set is of use"));
        }
        self.at = end;
    }

    fn kept(&self, index: usize) -> Option<&Kept> {
        self.tickets[index].kept.as_ref()
    }

    /// Group, assignee and reason.
    fn shown(&self, index: usize) -> (&str, &str, Option<Reason>) {
        let Seen {
            group, assignee, ..
        } = &self.tickets[index].seen;
        (
            group,
            assignee,
            self.kept(index).and_then(|kept| kept.reason),
        )
    }
}
