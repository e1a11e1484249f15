use super::*;
use crate::progress::Progress;
use guichet_calendar::Terms;

fn at(minute: i64) -> Instant {
    Instant::from_micros(minute * 60_000_000)
}

fn kept() -> Kept {
    let always = Calendar::always();
    let terms = Terms::new("gold@3", "always@1", Micros::from_minutes(100));
    let mut clock = Clock::new(terms).unwrap();
    clock.start(at(10)).unwrap();
    clock.pause(at(40), "customer").unwrap();
    clock.resume(at(60)).unwrap();
    clock.take_marks(always, at(110));
    clock.stop(always, at(120)).unwrap();
    let mut kept = Kept::new(Progress::new(at(10)));
    kept.clocks.insert(Kind::Resolution, clock);
    kept
}

fn read(minute: i64) -> Reading {
    readings(&kept(), &Shelf::default(), at(minute)).remove(0)
}

#[test]
fn a_clock_is_read_as_it_stood_at_an_instant_that_lies_behind() {
    let seen = |minute| {
        let read = read(minute);
        (read.state, read.elapsed_seconds / 60, read.due)
    };
    let due = |minute| Some(rfc3339(at(minute)));
    assert_eq!(seen(5), (State::Waiting, 0, None));
    assert_eq!(seen(30), (State::Running, 20, due(110)));
    assert_eq!(seen(50), (State::Paused, 30, None));
    assert_eq!(seen(70), (State::Running, 40, due(130)));
    assert_eq!(seen(500), (State::Met, 90, None));
}

#[test]
fn pauses_and_marks_are_told_as_far_as_they_had_come() {
    let before = read(50);
    assert_eq!(before.paused.total_seconds, 600);
    assert_eq!(before.paused.stretches[0].to, None);
    assert!(before.marks.iter().all(|mark| !mark.taken));
    let after = read(106);
    assert_eq!(after.paused.total_seconds, 1_200);
    let marks: Vec<_> = after
        .marks
        .iter()
        .map(|one| (one.percent, one.taken))
        .collect();
    assert_eq!(
        marks,
        [(75, true)],
        "a clock that was stopped reaches no other"
    );
    assert_eq!(after.stage, Some("warning"));
}
