//! Business time, and the clocks that run in it.
//!
//! - A **calendar** says when a desk is open: windows on each day of the week in the zone of a place, holidays, and days with windows of their own.
//! - A **clock** measures business time from a start to a stop, without the pauses, against a target. It tells of each mark (75 %, 100 %, …) once a cycle.
//! - Nothing here knows what time it is, reads a file or keeps anything: a clock is data, each operation is told its instant, each reading its calendar.
//!
//! Time is never counted down. A clock keeps the stretches it ran and paused; what has elapsed is their overlap with the calendar, at every reading anew.
//!
//! ```
//! use guichet_calendar::{Calendar, Instant};
//!
//! let desk = Calendar::read(r#"{ "zone": "Asia/Shanghai", "week": { "friday": ["09:00-12:00", "13:00-18:00"], "monday": ["09:00-12:00"] } }"#)?;
//! let friday_17_00 = Instant::from_micros(1_791_536_400_000_000);
//! let two_hours = desk.parse_duration("2h")?;
//! let monday_10_00 = Instant::from_micros(1_791_770_400_000_000);
//! assert_eq!(desk.add(friday_17_00, two_hours), Some(monday_10_00));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// 1. Instants, durations, spans.
mod time;

/// 2. When a desk is open.
mod calendar;

/// 3. What has elapsed, what is left, and which marks are reached.
mod clock;

/// Every bound, in one table.
pub mod limits;

pub use calendar::{
    Calendar, CalendarError, DurationError, Fault, Holiday, SpecialDay, Week, Written,
};
pub use clock::{Clock, ClockError, Mark, Paused, State, Stretch, Terms, TermsError};
pub use time::{Instant, Micros, Span};

/// The page for authors: what it shows is compiled, too.
#[cfg(doctest)]
#[doc = include_str!("../../docs/calendar.md")]
struct Page;
