//! A clock that keeps every minute, and counts them all whenever it is asked.

use guichet_calendar::State;

/// What is asked of a clock. Calendars are numbers.
#[derive(Debug, Clone)]
pub(crate) enum Verb {
    Pause(&'static str),
    Resume,
    Stop,
    Reopen,
    Cancel,
    Reset,
    Retarget {
        target: i64,
        calendar: usize,
        thresholds: Vec<u16>,
    },
    Correct(usize),
    /// Takes its marks.
    Take,
}

/// Percent, minute, whether it is late.
pub(crate) type Reached = (u16, i64, bool);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Run,
    Pause(&'static str),
    /// Neither: it was stopped.
    Out,
}

/// Minutes are counted from its beginning on.
pub(crate) struct Counted<'a> {
    /// Of each calendar, whether it is open at each minute.
    open: &'a [Vec<bool>],
    /// Of each minute that has gone by, what it was, and by which calendar it is measured.
    minutes: Vec<(Kind, usize)>,
    /// Minutes before are measured for good.
    for_good: usize,
    pub(crate) state: State,
    reason: &'static str,
    reasons: Vec<&'static str>,
    pub(crate) calendar: usize,
    pub(crate) target: i64,
    thresholds: Vec<u16>,
    reached: Vec<Reached>,
    told: usize,
    cycle_from: usize,
}

impl<'a> Counted<'a> {
    /// A clock that was started `since` minutes ago.
    pub(crate) fn new(
        open: &'a [Vec<bool>],
        target: i64,
        thresholds: &[u16],
        since: usize,
    ) -> Self {
        let mut clock = Self {
            open,
            minutes: vec![(Kind::Run, 0); since],
            for_good: 0,
            state: State::Running,
            reason: "",
            reasons: Vec::new(),
            calendar: 0,
            target,
            thresholds: thresholds.to_vec(),
            reached: Vec::new(),
            told: 0,
            cycle_from: 0,
        };
        clock.look(clock.elapsed(), true);
        clock
    }

    pub(crate) fn wait(&mut self, minutes: usize) {
        let mut elapsed = self.elapsed();
        for _ in 0..minutes {
            let kind = match self.state {
                State::Running => Kind::Run,
                State::Paused => Kind::Pause(self.reason),
                _ => Kind::Out,
            };
            self.minutes.push((kind, self.calendar));
            if kind == Kind::Run && self.open[self.calendar][self.minutes.len() - 1] {
                elapsed += 1;
                self.look(elapsed, false);
            }
        }
    }

    /// Whether it could be done, and the marks that were taken.
    pub(crate) fn act(&mut self, verb: &Verb) -> (bool, Vec<Reached>) {
        use State::{Cancelled, Met, Missed, Paused, Running};
        let from: &[State] = match verb {
            Verb::Pause(_) | Verb::Stop | Verb::Cancel => &[Running, Paused],
            Verb::Retarget { .. } | Verb::Correct(_) => &[Running, Paused],
            Verb::Resume => &[Paused],
            Verb::Reopen => &[Met, Missed, Cancelled],
            Verb::Reset | Verb::Take => &[Running, Paused, Met, Missed, Cancelled],
        };
        if !from.contains(&self.state) {
            return (false, Vec::new());
        }
        match verb {
            Verb::Pause(reason) => {
                self.reason = reason;
                self.state = Paused;
                if !self.reasons.contains(reason) {
                    self.reasons.push(reason);
                }
            }
            Verb::Resume | Verb::Reopen => self.state = Running,
            Verb::Stop if self.elapsed() >= self.target => self.state = Missed,
            Verb::Stop => self.state = Met,
            Verb::Cancel => self.state = Cancelled,
            Verb::Reset => {
                self.state = Running;
                self.cycle_from = self.minutes.len();
                self.reasons.clear();
                self.reached.clear();
                self.told = 0;
            }
            Verb::Retarget {
                target,
                calendar,
                thresholds,
            } => {
                if self.calendar != *calendar {
                    self.for_good = self.minutes.len();
                }
                (self.target, self.calendar) = (*target, *calendar);
                self.thresholds.clone_from(thresholds);
                self.look(self.elapsed(), true);
            }
            Verb::Correct(calendar) => {
                self.calendar = *calendar;
                for minute in &mut self.minutes[self.for_good..] {
                    minute.1 = *calendar;
                }
                self.look(self.elapsed(), true);
            }
            Verb::Take if self.state == Cancelled => {}
            Verb::Take => {
                let taken = self.reached[self.told..].to_vec();
                self.told = self.reached.len();
                return (true, taken);
            }
        }
        (true, Vec::new())
    }

    fn look(&mut self, elapsed: i64, late: bool) {
        let now = self.minutes.len() as i64;
        for percent in &self.thresholds {
            let is_new = self.reached.iter().all(|(known, ..)| known != percent);
            if is_new && elapsed * 100 >= self.target * i64::from(*percent) {
                self.reached.push((*percent, now, late));
            }
        }
    }

    /// The minutes of this cycle that are of a kind and open, with their places.
    fn business(&self, kind: Kind) -> impl Iterator<Item = usize> {
        let minutes = self.minutes.iter().enumerate().skip(self.cycle_from);
        let these = minutes.filter(move |(_, (of, _))| *of == kind);
        these
            .filter(|(place, (_, by))| self.open[*by][*place])
            .map(|(place, _)| place)
    }

    pub(crate) fn elapsed(&self) -> i64 {
        self.business(Kind::Run).count() as i64
    }

    /// Reason, business minutes, minutes.
    pub(crate) fn paused(&self) -> Vec<(String, i64, i64)> {
        let reasons = self.reasons.iter();
        reasons
            .map(|reason| {
                let kind = Kind::Pause(reason);
                let all = self.minutes.iter().skip(self.cycle_from);
                let all = all.filter(|(of, _)| *of == kind).count() as i64;
                (
                    (*reason).to_owned(),
                    self.business(kind).count() as i64,
                    all,
                )
            })
            .collect()
    }

    /// Up to which minute anything is known.
    pub(crate) fn known(&self) -> i64 {
        self.open[self.calendar].len() as i64
    }

    /// The minute at which its target has gone by, or will have as far as is known; and whether that is measured for good.
    pub(crate) fn due(&self) -> Option<(i64, bool)> {
        let ahead = self.open[self.calendar]
            .iter()
            .enumerate()
            .skip(self.minutes.len());
        let ahead = ahead.filter(|(_, open)| **open).map(|(place, _)| place);
        let mut all = self.business(Kind::Run).chain(ahead);
        let place = all.nth(self.target as usize - 1)?;
        Some((place as i64 + 1, place < self.for_good))
    }
}
