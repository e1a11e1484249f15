//! Of calendars.

use crate::at;
use guichet_calendar::{
    Calendar, CalendarError, Fault, Holiday, Micros, SpecialDay, Week, Written, limits,
};
use jiff::{ToSpan, civil::date};

fn utc() -> Written {
    Written {
        zone: "UTC".to_owned(),
        ..Written::default()
    }
}

fn at_edge(most: usize, place: &str, made: impl Fn(usize) -> Written) {
    let taken = |count| Calendar::try_from(made(count));
    assert!(taken(most).is_ok(), "{most} fit");
    let CalendarError { pointer, .. } = taken(most + 1).expect_err("one more is too many");
    assert_eq!(pointer, place);
}

fn dates(count: usize) -> impl Iterator<Item = String> {
    (0..count as i64).map(|days| (date(2026, 1, 1) + days.days()).to_string())
}

fn holiday(first: &str) -> Holiday {
    Holiday {
        date: first.to_owned(),
        ..Holiday::default()
    }
}

#[test]
fn windows_holidays_and_special_days_are_so_many() {
    at_edge(limits::WINDOWS_PER_DAY_MAX, "/week/sunday", |count| {
        let window = |index: usize| {
            format!(
                "{:02}:{:02}-{:02}:{:02}",
                index / 2,
                index % 2 * 30,
                index / 2,
                index % 2 * 30 + 10
            )
        };
        let sunday = (0..count).map(window).collect();
        let week = Week {
            sunday,
            ..Week::default()
        };
        Written { week, ..utc() }
    });
    at_edge(limits::HOLIDAYS_MAX, "/holidays", |count| {
        let holidays = dates(count).map(|date| holiday(&date)).collect();
        Written { holidays, ..utc() }
    });
    at_edge(limits::SPECIAL_DAYS_MAX, "/special_days", |count| {
        let special_days = dates(count).map(|date| SpecialDay {
            date,
            ..SpecialDay::default()
        });
        Written {
            special_days: special_days.collect(),
            ..utc()
        }
    });
}

#[test]
fn holidays_and_their_names_are_so_long() {
    at_edge(
        limits::HOLIDAY_DAYS_MAX as usize,
        "/holidays/0/to",
        |days| {
            let to = date(2026, 1, 1) + (days as i64 - 1).days();
            let to = Some(to.to_string());
            let holidays = vec![Holiday {
                to,
                yearly: true,
                ..holiday("2026-01-01")
            }];
            Written { holidays, ..utc() }
        },
    );
    at_edge(limits::NAME_CHARS_MAX, "/holidays/0/name", |chars| {
        let name = "节".repeat(chars);
        let holidays = vec![Holiday {
            name,
            ..holiday("2026-01-01")
        }];
        Written { holidays, ..utc() }
    });
    at_edge(
        limits::DAY_MINUTES_MAX as usize,
        "/day_minutes",
        |minutes| Written {
            day_minutes: Some(minutes as u32),
            ..utc()
        },
    );
}

#[test]
fn dates_lie_in_the_years_that_are_known() {
    let fault = |date: &str| {
        let holidays = vec![holiday(date)];
        let made = Calendar::try_from(Written { holidays, ..utc() });
        made.err().map(|error| error.fault)
    };
    for (date, is_taken) in [
        (format!("{}-12-31", limits::YEAR_MIN - 1), false),
        (format!("{}-01-01", limits::YEAR_MIN), true),
        (format!("{}-12-31", limits::YEAR_MAX), true),
        (format!("{}-01-01", limits::YEAR_MAX + 1), false),
    ] {
        let wanted = (!is_taken).then(|| Fault::Date(date.clone()));
        assert_eq!(fault(&date), wanted);
    }
}

#[test]
fn business_time_is_looked_for_so_far_ahead() {
    let day = date(2036, 3, 1);
    let special_days = vec![SpecialDay {
        date: day.to_string(),
        open: vec!["00:00-24:00".to_owned()],
        ..SpecialDay::default()
    }];
    let calendar = Calendar::try_from(Written {
        special_days,
        ..utc()
    })
    .unwrap();
    let opens = at("2036-03-01T00:00Z");
    let before = Micros(-limits::SEARCH_DAYS_MAX * 86_400_000_000);
    assert_eq!(calendar.next_open(opens + before), None);
    assert_eq!(calendar.next_open(opens + before + Micros(1)), Some(opens));
    assert_eq!(
        calendar.add(opens + before + Micros(1), Micros(1)),
        Some(opens + Micros(1))
    );
    assert_eq!(calendar.add(opens + before + Micros(1), Micros(2)), None);
}
