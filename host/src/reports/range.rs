//! From when to when a report counts: two instants, or a range that people name, in whole days of a zone. The end is not part of it.

use guichet_core::{refusal::Refusal, time::Timestamp};
use jiff::{
    ToSpan, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// Days between the two ends: ten years.
pub const DAYS_MAX: i64 = 3_660;

/// Names of ranges. What is not over ends with the day after today, so that today is part of it.
pub const NAMES: [&str; 11] = [
    "today",
    "yesterday",
    "last-7-days",
    "last-30-days",
    "last-90-days",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
];

/// From an instant to another, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// The zone of that name.
///
/// # Errors
/// [`Refusal::Invalid`] where there is none.
pub fn zone(name: &str) -> Result<TimeZone, Refusal> {
    TimeZone::get(name).map_err(|_| {
        Refusal::Invalid(format!(
            "there is no time zone `{}`: name one such as Asia/Shanghai or Europe/Berlin",
            name.chars().take(60).collect::<String>()
        ))
    })
}

impl Range {
    /// Between two instants.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] where the end is not after the beginning, or too far from it.
    pub fn between(from: Timestamp, to: Timestamp) -> Result<Self, Refusal> {
        if to <= from {
            return Err(Refusal::Invalid(
                "`to` must be later than `from`: it is the first instant that does not count"
                    .to_owned(),
            ));
        }
        if to.0.saturating_sub(from.0) > DAYS_MAX * 86_400_000_000 {
            return Err(Refusal::Invalid(format!(
                "a report counts at most {DAYS_MAX} days: bring `from` and `to` closer together"
            )));
        }
        Ok(Self { from, to })
    }

    /// A range by its name, as of now. Weeks begin on Monday.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for other names.
    pub fn named(name: &str, now: Timestamp, zone: &TimeZone) -> Result<Self, Refusal> {
        let unknown = || {
            Refusal::Invalid(format!(
                "there is no range `{}`: use one of {}, or `from` and `to`",
                name.chars().take(60).collect::<String>(),
                NAMES.join(", ")
            ))
        };
        let beyond = |_| Refusal::Invalid("the range lies beyond the calendar".to_owned());
        let today = jiff::Timestamp::from_microsecond(now.0)
            .map_err(beyond)?
            .to_zoned(zone.clone())
            .date();
        let days = |date: Date, days: i64| date.checked_add(days.days());
        let monday =
            days(today, -i64::from(today.weekday().since(Weekday::Monday))).map_err(beyond)?;
        let month = today.first_of_month();
        let year = today.first_of_year();
        let (from, to) = match name {
            "today" => (Ok(today), days(today, 1)),
            "yesterday" => (days(today, -1), Ok(today)),
            "last-7-days" => (days(today, -6), days(today, 1)),
            "last-30-days" => (days(today, -29), days(today, 1)),
            "last-90-days" => (days(today, -89), days(today, 1)),
            "this-week" => (Ok(monday), days(today, 1)),
            "last-week" => (days(monday, -7), Ok(monday)),
            "this-month" => (Ok(month), days(today, 1)),
            "last-month" => (month.checked_sub(1.month()), Ok(month)),
            "this-year" => (Ok(year), days(today, 1)),
            "last-year" => (year.checked_sub(1.year()), Ok(year)),
            _ => return Err(unknown()),
        };
        let begins = |date: Date| -> Result<Timestamp, Refusal> {
            // Where a clock change swallows midnight, the day begins after it.
            let begun: Zoned = date.to_zoned(zone.clone()).map_err(beyond)?;
            Ok(Timestamp(begun.timestamp().as_microsecond()))
        };
        Ok(Self {
            from: begins(from.map_err(beyond)?)?,
            to: begins(to.map_err(beyond)?)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    fn named(name: &str, now: &str, zone_name: &str) -> (String, String) {
        let range =
            Range::named(name, parse_rfc3339(now).unwrap(), &zone(zone_name).unwrap()).unwrap();
        (rfc3339(range.from), rfc3339(range.to))
    }

    #[test]
    fn today_is_the_day_of_the_zone_and_not_of_greenwich() {
        assert_eq!(
            named("today", "2026-11-24T16:30:00Z", "Asia/Shanghai"),
            (
                "2026-11-24T16:00:00Z".to_owned(),
                "2026-11-25T16:00:00Z".to_owned()
            )
        );
        assert_eq!(
            named("today", "2026-11-24T15:59:59Z", "Asia/Shanghai").1,
            "2026-11-24T16:00:00Z"
        );
    }

    #[test]
    fn a_day_on_which_clocks_change_has_twenty_three_or_twenty_five_hours() {
        let hours = |now: &str| {
            let (from, to) = named("today", now, "Europe/Berlin");
            let at = |text: &str| parse_rfc3339(text).unwrap().0;
            (at(&to) - at(&from)) / 3_600_000_000
        };
        assert_eq!(hours("2026-03-29T12:00:00Z"), 23);
        assert_eq!(hours("2026-10-25T12:00:00Z"), 25);
        assert_eq!(hours("2026-10-26T12:00:00Z"), 24);
    }

    #[test]
    fn a_day_without_midnight_begins_after_it() {
        // In Beirut clocks go forward at midnight.
        let (from, _) = named("today", "2026-03-29T12:00:00Z", "Asia/Beirut");
        assert_eq!(from, "2026-03-28T22:00:00Z");
    }

    #[test]
    fn weeks_months_and_years_are_those_of_the_calendar() {
        // A Wednesday.
        let range = |name: &str| named(name, "2026-11-25T09:00:00Z", "UTC");
        let days = |from: &str, to: &str| (format!("{from}T00:00:00Z"), format!("{to}T00:00:00Z"));
        assert_eq!(range("yesterday"), days("2026-11-24", "2026-11-25"));
        assert_eq!(range("last-7-days"), days("2026-11-19", "2026-11-26"));
        assert_eq!(range("last-30-days"), days("2026-10-27", "2026-11-26"));
        assert_eq!(range("last-90-days"), days("2026-08-28", "2026-11-26"));
        assert_eq!(range("this-week"), days("2026-11-23", "2026-11-26"));
        assert_eq!(range("last-week"), days("2026-11-16", "2026-11-23"));
        assert_eq!(range("this-month"), days("2026-11-01", "2026-11-26"));
        assert_eq!(range("last-month"), days("2026-10-01", "2026-11-01"));
        assert_eq!(range("this-year"), days("2026-01-01", "2026-11-26"));
        assert_eq!(range("last-year"), days("2025-01-01", "2026-01-01"));
        assert!(NAMES.iter().all(|name| {
            let (from, to) = range(name);
            from < to
        }));
    }

    #[test]
    fn what_is_no_range_is_refused_with_what_to_write() {
        let at = |day: i64| Timestamp(day * 86_400_000_000);
        assert!(Range::between(at(0), at(DAYS_MAX)).is_ok());
        let far = Range::between(at(0), Timestamp(at(DAYS_MAX).0 + 1)).unwrap_err();
        assert!(far.to_string().contains("3660 days"), "{far}");
        let empty = Range::between(at(1), at(1)).unwrap_err();
        assert!(empty.to_string().contains("later than"), "{empty}");
        let unknown = Range::named("fortnight", at(0), &TimeZone::UTC).unwrap_err();
        assert!(unknown.to_string().contains("last-7-days"), "{unknown}");
        assert!(zone("Mars/Olympus").is_err());
    }
}
