//! Why a clock is left as it is.

use super::{state::State, terms::TermsError};
use thiserror::Error;

/// What was asked of a clock and not done. It is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ClockError {
    #[error("a clock that {state} cannot be {asked}")]
    Illegal { asked: &'static str, state: State },
    #[error("the clock ran and paused {most} times in this cycle, which is the most that is kept")]
    Full { most: usize },
    #[error(
        "the reason of a pause has from 1 to {most} bytes that can be seen: write one word, such as customer"
    )]
    Reason { most: usize },
    #[error("{0}")]
    Terms(TermsError),
    /// What was kept is no clock.
    #[error("this is not kept as a clock is: {0}")]
    Kept(&'static str),
}

impl From<TermsError> for ClockError {
    fn from(error: TermsError) -> Self {
        Self::Terms(error)
    }
}
