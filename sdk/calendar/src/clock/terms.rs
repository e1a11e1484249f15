//! What a clock is measured by.

use crate::{
    limits::{DURATION_US_MAX, LABEL_BYTES_MAX, THRESHOLD_PERCENT_MAX, THRESHOLDS_MAX},
    time::Micros,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The policy that was chosen, and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// The policy's name and version, such as `gold@3`.
    pub policy: String,
    /// The calendar's name and version, such as `cn@7`. Whoever reads the clock hands over this calendar; two versions of it have two names.
    pub calendar: String,
    /// Business time that may go by.
    pub target: Micros,
    /// Percent of the target at which a mark is told, from the least to the greatest.
    pub thresholds: Vec<u16>,
}

impl Terms {
    /// With marks at 75, 100 and 150 percent.
    pub fn new(policy: impl Into<String>, calendar: impl Into<String>, target: Micros) -> Self {
        Self {
            policy: policy.into(),
            calendar: calendar.into(),
            target,
            thresholds: vec![75, 100, 150],
        }
    }

    #[must_use]
    pub fn with_thresholds(mut self, percents: impl Into<Vec<u16>>) -> Self {
        self.thresholds = percents.into();
        self
    }

    /// Business time after which a mark is reached: the first microsecond at which it is not below the percentage.
    pub(super) fn goal(&self, percent: u16) -> Micros {
        let hundredths = i128::from(self.target.0) * i128::from(percent);
        Micros(i64::try_from((hundredths + 99) / 100).unwrap_or(i64::MAX))
    }

    pub(super) fn check(&self) -> Result<(), TermsError> {
        let most = LABEL_BYTES_MAX;
        let mut labels = [&self.policy, &self.calendar].into_iter();
        if labels.any(|label| label.is_empty() || label.len() > most) {
            return Err(TermsError::Label { most });
        }
        if !(1..=DURATION_US_MAX).contains(&self.target.0) {
            return Err(TermsError::Target);
        }
        let (count, most) = (self.thresholds.len(), THRESHOLDS_MAX);
        if count > most {
            return Err(TermsError::Thresholds { count, most });
        }
        let most = THRESHOLD_PERCENT_MAX;
        let is_in_order = self.thresholds.is_sorted_by(|one, next| one < next);
        if !is_in_order
            || self
                .thresholds
                .iter()
                .any(|percent| !(1..=most).contains(percent))
        {
            return Err(TermsError::Percent { most });
        }
        Ok(())
    }
}

/// Terms that no clock is measured by.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TermsError {
    #[error("the names of policy and calendar have from 1 to {most} bytes: give each a short one")]
    Label { most: usize },
    #[error("the target is more than nothing, and at most ten years: write one such as 4h")]
    Target,
    #[error("there are {count} thresholds, at most {most} may be: leave some out")]
    Thresholds { count: usize, most: usize },
    #[error(
        "thresholds are from 1 to {most} percent, each once, from the least to the greatest: put them in order"
    )]
    Percent { most: u16 },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_rounded_up_so_that_it_is_never_reached_too_early() {
        let of = |target, percent| Terms::new("p", "c", Micros(target)).goal(percent).0;
        assert_eq!(of(14_400_000_000, 75), 10_800_000_000);
        assert_eq!(of(3, 50), 2);
        assert_eq!(of(1, 1), 1);
        assert_eq!(of(DURATION_US_MAX, 1_000), DURATION_US_MAX * 10);
    }
}
