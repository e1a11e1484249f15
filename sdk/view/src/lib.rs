//! Views as data: what a plugin renders as a tree of blocks, and the console draws natively.
//!
//! - A **view** is a title and blocks. A **block** says what is to be seen, never how it looks: colours, fonts and controls are the console's own.
//! - An **action** names what the plugin is asked to do, and an **answer** says what comes of it: another view, a notice, another place.
//! - What a plugin hands over is not trusted: whoever reads it refuses unknown keys, what is too much, and links that lead elsewhere than they may. What was
//!   read can be drawn; no text in it is ever markup.
//!
//! ```
//! use guichet_view::{Action, Tone, View, badge, button, cells, table};
//!
//! let view = View::new("Parcels")
//!     .block(table(["No", "State"]).row(cells!["P-1", "on its way"]).row(cells!["P-2", "lost"]))
//!     .block(badge("1 is lost").tone(Tone::Bad))
//!     .block(button("Look again").action(Action::new("refresh")));
//! assert!(view.check().is_ok());
//! ```

/// 1. The whole: a title and blocks.
mod view;

/// 2. What may stand in a view, one file a block.
mod block;

/// 3. What the plugin is asked to do, and where people are led.
mod action;
mod go;

/// 4. What comes of an action.
mod answer;

/// 5. Whether what was rendered may be drawn: a walk through the tree, and what it finds.
mod error;
mod look;
mod plain;

/// 6. From JSON, as it came from a plugin.
#[cfg(feature = "read")]
mod read;

/// 7. The same as a JSON Schema, for other languages.
#[cfg(feature = "schema")]
mod schema;

/// Every bound, in one table.
pub mod limits;

pub use action::{Action, Confirm, Style};
pub use answer::{Answer, Misfit, Toast, ToastKind};
pub use block::{
    Badge, Block, Board, BoardColumn, Button, Card, Cell, Chart, ChartKind, Column, ColumnKind,
    Columns, Condition, Direction, Empty, Entry, File, Form, KeyValue, Markdown, Menu, Modal, Node,
    Operator, Pages, Pair, Progress, Row, Shown, SideColumn, Sorted, Stack, Tab, Table, Tabs, Text,
    TextStyle, Timeline, Tone, Tree, badge, board, button, chart, columns, empty, file, form,
    key_value, markdown, menu, modal, progress, stack, table, tabs, text, timeline, tree,
};
pub use error::{Fault, ViewError};
pub use go::Go;
pub use plain::is_name;
#[cfg(feature = "schema")]
pub use schema::schema;
pub use view::View;

/// Cells of a row, of whatever kinds: `cells!["P-1", 3, 0.5]`.
#[macro_export]
macro_rules! cells {
    ($($cell:expr),* $(,)?) => { [$($crate::Cell::from($cell)),*] };
}

/// The page for authors: what it shows is compiled, too.
#[cfg(doctest)]
#[doc = include_str!("../../docs/views.md")]
struct Page;
