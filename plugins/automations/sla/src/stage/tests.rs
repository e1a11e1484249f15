use super::*;
use crate::{kind::Kind, progress::Progress};

fn at(minute: i64) -> Instant {
    Instant::from_micros(minute * 60_000_000)
}

fn clock(minutes: i64, thresholds: [u16; 2]) -> Clock {
    let terms = Terms::new("p@1", "always@1", Micros::from_minutes(minutes));
    let mut clock = Clock::new(terms.with_thresholds(thresholds)).unwrap();
    clock.start(at(0)).unwrap();
    clock
}

fn stage(kept: &Kept, minute: i64) -> Option<Stage> {
    Summary::of(kept, &Shelf::default(), at(minute)).stage
}

#[test]
fn a_clock_warns_at_its_first_mark_and_is_missed_at_its_target() {
    let mut kept = Kept::new(Progress::new(at(0)));
    kept.clocks.insert(Kind::Resolution, clock(100, [50, 100]));
    assert_eq!(stage(&kept, 49), Some(Stage::Running));
    assert_eq!(stage(&kept, 50), Some(Stage::Warning));
    assert_eq!(stage(&kept, 99), Some(Stage::Warning));
    assert_eq!(stage(&kept, 100), Some(Stage::Missed));
}

#[test]
fn the_worst_that_lives_is_shown_and_then_the_last_that_ended() {
    let mut kept = Kept::new(Progress::new(at(0)));
    let (mut soon, mut late) = (clock(10, [75, 100]), clock(100, [75, 100]));
    soon.stop(Calendar::always(), at(20)).unwrap();
    kept.clocks.insert(Kind::FirstReply, soon);
    kept.clocks.insert(Kind::Resolution, late.clone());
    assert_eq!(
        stage(&kept, 21),
        Some(Stage::Running),
        "what was missed is over"
    );
    late.stop(Calendar::always(), at(30)).unwrap();
    kept.clocks.insert(Kind::Resolution, late);
    assert_eq!(stage(&kept, 31), Some(Stage::Met));
    let summary = Summary::of(&kept, &Shelf::default(), at(31));
    assert_eq!(summary.due, None);
}

#[test]
fn the_nearest_due_of_what_runs_is_shown() {
    let mut kept = Kept::new(Progress::new(at(0)));
    let mut paused = clock(10, [75, 100]);
    paused.pause(at(1), "customer").unwrap();
    kept.clocks.insert(Kind::FirstReply, paused);
    kept.clocks.insert(Kind::Resolution, clock(100, [75, 100]));
    kept.clocks.insert(Kind::Work, clock(50, [75, 100]));
    let summary = Summary::of(&kept, &Shelf::default(), at(2));
    assert_eq!(summary.due, Some(at(50)));
    assert_eq!(summary.stage, Some(Stage::Running));
}
