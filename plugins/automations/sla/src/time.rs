//! Instants and durations as they are written: RFC 3339 for programs, a few words for people. Dates as days since 1970.

use guichet_calendar::{Instant, Micros};

const SECOND_US: i64 = 1_000_000;
const DAY_S: i64 = 86_400;

/// `2026-10-08T03:30:00Z`; parts of a second where there are any.
pub fn rfc3339(at: Instant) -> String {
    let us = at.as_micros();
    let (seconds, part) = (us.div_euclid(SECOND_US), us.rem_euclid(SECOND_US));
    let (day, second) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
    let part = match part {
        0 => String::new(),
        part => format!(".{part:06}"),
    };
    let (hours, minutes) = (second / 3_600, second / 60 % 60);
    format!(
        "{}T{hours:02}:{minutes:02}:{:02}{part}Z",
        date(day),
        second % 60
    )
}

/// An instant that somebody wrote, in any zone; without a zone it is in UTC, and without seconds it is at the beginning of a minute.
pub fn parse(text: &str) -> Option<Instant> {
    let text = text.trim();
    let (day, time) = text.split_once(['T', 't', ' '])?;
    let day = parse_date(day)?;
    let (time, offset_s) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, 0),
        None => match time.rfind(['+', '-']) {
            Some(at) => (time.get(..at)?, offset(time.get(at..)?)?),
            None => (time, 0),
        },
    };
    let (clock, part) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = clock.split(':');
    let mut next = |most: i64| {
        let digits = parts.next()?;
        number(digits, 2).filter(|number| *number <= most)
    };
    let (hours, minutes) = (next(23)?, next(59)?);
    let seconds = match clock.len() {
        5 => 0,
        8 => next(59)?,
        _ => return None,
    };
    if part.is_empty() || part.len() > 9 || !part.bytes().all(|one| one.is_ascii_digit()) {
        return None;
    }
    let us: i64 = format!("{part:0<6}").get(..6)?.parse().ok()?;
    let seconds = day * DAY_S + hours * 3_600 + minutes * 60 + seconds - offset_s;
    let us = seconds * SECOND_US + us;
    (0..=Instant::LAST.as_micros())
        .contains(&us)
        .then(|| Instant::from_micros(us))
}

fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let seconds = (hours <= 23 && minutes <= 59).then_some(hours * 3_600 + minutes * 60)?;
    Some(if sign == "-" { -seconds } else { seconds })
}

fn number(digits: &str, length: usize) -> Option<i64> {
    let is_number = digits.len() == length && digits.bytes().all(|one| one.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// `2026-10-08`, of the days since 1970.
pub fn date(day: i64) -> String {
    // Days are counted from 1 March of the year 0: leap days then come last in their year.
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{:02}",
        of_year - (153 * shifted + 2) / 5 + 1
    )
}

/// Days since 1970 of `2026-10-08`.
pub fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (
        number(parts.next()?, 4)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let shifted_year = year - i64::from(month <= 2);
    let (era, year_of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    let days = era * 146_097 + of_era - 719_468;
    // The 31st of a month that has none would be written otherwise.
    (date(days) == text).then_some(days)
}

/// The day of an instant in UTC, since 1970.
pub fn day_of(at: Instant) -> i64 {
    at.as_micros().div_euclid(SECOND_US * DAY_S)
}

/// Whole seconds, rounded down.
pub fn seconds(time: Micros) -> i64 {
    time.0.div_euclid(SECOND_US)
}

#[cfg(test)]
mod tests;
