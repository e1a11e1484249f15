//! Instants and durations as texts: `2026-03-01T09:00:00Z`, `1h30m`.

use crate::limits::DURATION_DAYS_MAX;
use guichet_core::time::Timestamp;
use jiff::Timestamp as Instant;

const DURATION_US_MAX: i64 = DURATION_DAYS_MAX * 86_400_000_000;

/// An instant of RFC 3339, with its zone's offset.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let at: Instant = text.parse().ok()?;
    Some(Timestamp(at.as_microsecond()))
}

/// An instant as RFC 3339, in UTC. Those beyond the calendar are shown at its end.
pub(crate) fn instant_text(at: Timestamp) -> String {
    let last = if at.0 < 0 { Instant::MIN } else { Instant::MAX };
    Instant::from_microsecond(at.0).unwrap_or(last).to_string()
}

/// Microseconds of a duration as CEL writes it: `1h30m`, `-90s`, `1.5h`, `20ms`.
pub(crate) fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let mut sum = 0i128;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|end| *end > 0)?;
        let (number, unit) = rest.split_at(digits);
        let end = unit
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(unit.len());
        let factor: i128 = match &unit[..end] {
            "h" => 3_600_000_000,
            "m" => 60_000_000,
            "s" => 1_000_000,
            "ms" => 1_000,
            "us" => 1,
            _ => return None,
        };
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.len() > 15 || part.len() > 9 || (whole.is_empty() && part.is_empty()) {
            return None;
        }
        let of = |digits: &str| -> Option<i128> {
            if digits.is_empty() {
                Some(0)
            } else {
                digits.parse().ok()
            }
        };
        let scale = 10i128.pow(u32::try_from(part.len()).ok()?);
        sum += of(whole)? * factor + of(part)? * factor / scale;
        rest = &unit[end..];
    }
    i64::try_from(sum)
        .ok()
        .filter(|us| *us <= DURATION_US_MAX)
        .map(|us| sign * us)
}

/// A duration as [`duration`] reads it.
pub(crate) fn duration_text(microseconds: i64) -> String {
    match microseconds {
        us if us % 3_600_000_000 == 0 => format!("{}h", us / 3_600_000_000),
        us if us % 1_000_000 == 0 => format!("{}s", us / 1_000_000),
        us => format!("{us}us"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_cel_writes_them() {
        assert_eq!(duration("24h"), Some(86_400_000_000));
        assert_eq!(duration("1h30m"), Some(5_400_000_000));
        assert_eq!(duration("1.5h"), Some(5_400_000_000));
        assert_eq!(duration("-90s"), Some(-90_000_000));
        assert_eq!(duration("20ms"), Some(20_000));
        for wrong in ["", "-", "h", "1", "1d", "1 h", "1h-2m", ".h", "1e3s", "٣h"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_longest_duration_is_a_hundred_years() {
        let hours = DURATION_DAYS_MAX * 24;
        assert_eq!(duration(&format!("{hours}h")), Some(DURATION_US_MAX));
        assert_eq!(duration(&format!("{hours}h1us")), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for us in [0, 1, 3_600_000_000, -5_000_000, 1_234_567] {
            assert_eq!(duration(&duration_text(us)), Some(us));
            assert_eq!(instant(&instant_text(Timestamp(us))), Some(Timestamp(us)));
        }
        assert_eq!(instant("2026-03-01"), None);
    }
}
