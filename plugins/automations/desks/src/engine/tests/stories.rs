//! Tickets, one after the other.

use super::{super::hand::HandOver, *};
use crate::refusal::Refused;

#[test]
fn a_new_ticket_goes_to_the_attended_desk_that_covers_it() {
    let mut world = World::new(Strategy::Group);
    let vpn = world.create(&["network", "vpn"]);
    assert_eq!(world.shown(vpn), ("network", "", Some(Reason::Routed)));
    let other = world.create(&[]);
    assert_eq!(world.shown(other), ("front", "", Some(Reason::Routed)));
    assert_eq!(world.told, ["routed", "routed"]);
}

#[test]
fn an_unattended_desk_s_ticket_goes_to_the_central_one_and_where_that_is_unattended_too_it_stays() {
    let mut world = World::new(Strategy::Group);
    world.off(&["bo", "cy"]);
    let vpn = world.create(&["network"]);
    assert_eq!(world.shown(vpn), ("front", "", Some(Reason::Unattended)));
    assert_eq!(world.kept(vpn).unwrap().wanted, "network");
    world.off(&["ana", "bo", "cy"]);
    let vpn = world.create(&["network"]);
    assert_eq!(world.shown(vpn), ("network", "", Some(Reason::Nobody)));
}

#[test]
fn a_desk_whose_members_are_all_at_capacity_is_unattended_and_the_central_one_waits() {
    let mut world = World::new(Strategy::Fewest);
    let tickets: Vec<_> = (0..7).map(|_| world.create(&["network"])).collect();
    let assigned = |index: &usize| world.shown(*index).1.to_owned();
    let to: Vec<_> = tickets.iter().map(assigned).collect();
    assert_eq!(to, ["bo", "cy", "bo", "cy", "ana", "ana", ""]);
    assert_eq!(world.shown(tickets[4]).2, Some(Reason::Unattended));
    assert_eq!(
        world.shown(tickets[6]),
        ("network", "", Some(Reason::Waiting))
    );
}

#[test]
fn the_oldest_waiting_ticket_is_given_to_whoever_becomes_free_and_only_to_him() {
    let mut world = World::new(Strategy::Fewest);
    let given: Vec<_> = (0..6).map(|_| world.create(&["network"])).collect();
    let old = world.create(&["network"]);
    world.at += MINUTE;
    let new = world.create(&["network"]);
    world.stands(given[0], Stands::Over);
    assert_eq!(world.shown(old), ("network", "bo", Some(Reason::Routed)));
    assert_eq!(world.shown(new), ("network", "", Some(Reason::Waiting)));
    // Somebody from elsewhere takes one of Cy's: Cy is free.
    world.give(given[1], "front", "ana", By::Person);
    assert_eq!(world.shown(new).1, "cy");
    assert_eq!(
        world.told.iter().filter(|kind| **kind == "given").count(),
        2
    );
}

#[test]
fn what_a_rule_chose_is_looked_at_and_what_a_person_chose_is_not() {
    let mut world = World::new(Strategy::Group);
    world.off(&["bo", "cy"]);
    let one = world.create(&[]);
    world.give(one, "network", "", By::Machine);
    assert_eq!(world.shown(one), ("front", "", Some(Reason::Unattended)));
    let kept = world.kept(one).cloned();
    world.told.clear();
    world.give(one, "network", "", By::Machine);
    assert_eq!(world.shown(one).0, "front", "as often as a rule does it");
    assert_eq!(
        (world.kept(one), &*world.told),
        (kept.as_ref(), &["routed"][..])
    );
    world.give(one, "network", "", By::Person);
    assert_eq!(world.shown(one), ("network", "", Some(Reason::Chosen)));
    world.say(one, &["elsewhere"]);
    assert_eq!(world.shown(one), ("network", "", Some(Reason::Chosen)));
    let two = world.create(&[]);
    world.give(two, "archive", "", By::Machine);
    assert_eq!(
        world.shown(two),
        ("archive", "", Some(Reason::Chosen)),
        "no desk's group"
    );
    world.say(two, &["network"]);
    assert_eq!(world.shown(two), ("archive", "", Some(Reason::Chosen)));
    world.give(two, "gone", "", By::Machine);
    assert_eq!(world.shown(two).0, "front");
    world.off(&["ana", "bo", "cy"]);
    world.give(two, "gone", "", By::Machine);
    assert_eq!(world.shown(two), ("front", "", Some(Reason::Nobody)));
}

