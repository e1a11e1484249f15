//! Durations as people write them: `4h`, `90m`, `2d`, `1d4h`.

use crate::{limits::DURATION_US_MAX, time::Micros};
use thiserror::Error;

/// A duration that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DurationError {
    #[error("`{0}` is no duration: write days, hours and minutes, such as 4h, 90m, 2d or 1d4h")]
    Form(String),
    #[error(
        "the calendar does not say how long a day is: set its `day_minutes`, or write the duration in hours"
    )]
    Day,
    #[error("the duration is longer than ten years: write a shorter one")]
    Long,
}

/// From the largest unit to the smallest, each once at most.
pub(super) fn parse(text: &str, day: Option<Micros>) -> Result<Micros, DurationError> {
    let form = || DurationError::Form(text.to_owned());
    let mut rest = text.trim();
    let mut units = "dhm".chars();
    let mut sum = Micros::ZERO;
    if rest.is_empty() {
        return Err(form());
    }
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit());
        let (digits, after) = end
            .and_then(|end| rest.split_at_checked(end))
            .ok_or_else(form)?;
        let unit = after.chars().next().ok_or_else(form)?;
        if digits.is_empty() || !units.any(|next| next == unit) {
            return Err(form());
        }
        let length = match unit {
            'd' => day.ok_or(DurationError::Day)?,
            'h' => Micros::from_minutes(60),
            _ => Micros::from_minutes(1),
        };
        // Digits that are no number are too many.
        let count: i64 = digits.parse().map_err(|_| DurationError::Long)?;
        sum = sum + Micros(length.0.saturating_mul(count));
        rest = after[unit.len_utf8()..].trim_start();
    }
    match sum.0 <= DURATION_US_MAX {
        true => Ok(sum),
        false => Err(DurationError::Long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EIGHT_HOURS: Option<Micros> = Some(Micros::from_minutes(480));

    #[test]
    fn durations_are_days_hours_and_minutes() {
        let minutes = |text| parse(text, EIGHT_HOURS).map(|length| length.0 / 60_000_000);
        assert_eq!(minutes("4h"), Ok(240));
        assert_eq!(minutes("90m"), Ok(90));
        assert_eq!(minutes("2d"), Ok(960));
        assert_eq!(minutes("1d4h"), Ok(720));
        assert_eq!(minutes(" 1d 4h 5m "), Ok(725));
        assert_eq!(minutes("0m"), Ok(0));
    }

    #[test]
    fn a_day_is_as_long_as_the_calendar_says() {
        assert_eq!(
            parse("1d", Some(Micros::from_minutes(1_440))),
            parse("24h", None)
        );
        assert_eq!(parse("1d", None), Err(DurationError::Day));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "", " ", "4", "h", "4x", "4h2d", "4h4h", "-4h", "+4h", "1.5h", "4 h", "4H", "h4", "٤h",
        ] {
            let form = DurationError::Form(text.to_owned());
            assert_eq!(parse(text, EIGHT_HOURS), Err(form), "{text}");
        }
    }

    #[test]
    fn ten_years_are_the_longest() {
        let most = DURATION_US_MAX / 60_000_000;
        assert_eq!(
            parse(&format!("{most}m"), None),
            Ok(Micros(DURATION_US_MAX))
        );
        for text in [format!("{}m", most + 1), "9".repeat(30) + "h"] {
            assert_eq!(parse(&text, None), Err(DurationError::Long));
        }
    }
}
