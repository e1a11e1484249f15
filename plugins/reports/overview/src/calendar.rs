//! Days, weeks and months of a zone: where each begins, so that a day on which nothing happened is there, too, and each leads to its tickets.

use crate::asked::Asked;
use guichet_sdk::Error;
use jiff::{
    Span, Timestamp, ToSpan,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// Days up to which each is shown by itself.
const DAYS_MAX: i64 = 62;

/// Days up to which weeks are shown.
const WEEK_DAYS_MAX: i64 = 400;

/// What a range is divided into. Named as the host's aggregates name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    /// Begins on Monday.
    Week,
    Month,
}

impl Unit {
    /// As fine as a person can still look over.
    pub fn of(from: Timestamp, to: Timestamp) -> Self {
        let days = (to.as_second() - from.as_second()) / 86_400;
        if days <= DAYS_MAX {
            Self::Day
        } else if days <= WEEK_DAYS_MAX {
            Self::Week
        } else {
            Self::Month
        }
    }

    /// The group of an aggregate.
    pub fn group(self, field: &str) -> String {
        let unit = match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        };
        format!("{unit}:{field}")
    }

    fn beginning(self, day: Date) -> Result<Date, jiff::Error> {
        match self {
            Self::Day => Ok(day),
            Self::Week => day.checked_sub(i64::from(day.weekday().since(Weekday::Monday)).days()),
            Self::Month => Ok(day.first_of_month()),
        }
    }

    fn step(self) -> Span {
        match self {
            Self::Day => 1.day(),
            Self::Week => 1.week(),
            Self::Month => 1.month(),
        }
    }
}

/// One of them, as far as it is within the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The date on which it begins, or its month.
    pub name: String,
    pub from: Timestamp,
    pub to: Timestamp,
}

/// All of a range, in their order.
///
/// # Errors
/// Where the range lies beyond the calendar.
pub fn buckets(asked: &Asked, unit: Unit) -> Result<Vec<Bucket>, Error> {
    all(asked.from, asked.to, &asked.zone, unit)
        .map_err(|error| Error::Invalid(format!("the range: {error}")))
}

fn all(
    from: Timestamp,
    to: Timestamp,
    zone: &TimeZone,
    unit: Unit,
) -> Result<Vec<Bucket>, jiff::Error> {
    let begins = |day: Date| Ok::<_, jiff::Error>(day.to_zoned(zone.clone())?.timestamp());
    let mut buckets = Vec::new();
    let mut day = unit.beginning(from.to_zoned(zone.clone()).date())?;
    loop {
        let next = day.checked_add(unit.step())?;
        let (begun, ended) = (begins(day)?, begins(next)?);
        if begun >= to {
            return Ok(buckets);
        }
        let name = match unit {
            Unit::Month => day.strftime("%Y-%m").to_string(),
            _ => day.to_string(),
        };
        buckets.push(Bucket {
            name,
            from: begun.max(from),
            to: ended.min(to),
        });
        day = next;
    }
}

/// The place of the bucket that an instant of its beginning means.
pub fn place(buckets: &[Bucket], at: Timestamp) -> Option<usize> {
    // The first may have begun before the range.
    buckets.iter().position(|bucket| at < bucket.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(from: &str, to: &str, zone: &str, unit: Unit) -> Vec<(String, String, String)> {
        let all = all(
            from.parse().unwrap(),
            to.parse().unwrap(),
            &TimeZone::get(zone).unwrap(),
            unit,
        )
        .unwrap();
        all.into_iter()
            .map(|bucket| (bucket.name, bucket.from.to_string(), bucket.to.to_string()))
            .collect()
    }

    fn bucket(name: &str, from: &str, to: &str) -> (String, String, String) {
        (name.to_owned(), from.to_owned(), to.to_owned())
    }

    #[test]
    fn days_begin_at_the_zones_midnight() {
        assert_eq!(
            named(
                "2026-11-23T16:00:00Z",
                "2026-11-25T16:00:00Z",
                "Asia/Shanghai",
                Unit::Day
            ),
            [
                bucket("2026-11-24", "2026-11-23T16:00:00Z", "2026-11-24T16:00:00Z"),
                bucket("2026-11-25", "2026-11-24T16:00:00Z", "2026-11-25T16:00:00Z"),
            ]
        );
    }

    #[test]
    fn a_range_that_begins_at_noon_has_half_a_day() {
        assert_eq!(
            named(
                "2026-11-24T12:00:00Z",
                "2026-11-25T06:00:00Z",
                "UTC",
                Unit::Day
            ),
            [
                bucket("2026-11-24", "2026-11-24T12:00:00Z", "2026-11-25T00:00:00Z"),
                bucket("2026-11-25", "2026-11-25T00:00:00Z", "2026-11-25T06:00:00Z"),
            ]
        );
    }

    #[test]
    fn days_on_which_clocks_change_follow_each_other_without_gap_or_overlap() {
        let days = named(
            "2026-10-23T22:00:00Z",
            "2026-10-26T23:00:00Z",
            "Europe/Berlin",
            Unit::Day,
        );
        assert_eq!(
            days[1],
            bucket("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")
        );
        assert!(days.windows(2).all(|pair| pair[0].2 == pair[1].1));
        assert_eq!(days.len(), 3);
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_their_first() {
        let weeks = named(
            "2026-11-25T00:00:00Z",
            "2026-12-01T00:00:00Z",
            "UTC",
            Unit::Week,
        );
        let names: Vec<_> = weeks.iter().map(|week| week.0.as_str()).collect();
        assert_eq!(names, ["2026-11-23", "2026-11-30"]);
        let months = named(
            "2026-11-25T00:00:00Z",
            "2027-01-01T00:00:00Z",
            "UTC",
            Unit::Month,
        );
        let names: Vec<_> = months.iter().map(|month| month.0.as_str()).collect();
        assert_eq!(names, ["2026-11", "2026-12"]);
    }

    #[test]
    fn an_instant_finds_its_bucket_the_beginning_before_the_range_too() {
        let zone = TimeZone::UTC;
        let weeks = all(
            "2026-11-25T00:00:00Z".parse().unwrap(),
            "2026-12-09T00:00:00Z".parse().unwrap(),
            &zone,
            Unit::Week,
        )
        .unwrap();
        let of = |at: &str| place(&weeks, at.parse().unwrap());
        assert_eq!(
            (
                of("2026-11-23T00:00:00Z"),
                of("2026-11-30T00:00:00Z"),
                of("2026-12-07T00:00:00Z"),
                of("2026-12-14T00:00:00Z")
            ),
            (Some(0), Some(1), Some(2), None)
        );
    }

    #[test]
    fn the_finest_unit_that_can_be_looked_over_is_taken() {
        let unit = |days: i64| {
            Unit::of(
                Timestamp::UNIX_EPOCH,
                Timestamp::from_second(days * 86_400).unwrap(),
            )
        };
        assert_eq!(
            (unit(DAYS_MAX), unit(DAYS_MAX + 1)),
            (Unit::Day, Unit::Week)
        );
        assert_eq!(
            (unit(WEEK_DAYS_MAX), unit(WEEK_DAYS_MAX + 1)),
            (Unit::Week, Unit::Month)
        );
    }
}
