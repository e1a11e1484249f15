//! From a time of day to another, as a clock on the wall shows them.

use super::error::Fault;
use jiff::civil::{Date, DateTime};

const DAY: u16 = 24 * 60;

/// Minutes since the midnight with which its day begins. It ends after it begins, on the next day if need be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Window {
    start: u16,
    end: u16,
}

impl Window {
    pub(super) const WHOLE_DAY: Self = Self { start: 0, end: DAY };

    /// `09:00-18:00`, `22:00-06:00`, `00:00-24:00`. A dash of any length, and blanks around it.
    pub(super) fn read(text: &str) -> Result<Self, Fault> {
        let form = || Fault::Window(text.to_owned());
        let (start, end) = text.split_once(['-', '–', '—']).ok_or_else(form)?;
        let start = minute(start.trim()).ok_or_else(form)?;
        let end = minute(end.trim()).ok_or_else(form)?;
        if start == DAY {
            return Err(form());
        }
        if start == end {
            return Err(Fault::Nothing);
        }
        let end = if end < start { end + DAY } else { end };
        Ok(Self { start, end })
    }

    pub(super) fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// What the wall shows when it begins.
    pub(super) fn start(self, day: Date) -> DateTime {
        wall(day, self.start, 0, 0)
    }

    /// What the wall shows last before it ends.
    pub(super) fn last(self, day: Date) -> DateTime {
        wall(day, self.end - 1, 59, 999_999_000)
    }
}

/// Minutes since midnight of `09:00`, up to `24:00`.
fn minute(text: &str) -> Option<u16> {
    let number = |digits: &str| {
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = text.split_once(':')?;
    if !(1..=2).contains(&hours.len()) || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= DAY).then_some(hours * 60 + minutes)
}

fn wall(day: Date, minute: u16, second: i8, nanosecond: i32) -> DateTime {
    let (day, minute) = match minute.checked_sub(DAY) {
        // The last day of all has no next; no calendar comes near it.
        Some(minute) => (day.tomorrow().unwrap_or(day), minute),
        None => (day, minute),
    };
    let two_digits = |number: u16| i8::try_from(number).unwrap_or_default();
    day.at(
        two_digits(minute / 60),
        two_digits(minute % 60),
        second,
        nanosecond,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_window_is_read_as_people_write_it() {
        let window = |start, end| Ok(Window { start, end });
        assert_eq!(Window::read("09:00-18:00"), window(540, 1080));
        assert_eq!(Window::read("9:00 – 18:30"), window(540, 1110));
        assert_eq!(Window::read("22:00-06:00"), window(1320, 1800));
        assert_eq!(Window::read("18:00-00:00"), window(1080, 1440));
        assert_eq!(Window::read("00:00-24:00"), Ok(Window::WHOLE_DAY));
    }

    #[test]
    fn what_is_no_window_is_refused() {
        for text in [
            "",
            "09:00",
            "09:00-",
            "9-18",
            "09:00-18:60",
            "09:00-24:01",
            "24:00-08:00",
            "009:00-10:00",
            "+9:00-10:00",
            "09:00-12:00-13:00",
            "09:0-12:00",
            "０９:00-12:00",
        ] {
            assert_eq!(Window::read(text), Err(Fault::Window(text.to_owned())));
        }
        assert_eq!(Window::read("08:00-08:00"), Err(Fault::Nothing));
    }

    #[test]
    fn a_window_across_midnight_ends_on_the_next_day() {
        let window = Window::read("22:00-06:00").unwrap();
        let day = date(2026, 12, 31);
        assert_eq!(window.start(day), date(2026, 12, 31).at(22, 0, 0, 0));
        assert_eq!(
            window.last(day),
            date(2027, 1, 1).at(5, 59, 59, 999_999_000)
        );
        let whole = Window::WHOLE_DAY.last(day);
        assert_eq!(whole, date(2026, 12, 31).at(23, 59, 59, 999_999_000));
    }

    #[test]
    fn windows_that_touch_do_not_overlap() {
        let window = |text| Window::read(text).unwrap();
        assert!(!window("09:00-12:00").overlaps(window("12:00-13:00")));
        assert!(window("22:00-06:00").overlaps(window("23:00-24:00")));
    }
}
