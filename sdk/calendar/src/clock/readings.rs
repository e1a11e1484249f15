//! What a clock shows at an instant.

use super::{Clock, State};
use crate::{
    calendar::Calendar,
    time::{Instant, Micros},
};
use serde::Serialize;

/// How long a clock was paused for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paused {
    pub reason: String,
    /// Business time, by which the due instant moved.
    pub business: Micros,
    /// As the clock on the wall measures it.
    pub wall: Micros,
}

/// Each reading is handed the calendar that the terms name.
impl Clock {
    /// Business time in which it ran.
    pub fn elapsed(&self, calendar: &Calendar, at: Instant) -> Micros {
        let at = self.not_before_last(at);
        let runs = self.stretches.iter().filter(|stretch| stretch.is_run());
        runs.map(|run| run.business(calendar, at)).sum()
    }

    /// What is left of the target; less than nothing once it has gone by.
    pub fn remaining(&self, calendar: &Calendar, at: Instant) -> Micros {
        self.terms.target - self.elapsed(calendar, at)
    }

    /// Whether the target has gone by: it is missed while it runs, while it is paused, and for good.
    pub fn is_missed(&self, calendar: &Calendar, at: Instant) -> bool {
        self.remaining(calendar, at) <= Micros::ZERO
    }

    /// When the target has gone by or will have, if nothing happens; for a clock that runs.
    ///
    /// There is none while it is paused, and where the calendar has too little business time within ten years.
    pub fn due(&self, calendar: &Calendar) -> Option<Instant> {
        match self.state() {
            State::Running => self.reached_at(calendar, self.terms.target),
            _ => None,
        }
    }

    /// How long it was paused, by reason, in the order in which they first came.
    pub fn paused(&self, calendar: &Calendar, at: Instant) -> Vec<Paused> {
        let at = self.not_before_last(at);
        let mut sums: Vec<Paused> = Vec::new();
        for stretch in &self.stretches {
            let Some(reason) = &stretch.reason else {
                continue;
            };
            let (business, wall) = (stretch.business(calendar, at), stretch.wall(at));
            match sums.iter_mut().find(|sum| sum.reason == *reason) {
                Some(sum) => {
                    sum.business = sum.business + business;
                    sum.wall = sum.wall + wall;
                }
                None => sums.push(Paused {
                    reason: reason.clone(),
                    business,
                    wall,
                }),
            }
        }
        sums
    }
}
