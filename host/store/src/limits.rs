//! Bounds of the store.

/// Change-sets that wait for the committer. Beyond it, callers wait.
pub const WAITING_MAX: usize = 4_096;

/// Change-sets of one commit.
pub const GROUP_MAX: usize = 256;

/// Sequences done above the cursor's `low`.
pub const DONE_MAX: usize = 1_024;

/// Parameters of one statement; SQLite takes 32,766, PostgreSQL 65,535.
pub const PARAMETERS_MAX: usize = 30_000;
