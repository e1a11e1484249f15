//! From what a clock on the wall shows to instants, also where that clock is put forward or back.
//!
//! A window lasts from the first instant at which the wall shows its start or more, until after the last at which it shows less than its end. So
//! - where the wall leaves out an hour, a start in it is the end of that gap, and so is an end in it;
//! - where the wall shows an hour twice, a start in it is the earlier and an end in it the later: both hours are within a window that goes on across them;
//! - an end exactly at the beginning of that hour is the earlier: nobody expects a window "until 02:00" to go on for the hour that begins there.

use crate::time::Instant;
use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

/// What the wall shows.
pub(super) fn shown(zone: &TimeZone, at: Instant) -> DateTime {
    // Every instant of ours is one of the library's.
    let at = Timestamp::from_microsecond(at.as_micros()).unwrap_or_default();
    zone.to_datetime(at)
}

/// The first instant at which the wall shows this or more.
pub(super) fn first(zone: &TimeZone, wall: DateTime) -> Instant {
    match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => instant(offset.to_timestamp(wall)),
        AmbiguousOffset::Fold { before, .. } => instant(before.to_timestamp(wall)),
        AmbiguousOffset::Gap { after, .. } => gap_end(zone, wall, after),
    }
}

/// What comes after the last microsecond at which the wall shows this or less.
pub(super) fn after(zone: &TimeZone, wall: DateTime) -> Instant {
    let last = match zone.to_ambiguous_timestamp(wall).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(wall),
        AmbiguousOffset::Fold { after, .. } => after.to_timestamp(wall),
        AmbiguousOffset::Gap { after, .. } => return gap_end(zone, wall, after),
    };
    Instant::from_micros(instant(last).as_micros().saturating_add(1))
}

/// When the clock is put forward across what it never shows.
fn gap_end(zone: &TimeZone, wall: DateTime, after: Offset) -> Instant {
    // Counted as if it had been put forward already, the instant lies before that.
    let Ok(before) = after.to_timestamp(wall) else {
        return Instant::LAST;
    };
    let mut changes = zone.following(before);
    changes
        .find(|change| change.offset() == after)
        .map_or(instant(Ok(before)), |change| {
            instant(Ok(change.timestamp()))
        })
}

fn instant(at: Result<Timestamp, jiff::Error>) -> Instant {
    at.map_or(Instant::LAST, |at| {
        Instant::from_micros(at.as_microsecond())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{civil::date, tz::TimeZoneDatabase};

    fn first_in(zone: &str, wall: DateTime) -> String {
        let zone = TimeZoneDatabase::bundled().get(zone).unwrap();
        text(first(&zone, wall))
    }

    fn end_in(zone: &str, wall: DateTime) -> String {
        let zone = TimeZoneDatabase::bundled().get(zone).unwrap();
        text(after(&zone, wall - jiff::SignedDuration::from_micros(1)))
    }

    fn text(at: Instant) -> String {
        let at = Timestamp::from_microsecond(at.as_micros()).unwrap();
        at.to_string()
    }

    #[test]
    fn where_an_hour_is_left_out_both_ends_are_where_it_would_have_ended() {
        let half_past_two = date(2026, 3, 29).at(2, 30, 0, 0);
        for found in [first_in, end_in] {
            assert_eq!(
                found("Europe/Berlin", half_past_two),
                "2026-03-29T01:00:00Z"
            );
        }
        let two = date(2026, 3, 29).at(2, 0, 0, 0);
        assert_eq!(end_in("Europe/Berlin", two), "2026-03-29T01:00:00Z");
        // A day that was left out altogether.
        let friday = date(2011, 12, 30).at(9, 0, 0, 0);
        assert_eq!(first_in("Pacific/Apia", friday), "2011-12-30T10:00:00Z");
    }

    #[test]
    fn where_an_hour_comes_twice_a_start_is_the_earlier_and_an_end_the_later() {
        let half_past_two = date(2026, 10, 25).at(2, 30, 0, 0);
        assert_eq!(
            first_in("Europe/Berlin", half_past_two),
            "2026-10-25T00:30:00Z"
        );
        assert_eq!(
            end_in("Europe/Berlin", half_past_two),
            "2026-10-25T01:30:00Z"
        );
    }

    #[test]
    fn an_end_where_the_hour_begins_that_comes_twice_is_the_earlier() {
        let two = date(2026, 10, 25).at(2, 0, 0, 0);
        assert_eq!(end_in("Europe/Berlin", two), "2026-10-25T00:00:00Z");
        let three = date(2026, 10, 25).at(3, 0, 0, 0);
        assert_eq!(first_in("Europe/Berlin", three), "2026-10-25T02:00:00Z");
        assert_eq!(end_in("Europe/Berlin", three), "2026-10-25T02:00:00Z");
    }

    #[test]
    fn half_an_hour_is_left_out_or_comes_twice_as_well() {
        let spring = date(2026, 10, 4).at(2, 15, 0, 0);
        assert_eq!(
            first_in("Australia/Lord_Howe", spring),
            "2026-10-03T15:30:00Z"
        );
        let autumn = date(2026, 4, 5).at(1, 45, 0, 0);
        assert_eq!(
            first_in("Australia/Lord_Howe", autumn),
            "2026-04-04T14:45:00Z"
        );
        assert_eq!(
            end_in("Australia/Lord_Howe", autumn),
            "2026-04-04T15:15:00Z"
        );
    }
}
