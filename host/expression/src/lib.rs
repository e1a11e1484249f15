//! The one expression language: CEL by its syntax, our fields by its types.
//!
//! A text is parsed against an [`Environment`] (which names there are, of which types, for this principal) into an [`Expression`]: a small typed tree.
//! From it come two readings that must never differ: [`Expression::holds`] answers for one row in memory, and the store says the same in SQL.
//! **Null is a value**: `x == null` is asked like anything else, no order holds with it, and there is no third truth beside yes and no.

/// Bounds of an expression.
pub mod limits;

/// Names, types, and who may use them.
mod environment;

/// The names of tickets and events, in both languages.
mod catalog;

/// One name by itself: a column, what a list is sorted by.
mod named;

/// What an editor may suggest.
mod offers;

/// The typed tree.
mod tree;

/// From the tree back to text.
mod print;

/// What is wrong with a text, and where.
mod error;

/// Bounds that are held before the parser sees a text.
mod scan;

/// Instants and durations as texts.
mod time;

/// From text to the parser's tree.
mod parse;

/// From the parser's tree to the typed one.
mod check;

/// What a row answers.
mod row;

/// The interpreter.
mod holds;

pub use catalog::{Choice, Title};
pub use environment::{Environment, Known, PluginField, Type};
pub use error::{ExpressionError, Mistake};
pub use offers::Offer;
pub use row::{Bindings, EventRow, Row, shortened};
pub use tree::{Comparison, Expression, Literal, Matching, Name, Place, Term, Tree};
