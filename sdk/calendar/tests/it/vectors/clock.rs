//! The life of a clock, step by step, and what is seen of it in between.

use super::Shown;
use crate::{at, long};
use guichet_calendar::{Calendar, Clock, ClockError, State, Terms};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Life {
    target: String,
    #[serde(default = "usual")]
    thresholds: Vec<u16>,
    steps: Vec<Step>,
}

fn usual() -> Vec<u16> {
    vec![75, 100, 150]
}

#[derive(Deserialize)]
struct Step {
    at: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum What {
    Do(Do),
    See { see: Seen },
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
enum Do {
    Start,
    StartSince {
        since: String,
    },
    Pause {
        reason: String,
    },
    Resume,
    Stop,
    Reopen,
    Cancel,
    Reset,
    Retarget {
        target: String,
        calendar: Option<String>,
        thresholds: Option<Vec<u16>>,
    },
    Correct {
        calendar: String,
    },
}

/// What is not written is not looked at; of what is due, nothing may be written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    state: Option<State>,
    elapsed: Option<String>,
    remaining: Option<String>,
    missed: Option<bool>,
    #[serde(default, deserialize_with = "written")]
    due: Option<Option<String>>,
    /// Reason, business time, time.
    paused: Option<Vec<(String, String, String)>>,
    /// Percent, instant, whether it is late.
    takes: Option<Vec<(u16, String, bool)>>,
}

fn written<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl Life {
    pub(super) fn live(
        &self,
        calendar: &str,
        all: &BTreeMap<String, Calendar>,
    ) -> Result<(), String> {
        let terms =
            Terms::new("p", calendar, long(&self.target)).with_thresholds(self.thresholds.clone());
        let mut clock = Clock::new(terms).unwrap();
        for (index, step) in self.steps.iter().enumerate() {
            let of = |why: String| format!("step {index}: {why}");
            let calendar = &all[&clock.terms().calendar];
            match &step.what {
                What::Do(what) => what
                    .on(&mut clock, calendar, &step.at)
                    .map_err(|error| of(error.to_string()))?,
                What::See { see } => see.of(&mut clock, calendar, &step.at).map_err(of)?,
            }
            // Whatever becomes of it, it comes back from a record as it was.
            let record = serde_json::to_string(&clock).unwrap();
            assert_eq!(serde_json::from_str::<Clock>(&record).unwrap(), clock);
        }
        Ok(())
    }
}

impl Do {
    fn on(&self, clock: &mut Clock, calendar: &Calendar, when: &str) -> Result<(), ClockError> {
        let when = at(when);
        match self {
            Self::Start => clock.start(when),
            Self::StartSince { since } => clock.start_since(at(since), when),
            Self::Pause { reason } => clock.pause(when, reason),
            Self::Resume => clock.resume(when),
            Self::Stop => clock.stop(calendar, when).map(|_| ()),
            Self::Reopen => clock.reopen(when),
            Self::Cancel => clock.cancel(when),
            Self::Reset => clock.reset(when),
            Self::Retarget {
                target,
                calendar: named,
                thresholds,
            } => {
                let mut terms = clock.terms().clone();
                terms.target = long(target);
                terms.calendar = named.clone().unwrap_or(terms.calendar);
                terms.thresholds = thresholds.clone().unwrap_or(terms.thresholds);
                clock.retarget(calendar, when, terms)
            }
            Self::Correct { calendar: named } => clock.correct(calendar, when, named),
        }
    }
}

impl Seen {
    fn of(&self, clock: &mut Clock, calendar: &Calendar, when: &str) -> Result<(), String> {
        let shown = Shown(calendar);
        let when = at(when);
        if let Some(wanted) = self.state {
            shown.same(clock.state(), wanted, |state| format!("{state:?}"))?;
        }
        let minutes = |length: &_| format!("{length:?}");
        if let Some(wanted) = &self.elapsed {
            shown.same(clock.elapsed(calendar, when), long(wanted), minutes)?;
        }
        if let Some(wanted) = &self.remaining {
            shown.same(clock.remaining(calendar, when), long(wanted), minutes)?;
        }
        if let Some(wanted) = self.missed {
            shown.same(clock.is_missed(calendar, when), wanted, bool::to_string)?;
        }
        if let Some(wanted) = &self.due {
            let wanted = wanted.as_deref().map(at);
            shown.same(clock.due(calendar), wanted, |due| {
                due.map_or("none".to_owned(), |at| shown.instant(at))
            })?;
        }
        if let Some(wanted) = &self.paused {
            let found = clock.paused(calendar, when).into_iter();
            let found: Vec<_> = found
                .map(|sum| (sum.reason, sum.business, sum.wall))
                .collect();
            let wanted = wanted.iter();
            let wanted =
                wanted.map(|(reason, business, wall)| (reason.clone(), long(business), long(wall)));
            shown.same(found, wanted.collect(), |sums| format!("{sums:?}"))?;
        }
        if let Some(wanted) = &self.takes {
            let found = clock.take_marks(calendar, when).into_iter();
            let found: Vec<_> = found
                .map(|mark| (mark.percent, mark.at, mark.late))
                .collect();
            let wanted = wanted
                .iter()
                .map(|(percent, when, late)| (*percent, at(when), *late));
            shown.same(found, wanted.collect(), |marks| {
                let marks = marks.iter();
                let marks = marks.map(|(percent, at, late)| {
                    format!("{percent} % {} {late}", shown.instant(*at))
                });
                marks.collect::<Vec<_>>().join(", ")
            })?;
        }
        Ok(())
    }
}
