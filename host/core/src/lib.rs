//! The core of the service desk: pure functions over loaded things.
//!
//! A loaded ticket (customer, record, …) and a command go in, a change or a refusal comes out. The changes of one invocation gather
//! on an [`overlay::Overlay`] and leave it as one [`changeset::ChangeSet`], which the store commits whole or not at all.
//! **Invariant:** nothing here knows a plugin, SQL, HTTP, wasmtime, the time of day or chance: all that comes in by the door.

/// Names for things: one type per kind of id.
pub mod id;

/// Instants, in microseconds.
pub mod time;

/// Typed values of named fields, and their changes.
pub mod value;

/// Who does something, and with what right.
pub mod actor;

/// Why a command was refused.
pub mod refusal;

/// A ticket, its states and its verbs.
pub mod ticket;

/// What was said on a ticket.
pub mod message;

/// What becomes of a message on its way out.
pub mod delivery;

/// People who ask.
pub mod customer;

/// Agents, groups, tenants: who answers.
pub mod directory;

/// Questions about tickets that were given a name.
pub mod view;

/// What happened.
pub mod event;

/// A plugin in one tenant.
pub mod install;

/// Work that plugins want to have done.
pub mod job;

/// What can be asked of the core, as data.
pub mod effect;

/// By what records are found.
pub mod index;

/// What one invocation reads and writes before it commits.
pub mod overlay;

/// What one commit writes.
pub mod changeset;

/// Ids that a second run makes again.
pub mod derive;

/// Bounds on what the core accepts.
pub mod limits;
