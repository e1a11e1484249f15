//! Who answers: shifts, presence, and whether a desk is attended.

/// When an agent works.
pub mod shift;

/// Whether he is away.
pub mod presence;

/// Whether anybody can take a ticket now.
pub mod attendance;
