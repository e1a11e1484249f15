//! What may stand in a view. Each block says what is to be seen and lets its place decide how.
//!
//! Blocks within a block always stand in a list called `blocks`: by that, whoever reads a view finds the one that is wrong.

use crate::look::{Check, Look, Looked};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One after the other or beside one another.
mod columns;
mod stack;
mod tabs;

/// What is read.
mod file;
mod pairs;
mod progress;
mod text;
mod timeline;
mod tone;
mod tree;

/// What is many.
mod board;
mod cell;
mod chart;
mod table;

/// What is done.
mod button;
mod empty;
mod form;
mod modal;

pub use board::{Board, BoardColumn, Card, board};
pub use button::{Button, Menu, button, menu};
pub use cell::{Cell, Column, ColumnKind};
pub use chart::{Chart, ChartKind, chart};
pub use columns::{Columns, SideColumn, columns};
pub use empty::{Empty, empty};
pub use file::{File, file};
pub use form::{Condition, Form, Operator, Shown, form};
pub use modal::{Modal, modal};
pub use pairs::{KeyValue, Pair, key_value};
pub use progress::{Progress, progress};
pub use stack::{Direction, Stack, stack};
pub use table::{Pages, Row, Sorted, Table, table};
pub use tabs::{Tab, Tabs, tabs};
pub use text::{Badge, Markdown, Text, TextStyle, badge, markdown, text};
pub use timeline::{Entry, Timeline, timeline};
pub use tone::Tone;
pub use tree::{Node, Tree, tree};

macro_rules! blocks {
    ($($(#[$doc:meta])* $name:ident = $kind:literal,)*) => {
        /// One block of a view.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(JsonSchema))]
        #[serde(tag = "type")]
        pub enum Block {
            $($(#[$doc])* #[serde(rename = $kind)] $name($name),)*
        }

        $(impl From<$name> for Block {
            fn from(block: $name) -> Self {
                Self::$name(block)
            }
        })*

        impl Block {
            /// What the blocks are called in JSON, in the order in which they are explained.
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $kind,)*
                }
            }

            /// Reads one of that kind, to learn where in it a fault is.
            #[cfg(feature = "read")]
            pub(crate) fn read_as(kind: &str, value: serde_json::Value) -> Option<Result<(), serde_path_to_error::Error<serde_json::Error>>> {
                match kind {
                    $($kind => Some(serde_path_to_error::deserialize::<_, $name>(value).map(drop)),)*
                    _ => None,
                }
            }
        }

        impl Check for Block {
            fn check(&self, look: &mut Look) -> Looked {
                match self {
                    $(Self::$name(block) => block.check(look),)*
                }
            }
        }
    };
}

blocks! {
    /// Blocks below one another, or side by side as long as there is room; with a heading and a frame, a section.
    Stack = "stack",
    /// Blocks in columns that stand beside one another where there is room, and below one another where there is none.
    Columns = "columns",
    /// Some of several panels, one at a time.
    Tabs = "tabs",
    /// A text as it is; line breaks are kept.
    Text = "text",
    /// A text in a safe part of Markdown: headings, lists, quotations, code, emphasis, links. No pictures, no HTML.
    Markdown = "markdown",
    /// One or two words that stand out.
    Badge = "badge",
    /// Names and their values.
    KeyValue = "key-value",
    /// How far something has come.
    Progress = "progress",
    /// A file of the host, to be downloaded.
    File = "file",
    /// What happened, in its order.
    Timeline = "timeline",
    /// What is within what.
    Tree = "tree",
    /// Rows of typed cells: sorted, in pages, each with what can be done.
    Table = "table",
    /// Cards in columns, moved by mouse and keyboard.
    Board = "board",
    /// Numbers as bars, lines, areas, shares of a whole, or large figures; each with its table.
    Chart = "chart",
    /// Does something, or leads somewhere.
    Button = "button",
    /// Several such under one button.
    Menu = "menu",
    /// A form, made of a JSON Schema.
    Form = "form",
    /// Blocks in a dialog, behind a button.
    Modal = "modal",
    /// What is shown where there is nothing.
    Empty = "empty",
}
