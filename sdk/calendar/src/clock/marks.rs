//! Which thresholds are reached, and when the others will be.

use super::{Clock, State};
use crate::{
    calendar::Calendar,
    time::{Instant, Micros},
};
use serde::{Deserialize, Serialize};

/// A threshold at its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Of the target.
    pub percent: u16,
    /// When it is reached. A late one is reached at the change that made it so.
    pub at: Instant,
    /// It was in the past when a change made it true: no timer could have told it in time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl Clock {
    /// All marks of this cycle that were not taken, in order: those that are reached, and those that will be if nothing happens. The first is what a timer is
    /// set to.
    pub fn marks(&self, calendar: &Calendar) -> Vec<Mark> {
        if self.state() == State::Cancelled {
            return Vec::new();
        }
        let settled = self.marks.iter().skip(self.told).copied();
        settled.chain(self.open_marks(calendar)).collect()
    }

    /// Takes the marks that are reached at an instant. Each is handed out once a cycle.
    pub fn take_marks(&mut self, calendar: &Calendar, at: Instant) -> Vec<Mark> {
        if self.state() == State::Cancelled {
            return Vec::new();
        }
        self.settle(calendar, self.not_before_last(at));
        let taken = self.marks.iter().skip(self.told).copied().collect();
        self.told = self.marks.len();
        taken
    }

    /// Keeps the marks that are reached up to an instant: whatever is changed afterwards, they were.
    pub(super) fn settle(&mut self, calendar: &Calendar, at: Instant) {
        let reached = self.open_marks(calendar).filter(|mark| mark.at <= at);
        let reached: Vec<_> = reached.collect();
        self.marks.extend(reached);
    }

    fn open_marks(&self, calendar: &Calendar) -> impl Iterator<Item = Mark> {
        let is_known = |percent| self.marks.iter().any(|mark| mark.percent == percent);
        let open = self.terms.thresholds.iter().copied();
        open.filter(move |percent| !is_known(*percent))
            .filter_map(|percent| {
                let at = self.reached_at(calendar, self.terms.goal(percent))?;
                Some(Mark {
                    percent,
                    at: at.max(self.changed_at),
                    late: at <= self.changed_at,
                })
            })
    }

    /// The first instant at which so much business time has elapsed, if nothing happens. Within what was measured for good, it is the end of the stretch.
    pub(super) fn reached_at(&self, calendar: &Calendar, goal: Micros) -> Option<Instant> {
        let mut left = goal;
        for run in self.stretches.iter().filter(|stretch| stretch.is_run()) {
            let Some(to) = run.to else {
                return calendar.add(run.from, left);
            };
            let business = run.business(calendar, to);
            if left <= business {
                return match run.measured {
                    Some(_) => Some(to),
                    None => calendar.add(run.from, left),
                };
            }
            left = left - business;
        }
        None
    }
}
