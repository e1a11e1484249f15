//! Why a command was refused: always a sentence that says what to do, never a failure of the host.

/// A refusal of the core. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state machine does not allow the command here.
    #[error("{0}")]
    State(String),
    /// The actor lacks the right.
    #[error("{0}")]
    Right(String),
    /// An argument is wrong.
    #[error("{0}")]
    Invalid(String),
    /// There is no such thing in this tenant.
    #[error("{0} is not known here")]
    NotFound(String),
    /// Somebody else changed it first.
    #[error("{0}")]
    Conflict(String),
    /// A plugin's guard does not let it pass.
    #[error("{0}")]
    Guarded(String),
    /// A limit was reached.
    #[error("{0}")]
    Limit(String),
}
