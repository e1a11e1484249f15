//! What a clock can be asked in each of its states, and what it does with what it is told.

use crate::{at, long};
use guichet_calendar::{Calendar, Clock, ClockError, Instant, Micros, State, Terms, TermsError};

fn terms() -> Terms {
    Terms::new("gold@1", "always@1", long("4h"))
}

fn started() -> Clock {
    let mut clock = Clock::new(terms()).unwrap();
    clock.start(at("2026-09-14T09:00Z")).unwrap();
    clock
}

/// A clock in each state.
fn in_all_states() -> Vec<Clock> {
    let later = at("2026-09-14T10:00Z");
    let after = |asked: &dyn Fn(&mut Clock)| {
        let mut clock = started();
        asked(&mut clock);
        clock
    };
    vec![
        Clock::new(terms()).unwrap(),
        started(),
        after(&|clock| clock.pause(later, "customer").unwrap()),
        after(&|clock| assert_eq!(clock.stop(Calendar::always(), later), Ok(State::Met))),
        after(&|clock| {
            let late = at("2026-09-14T13:00Z");
            assert_eq!(clock.stop(Calendar::always(), late), Ok(State::Missed));
        }),
        after(&|clock| clock.cancel(later).unwrap()),
    ]
}

type Asked = fn(&mut Clock, Instant) -> Result<(), ClockError>;

#[test]
fn what_a_state_does_not_allow_is_an_error_and_changes_nothing() {
    use State::{Cancelled, Met, Missed, Paused, Running, Waiting};
    let table: [(&str, Asked, &[State]); 10] = [
        ("started", |clock, at| clock.start(at), &[Waiting]),
        ("started", |clock, at| clock.start_since(at, at), &[Waiting]),
        (
            "paused",
            |clock, at| clock.pause(at, "parts"),
            &[Running, Paused],
        ),
        ("resumed", |clock, at| clock.resume(at), &[Paused]),
        (
            "stopped",
            |clock, at| clock.stop(Calendar::always(), at).map(|_| ()),
            &[Running, Paused],
        ),
        (
            "reopened",
            |clock, at| clock.reopen(at),
            &[Met, Missed, Cancelled],
        ),
        (
            "cancelled",
            |clock, at| clock.cancel(at),
            &[Waiting, Running, Paused],
        ),
        (
            "reset",
            |clock, at| clock.reset(at),
            &[Running, Paused, Met, Missed, Cancelled],
        ),
        (
            "measured by other terms",
            |clock, at| clock.retarget(Calendar::always(), at, terms()),
            &[Waiting, Running, Paused],
        ),
        (
            "measured by a corrected calendar",
            |clock, at| clock.correct(Calendar::always(), at, "always@2"),
            &[Waiting, Running, Paused],
        ),
    ];
    for (asked, ask, states) in table {
        for clock in in_all_states() {
            let state = clock.state();
            let mut after = clock.clone();
            let done = ask(&mut after, at("2026-09-14T15:00Z"));
            match states.contains(&state) {
                true => assert_eq!(done, Ok(()), "{asked} when it {state}"),
                false => {
                    assert_eq!(done, Err(ClockError::Illegal { asked, state }));
                    assert_eq!(after, clock);
                }
            }
        }
    }
    let error = started().resume(at("2026-09-14T10:00Z")).unwrap_err();
    assert_eq!(error.to_string(), "a clock that runs cannot be resumed");
}

#[test]
fn one_more_word_of_the_same_pause_changes_nothing() {
    let mut clock = started();
    clock.pause(at("2026-09-14T10:00Z"), "customer").unwrap();
    let before = clock.clone();
    clock.pause(at("2026-09-14T11:00Z"), "customer").unwrap();
    assert_eq!(clock, before);
    clock.pause(at("2026-09-14T12:00Z"), "parts").unwrap();
    assert_eq!(clock.stretches().len(), 3);
}

#[test]
fn what_is_dated_before_the_last_operation_comes_with_it() {
    let always = Calendar::always();
    let mut clock = started();
    clock.pause(at("2026-09-14T10:00Z"), "customer").unwrap();
    clock.resume(at("2026-09-14T09:30Z")).unwrap();
    assert_eq!(clock.elapsed(always, at("2026-09-14T09:15Z")), long("1h"));
    assert_eq!(clock.elapsed(always, at("2026-09-14T10:30Z")), long("90m"));
    clock.stop(always, at("1970-01-01T00:00Z")).unwrap();
    assert_eq!(clock.elapsed(always, at("2030-01-01T00:00Z")), long("1h"));
}

