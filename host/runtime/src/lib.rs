//! The runtime: runs plugins' components, each call on a fresh instance, within limits, seeing only what was granted.
//!
//! It converts and limits; what a plugin sees and does is the host's [`Helpdesk`]. **Invariant:** nothing here knows SQL or HTTP, and nothing of
//! wasmtime leaves this crate.

/// Every bound on a plugin, in one table.
pub mod limits;

/// What the host offers to a running plugin.
mod helpdesk;

/// wasmtime's settings, its pool, and the ticks by which calls are cut off.
mod engine;

/// Types and calls of the contract, made from `wit/`.
mod bindings;

/// From the core's types to the contract's, and back.
mod convert;

/// What one call has at hand.
mod state;

/// What a plugin may use; alone decides.
mod grant;

/// The host's side of each interface.
mod imports;

/// From a component to machine code, in a process of its own.
mod compile;

/// How long a call has used a processor.
mod processor;

/// Components that are ready to run.
mod plugin;

/// What a plugin is called for.
mod points;

/// What goes to a channel, and what came of it.
mod channel;

/// What a plugin shows, and for whom.
mod panel;

/// What a report says.
mod report;

/// One call, and how it ended.
mod invoke;

/// The bare wasmtime that deliveries are measured against.
#[cfg(feature = "floor")]
pub mod floor;

pub use channel::{NotCarried, Outbound, Receipt, Why};
pub use compile::{Compiler, compile_here};
pub use helpdesk::{
    Acquaintance, Answer, Connection, Fault, Fetch, Fetched, Helpdesk, RecordQuery, RecordRows,
    Server, TicketAggregate, TicketQuery, TicketRows,
};
pub use invoke::{Body, Call, Ended, JobFailure, LogLine, Outcome, Report, Request, Response};
pub use panel::{PanelContext, PanelWish};
pub use plugin::{InstallError, Plugin, Runtime, RuntimeError, RuntimeSettings};
pub use points::Verdict;
pub use report::{Chart, Column, ReportAnswer, Table};
