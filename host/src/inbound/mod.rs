//! What comes in from outside.

/// The API, the console and plugins' routes.
pub mod http;
