//! What a clock on the wall shows at every minute, and whether it is open by it.

use super::{Plan, Windows};
use jiff::{Timestamp, ToSpan, civil::date, tz::TimeZoneDatabase};

/// No clock is put back by more than this in the zones that are tried.
const BACK_MINUTES_MAX: i64 = 180;

/// Minutes are counted since 1970, those of the wall by what it shows.
pub(crate) struct Walls {
    pub(crate) zone: &'static str,
    /// What has been shown at most until then.
    most: Vec<i64>,
    /// What is shown at least from then on.
    least: Vec<i64>,
}

impl Walls {
    pub(crate) fn of(name: &'static str, from: i64, to: i64) -> Self {
        let zone = TimeZoneDatabase::bundled().get(name).unwrap();
        let wall = |minute: i64| {
            let at = Timestamp::from_second(minute * 60).unwrap();
            minute + i64::from(zone.to_offset(at).seconds()) / 60
        };
        let around = from - BACK_MINUTES_MAX..to + BACK_MINUTES_MAX;
        let mut most: Vec<i64> = around.map(wall).collect();
        let mut least = most.clone();
        for index in 1..most.len() {
            most[index] = most[index].max(most[index - 1]);
        }
        for index in (1..least.len()).rev() {
            least[index - 1] = least[index - 1].min(least[index]);
        }
        let margin = BACK_MINUTES_MAX as usize;
        for walls in [&mut most, &mut least] {
            walls.truncate(walls.len() - margin);
            walls.drain(..margin);
        }
        Self {
            zone: name,
            most,
            least,
        }
    }

    /// Whether the clock was put forward or back meanwhile.
    pub(crate) fn is_changed(&self) -> bool {
        let minutes = self.most.len() as i64 - 1;
        self.most[self.most.len() - 1] - self.most[0] != minutes
    }

    /// Whether it is open, for each minute.
    pub(crate) fn open(&self, plan: &Plan) -> Vec<bool> {
        let first_day = self.least[0].div_euclid(1440) - 1;
        let last_day = self.most[self.most.len() - 1].div_euclid(1440);
        let days: Vec<Windows> = (first_day..=last_day)
            .map(|day| {
                let windows = plan.windows(date(1970, 1, 1) + day.days()).iter();
                let since_1970 = |(from, to): &(i64, i64)| (day * 1440 + from, day * 1440 + to);
                windows.map(since_1970).collect()
            })
            .collect();
        let walls = self.most.iter().zip(&self.least);
        walls
            .map(|(most, least)| {
                // Yesterday's windows may go on. One is open once its start has been shown, as long as less than its end is still to be.
                let these = least.div_euclid(1440) - 1..=most.div_euclid(1440);
                let mut windows = these.flat_map(|day| &days[(day - first_day) as usize]);
                windows.any(|(start, end)| start <= most && least < end)
            })
            .collect()
    }
}
