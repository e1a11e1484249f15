//! The author's way, in folders outside the repository: new, build, check, test, pack, sign; and what is told where something is wrong.
#![cfg(test)]

/// A plugin in a folder of its own.
mod project;

/// Every kind of plugin that `new` makes.
mod kinds;

/// What `check` finds.
mod checking;

/// Scenarios that are as expected, and those that are not.
mod scenarios;

/// Packages, keys, signatures.
mod packing;

/// Builds that are swapped into a running desk.
mod swapping;

/// The plugins of this repository, built and played like anybody's.
mod first_party;
