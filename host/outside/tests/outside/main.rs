//! The way out, against real servers on this machine: each is at a loopback address that the test's grants allow for its name.
#![cfg(test)]

/// Servers, names and a plugin.
mod world;

/// Grants, addresses, names that change their mind.
mod hosts;

/// Redirects, each hop as the first.
mod redirects;

/// Secrets, and what never leaves for another server.
mod secrets;

/// Sizes and times.
mod bounds;

/// Certificates.
mod certificates;

/// Connections without HTTP.
mod connections;

/// No spelling of a forbidden address passes.
mod spellings;
