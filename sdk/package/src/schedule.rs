//! When a schedule's job is due: cron in a time zone, so that nine in the morning stays nine in the morning when clocks change.

use croner::{
    Cron, Weekday,
    parser::{CronParser, Seconds, Year},
};
use jiff::{
    Timestamp, ToSpan, Zoned, civil,
    tz::{AmbiguousOffset, TimeZone},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Times that a clock leaves out before no other is looked for: more than there are minutes in a day, which some clocks left out whole.
const LEFT_OUT_MAX: usize = 1_500;

/// A job that is done by the clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The job's name.
    pub name: String,
    /// Five fields: minute, hour, day of the month, month, day of the week.
    pub cron: String,
    /// An IANA zone; by default the tenant's.
    #[serde(default)]
    pub zone: Option<String>,
}

/// What is wrong with a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("a schedule has no name")]
    NoName,
    #[error("the schedule `{name}`: `{cron}` is no cron expression of five fields: {reason}")]
    Cron {
        name: String,
        cron: String,
        reason: String,
    },
    #[error("the schedule `{name}`: no year has a day with a time that fits `{cron}`")]
    Never { name: String, cron: String },
    #[error("the schedule `{name}`: there is no time zone `{zone}`")]
    Zone { name: String, zone: String },
}

impl Schedule {
    /// Checks name, expression and zone, and that there is a day for it: `0 0 30 2 *` would be looked for in all years to come.
    ///
    /// # Errors
    /// [`ScheduleError`], naming the schedule.
    pub fn check(&self) -> Result<(), ScheduleError> {
        if self.name.trim().is_empty() {
            return Err(ScheduleError::NoName);
        }
        let cron = self.parsed()?;
        if !(has_time(&cron) && has_day(&cron)) {
            return Err(ScheduleError::Never {
                name: self.name.clone(),
                cron: self.cron.clone(),
            });
        }
        match &self.zone {
            Some(zone) => self.known(zone).map(drop),
            None => Ok(()),
        }
    }

    /// The first time after an instant, in its own zone or else the tenant's. None where the expression fits no time to come.
    ///
    /// # Errors
    /// [`ScheduleError`].
    pub fn next_after(
        &self,
        after: Timestamp,
        tenant_zone: &str,
    ) -> Result<Option<Timestamp>, ScheduleError> {
        let zone = self.known(self.zone.as_deref().unwrap_or(tenant_zone))?;
        let cron = self.parsed()?;
        let after = after.to_zoned(zone);
        if !comes(&cron, &after) {
            return Ok(None);
        }
        let next: Option<Zoned> = cron.find_next_occurrence(&after, false).ok();
        Ok(next.map(|next| next.timestamp()))
    }

    fn parsed(&self) -> Result<Cron, ScheduleError> {
        CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build()
            .parse(&self.cron)
            .map_err(|error| ScheduleError::Cron {
                name: self.name.clone(),
                cron: self.cron.clone(),
                reason: error.to_string(),
            })
    }

    fn known(&self, zone: &str) -> Result<TimeZone, ScheduleError> {
        TimeZone::get(zone).map_err(|_| ScheduleError::Zone {
            name: self.name.clone(),
            zone: zone.to_owned(),
        })
    }
}

/// Whether a clock on the wall in that zone comes to show such a time soon. There are times that no clock shows, as one who puts it forward leaves them out,
/// and an expression that fits nothing else would be looked for second by second, year after year.
fn comes(cron: &Cron, after: &Zoned) -> bool {
    let zone = after.time_zone();
    let mut wall = after.datetime();
    for _ in 0..LEFT_OUT_MAX {
        let Ok(as_utc) = wall.to_zoned(TimeZone::UTC) else {
            return false;
        };
        let Ok(next) = cron.find_next_occurrence(&as_utc, false) else {
            return false;
        };
        wall = next.datetime();
        let offset = zone.to_ambiguous_zoned(wall).offset();
        if !matches!(offset, AmbiguousOffset::Gap { .. }) {
            return true;
        }
    }
    false
}

/// Whether any day has a time for it: a list of nothing (`,`) is read as one.
fn has_time(cron: &Cron) -> bool {
    let hour = (0..24).any(|hour| cron.pattern.hour_match(hour).unwrap_or(false));
    let minute = (0..60).any(|minute| cron.pattern.minute_match(minute).unwrap_or(false));
    hour && minute
}

