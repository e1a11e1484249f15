//! What a calendar says, against what was counted.

use super::{Begin, long};
use guichet_calendar::Calendar;
use proptest::{prelude::*, test_runner::TestCaseError};

pub(super) fn check(
    calendar: &Calendar,
    open: &[bool],
    begin: &Begin,
) -> Result<(), TestCaseError> {
    let places = |wanted: bool| {
        open.iter()
            .enumerate()
            .filter(move |(_, open)| **open == wanted)
            .map(|(place, _)| place as i64)
    };
    let all = open.len() as i64;
    let business = places(true).count() as i64;
    prop_assert_eq!(calendar.overlap(begin.at(0), begin.at(all)), long(business));
    let mut spans = Vec::new();
    for place in places(true) {
        match spans.last_mut() {
            Some((_, to)) if *to == begin.at(place) => *to = begin.at(place + 1),
            _ => spans.push((begin.at(place), begin.at(place + 1))),
        }
    }
    let found = calendar.windows(begin.at(0), begin.at(all));
    let found: Vec<_> = found.map(|span| (span.from, span.to)).collect();
    prop_assert_eq!(found, spans);
    for minute in (0..all).step_by(97) {
        prop_assert_eq!(calendar.is_open(begin.at(minute)), open[minute as usize]);
    }
    let next = calendar.next_open(begin.at(0));
    match places(true).next() {
        Some(first) => prop_assert_eq!(next, Some(begin.at(first))),
        None => prop_assert!(next.is_none_or(|next| next >= begin.at(all))),
    }
    let half = business / 2 + 1;
    let added = calendar.add(begin.at(0), long(half));
    match places(true).nth(half as usize - 1) {
        Some(place) => prop_assert_eq!(added, Some(begin.at(place + 1))),
        None => prop_assert!(added.is_none_or(|added| added > begin.at(all))),
    }
    Ok(())
}
