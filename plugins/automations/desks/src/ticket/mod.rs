//! A ticket, as desks see it and as what is remembered of it.

/// Why a ticket is where it is.
pub mod reason;

/// What is remembered of it.
pub mod kept;

/// How it stands, and what happened to it.
pub mod seen;
