//! Days that are not as their day of the week.

use super::window::Window;
use jiff::civil::Date;
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Exceptions {
    special: BTreeMap<Date, Vec<Window>>,
    /// Last days of holidays, by their first days. None begins in another.
    once: BTreeMap<Date, Date>,
    /// Months and days of holidays that come back, with the date of the first time.
    yearly: BTreeMap<(i8, i8), Date>,
}

impl Exceptions {
    /// The windows of a date that has its own.
    pub(super) fn windows(&self, date: Date) -> Option<&[Window]> {
        match self.special.get(&date) {
            Some(windows) => Some(windows),
            None => self.is_holiday(date).then_some(&[]),
        }
    }

    fn is_holiday(&self, date: Date) -> bool {
        let before = self.once.range(..=date).next_back();
        let yearly = self.yearly.get(&(date.month(), date.day()));
        before.is_some_and(|(_, last)| *last >= date) || yearly.is_some_and(|first| *first <= date)
    }

    /// Whether the date had no windows of its own before.
    pub(super) fn add_special(&mut self, date: Date, windows: Vec<Window>) -> bool {
        self.special.insert(date, windows).is_none()
    }

    pub(super) fn add_once(&mut self, first: Date, last: Date) {
        let (mut first, mut last) = (first, last);
        // What it overlaps with becomes part of it.
        while let Some((&other, &end)) = self.once.range(..=last).next_back() {
            if end < first {
                break;
            }
            self.once.remove(&other);
            first = first.min(other);
            last = last.max(end);
        }
        self.once.insert(first, last);
    }

    pub(super) fn add_yearly(&mut self, first: Date, last: Date) {
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        for day in days.take_while(|day| *day <= last) {
            self.add_each_year(day.month(), day.day(), day);
            // In leap years a day comes between these two.
            if (day.month(), day.day()) == (2, 28) && day < last {
                self.add_each_year(2, 29, day);
            }
        }
    }

    fn add_each_year(&mut self, month: i8, day: i8, first: Date) {
        let known = self.yearly.entry((month, day)).or_insert(first);
        *known = first.min(*known);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn holidays_that_overlap_are_one() {
        let mut days = Exceptions::default();
        days.add_once(date(2026, 10, 1), date(2026, 10, 3));
        days.add_once(date(2026, 10, 20), date(2026, 10, 20));
        days.add_once(date(2026, 10, 3), date(2026, 10, 7));
        days.add_once(date(2026, 9, 30), date(2026, 10, 1));
        days.add_once(date(2026, 10, 2), date(2026, 10, 2));
        assert_eq!(days.once.len(), 2);
        assert!(!days.is_holiday(date(2026, 9, 29)));
        assert!(days.is_holiday(date(2026, 9, 30)));
        assert!(days.is_holiday(date(2026, 10, 7)));
        assert!(!days.is_holiday(date(2026, 10, 8)));
        assert!(days.is_holiday(date(2026, 10, 20)));
    }

    #[test]
    fn a_yearly_holiday_comes_back_and_was_not_there_before() {
        let mut days = Exceptions::default();
        days.add_yearly(date(2026, 12, 31), date(2027, 1, 2));
        assert!(!days.is_holiday(date(2026, 1, 1)));
        assert!(!days.is_holiday(date(2025, 12, 31)));
        for day in [date(2026, 12, 31), date(2027, 1, 1), date(2100, 1, 2)] {
            assert!(days.is_holiday(day));
        }
        assert!(!days.is_holiday(date(2100, 1, 3)));
    }

    #[test]
    fn the_29th_of_february_is_within_what_lasts_from_february_to_march() {
        let mut days = Exceptions::default();
        days.add_yearly(date(2026, 2, 28), date(2026, 3, 1));
        assert!(days.is_holiday(date(2028, 2, 29)));
        let mut days = Exceptions::default();
        days.add_yearly(date(2026, 2, 28), date(2026, 2, 28));
        assert!(!days.is_holiday(date(2028, 2, 29)));
        days.add_yearly(date(2028, 2, 29), date(2028, 2, 29));
        assert!(days.is_holiday(date(2032, 2, 29)));
        assert!(!days.is_holiday(date(2033, 3, 1)));
    }

    #[test]
    fn a_special_day_wins_over_a_holiday() {
        let mut days = Exceptions::default();
        days.add_once(date(2026, 12, 24), date(2026, 12, 26));
        days.add_special(date(2026, 12, 24), vec![Window::WHOLE_DAY]);
        assert_eq!(
            days.windows(date(2026, 12, 24)),
            Some(&[Window::WHOLE_DAY][..])
        );
        assert_eq!(days.windows(date(2026, 12, 25)), Some(&[][..]));
        assert_eq!(days.windows(date(2026, 12, 27)), None);
    }
}
