//! A clock as it is kept in a record, and whether what comes back from there is one.

use super::{Clock, ClockError, Mark, State, Stretch, Terms};
use crate::{limits::STRETCHES_MAX, time::Instant};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    terms: Terms,
    cycle: u32,
    #[serde(default)]
    stretches: Vec<Stretch>,
    #[serde(default)]
    end: Option<State>,
    #[serde(default)]
    marks: Vec<Mark>,
    told: usize,
    changed_at: Instant,
}

impl TryFrom<Kept> for Clock {
    type Error = ClockError;

    fn try_from(kept: Kept) -> Result<Self, ClockError> {
        kept.terms.check()?;
        if let Some(wrong) = kept.wrong() {
            return Err(ClockError::Kept(wrong));
        }
        Ok(Self {
            terms: kept.terms,
            cycle: kept.cycle,
            stretches: kept.stretches,
            end: kept.end,
            marks: kept.marks,
            told: kept.told,
            changed_at: kept.changed_at,
        })
    }
}

impl Kept {
    fn wrong(&self) -> Option<&'static str> {
        let stretches = &self.stretches;
        let ended = stretches.iter().take_while(|stretch| stretch.to.is_some());
        let open = stretches.len() - ended.count();
        let pairs = || stretches.iter().zip(stretches.iter().skip(1));
        if stretches.len() > STRETCHES_MAX {
            Some("it has too many stretches")
        } else if stretches
            .iter()
            .any(|stretch| stretch.latest() < stretch.from)
            || pairs().any(|(one, next)| next.from < one.latest())
        {
            Some("its stretches are not in order")
        } else if open != usize::from(self.end.is_none() && !stretches.is_empty()) {
            Some("only the last stretch of a clock that has not ended has no end")
        } else if self.end.is_some_and(State::is_live) {
            Some("its end is none")
        } else if stretches.is_empty() && !matches!(self.end, None | Some(State::Cancelled)) {
            Some("it was stopped and never started")
        } else if pairs().any(|(one, next)| one.measured.is_none() && next.measured.is_some())
            || stretches
                .iter()
                .any(|stretch| stretch.measured.is_some() && stretch.to.is_none())
        {
            Some("what is measured for good comes first, and has ended")
        } else if self.told > self.marks.len() {
            Some("more marks are told than were reached")
        } else {
            None
        }
    }
}