#[test]
fn what_a_later_event_tells_is_left_to_that() {
    let mut world = World::new(Strategy::Group);
    world.off(&["bo", "cy"]);
    let one = world.create(&[]);
    world.tickets[one].seen.group = "network".to_owned();
    let early = Happened {
        by: None,
        ..Happened::at(world.at)
    };
    world.happened(one, &early);
    assert_eq!(world.kept(one).unwrap().group, "front", "as it was known");
    world.tickets[one].seen.group = "network".to_owned();
    world.give(one, "network", "", By::Machine);
    assert_eq!(world.shown(one), ("front", "", Some(Reason::Unattended)));
}

#[test]
fn whoever_a_person_takes_a_ticket_from_is_not_replaced_by_a_strategy() {
    let mut world = World::new(Strategy::Turns);
    let one = world.create(&["network"]);
    assert_eq!(world.shown(one).1, "bo");
    world.give(one, "network", "", By::Person);
    assert_eq!(world.shown(one), ("network", "", Some(Reason::Chosen)));
    assert_eq!(world.kept(one).unwrap().waits, None);
    let two = world.create(&[]);
    world.give(two, "network", "", By::Person);
    assert_eq!(
        world.shown(two),
        ("network", "cy", Some(Reason::Chosen)),
        "the choice was the group"
    );
}

#[test]
fn the_desk_of_an_entry_takes_over_once_it_is_set_while_nobody_has_the_ticket() {
    let mut world = World::new(Strategy::Group);
    let free = world.create(&[]);
    world.say(free, &["network"]);
    assert_eq!(world.shown(free), ("network", "", Some(Reason::Routed)));
    let his = world.create(&[]);
    world.give(his, "front", "ana", By::Person);
    world.say(his, &["network"]);
    assert_eq!(world.shown(his), ("front", "ana", Some(Reason::Chosen)));
}

#[test]
fn a_central_desk_that_takes_first_gives_way_where_it_is_unattended() {
    let mut world = World::new(Strategy::Group);
    world.desks.0.get_mut("central").unwrap().first = true;
    let one = world.create(&["network"]);
    assert_eq!(world.shown(one), ("front", "", Some(Reason::Routed)));
    world.off(&["ana"]);
    let two = world.create(&["network"]);
    assert_eq!(world.shown(two), ("network", "", Some(Reason::Unattended)));
}

#[test]
fn a_silent_assignee_loses_the_ticket_to_somebody_else_and_then_to_the_group() {
    let mut world = World::new(Strategy::Fewest);
    world.off(&["ana"]);
    let one = world.create(&["network"]);
    assert_eq!(world.shown(one).1, "bo");
    world.advance(29);
    assert_eq!(world.shown(one).1, "bo");
    world.advance(1);
    assert_eq!(world.shown(one), ("network", "cy", Some(Reason::Silent)));
    world.advance(30);
    assert_eq!(
        world.shown(one),
        ("network", "", Some(Reason::Silent)),
        "neither of them again"
    );
    assert_eq!(world.told, ["routed", "silent", "silent"]);
    world.advance(600);
    assert_eq!(world.shown(one).1, "");
}

#[test]
fn each_sign_of_life_begins_the_silence_anew_and_nobody_else_s_does() {
    let mut world = World::new(Strategy::Group);
    let one = world.create(&["network"]);
    world.give(one, "network", "bo", By::Person);
    world.advance(20);
    world.stir(one, "bo");
    world.advance(20);
    world.stir(one, "cy");
    world.advance(9);
    assert_eq!(world.shown(one).1, "bo");
    world.advance(1);
    assert_eq!(world.shown(one), ("network", "", Some(Reason::Silent)));
}

