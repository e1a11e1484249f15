//! Calendars at hand, by the names under which clocks know them.

use guichet_calendar::Calendar;
use std::collections::BTreeMap;

/// Calendars by label, such as `cn@7`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shelf(BTreeMap<String, Calendar>);

impl Shelf {
    pub fn put(&mut self, label: impl Into<String>, calendar: Calendar) {
        self.0.insert(label.into(), calendar);
    }

    pub fn has(&self, label: &str) -> bool {
        self.0.contains_key(label)
    }

    /// The calendar of that name. One that is not at hand is open at every instant: a promise is then rather kept too early than forgotten.
    pub fn get(&self, label: &str) -> &Calendar {
        self.0.get(label).unwrap_or_else(|| Calendar::always())
    }
}
