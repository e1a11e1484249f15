//! Instants, durations and spans, all in microseconds.

use crate::limits::INSTANT_US_MAX;
use serde::{Deserialize, Serialize};
use std::{
    iter::Sum,
    ops::{Add, Sub},
};

/// Microseconds since 1970 began in UTC, as the host has them.
///
/// What is earlier than 1970 or later than the year 2200 is taken for these bounds: no calculation with instants fails or overflows.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(from = "i64", into = "i64")]
pub struct Instant(i64);

impl Instant {
    pub const FIRST: Self = Self(0);
    pub const LAST: Self = Self(INSTANT_US_MAX);

    pub const fn from_micros(us: i64) -> Self {
        if us < 0 {
            Self::FIRST
        } else if us > INSTANT_US_MAX {
            Self::LAST
        } else {
            Self(us)
        }
    }

    pub const fn as_micros(self) -> i64 {
        self.0
    }
}

/// A length of time in microseconds. What is left of a target is negative once the target has gone by.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    pub const ZERO: Self = Self(0);

    pub const fn from_minutes(minutes: i64) -> Self {
        Self(minutes.saturating_mul(60_000_000))
    }
}

/// From an instant up to another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub from: Instant,
    pub to: Instant,
}

impl Span {
    pub fn length(self) -> Micros {
        self.to - self.from
    }
}

impl From<i64> for Instant {
    fn from(us: i64) -> Self {
        Self::from_micros(us)
    }
}

/// The host counts without a sign.
impl From<u64> for Instant {
    fn from(us: u64) -> Self {
        Self::from_micros(i64::try_from(us).unwrap_or(i64::MAX))
    }
}

impl From<Instant> for i64 {
    fn from(at: Instant) -> Self {
        at.0
    }
}

impl From<Instant> for u64 {
    fn from(at: Instant) -> Self {
        at.0.cast_unsigned()
    }
}

impl Add<Micros> for Instant {
    type Output = Self;

    fn add(self, length: Micros) -> Self {
        Self::from_micros(self.0.saturating_add(length.0))
    }
}

impl Sub for Instant {
    type Output = Micros;

    fn sub(self, earlier: Self) -> Micros {
        Micros(self.0 - earlier.0)
    }
}

impl Add for Micros {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Micros {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for Micros {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_instant_lies_outside_its_bounds() {
        assert_eq!(Instant::from_micros(-1), Instant::FIRST);
        assert_eq!(
            Instant::from_micros(INSTANT_US_MAX).as_micros(),
            INSTANT_US_MAX
        );
        assert_eq!(Instant::from_micros(INSTANT_US_MAX + 1), Instant::LAST);
        assert_eq!(Instant::from(u64::MAX), Instant::LAST);
        assert_eq!(Instant::LAST + Micros(i64::MAX), Instant::LAST);
        assert_eq!(Instant::FIRST + Micros(i64::MIN), Instant::FIRST);
        assert_eq!(
            serde_json::from_str::<Instant>("-9").unwrap(),
            Instant::FIRST
        );
    }

    #[test]
    fn the_last_instant_is_the_beginning_of_the_year_2200() {
        let last = jiff::Timestamp::from_microsecond(INSTANT_US_MAX).unwrap();
        assert_eq!(last.to_string(), "2200-01-01T00:00:00Z");
    }

    #[test]
    fn durations_are_added_up_and_do_not_overflow() {
        let minutes = [1, 2, 3].map(Micros::from_minutes);
        assert_eq!(minutes.into_iter().sum::<Micros>(), Micros(360_000_000));
        assert_eq!(Micros(i64::MAX) + Micros(1), Micros(i64::MAX));
        assert_eq!(Micros(i64::MIN) - Micros(1), Micros(i64::MIN));
        assert_eq!(Micros::from_minutes(i64::MAX), Micros(i64::MAX));
    }
}
