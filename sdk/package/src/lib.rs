//! What a plugin's package is: shared by the author's tool, the marketplace and the host, so that all three read, check and refuse the same.
//!
//! Nothing here runs a component, and nothing that is read is trusted: every size, digest, name and signature is checked, and what is refused says why.

/// 1. What a plugin is, asks for and offers: `plugin.toml`.
pub mod manifest;

/// 2. What a component asks for and offers, read off it.
pub mod component;

/// 3. When its schedules are due.
pub mod schedule;

/// 4. What its settings may be.
pub mod settings;

/// Every bound, in one table.
pub mod limits;
