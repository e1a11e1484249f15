//! The marketplace: where publishers bring plugins, and hosts and people find them.

/// What a host and the author's tool call.
pub mod client;