#[test]
fn silence_is_measured_in_the_desk_s_business_time_across_a_night_and_a_lunch() {
    let mut world = World::new(Strategy::Group);
    let network = world.desks.0.get_mut("network").unwrap();
    (network.calendar, network.silent_minutes) = ("office".to_owned(), 30);
    let one = world.create(&["network"]);
    // Monday, 17:50: ten minutes are left, twenty are tomorrow's.
    world.give(one, "network", "bo", By::Person);
    world.advance(15 * 60 + 29);
    assert_eq!(world.shown(one).1, "bo", "Tuesday, 09:19");
    world.advance(1);
    assert_eq!(
        world.shown(one),
        ("network", "", Some(Reason::Silent)),
        "Tuesday, 09:20"
    );
    // The Monday after, 11:50: ten minutes before lunch, twenty after.
    world.advance(6 * 24 * 60 + 150);
    world.give(one, "network", "cy", By::Person);
    world.advance(89);
    assert_eq!(world.shown(one).1, "cy", "13:19");
    world.advance(1);
    assert_eq!(world.shown(one).1, "", "13:20");
}

#[test]
fn silence_rests_while_a_ticket_is_pending_and_begins_anew_with_it() {
    let mut world = World::new(Strategy::Group);
    let one = world.create(&["network"]);
    world.give(one, "network", "bo", By::Person);
    world.advance(29);
    world.stands(one, Stands::Pending);
    world.advance(300);
    world.stands(one, Stands::Live);
    world.advance(29);
    assert_eq!(world.shown(one).1, "bo");
    world.stands(one, Stands::Over);
    world.advance(300);
    assert_eq!(world.shown(one).1, "bo");
}

