//! The marketplace: where publishers bring plugins, and hosts and people find them. In the order in which an upload travels.
//!
//! - A **publisher** is a name with keys; the operator of the marketplace let it in.
//! - A **package** is a plugin's version, signed by a key of its publisher. It is known by its digest and never changes.
//! - The **index** is what is on offer and what was taken back, sealed by the marketplace's key. Hosts believe the index, not the server that sends it.
//! - A **mirror** is a copy of packages and index; it has no key and needs none.

/// What a host and the author's tool call.
pub mod client;

/// What is sent besides packages, and the sentences that are signed.
pub mod wire;

/// How one version is named: `publisher/name@1.2.0`.
pub mod exact;

/// 1. What is asked by HTTP.
pub mod doors;

/// 2. What a package must be to be taken.
mod checks;

/// 3. Rows in SQLite, packages as files.
mod store;

/// 4. The marketplace: what publishers and its operator do.
pub mod market;

/// 5. What is on offer, sealed, as it is now.
mod shown;

/// 6. What people search.
mod search;

/// 7. What people browse.
mod pages;

/// A static copy.
pub mod mirror;

/// Why something is not done.
pub mod refusal;

/// Time and chance come in here.
pub mod clock;

/// Every bound, in one table.
pub mod limits;

pub use market::{MarketError, Marketplace, Settings};
