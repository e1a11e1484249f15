//! When an agent works, and how many open tickets he has at most. Without a record an agent is always on shift, and has no bound.

use crate::limits::CAPACITY_MAX;
use guichet_calendar::Calendar;
use serde::{Deserialize, Serialize};

/// An agent's shift, as it is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Windows of each day of the week in a zone, and dates with windows of their own or none. Without it: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// Open tickets; 0: no bound.
    #[serde(default)]
    pub capacity: u32,
}

impl Shift {
    /// Whether the agent works at that instant.
    pub fn is_on(&self, at_us: u64) -> bool {
        let calendar = self.calendar.as_ref();
        calendar.is_none_or(|calendar| calendar.is_open(at_us.into()))
    }

    /// Whether an agent with so many open tickets can have one more.
    pub fn has_room(&self, open: u32) -> bool {
        self.capacity == 0 || open < self.capacity
    }

    /// Whether its capacity may be.
    pub fn is_within_bounds(&self) -> bool {
        self.capacity <= CAPACITY_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday to Wednesday, with a lunch gap; 7 October off, and on Saturday the 10th worked instead.
    fn shift() -> Shift {
        serde_json::from_value(serde_json::json!({
            "capacity": 2,
            "calendar": {
                "zone": "Asia/Shanghai",
                "week": { "monday": ["09:00-12:00", "13:00-18:00"], "tuesday": ["09:00-12:00", "13:00-18:00"], "wednesday": ["22:00-06:00"] },
                "special_days": [{ "date": "2026-10-07", "open": [] }, { "date": "2026-10-10", "open": ["09:00-12:00"] }],
            },
        }))
        .unwrap()
    }

    #[test]
    fn an_agent_is_on_shift_in_his_windows_in_his_zone_and_on_dates_of_their_own() {
        let (day, hour) = (86_400_000_000_u64, 3_600_000_000_u64);
        // Monday, 5 October 2026, midnight in Shanghai.
        let monday = 1_791_129_600_000_000;
        for (at, is_on) in [
            (monday + 8 * hour, false),
            (monday + 9 * hour, true),
            (monday + 12 * hour, false),
            (monday + 13 * hour, true),
            (monday + 18 * hour, false),
            (monday + day + 10 * hour, true),
            (monday + 2 * day + 23 * hour, false),
            (monday + 5 * day + 10 * hour, true),
            (monday + 5 * day + 14 * hour, false),
            (monday + 9 * day + 23 * hour, true),
            (monday + 10 * day + 5 * hour, true),
            (monday + 10 * day + 6 * hour, false),
        ] {
            assert_eq!(shift().is_on(at), is_on, "{at}");
        }
        assert!(Shift::default().is_on(monday));
    }

    #[test]
    fn a_capacity_is_the_last_ticket_that_there_is_room_for() {
        assert!(shift().has_room(1) && !shift().has_room(2));
        assert!(Shift::default().has_room(u32::MAX));
        let with = |capacity| Shift {
            capacity,
            ..Shift::default()
        };
        assert!(
            with(CAPACITY_MAX).is_within_bounds() && !with(CAPACITY_MAX + 1).is_within_bounds()
        );
    }

    #[test]
    fn a_shift_is_written_as_it_is_read() {
        let text = serde_json::to_string(&shift()).unwrap();
        assert_eq!(serde_json::from_str::<Shift>(&text).unwrap(), shift());
    }
}
