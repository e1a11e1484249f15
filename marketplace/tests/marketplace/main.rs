//! The marketplace through its own doors: a served instance on loopback, a folder of its own, and a clock that moves only when told.
#![cfg(test)]

/// A served marketplace, publishers, packages.
mod world;

/// Packages come in.
mod uploads;

/// What is refused, at its edge.
mod bounds;

/// Whose keys are believed.
mod keys;

/// What was taken back.
mod revocations;

/// The sealed index.
mod index;

/// Publishers ask to be let in; versions wait for review.
mod operator;

/// Search and pages.
mod browsing;

/// Mirrors.
mod mirror;

/// What nobody should send.
mod hostile;
