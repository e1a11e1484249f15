//! # Reports
//! - A **report** is something that a plugin counts: its manifest names it, the component makes tables and charts of it.
//! - Who asks sees what he may see: the reads of a report are answered with his eyes, and with the plugin's grants. Nothing is written, nobody
//!   outside is called.
//! - A report that fails is told in its place, and stands among the plugin's runs like any other call.

/// Days, weeks and months that people name, as instants in a zone.
pub mod range;

/// What is asked of a report.
pub mod asked;

/// One call of a plugin's report.
pub mod run;

/// Cells of a table by the kind of their column.
pub mod cells;

/// A table as a file for spreadsheet programs.
pub mod csv;
