use super::*;
use crate::{
    progress::{Said, Standing},
    reading::readings,
    shelf::Shelf,
};
use guichet_calendar::{Calendar, Micros, Terms};

#[test]
fn what_lives_is_found_by_policy_and_calendar_and_what_has_ended_is_not() {
    let mut kept = Kept::new(Progress::new(Instant::FIRST));
    let terms = Terms::new("gold@3", "cn@7", Micros::from_minutes(60));
    let mut clock = Clock::new(terms).unwrap();
    clock.start(Instant::FIRST).unwrap();
    kept.clocks.insert(Kind::Resolution, clock);
    kept.chosen = Some(Chosen {
        id: "gold".to_owned(),
        version: 3,
        priority: 3,
    });
    let json = |kept: &Kept| -> serde_json::Value {
        serde_json::from_str(&kept.write().unwrap()).unwrap()
    };
    let found = json(&kept);
    assert_eq!(found["live"], true);
    assert_eq!(found["policy"], "gold");
    assert_eq!(found["calendars"], serde_json::json!(["cn"]));
    assert_eq!(Kept::read(&found.to_string()).unwrap(), kept);
    let clock = kept.clocks.get_mut(&Kind::Resolution).unwrap();
    clock
        .stop(Calendar::always(), Instant::from_micros(1))
        .unwrap();
    let found = json(&kept);
    assert_eq!(found["live"], false);
    assert_eq!(found["policy"], serde_json::Value::Null);
    assert_eq!(found["calendars"], serde_json::json!([]));
}

/// A closed ticket as most are: answered once, solved once, after a wait.
fn closed() -> Kept {
    let minute = |minute: i64| Instant::from_micros((29_330_000 + minute) * 60_000_000);
    let mut progress = Progress::new(minute(0));
    progress.begin(minute(0));
    let mut kept = Kept::new(progress);
    let clock = |hours: i64, until: i64| {
        let terms = Terms::new(
            "gold-customers@12",
            "shanghai@3",
            Micros::from_minutes(60 * hours),
        );
        let mut clock = Clock::new(terms.with_thresholds(vec![75, 100, 150])).unwrap();
        clock.start(minute(0)).unwrap();
        clock.take_marks(Calendar::always(), minute(until));
        clock
    };
    let mut first_reply = clock(1, 50);
    first_reply.stop(Calendar::always(), minute(50)).unwrap();
    kept.progress.hear(minute(50), Said::Agent);
    let mut resolution = clock(8, 60);
    let waits = Standing::Waiting("customer".to_owned());
    resolution.pause(minute(60), "customer").unwrap();
    kept.progress.turn(minute(60), waits);
    resolution.resume(minute(600)).unwrap();
    kept.progress.turn(minute(600), Standing::Working);
    resolution.stop(Calendar::always(), minute(900)).unwrap();
    kept.progress.turn(minute(900), Standing::Solved);
    kept.clocks.insert(Kind::FirstReply, first_reply);
    kept.clocks.insert(Kind::Resolution, resolution);
    kept.chosen = Some(Chosen {
        id: "gold-customers".to_owned(),
        version: 12,
        priority: 3,
    });
    kept
}

#[test]
fn of_a_closed_ticket_only_the_last_turn_is_remembered_and_all_that_is_read() {
    let mut kept = closed();
    let (before, shelf) = (kept.clone(), Shelf::default());
    kept.close();
    assert_eq!(kept.progress.history, before.progress.history[3..]);
    assert!(kept.progress.is_solved());
    for minute in [10, 55, 300, 700, 1_000] {
        let at = Instant::from_micros((29_330_000 + minute) * 60_000_000);
        assert_eq!(readings(&kept, &shelf, at), readings(&before, &shelf, at));
    }
    let once = kept.clone();
    kept.close();
    assert_eq!(kept, once);
}

#[test]
fn what_may_come_back_or_is_worked_on_forgets_nothing() {
    let merged = Kept {
        merged: true,
        ..closed()
    };
    let mut opened = closed();
    let last = opened.progress.history.last().unwrap().at;
    opened.progress.turn(last, Standing::Working);
    for kept in [merged, opened] {
        let mut after = kept.clone();
        after.close();
        assert_eq!(after, kept);
    }
}

#[test]
fn as_many_closed_tickets_fit_as_the_readme_says() {
    let mut kept = closed();
    kept.close();
    // The key is the ticket's id.
    let bytes = kept.write().unwrap().len() + 36;
    let fit = (256 << 20) / bytes / 10_000 * 10;
    let said = format!("about {fit},000 closed tickets");
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&said), "{bytes} bytes each: {said}");
}
