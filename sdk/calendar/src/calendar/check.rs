//! From what a person wrote to a calendar, or to what is wrong with it.

use super::{
    Calendar,
    error::{CalendarError, Fault},
    exceptions::Exceptions,
    window::Window,
    written::{Holiday, SpecialDay, Written},
};
use crate::{
    limits::{
        DAY_MINUTES_MAX, HOLIDAY_DAYS_MAX, HOLIDAYS_MAX, NAME_CHARS_MAX, SPECIAL_DAYS_MAX,
        WINDOWS_PER_DAY_MAX, YEAR_MAX, YEAR_MIN,
    },
    time::Micros,
};
use jiff::{
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};

impl TryFrom<Written> for Calendar {
    type Error = CalendarError;

    fn try_from(written: Written) -> Result<Self, CalendarError> {
        let mut week: [Vec<Window>; 7] = Default::default();
        for ((name, texts), windows) in written.week.days().into_iter().zip(&mut week) {
            *windows = day(texts, &format!("/week/{name}"))?;
        }
        Ok(Self {
            zone: zone(&written.zone)?,
            day: written.day_minutes.map(day_length).transpose()?,
            week,
            exceptions: exceptions(&written)?,
            written,
        })
    }
}

/// From the database that is part of the program: the same on every machine, and in a plugin.
fn zone(name: &str) -> Result<TimeZone, CalendarError> {
    let found = TimeZoneDatabase::bundled().get(name).ok();
    found
        .filter(|zone| !zone.is_unknown())
        .ok_or_else(|| Fault::Zone(name.to_owned()).at("/zone"))
}

fn day_length(minutes: u32) -> Result<Micros, CalendarError> {
    let most = DAY_MINUTES_MAX;
    match (1..=most).contains(&minutes) {
        true => Ok(Micros::from_minutes(minutes.into())),
        false => Err(Fault::Day { most }.at("/day_minutes")),
    }
}

/// The windows of a day, in their order.
fn day(texts: &[String], pointer: &str) -> Result<Vec<Window>, CalendarError> {
    few(texts.len(), WINDOWS_PER_DAY_MAX, pointer)?;
    let mut windows: Vec<Window> = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        let at = |fault: Fault| fault.at(format!("{pointer}/{index}"));
        let window = Window::read(text).map_err(at)?;
        if windows.iter().any(|other| other.overlaps(window)) {
            return Err(at(Fault::Overlap));
        }
        windows.push(window);
    }
    windows.sort_unstable();
    Ok(windows)
}

fn exceptions(written: &Written) -> Result<Exceptions, CalendarError> {
    let mut found = Exceptions::default();
    few(written.holidays.len(), HOLIDAYS_MAX, "/holidays")?;
    for (index, holiday) in written.holidays.iter().enumerate() {
        add_holiday(&mut found, holiday, &format!("/holidays/{index}"))?;
    }
    few(
        written.special_days.len(),
        SPECIAL_DAYS_MAX,
        "/special_days",
    )?;
    for (index, special) in written.special_days.iter().enumerate() {
        add_special(&mut found, special, &format!("/special_days/{index}"))?;
    }
    Ok(found)
}

fn add_holiday(
    found: &mut Exceptions,
    holiday: &Holiday,
    pointer: &str,
) -> Result<(), CalendarError> {
    short(&holiday.name, pointer)?;
    let first = date(&holiday.date, &format!("{pointer}/date"))?;
    let to = format!("{pointer}/to");
    let last = match &holiday.to {
        Some(text) => date(text, &to)?,
        None => first,
    };
    if last < first {
        return Err(Fault::Order.at(to));
    }
    let days = first.until(last).map_or(i32::MAX, |span| span.get_days());
    let (days, most) = (days.saturating_add(1), HOLIDAY_DAYS_MAX);
    if days > most {
        return Err(Fault::Long { days, most }.at(to));
    }
    match holiday.yearly {
        true => found.add_yearly(first, last),
        false => found.add_once(first, last),
    }
    Ok(())
}

fn add_special(
    found: &mut Exceptions,
    special: &SpecialDay,
    pointer: &str,
) -> Result<(), CalendarError> {
    short(&special.name, pointer)?;
    let at = format!("{pointer}/date");
    let date = date(&special.date, &at)?;
    let windows = day(&special.open, &format!("{pointer}/open"))?;
    match found.add_special(date, windows) {
        true => Ok(()),
        false => Err(Fault::Twice.at(at)),
    }
}

fn date(text: &str, pointer: &str) -> Result<Date, CalendarError> {
    // The library takes more than a date; a person who writes more means more.
    let is_plain = text.len() == "2026-10-01".len();
    let date = is_plain.then(|| text.parse::<Date>().ok()).flatten();
    date.filter(|date| (YEAR_MIN..=YEAR_MAX).contains(&date.year()))
        .ok_or_else(|| Fault::Date(text.to_owned()).at(pointer))
}

fn few(count: usize, most: usize, pointer: &str) -> Result<(), CalendarError> {
    match count <= most {
        true => Ok(()),
        false => Err(Fault::Many { count, most }.at(pointer)),
    }
}

fn short(name: &str, pointer: &str) -> Result<(), CalendarError> {
    let (chars, most) = (name.chars().count(), NAME_CHARS_MAX);
    match chars <= most {
        true => Ok(()),
        false => Err(Fault::Chars { chars, most }.at(format!("{pointer}/name"))),
    }
}
