//! The host, in the order a message travels through it.

/// Settings, read once.
pub mod config;

/// Time and chance: the only places that ask for them.
pub mod clock;

/// The server as a whole: what everything below stands on.
pub mod desk;

/// 1. HTTP brings something in: people, programs, plugins' routes.
pub mod inbound;

/// 2. A lane loads what is concerned and runs the core's verbs on it; one commit writes the outcome.
pub mod lane;

/// 3. What was committed is told to the installs that listen; their effects are committed in turn.
pub mod dispatch;

/// Whose log has grown, for those who follow it.
mod news;

/// That the process is told to end.
pub mod ending;

/// 4. What was said here is carried to the person who asked.
pub mod channels;

/// 5. What time brings: jobs of plugins, tickets that fall due.
pub mod due;

/// 6. What changed is told to whoever looks, as it happens.
pub mod live;

/// What plugins were called for when the process died.
pub mod in_flight;

/// Plugins: manifests, installs, and the compiled components behind them.
pub mod plugins;

/// Reports: what plugins count, for whoever may see it.
pub mod reports;

/// What plugins show in the console.
pub mod panels;

/// Saved views.
pub mod views;

/// What operators do: tenants, people, tokens.
pub mod admin;

/// Backup and restore of a whole server.
pub mod backup;

/// A tenant with life in it.
pub mod demo;

/// Bounds of the host.
pub mod limits;

pub use guichet_store::TenantStore;
