//! The windows of a calendar as spans of instants, day by day.

use super::{Calendar, wall, window::Window};
use crate::time::{Instant, Span};
use jiff::{ToSpan, civil::Date};
use std::slice;

/// Spans between two instants, in order. They may touch, and do not overlap.
pub(super) struct Openings<'a> {
    calendar: &'a Calendar,
    day: Date,
    last_day: Date,
    windows: slice::Iter<'a, Window>,
    /// All before this is told.
    reached: Instant,
    until: Instant,
}

impl<'a> Openings<'a> {
    pub(super) fn between(calendar: &'a Calendar, from: Instant, until: Instant) -> Self {
        // A window may reach into the next day. And where the clock is put back across midnight, as it was at one past in St John's, the wall shows a
        // date and then the one before it: hence one more day at either end.
        let day = wall::shown(&calendar.zone, from).date();
        let day = day.saturating_sub(2.days());
        let last_day = wall::shown(&calendar.zone, until).date();
        Self {
            calendar,
            day,
            last_day: last_day.saturating_add(1.day()),
            windows: calendar.windows_of(day).iter(),
            reached: from,
            until,
        }
    }

    fn next_window(&mut self) -> Option<Window> {
        loop {
            if let Some(window) = self.windows.next() {
                return Some(*window);
            }
            if self.day >= self.last_day {
                return None;
            }
            self.day = self.day.tomorrow().ok()?;
            self.windows = self.calendar.windows_of(self.day).iter();
        }
    }
}

impl Iterator for Openings<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let zone = &self.calendar.zone;
        while self.reached < self.until {
            let window = self.next_window()?;
            let from = wall::first(zone, window.start(self.day)).max(self.reached);
            let to = wall::after(zone, window.last(self.day)).min(self.until);
            if from < to {
                self.reached = to;
                return Some(Span { from, to });
            }
        }
        None
    }
}
