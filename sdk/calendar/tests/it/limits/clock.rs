//! Of clocks.

use crate::{at, long};
use guichet_calendar::{Calendar, Clock, ClockError, Instant, Micros, Terms, TermsError, limits};

#[test]
fn the_longest_target_is_the_longest_that_can_be_due() {
    let start = at("2026-01-01T00:00Z");
    let clock = |target| {
        let mut clock = Clock::new(Terms::new("p", "c", target))?;
        clock
            .start(start)
            .map(|()| clock.due(Calendar::always()))
            .map_err(|_| TermsError::Target)
    };
    let most = Micros(limits::DURATION_US_MAX);
    assert_eq!(clock(most), Ok(Some(start + most)));
    assert_eq!(clock(most + Micros(1)), Err(TermsError::Target));
}

#[test]
fn terms_have_so_many_thresholds_and_names_so_long() {
    let made = |terms: Terms| Clock::new(terms).err();
    let terms = || Terms::new("p", "c", long("1h"));
    let most = limits::THRESHOLDS_MAX;
    let percents = |count: usize| (1..=count as u16).collect::<Vec<_>>();
    assert_eq!(made(terms().with_thresholds(percents(most))), None);
    let many = TermsError::Thresholds {
        count: most + 1,
        most,
    };
    assert_eq!(
        made(terms().with_thresholds(percents(most + 1))),
        Some(many)
    );
    let most = limits::THRESHOLD_PERCENT_MAX;
    assert_eq!(made(terms().with_thresholds([most])), None);
    assert_eq!(
        made(terms().with_thresholds([most + 1])),
        Some(TermsError::Percent { most })
    );
    let most = limits::LABEL_BYTES_MAX;
    let named = |bytes| Terms::new("p", "c".repeat(bytes), long("1h"));
    assert_eq!(made(named(most)), None);
    assert_eq!(made(named(most + 1)), Some(TermsError::Label { most }));
}

#[test]
fn a_clock_is_paused_so_often_and_for_so_long_a_reason() {
    let mut clock = Clock::new(Terms::new("p", "c", long("1h"))).unwrap();
    let start = at("2026-01-01T00:00Z");
    clock.start(start).unwrap();
    let most = limits::REASON_BYTES_MAX;
    let long = "x".repeat(most + 1);
    for reason in ["", "a\0", &long] {
        assert_eq!(clock.pause(start, reason), Err(ClockError::Reason { most }));
    }
    let most = limits::STRETCHES_MAX;
    for minute in 1..most as i64 {
        // Each of these bytes takes two in JSON.
        let mut reason = "\"".repeat(limits::REASON_BYTES_MAX - 1);
        reason += ["0", "1"][minute as usize % 2];
        clock
            .pause(start + Micros::from_minutes(minute), &reason)
            .unwrap();
    }
    let full = Err(ClockError::Full { most });
    let later = start + Micros::from_minutes(most as i64);
    let before = clock.clone();
    assert_eq!(clock.resume(later), full);
    let other = Terms::new("p", "other", Micros::from_minutes(1));
    assert_eq!(clock.retarget(Calendar::always(), later, other), full);
    assert_eq!(clock, before);
    let record = serde_json::to_string(&clock).unwrap();
    assert!(record.len() < 256 << 10, "{} bytes", record.len());
    assert_eq!(serde_json::from_str::<Clock>(&record).unwrap(), clock);
    // It can still come to its end.
    clock.stop(Calendar::always(), later).unwrap();
}

#[test]
fn at_the_ends_of_time_nothing_fails() {
    let ends = [i64::MIN, 0, limits::INSTANT_US_MAX, i64::MAX].map(Instant::from_micros);
    let json = r#"{ "zone": "Pacific/Kiritimati", "week": { "wednesday": ["00:00-24:00"], "thursday": ["22:00-06:00"] } }"#;
    let calendar = Calendar::read(json).unwrap();
    for from in ends {
        for to in ends {
            let business = calendar.overlap(from, to);
            assert!(business >= Micros::ZERO && (from < to || business == Micros::ZERO));
            let mut clock = Clock::new(Terms::new("p", "c", long("1m"))).unwrap();
            clock.start(from).unwrap();
            clock.pause(to, "customer").unwrap();
            clock.resume(from).unwrap();
            clock
                .retarget(&calendar, to, Terms::new("p", "d", long("2m")))
                .unwrap();
            clock.take_marks(&calendar, to);
            clock.stop(&calendar, from).unwrap();
        }
        assert_eq!(calendar.add(from, Micros(i64::MIN)), Some(from));
        assert_eq!(calendar.add(from, Micros(i64::MAX)), None);
    }
    assert_eq!(calendar.next_open(Instant::LAST), None);
    assert!(!calendar.is_open(Instant::LAST));
}
