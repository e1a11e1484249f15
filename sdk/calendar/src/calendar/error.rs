//! What is wrong with a calendar: at which place of its JSON, and what its author does about it.

use thiserror::Error;

/// A calendar that is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{fault}", place(pointer))]
pub struct CalendarError {
    /// Where, as a JSON Pointer (RFC 6901); empty for the whole.
    pub pointer: String,
    pub fault: Fault,
}

fn place(pointer: &str) -> String {
    match pointer {
        "" => String::new(),
        pointer => format!("{pointer}: "),
    }
}

/// What is wrong there. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("{0}")]
    Json(String),
    #[error(
        "`{0}` is no time zone: write its name in the IANA database, such as Asia/Shanghai, Europe/Berlin or UTC"
    )]
    Zone(String),
    #[error(
        "`{0}` is no window: write when it begins and ends, such as 09:00-18:00, or 00:00-24:00 for a whole day"
    )]
    Window(String),
    #[error(
        "the window begins and ends at the same time: write 00:00-24:00 for a whole day, or leave it out"
    )]
    Nothing,
    #[error("the window overlaps with another of the same day: write both as one")]
    Overlap,
    #[error(
        "`{0}` is no date from {first} to {last}: write year, month and day, such as 2026-10-01",
        first = crate::limits::YEAR_MIN,
        last = crate::limits::YEAR_MAX
    )]
    Date(String),
    #[error("the last day is before the first: exchange them")]
    Order,
    #[error("these are {days} days, at most {most} may be one holiday: write several")]
    Long { days: i32, most: i32 },
    #[error("the day is there twice: write all its windows at one of them")]
    Twice,
    #[error("a day has from 1 to {most} minutes")]
    Day { most: u32 },
    #[error(
        "there are {count}, at most {most} may stand here: leave some out, such as those of past years"
    )]
    Many { count: usize, most: usize },
    #[error("the name has {chars} characters, at most {most} may stand here: shorten it")]
    Chars { chars: usize, most: usize },
}

impl Fault {
    pub(super) fn at(self, pointer: impl Into<String>) -> CalendarError {
        CalendarError {
            pointer: pointer.into(),
            fault: self,
        }
    }
}
