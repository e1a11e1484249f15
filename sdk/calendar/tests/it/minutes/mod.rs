//! Another implementation, as simple as can be: it looks at every minute, and knows nothing of spans.

/// What a clock counts.
pub(crate) mod clock;

/// What the walls of a zone show.
pub(crate) mod walls;

use guichet_calendar::{Holiday, SpecialDay, Week, Written};
use jiff::civil::Date;

/// Minutes of a day's wall from which to which it is open; beyond 1440 on the next day.
pub(crate) type Windows = Vec<(i64, i64)>;

/// What a calendar is made of.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) zone: &'static str,
    /// From Monday on.
    pub(crate) week: [Windows; 7],
    /// First and last day, and whether it comes back every year.
    pub(crate) holidays: Vec<(Date, Date, bool)>,
    pub(crate) special: Vec<(Date, Windows)>,
}

impl Plan {
    pub(crate) fn written(&self) -> Written {
        let [
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
        ] = self.week.each_ref().map(|windows| texts(windows));
        let holidays = self.holidays.iter().map(|(first, last, yearly)| Holiday {
            date: first.to_string(),
            to: (first != last).then(|| last.to_string()),
            yearly: *yearly,
            ..Holiday::default()
        });
        let special = self.special.iter().map(|(date, windows)| SpecialDay {
            date: date.to_string(),
            open: texts(windows),
            ..SpecialDay::default()
        });
        Written {
            zone: self.zone.to_owned(),
            week: Week {
                monday,
                tuesday,
                wednesday,
                thursday,
                friday,
                saturday,
                sunday,
            },
            holidays: holidays.collect(),
            special_days: special.collect(),
            ..Written::default()
        }
    }

    fn windows(&self, day: Date) -> &[(i64, i64)] {
        if let Some((_, windows)) = self.special.iter().find(|(date, _)| *date == day) {
            return windows;
        }
        let month_and_day = |date: &Date| (date.month(), date.day());
        let is_holiday = self.holidays.iter().any(|(first, last, yearly)| {
            let (from, to) = (month_and_day(first), month_and_day(last));
            let today = month_and_day(&day);
            match yearly {
                false => *first <= day && day <= *last,
                true if day < *first => false,
                true if from <= to => from <= today && today <= to,
                true => from <= today || today <= to,
            }
        });
        match is_holiday {
            true => &[],
            false => &self.week[day.weekday().to_monday_zero_offset() as usize],
        }
    }
}

fn texts(windows: &[(i64, i64)]) -> Vec<String> {
    let time = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    let end = |minute: i64| if minute > 1440 { minute - 1440 } else { minute };
    let windows = windows.iter();
    windows
        .map(|(from, to)| format!("{}-{}", time(*from), time(end(*to))))
        .collect()
}
