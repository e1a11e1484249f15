//! Whatever happens, no ticket that is worked on is without a reason or without a group; nobody is given more than he has room for; timers and queues are as they say.

use super::*;
use proptest::{
    collection::vec,
    prelude::{any, prop_oneof, proptest},
    strategy::Strategy as Chance,
};

#[derive(Debug, Clone)]
enum Deed {
    Create(usize),
    Give(usize, usize, usize, bool),
    Say(usize, usize),
    Stir(usize, usize),
    Stands(usize, usize),
    Turn(usize),
    Advance(u64),
    Anew(usize),
    First(bool),
}

const PATHS: [&[&str]; 3] = [&[], &["network", "vpn"], &["business"]];
const GROUPS: [&str; 5] = ["", "front", "network", "archive", "gone"];
const AGENTS: [&str; 4] = ["", "ana", "bo", "cy"];

fn deed() -> impl Chance<Value = Deed> {
    let which = 0usize..60;
    prop_oneof![
        4 => (0..3usize).prop_map(Deed::Create),
        4 => (which.clone(), 0..5usize, 0..4usize, any::<bool>()).prop_map(|(t, g, a, p)| Deed::Give(t, g, a, p)),
        2 => (which.clone(), 0..3usize).prop_map(|(t, p)| Deed::Say(t, p)),
        2 => (which.clone(), 0..4usize).prop_map(|(t, a)| Deed::Stir(t, a)),
        3 => (which.clone(), 0..3usize).prop_map(|(t, s)| Deed::Stands(t, s)),
        3 => (0..3usize).prop_map(Deed::Turn),
        3 => (1..90u64).prop_map(Deed::Advance),
        1 => which.prop_map(Deed::Anew),
        1 => any::<bool>().prop_map(Deed::First),
    ]
}

fn carry_out(world: &mut World, deed: &Deed) {
    let count = world.tickets.len();
    let ticket = |index: usize| (count > 0).then(|| index % count.max(1));
    match *deed {
        Deed::Create(path) => drop(world.create(PATHS[path])),
        Deed::Give(index, group, agent, person) => {
            let Some(index) = ticket(index) else { return };
            let (mut group, agent) = (GROUPS[group], AGENTS[agent]);
            if world.tickets[index].seen.stands == Stands::Over
                || group == "gone" && !agent.is_empty()
            {
                return;
            }
            // The host lets nobody have a ticket of a group in which he does not work.
            let works = |group: &str| {
                world
                    .agents
                    .get(agent)
                    .is_none_or(|one| one.groups.contains(&group))
            };
            if !group.is_empty() && !works(group) {
                group = "";
            }
            let by = if person { By::Person } else { By::Machine };
            world.give(index, group, agent, by);
        }
        Deed::Say(index, path) => {
            if let Some(index) = ticket(index) {
                world.say(index, PATHS[path]);
            }
        }
        Deed::Stir(index, agent) => {
            if let Some(index) = ticket(index) {
                world.stir(index, AGENTS[agent]);
            }
        }
        Deed::Stands(index, stands) => {
            if let Some(index) = ticket(index) {
                world.stands(index, [Stands::Live, Stands::Pending, Stands::Over][stands]);
            }
        }
        Deed::Turn(agent) => {
            let agent = world.agents.get_mut(AGENTS[agent + 1]).unwrap();
            agent.online = !agent.online;
            world.next();
        }
        Deed::Advance(minutes) => world.advance(minutes),
        Deed::Anew(index) => {
            let Some(index) = ticket(index) else { return };
            if world.tickets[index].seen.stands == Stands::Over {
                return;
            }
            let Ok(out) = world.decide(index, |engine, ticket| {
                engine.anew(ticket.kept.as_ref(), &ticket.seen)
            });
            world.apply(index, out);
        }
        Deed::First(first) => world.desks.0.get_mut("central").unwrap().first = first,
    }
}

fn check(world: &World) {
    for ticket in world
        .tickets
        .iter()
        .filter(|one| one.seen.stands != Stands::Over)
    {
        let seen = &ticket.seen;
        let kept = ticket.kept.as_ref().expect("each is remembered");
        assert!(kept.reason.is_some(), "{ticket:?}");
        assert!(!seen.group.is_empty(), "{ticket:?}");
        assert_eq!((&kept.group, &kept.assignee), (&seen.group, &seen.assignee));
        let runs =
            seen.stands == Stands::Live && !seen.assignee.is_empty() && !kept.desk.is_empty();
        assert_eq!(kept.ring.is_some(), runs, "{ticket:?}");
        if let Some(place) = &kept.waits {
            assert!(
                seen.assignee.is_empty() && seen.stands == Stands::Live,
                "{ticket:?}"
            );
            assert!(place.starts_with(&format!("{}/", kept.desk)), "{ticket:?}");
        }
        let last = kept.handlers.last().expect("somebody has it");
        assert_eq!((&last.group, &last.agent), (&seen.group, &seen.assignee));
    }
}

proptest! {
    #[test]
    fn no_ticket_is_left_without_a_group_or_a_reason(strategy in 0usize..3, deeds in vec(deed(), 1..60)) {
        let mut world = World::new(Strategy::ALL[strategy]);
        for deed in &deeds {
            carry_out(&mut world, deed);
            check(&world);
        }
    }
}
