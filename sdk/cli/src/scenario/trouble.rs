//! Why a scenario cannot go on.

use guichet::{desk::DeskError, lane::LaneError, plugins::lifecycle::LifecycleError};
use guichet_store::StoreError;

/// Whose fault it is decides what the author is told.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// The step was refused, by a guard or by the desk: what a scenario may expect.
    #[error("{0}")]
    Refused(String),
    /// The scenario says something that cannot be.
    #[error("{0}")]
    Scenario(String),
    /// The desk failed.
    #[error("{0}")]
    Host(String),
}

/// The error and what led to it, in one line.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

impl From<LaneError> for Trouble {
    fn from(error: LaneError) -> Self {
        match error {
            LaneError::Refused(refusal) => Self::Refused(refusal.to_string()),
            error => Self::Host(whole(&error)),
        }
    }
}

impl From<LifecycleError> for Trouble {
    fn from(error: LifecycleError) -> Self {
        match error {
            LifecycleError::Lane(error) => error.into(),
            // What is wrong with manifest, component or settings.
            error => Self::Refused(whole(&error)),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Host(whole(&error))
    }
}

impl From<DeskError> for Trouble {
    fn from(error: DeskError) -> Self {
        Self::Host(whole(&error))
    }
}
