use super::*;
use crate::{
    drive::{Driven, drive, next_ring},
    kind::Kind,
    limits::CATCH_UP_ATTEMPT,
    plan::Plan,
    policy::Policy,
    progress::Progress,
    shelf::Shelf,
};
use guichet_calendar::{Calendar, State};
use serde_json::json;

fn at(minute: i64) -> Instant {
    Instant::from_micros(minute * 60_000_000)
}

fn plan() -> Plan {
    let policy: Policy = serde_json::from_value(json!({
        "name": "Gold",
        "targets": [{ "clock": "resolution", "within": { "default": "100m" }, "pauses": ["*"] }],
    }))
    .unwrap();
    Plan::of("gold", &policy, 3, "always@1", Calendar::always())
}

fn play(kept: &mut Kept, happened: &Happened) -> Driven {
    drive(kept, happened, Some(&plan()), &Shelf::default())
}

/// Of a ticket of the first minute, as its record has it after so many events.
fn kept(events: &[Happened]) -> Kept {
    let mut progress = Progress::new(at(0));
    progress.begin(at(0));
    let mut kept = Kept::new(progress);
    play(&mut kept, &Happened::nothing(at(0)));
    for happened in events {
        play(&mut kept, happened);
    }
    kept
}

fn stands(state: &str, fields: &[(&str, Value)]) -> Stands {
    Stands::of(state, |name| {
        let found = fields.iter().find(|(known, _)| *known == name);
        found.map_or(Value::None, |(_, value)| value.clone())
    })
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn solved(minute: i64) -> Stands {
    stands(
        "solved",
        &[("solved_at", Value::Instant(at(minute).into()))],
    )
}

/// What the job does at its last attempt, played.
fn caught_up(kept: &mut Kept, stands: &Stands, minute: i64) -> Driven {
    match stands.course(kept, at(minute), CATCH_UP_ATTEMPT) {
        Course::Drive(happened) => play(kept, &happened),
        Course::Wait => panic!("it was waited long enough"),
    }
}

fn marks(driven: &Driven) -> Vec<(u16, bool)> {
    let told = driven.told.iter();
    told.map(|told| (told.percent, told.late)).collect()
}

#[test]
fn a_ticket_that_stands_as_its_record_says_goes_on_by_time_alone() {
    let waits = Happened {
        standing: Some(Standing::Waiting("customer".to_owned())),
        ..Happened::nothing(at(10))
    };
    let away = Happened {
        sight: Some(Sight::Deleted),
        ..Happened::nothing(at(10))
    };
    let merged = Happened {
        sight: Some(Sight::Merged),
        ..Happened::nothing(at(10))
    };
    let into = ("merged_into", text("other"));
    for (events, now) in [
        (vec![], stands("new", &[])),
        (vec![], stands("open", &[])),
        (vec![], stands("suspended", &[])),
        (
            vec![waits],
            stands("pending", &[("pending_reason", text(" customer"))]),
        ),
        (vec![away.clone()], stands("deleted", &[])),
        (
            vec![merged.clone()],
            stands("closed", std::slice::from_ref(&into)),
        ),
        (vec![merged, away], stands("deleted", &[into])),
    ] {
        for attempt in [1, CATCH_UP_ATTEMPT] {
            let mut kept = kept(&events);
            let before = kept.clone();
            let nothing = Course::Drive(Happened::nothing(at(20)));
            assert_eq!(now.course(&mut kept, at(20), attempt), nothing, "{now:?}");
            assert_eq!(kept, before);
        }
    }
}

#[test]
fn an_event_that_was_not_handled_yet_is_waited_for_and_nothing_is_touched() {
    for now in [
        solved(50),
        stands("pending", &[("pending_reason", text("customer"))]),
        stands("deleted", &[]),
        stands("closed", &[("merged_into", text("other"))]),
    ] {
        let mut kept = kept(&[]);
        let before = kept.clone();
        for attempt in 1..CATCH_UP_ATTEMPT {
            assert_eq!(now.course(&mut kept, at(75), attempt), Course::Wait);
        }
        assert_eq!(kept, before);
        let at_last = now.course(&mut kept, at(75), CATCH_UP_ATTEMPT);
        assert!(matches!(at_last, Course::Drive(_)), "{now:?}");
    }
}

#[test]
fn no_mark_is_told_of_the_time_after_a_ticket_was_solved_and_its_clocks_end_there() {
    let mut kept = kept(&[]);
    let driven = caught_up(&mut kept, &solved(80), 170);
    assert_eq!(marks(&driven), [(75, false)]);
    let clock = &kept.clocks[&Kind::Resolution];
    assert_eq!(clock.state(), State::Met);
    assert_eq!(clock.stretches().last().unwrap().to, Some(at(80)));
    assert_eq!(next_ring(&kept, &Shelf::default(), at(170)), None);
}

#[test]
fn a_ticket_that_was_closed_since_when_nobody_knows_ends_its_clocks_now() {
    let mut kept = kept(&[]);
    caught_up(&mut kept, &stands("closed", &[]), 90);
    let clock = &kept.clocks[&Kind::Resolution];
    assert_eq!(clock.stretches().last().unwrap().to, Some(at(90)));
    assert!(kept.progress.is_solved());
}

#[test]
fn a_solution_is_never_before_what_the_record_knows_nor_after_now() {
    let reopened = [
        Happened {
            standing: Some(Standing::Solved),
            ..Happened::nothing(at(10))
        },
        Happened {
            standing: Some(Standing::Working),
            ..Happened::nothing(at(40))
        },
    ];
    for (solved_at, wanted) in [(10, 40), (45, 45), (99, 50)] {
        let mut kept = kept(&reopened);
        let course = solved(solved_at).course(&mut kept, at(50), CATCH_UP_ATTEMPT);
        assert!(matches!(course, Course::Drive(happened) if happened.at == at(wanted)));
    }
}

#[test]
fn a_ticket_that_waits_or_was_opened_again_does_so_from_now_on() {
    let mut kept = kept(&[]);
    let waits = stands("pending", &[("pending_reason", text("customer"))]);
    caught_up(&mut kept, &waits, 80);
    assert_eq!(kept.clocks[&Kind::Resolution].state(), State::Paused);
    caught_up(&mut kept, &solved(85), 90);
    caught_up(&mut kept, &stands("open", &[]), 120);
    let clock = &kept.clocks[&Kind::Resolution];
    assert_eq!(clock.state(), State::Running);
    assert_eq!(clock.stretches().last().unwrap().from, at(120));
}

#[test]
fn a_ticket_that_went_out_of_sight_tells_nothing_until_it_is_back() {
    for (gone, back) in [
        (stands("deleted", &[]), stands("open", &[])),
        (
            stands("closed", &[("merged_into", text("other"))]),
            stands("open", &[]),
        ),
        (
            stands("deleted", &[("merged_into", text("other"))]),
            stands("open", &[]),
        ),
    ] {
        let mut kept = kept(&[]);
        let driven = caught_up(&mut kept, &gone, 110);
        assert_eq!(marks(&driven), [], "{gone:?}");
        assert_eq!(next_ring(&kept, &Shelf::default(), at(110)), None);
        let driven = caught_up(&mut kept, &back, 120);
        assert_eq!(marks(&driven), [(75, true), (100, true)]);
        assert!(!kept.is_hidden());
    }
}
