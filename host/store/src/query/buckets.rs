//! Hours, days, weeks and months of a time zone, found by the database.
//!
//! The database knows no zones: it is told when the zone's offset changed, and reckons with whole numbers. So both databases agree with each other and
//! with the zone, over summer time and whatever else a country has decided.

use super::sql::Sql;
use crate::{db::Arg, error::StoreError};
use guichet_core::time::Timestamp;
use jiff::{
    Span, Timestamp as Instant,
    civil::{Date, date},
    tz::{Offset, TimeZone},
};

/// What instants are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Hour,
    Day,
    /// Begins on Monday.
    Week,
    Month,
}

impl Unit {
    /// The unit of that name: `hour`, `day`, `week`, `month`.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "hour" => Self::Hour,
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            _ => return None,
        })
    }
}

const HOUR_US: i64 = 3_600_000_000;
const DAY_US: i64 = 24 * HOUR_US;

/// Instants outside of these years are in no bucket.
const FIRST: Date = date(1970, 1, 1);
const LAST: Date = date(2100, 1, 1);

/// When the offset of a zone changed, and to what.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    zone: TimeZone,
    first: i64,
    last: i64,
    /// Offset at first, µs.
    begins_with: i64,
    /// From that instant on, that offset; in their order.
    changes: Vec<(i64, i64)>,
}

fn microseconds(offset: Offset) -> i64 {
    i64::from(offset.seconds()) * 1_000_000
}

impl Zone {
    /// The zone of that name.
    pub(super) fn named(name: &str) -> Result<Self, StoreError> {
        let unknown = || StoreError::Invalid(format!("there is no time zone `{name}`"));
        let zone = TimeZone::get(name).map_err(|_| unknown())?;
        let at = |date: Date| zone.to_timestamp(date.into()).map_err(|_| unknown());
        let (first, last) = (at(FIRST)?, at(LAST)?);
        let changes = zone
            .following(first)
            .take_while(|change| change.timestamp() < last)
            .map(|change| {
                (
                    change.timestamp().as_microsecond(),
                    microseconds(change.offset()),
                )
            });
        Ok(Self {
            begins_with: microseconds(zone.to_offset(first)),
            changes: changes.collect(),
            first: first.as_microsecond(),
            last: last.as_microsecond(),
            zone,
        })
    }

    /// Writes the number of the bucket of the instant that `column` holds; null for none.
    pub(super) fn push(&self, sql: &mut Sql, unit: Unit, column: &str) {
        sql.push(&format!("(case when {column} >= "));
        sql.value(Arg::Int(Some(self.first)));
        sql.push(&format!(" and {column} < "));
        sql.value(Arg::Int(Some(self.last)));
        sql.push(" then ");
        let local = |sql: &mut Sql| {
            sql.push(&format!("({column} + "));
            self.push_offset(sql, column, self.begins_with, &self.changes);
            sql.push(")");
        };
        // Every local time here is after 1969: whole numbers are divided towards the beginning.
        match unit {
            Unit::Hour => {
                // An hour that comes twice in autumn is two hours: its number is that of its beginning, in UTC.
                sql.push("(");
                local(sql);
                sql.push(&format!(" / {HOUR_US}) * {HOUR_US} - "));
                self.push_offset(sql, column, self.begins_with, &self.changes);
            }
            Unit::Day => {
                local(sql);
                sql.push(&format!(" / {DAY_US}"));
            }
            Unit::Week => {
                // The first of January 1970 was a Thursday.
                sql.push("(");
                local(sql);
                sql.push(&format!(" / {DAY_US} + 3) / 7"));
            }
            Unit::Month if sql.is_postgres => {
                for (place, (part, factor)) in [("year", "12"), ("month", "1")].iter().enumerate() {
                    sql.push(if place > 0 { " + " } else { "" });
                    sql.push(&format!("cast(extract({part} from timestamp 'epoch' + "));
                    local(sql);
                    sql.push(&format!(
                        " / 1000000 * interval '1 second') as bigint) * {factor}"
                    ));
                }
            }
            Unit::Month => {
                for (place, (part, factor)) in [("%Y", "12"), ("%m", "1")].iter().enumerate() {
                    sql.push(if place > 0 { " + " } else { "" });
                    sql.push(&format!("cast(strftime('{part}', "));
                    local(sql);
                    sql.push(&format!(" / 1000000, 'unixepoch') as integer) * {factor}"));
                }
            }
        }
        sql.push(" end)");
    }

    /// The offset at the instant: by halves, so that eight comparisons find one of two hundred changes.
    fn push_offset(&self, sql: &mut Sql, column: &str, before: i64, changes: &[(i64, i64)]) {
        let middle = changes.len() / 2;
        match changes.get(middle) {
            None => sql.value(Arg::Int(Some(before))),
            Some((at, offset)) => {
                sql.push(&format!("(case when {column} < "));
                sql.value(Arg::Int(Some(*at)));
                sql.push(" then ");
                self.push_offset(sql, column, before, &changes[..middle]);
                sql.push(" else ");
                self.push_offset(sql, column, *offset, &changes[middle + 1..]);
                sql.push(" end)");
            }
        }
    }

    /// When the bucket of that number begins.
    pub(super) fn beginning(&self, unit: Unit, number: i64) -> Result<Timestamp, StoreError> {
        let none = || StoreError::Damaged(format!("there is no {unit:?} {number}"));
        let days = |count: i64| {
            let span = Span::new().try_days(count).map_err(|_| none())?;
            FIRST.checked_add(span).map_err(|_| none())
        };
        let date = match unit {
            Unit::Hour => return Ok(Timestamp(number)),
            Unit::Day => days(number)?,
            Unit::Week => days(number * 7 - 3)?,
            Unit::Month => {
                let month = number - 1;
                let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
                let year = i16::try_from(year).map_err(|_| none())?;
                let month = i8::try_from(month).map_err(|_| none())?;
                Date::new(year, month, 1).map_err(|_| none())?
            }
        };
        // Where midnight was skipped, the day began when it could.
        let at: Instant = date
            .to_zoned(self.zone.clone())
            .map_err(|_| none())?
            .timestamp();
        Ok(Timestamp(at.as_microsecond()))
    }
}