/// Whether any year has a day for it. Twenty-eight years in a row have each kind of year: leap or not, and beginning on each day of the week.
fn has_day(cron: &Cron) -> bool {
    let fits = |day: civil::Date| {
        let weekday = day.weekday().to_sunday_zero_offset().unsigned_abs();
        let weekday = Weekday::from_days_from_sunday(weekday.into());
        let (month, date) = (day.month().unsigned_abs(), day.day().unsigned_abs());
        let is_month = cron.pattern.month_match(month.into()).unwrap_or(false);
        is_month
            && cron
                .pattern
                .day_match(day.year().into(), month.into(), date.into(), weekday)
                .unwrap_or(false)
    };
    civil::date(2000, 1, 1)
        .series(1.day())
        .take_while(|day| day.year() < 2028)
        .any(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(cron: &str, zone: Option<&str>, after: &str) -> String {
        let schedule = Schedule {
            name: "digest".to_owned(),
            cron: cron.to_owned(),
            zone: zone.map(str::to_owned),
        };
        let next = schedule.next_after(after.parse().unwrap(), "Asia/Shanghai");
        next.unwrap()
            .map_or_else(|| "never".to_owned(), |next| next.to_string())
    }

    #[test]
    fn a_list_of_nothing_is_no_time() {
        for cron in [", 9 * * *", "0 , * * *", "0 9 , * *", "0 9 * , *"] {
            let schedule = Schedule {
                name: "digest".to_owned(),
                cron: cron.to_owned(),
                zone: None,
            };
            assert!(schedule.check().is_err(), "{cron}");
        }
    }

    #[test]
    fn nine_in_the_morning_is_read_in_the_tenants_zone_or_the_schedules_own() {
        assert_eq!(
            next("0 9 * * *", None, "2026-11-25T00:59:00Z"),
            "2026-11-25T01:00:00Z"
        );
        assert_eq!(
            next("0 9 * * *", None, "2026-11-25T01:00:00Z"),
            "2026-11-26T01:00:00Z"
        );
        assert_eq!(
            next("0 9 * * *", Some("UTC"), "2026-11-25T01:00:00Z"),
            "2026-11-25T09:00:00Z"
        );
    }

    #[test]
    fn nine_in_the_morning_stays_so_when_clocks_change() {
        let berlin = Some("Europe/Berlin");
        assert_eq!(
            next("0 9 * * *", berlin, "2026-03-28T12:00:00Z"),
            "2026-03-29T07:00:00Z"
        );
        assert_eq!(
            next("0 9 * * *", berlin, "2026-10-24T12:00:00Z"),
            "2026-10-25T08:00:00Z"
        );
    }

    #[test]
    fn a_time_that_the_clock_leaves_out_each_year_never_comes_and_is_not_looked_for_forever() {
        let never = next(
            "1-59/7 2 * 3 +7#L",
            Some("Europe/Berlin"),
            "2026-11-25T00:00:00Z",
        );
        assert_eq!(never, "never");
        let elsewhere = next("1-59/7 2 * 3 +7#L", Some("UTC"), "2026-11-25T00:00:00Z");
        assert_eq!(elsewhere, "2027-03-28T02:01:00Z");
    }

    #[test]
    fn a_day_that_no_year_has_is_refused_and_one_that_is_rare_is_waited_for() {
        let check = |cron: &str| {
            let schedule = Schedule {
                name: "digest".to_owned(),
                cron: cron.to_owned(),
                zone: None,
            };
            schedule.check()
        };
        for never in ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 30 2 +1"] {
            assert!(
                matches!(check(never), Err(ScheduleError::Never { .. })),
                "{never}"
            );
        }
        for some_day in [
            "0 0 29 2 *",
            "0 0 29 2 +4",
            "0 0 30 2 1",
            "0 0 L 2 *",
            "0 0 * 2 5#5",
        ] {
            assert_eq!(check(some_day), Ok(()), "{some_day}");
        }
        assert_eq!(
            next("0 0 29 2 +4", Some("UTC"), "2026-11-25T00:00:00Z"),
            "2052-02-29T00:00:00Z"
        );
    }

    #[test]
    fn what_is_no_expression_is_told_with_the_schedules_name() {
        let schedule = |cron: &str, zone: Option<&str>| Schedule {
            name: "digest".to_owned(),
            cron: cron.to_owned(),
            zone: zone.map(str::to_owned),
        };
        let error = schedule("every day", None).check().unwrap_err().to_string();
        assert!(
            error.contains("`digest`") && error.contains("`every day`"),
            "{error}"
        );
        assert!(
            schedule("0 0 9 * * *", None).check().is_err(),
            "seconds are not offered"
        );
        assert!(schedule("0 9 * * *", Some("Mars/Olympus")).check().is_err());
        assert_eq!(schedule("0 9 * * 1-5", None).check(), Ok(()));
    }
}