#[test]
fn a_start_after_the_fact_is_an_operation_of_its_own_instant() {
    let always = Calendar::always();
    let mut clock = Clock::new(terms()).unwrap();
    let (since, start) = (at("2026-09-14T09:00Z"), at("2026-09-14T12:30Z"));
    clock.start_since(since, start).unwrap();
    clock.pause(at("2026-09-14T10:00Z"), "customer").unwrap();
    assert_eq!(clock.elapsed(always, start), long("3h30m"));
    let late = clock.take_marks(always, start);
    assert_eq!((late[0].at, late[0].late), (start, true));
    // It cannot begin after it was started.
    let mut clock = Clock::new(terms()).unwrap();
    clock.start_since(start, since).unwrap();
    assert_eq!(clock.stretches()[0].from, since);
}

#[test]
fn the_microsecond_at_which_a_mark_is_reached_is_its_instant() {
    let always = Calendar::always();
    let target = Micros(1_001);
    let mut clock = Clock::new(Terms::new("p", "c", target).with_thresholds([50, 100])).unwrap();
    let start = at("2026-09-14T09:00Z");
    clock.start(start).unwrap();
    assert_eq!(clock.take_marks(always, start + Micros(500)), []);
    let taken = clock.take_marks(always, start + Micros(501));
    assert_eq!(taken[0].at, start + Micros(501));
    assert!(!clock.is_missed(always, start + Micros(1_000)));
    assert!(clock.is_missed(always, start + Micros(1_001)));
    assert_eq!(clock.take_marks(always, start + Micros(1_000)), []);
    assert_eq!(clock.take_marks(always, start + Micros(1_001)).len(), 1);
}

#[test]
fn marks_tell_what_a_timer_is_set_to_until_they_are_taken() {
    let always = Calendar::always();
    let mut clock = started();
    let percents = |clock: &Clock| -> Vec<u16> {
        let marks = clock.marks(always);
        marks.iter().map(|mark| mark.percent).collect()
    };
    assert_eq!(percents(&clock), [75, 100, 150]);
    assert_eq!(clock.marks(always)[0].at, at("2026-09-14T12:00Z"));
    clock.take_marks(always, at("2026-09-14T12:00Z"));
    assert_eq!(percents(&clock), [100, 150]);
    // While it is paused, only what is reached: there is no instant for the others.
    clock.pause(at("2026-09-14T13:30Z"), "customer").unwrap();
    assert_eq!(percents(&clock), [100]);
    clock.cancel(at("2026-09-14T14:00Z")).unwrap();
    assert_eq!(percents(&clock), [0_u16; 0]);
}

#[test]
fn cycles_are_counted() {
    let mut clock = started();
    assert_eq!(clock.cycle(), 1);
    clock.reset(at("2026-09-14T10:00Z")).unwrap();
    clock.reset(at("2026-09-14T11:00Z")).unwrap();
    assert_eq!(clock.cycle(), 3);
}

#[test]
fn what_was_begun_anew_takes_other_terms_at_once() {
    let mut clock = started();
    let later = at("2026-09-14T11:00Z");
    clock.stop(Calendar::always(), later).unwrap();
    clock.reset(later).unwrap();
    let other = Terms::new("silver@1", "other@1", long("8h"));
    clock.retarget(Calendar::always(), later, other).unwrap();
    assert_eq!(clock.stretches().len(), 1);
    assert_eq!(clock.due(Calendar::always()), Some(at("2026-09-14T19:00Z")));
}

#[test]
fn one_that_was_cancelled_before_its_start_waits_again() {
    let mut clock = Clock::new(terms()).unwrap();
    clock.cancel(at("2026-09-14T09:00Z")).unwrap();
    clock.reopen(at("2026-09-14T10:00Z")).unwrap();
    assert_eq!(clock.state(), State::Waiting);
    clock.start(at("2026-09-14T11:00Z")).unwrap();
}

#[test]
fn terms_that_cannot_be_meant_are_refused() {
    let nothing = Terms::new("p", "c", Micros::ZERO);
    assert_eq!(Clock::new(nothing), Err(TermsError::Target));
    for percents in [vec![0], vec![100, 75], vec![75, 75]] {
        let terms = terms().with_thresholds(percents);
        assert!(matches!(Clock::new(terms), Err(TermsError::Percent { .. })));
    }
    let mut clock = started();
    let before = clock.clone();
    let nameless = Terms::new("", "c", long("1h"));
    let error = clock.retarget(Calendar::always(), at("2026-09-14T10:00Z"), nameless);
    assert!(matches!(
        error,
        Err(ClockError::Terms(TermsError::Label { .. }))
    ));
    assert_eq!(clock, before);
}
