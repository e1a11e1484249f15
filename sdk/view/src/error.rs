//! What is wrong with a view: at which place of its JSON, and what its author does about it.

use std::{error, fmt};

/// A view, or an answer, that is not drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewError {
    /// Where, as a JSON Pointer (RFC 6901); empty for the whole.
    pub pointer: String,
    pub fault: Fault,
}

/// What is wrong there. Each says what to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// As JSON it is longer than may be handed over.
    Bytes { bytes: usize, most: usize },
    /// It is no JSON; the text says where and why.
    Json(String),
    /// Its JSON has more levels than may be.
    Levels { most: usize },
    /// A key that there is not, one that is missing, a value of another type.
    Form(String),
    /// Blocks stand deeper in one another than may be.
    BlockLevels { most: usize },
    /// Nodes of a tree do.
    NodeLevels { most: usize },
    /// There are more blocks in all than may be.
    Blocks { most: usize },
    /// There are more parts of blocks in all.
    Parts { most: usize },
    /// Of this list there are more.
    Many { count: usize, most: usize },
    /// Of this list there are fewer.
    Few { least: usize },
    /// A text is longer than may be.
    Chars { chars: usize, most: usize },
    /// Nothing can be read there.
    Blank,
    /// A name stands there twice.
    Twice(String),
    /// It names something that is not there.
    Unknown(String),
    /// A link that the console does not open.
    Link,
    /// It is no id.
    Id,
    /// It is no instant.
    Instant,
    /// A number beyond what can be drawn.
    Number { least: f64, most: f64 },
    /// A cell that is not what its column says.
    Cell { wanted: &'static str },
    /// A row has other cells than the table has columns.
    Cells { cells: usize, columns: usize },
    /// A button that does nothing, or two things.
    Target,
    /// The console puts what was done into this input, so it is an object.
    Input,
    /// A form's schema says what the console does not offer.
    Schema(&'static str),
}

impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            write!(f, "{}", self.fault)
        } else {
            write!(f, "{}: {}", self.pointer, self.fault)
        }
    }
}

impl error::Error for ViewError {}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes { bytes, most } => write!(
                f,
                "{bytes} bytes of JSON, at most {most} are taken: show less at once, for instance in pages"
            ),
            Self::Json(why) => write!(f, "this is no JSON: {why}"),
            Self::Levels { most } => write!(
                f,
                "the JSON has more than {most} levels: put less into one another"
            ),
            Self::Form(why) => write!(f, "{why}"),
            Self::BlockLevels { most } => write!(
                f,
                "blocks stand more than {most} deep: put fewer into one another"
            ),
            Self::NodeLevels { most } => write!(
                f,
                "the tree has more than {most} levels: begin further down, or render the next levels when a node is chosen"
            ),
            Self::Blocks { most } => write!(
                f,
                "a view has at most {most} blocks: put what is alike into one table or list"
            ),
            Self::Parts { most } => write!(
                f,
                "a view has at most {most} blocks, cells, cards, nodes and entries together: show it in pages"
            ),
            Self::Many { count, most } => {
                write!(
                    f,
                    "there are {count}, at most {most} may stand here: show fewer at once"
                )
            }
            Self::Few { least } => write!(
                f,
                "at least {least} must stand here: where there is nothing, render an `empty` block instead"
            ),
            Self::Chars { chars, most } => write!(
                f,
                "the text has {chars} characters, at most {most} may stand here: cut it, or offer it as a file"
            ),
            Self::Blank => write!(
                f,
                "there is nothing to read here: write a text, or leave it out"
            ),
            Self::Twice(name) => write!(
                f,
                "`{name}` stands there twice: give each a name of its own"
            ),
            Self::Unknown(name) => {
                write!(f, "there is no `{name}` beside it: name one that is there")
            }
            Self::Link => write!(
                f,
                "no link that the console opens: write a whole one that begins with https://"
            ),
            Self::Id => write!(
                f,
                "this is no id: hand over the one that the host gave, as it is"
            ),
            Self::Instant => write!(
                f,
                "this is no instant: write it by RFC 3339, such as 2026-03-01T09:30:00Z"
            ),
            Self::Number { least, most } => {
                write!(f, "a number from {least} to {most} must stand here")
            }
            Self::Cell { wanted } => write!(f, "its column holds {wanted}: write that, or null"),
            Self::Cells { cells, columns } => write!(
                f,
                "the row has {cells} cells and the table {columns} columns: give each column its cell, null for nothing"
            ),
            Self::Target => write!(f, "either `action` or `go` must stand here, and not both"),
            Self::Input => write!(
                f,
                "what was done is put into this input: make it an object, or leave it out"
            ),
            Self::Schema(what) => write!(f, "{what}"),
        }
    }
}