#[test]
fn a_ticket_that_is_handed_over_tells_previous_current_and_next() {
    let mut world = World::new(Strategy::Fewest);
    let one = world.create(&["network"]);
    world.give(one, "front", "ana", By::Person);
    let hand = |world: &mut World, wish: HandOver| {
        world.decide(one, |engine, ticket| {
            engine.hand_over(ticket.kept.as_ref(), &ticket.seen, &wish)
        })
    };
    let to = |desk: &str, reason: &str| HandOver {
        desk: desk.to_owned(),
        reason: reason.to_owned(),
        ..HandOver::default()
    };
    let refused = |told| match told {
        Err(NotHanded::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused(hand(&mut world, to("network", " "))),
        Refused::Reason
    );
    assert_eq!(refused(hand(&mut world, to("", "why"))), Refused::Nobody);
    let long = "x".repeat(crate::limits::REASON_CHARACTERS_MAX + 1);
    assert_eq!(
        refused(hand(&mut world, to("network", &long))),
        Refused::Reason
    );
    assert!(matches!(
        refused(hand(&mut world, to("none", "why"))),
        Refused::NoDesk(_)
    ));
    let out = hand(&mut world, to("network", &long[1..])).unwrap();
    let (kind, data) = out.told.last().unwrap();
    assert_eq!(*kind, "handed-over");
    assert_eq!(data["previous"]["agent"], "bo");
    assert_eq!(data["current"]["agent"], "ana");
    assert_eq!(data["next"]["agent"], "cy", "Bo had one a moment ago");
    world.apply(one, out);
    assert_eq!(world.shown(one), ("network", "cy", Some(Reason::Chosen)));
}

#[test]
fn whoever_does_not_see_everybody_s_tickets_leaves_the_choice_of_a_member_to_the_queue() {
    let mut world = World::new(Strategy::Fewest);
    let one = world.create(&[]);
    let wish = HandOver {
        desk: "network".to_owned(),
        reason: "the router".to_owned(),
        ..HandOver::default()
    };
    let out = world.decide(one, |engine, ticket| {
        engine.chooser = Chooser::Job;
        engine.hand_over(ticket.kept.as_ref(), &ticket.seen, &wish)
    });
    let mut out = out.unwrap();
    assert_eq!(out.kept.assignee, "");
    out.freed = false;
    world.apply(one, out);
    assert_eq!(world.shown(one), ("network", "", Some(Reason::Chosen)));
    world.next();
    assert_eq!(world.shown(one), ("network", "bo", Some(Reason::Chosen)));
}

#[test]
fn a_silent_ticket_is_given_on_ten_times_in_a_row_and_no_more() {
    let mut world = World::new(Strategy::Turns);
    const NAMES: [&str; 12] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    for name in NAMES {
        let agent = world.agents["bo"].clone();
        world.agents.insert(name, agent);
    }
    let one = world.create(&["network"]);
    world.advance(30 * 40);
    let silent = world.told.iter().filter(|kind| **kind == "silent");
    assert_eq!(silent.count(), crate::limits::SILENT_IN_A_ROW_MAX + 1);
    assert_eq!(world.shown(one), ("network", "", Some(Reason::Silent)));
    assert_eq!(world.kept(one).unwrap().waits, None);
}

#[test]
fn whoever_is_off_has_no_ticket_from_a_desk() {
    let mut world = World::new(Strategy::Turns);
    world.off(&["bo"]);
    for _ in 0..2 {
        let one = world.create(&["network"]);
        assert_eq!(world.shown(one).1, "cy");
    }
    let member = Member::default();
    assert_eq!(member.standing(0), Standing::Offline);
}

#[test]
fn what_waits_for_a_desk_that_has_another_group_is_placed_anew_or_waits_no_more() {
    let busy = || {
        let mut world = World::new(Strategy::Fewest);
        for _ in 0..6 {
            world.create(&["network"]);
        }
        world
    };
    let no_more = |world: &mut World, one: usize| {
        let out = world.decide(one, |engine, ticket| {
            engine.wait_no_more(ticket.kept.as_ref().unwrap(), ticket.seen.stands)
        });
        let Ok(out) = out;
        world.apply(one, out);
    };
    let mut world = busy();
    let routed = world.create(&["network"]);
    let chosen = world.create(&[]);
    world.give(chosen, "network", "", By::Person);
    assert!(world.kept(chosen).unwrap().waits.is_some());
    world.desks.0.get_mut("network").unwrap().group = "archive".to_owned();
    let kept = world.kept(routed).unwrap();
    assert!(give::strategy(&world.desks, kept).is_none());
    no_more(&mut world, routed);
    no_more(&mut world, chosen);
    assert_eq!(world.shown(routed).0, "archive");
    assert_eq!(world.shown(chosen), ("network", "", Some(Reason::Chosen)));
    assert_eq!(world.kept(chosen).unwrap().waits, None);
    assert_eq!(world.kept(chosen).unwrap().desk, "");
    // Members take tickets themselves now.
    let mut world = busy();
    let one = world.create(&["network"]);
    world.desks.0.get_mut("network").unwrap().strategy = Strategy::Group;
    no_more(&mut world, one);
    assert_eq!(world.shown(one), ("network", "", Some(Reason::Routed)));
    assert_eq!(world.kept(one).unwrap().waits, None);
}

#[test]
fn a_ticket_with_an_assignee_whose_group_is_taken_away_gets_one_and_tells_it() {
    let mut world = World::new(Strategy::Group);
    let one = world.create(&["network"]);
    world.give(one, "network", "bo", By::Person);
    world.told.clear();
    world.give(one, "", "bo", By::Person);
    assert_eq!(world.shown(one), ("network", "bo", Some(Reason::Chosen)));
    assert_eq!(world.told, ["routed"]);
}

#[test]
fn the_silence_of_who_was_just_given_a_ticket_does_not_begin_before_he_was() {
    let mut world = World::new(Strategy::Fewest);
    let one = world.create(&["network"]);
    // The event is handled three hours late.
    world.at += 180 * MINUTE;
    let begin = |world: &mut World| {
        let Ok(begun) = world.decide(one, |engine, ticket| {
            engine.begin(ticket.kept.as_ref().unwrap())
        });
        begun
    };
    let begun = begin(&mut world);
    assert_eq!(begun.since, world.at);
    assert_eq!(begun.ring, Some(world.at + 30 * MINUTE));
    world.tickets[one].kept = Some(begun.clone());
    world.at -= MINUTE;
    assert_eq!(begin(&mut world), begun, "nor earlier than it was");
}
