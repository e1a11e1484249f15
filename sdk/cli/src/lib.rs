//! The author's tool, in the order in which a plugin comes to be: a folder, a component, its checks and scenarios, a desk to try it on, a package, a
//! signature, a marketplace.
//!
//! Nothing here is a second host: what is checked, run and served is checked, run and served by the host itself.

/// A plugin's folder, and what is in it.
pub mod project;

/// 1. A new folder that builds anywhere.
pub mod new;

/// 2. From sources to a component.
pub mod build;

/// 3. What a component asks for and offers, beside its manifest; how large and quick it is.
pub mod check;

/// 4. Scenarios, played on a desk of their own.
pub mod scenario;

/// 5. A desk to try it on, renewed with every build.
pub mod dev;

/// 6. One file to hand on.
pub mod pack;

/// 7. Keys and signatures.
pub mod sign;

/// 8. To a marketplace.
pub mod publish;

/// What people see of all that.
pub mod terminal;

mod newer;
