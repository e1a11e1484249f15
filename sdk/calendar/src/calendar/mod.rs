//! When a desk is open.
//!
//! - A calendar is made from what a person wrote ([`Written`]); what is made is right, so that nothing below can fail.
//! - Each day's **windows** are what a clock on the wall shows; they become spans of instants day by day, where that clock is put forward or back, too.
//! - Business time is looked for ten years ahead, and no further.

/// 1. As a person writes it.
mod written;

/// 2. What is read of that, and what is wrong with it.
mod check;
mod error;
mod exceptions;
mod window;

/// 3. From the wall to instants.
mod openings;
mod wall;

/// 4. "1d" in this calendar.
mod duration;

pub use duration::DurationError;
pub use error::{CalendarError, Fault};
pub use written::{Holiday, SpecialDay, Week, Written};

use crate::{
    limits::SEARCH_DAYS_MAX,
    time::{Instant, Micros, Span},
};
use exceptions::Exceptions;
use jiff::{civil::Date, tz::TimeZone};
use openings::Openings;
use serde::{Deserialize, Serialize};
use std::{iter, sync::LazyLock};
use window::Window;

/// When a desk is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Calendar {
    written: Written,
    zone: TimeZone,
    day: Option<Micros>,
    /// From Monday on.
    week: [Vec<Window>; 7],
    exceptions: Exceptions,
}

impl Calendar {
    /// Open at every instant; a day has 24 hours.
    pub fn always() -> &'static Self {
        static ALWAYS: LazyLock<Calendar> = LazyLock::new(|| {
            let whole_day = || vec!["00:00-24:00".to_owned()];
            Calendar {
                written: Written {
                    zone: "UTC".to_owned(),
                    day_minutes: Some(24 * 60),
                    week: Week {
                        monday: whole_day(),
                        tuesday: whole_day(),
                        wednesday: whole_day(),
                        thursday: whole_day(),
                        friday: whole_day(),
                        saturday: whole_day(),
                        sunday: whole_day(),
                    },
                    ..Written::default()
                },
                zone: TimeZone::UTC,
                day: Some(Micros::from_minutes(24 * 60)),
                week: std::array::from_fn(|_| vec![Window::WHOLE_DAY]),
                exceptions: Exceptions::default(),
            }
        });
        &ALWAYS
    }

    /// From JSON.
    ///
    /// # Errors
    /// Where and why it is no calendar.
    pub fn read(json: &str) -> Result<Self, CalendarError> {
        let written: Written =
            serde_json::from_str(json).map_err(|error| Fault::Json(error.to_string()).at(""))?;
        written.try_into()
    }

    /// What it was made from.
    pub fn written(&self) -> &Written {
        &self.written
    }

    pub fn is_open(&self, at: Instant) -> bool {
        Openings::between(self, at, at + Micros(1)).next().is_some()
    }

    /// When it is open next: now, if it is.
    pub fn next_open(&self, at: Instant) -> Option<Instant> {
        let next = Openings::between(self, at, horizon(at)).next();
        next.map(|span| span.from)
    }

    /// When it is open between two instants. The spans are as long as may be: no two touch.
    pub fn windows(&self, from: Instant, to: Instant) -> impl Iterator<Item = Span> {
        let mut parts = Openings::between(self, from, to).peekable();
        iter::from_fn(move || {
            let mut span = parts.next()?;
            while let Some(next) = parts.next_if(|next| next.from == span.to) {
                span.to = next.to;
            }
            Some(span)
        })
    }

    /// Business time between two instants; none where the second is earlier.
    pub fn overlap(&self, from: Instant, to: Instant) -> Micros {
        Openings::between(self, from, to).map(Span::length).sum()
    }

    /// The first instant at which so much business time has gone by: the end of a window rather than the beginning of the next, and `from` itself for
    /// nothing. There is none if the next ten years have less.
    pub fn add(&self, from: Instant, business: Micros) -> Option<Instant> {
        let mut left = business;
        if left <= Micros::ZERO {
            return Some(from);
        }
        for span in Openings::between(self, from, horizon(from)) {
            if left <= span.length() {
                return Some(span.from + left);
            }
            left = left - span.length();
        }
        None
    }

    /// Business time such as `4h`, `90m`, `2d` or `1d4h`; a day is as long as `day_minutes` says.
    ///
    /// # Errors
    /// What is to be written instead.
    pub fn parse_duration(&self, text: &str) -> Result<Micros, DurationError> {
        duration::parse(text, self.day)
    }

    fn windows_of(&self, date: Date) -> &[Window] {
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        let usual = self.week.get(weekday).map_or(&[][..], Vec::as_slice);
        self.exceptions.windows(date).unwrap_or(usual)
    }
}

fn horizon(from: Instant) -> Instant {
    from + Micros(SEARCH_DAYS_MAX * 86_400_000_000)
}

impl From<Calendar> for Written {
    fn from(calendar: Calendar) -> Self {
        calendar.written
    }
}
