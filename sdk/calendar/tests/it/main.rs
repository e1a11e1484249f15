//! What is promised of calendars and clocks.
#![cfg(test)]

/// The vectors that the domain gives, and those that were made with another implementation.
mod golden;
mod vectors;

/// What a person writes.
mod written;

/// What a clock can be asked, and what it refuses.
mod asked;
mod kept;

/// Each bound, at its edge.
mod limits;

/// The same by chance, against an implementation that counts minutes.
mod chance;
mod minutes;

use guichet_calendar::{Calendar, Instant, Micros};

/// An instant such as `2026-09-14T09:00+08:00`.
fn at(text: &str) -> Instant {
    let read = text.parse::<jiff::Timestamp>();
    let read = read.unwrap_or_else(|error| panic!("{text}: {error}"));
    Instant::from_micros(read.as_microsecond())
}

/// A duration such as `4h`, or `-30m`.
fn long(text: &str) -> Micros {
    let length = Calendar::always().parse_duration(text.trim_start_matches('-'));
    let length = length.unwrap_or_else(|error| panic!("{error}"));
    match text.starts_with('-') {
        true => Micros::ZERO - length,
        false => length,
    }
}
