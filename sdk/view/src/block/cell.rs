use super::{Badge, Tone};
use crate::{
    error::Fault,
    limits,
    look::{Check, Look, Looked},
    plain::is_instant,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A column of a table or a chart.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// By it the plugin is told what to sort by.
    pub name: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "ColumnKind::is_text")]
    pub kind: ColumnKind,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sortable: bool,
}

/// What stands in a column's cells. `null` may stand in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ColumnKind {
    #[default]
    Text,
    Integer,
    Number,
    /// Of a hundred: 12.5 is written as 12.5 %.
    Percent,
    /// Seconds.
    Duration,
    /// By RFC 3339.
    Instant,
    /// A ticket's number; it leads there.
    Ticket,
    /// A text, or a text with its tone.
    Badge,
}

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(
    untagged,
    expecting = "a cell is a text, a number, an object of `text` and `tone`, or null"
)]
pub enum Cell {
    Integer(i64),
    Number(f64),
    Text(String),
    Badge(Badge),
    #[default]
    Nothing,
}

impl ColumnKind {
    pub(crate) fn is_text(&self) -> bool {
        *self == Self::Text
    }

    /// What is wanted of its cells, for who wrote something else.
    fn wanted(self) -> &'static str {
        match self {
            Self::Text => "texts",
            Self::Integer => "whole numbers within 10^15",
            Self::Number | Self::Percent | Self::Duration => "numbers within 10^15",
            Self::Instant => "instants by RFC 3339",
            Self::Ticket => "numbers of tickets",
            Self::Badge => "texts that can be read, or objects of `text` and `tone`",
        }
    }
    fn fits(self, cell: &Cell) -> bool {
        let is_near = |number: f64| number.abs() <= limits::NUMBER_MAX;
        match (self, cell) {
            (_, Cell::Nothing)
            | (Self::Text, Cell::Text(_))
            | (Self::Badge, Cell::Badge(_) | Cell::Text(_)) => true,
            (
                Self::Integer | Self::Number | Self::Percent | Self::Duration,
                Cell::Integer(number),
            ) => is_near(*number as f64),
            (Self::Number | Self::Percent | Self::Duration, Cell::Number(number)) => {
                is_near(*number)
            }
            (Self::Ticket, Cell::Integer(number)) => *number > 0 && is_near(*number as f64),
            (Self::Instant, Cell::Text(at)) => is_instant(at),
            _ => false,
        }
    }

    /// Looks at a cell of this kind.
    pub(crate) fn check(self, cell: &Cell, look: &mut Look) -> Looked {
        let text = match cell {
            Cell::Text(text) => text,
            Cell::Badge(badge) => {
                badge.check(look)?;
                &badge.text
            }
            _ => "",
        };
        let chars = text.chars().count();
        if chars > limits::CELL_CHARS_MAX {
            return Err(look.fault(Fault::Chars {
                chars,
                most: limits::CELL_CHARS_MAX,
            }));
        }
        if self.fits(cell) {
            Ok(())
        } else {
            Err(look.fault(Fault::Cell {
                wanted: self.wanted(),
            }))
        }
    }
}

macro_rules! column {
    ($($(#[$doc:meta])* $make:ident = $kind:ident,)*) => {
        impl Column {
            $($(#[$doc])* #[must_use] pub fn $make(name: impl Into<String>, title: impl Into<String>) -> Self {
                Self { name: name.into(), title: title.into(), kind: ColumnKind::$kind, sortable: false }
            })*
        }
    };
}

column! {
    text = Text,
    integer = Integer,
    number = Number,
    /// Of a hundred.
    percent = Percent,
    /// Seconds.
    duration = Duration,
    instant = Instant,
    ticket = Ticket,
    badge = Badge,
}

impl Column {
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    pub(crate) fn check_in(&self, names: &mut BTreeSet<String>, look: &mut Look) -> Looked {
        look.key("name", &self.name, names)?;
        look.label("title", &self.title)
    }
}

/// A column of texts that is called by its title.
impl From<&str> for Column {
    fn from(title: &str) -> Self {
        Self::text(title, title)
    }
}

impl Cell {
    /// A text that stands out.
    #[must_use]
    pub fn badge(text: impl Into<String>, tone: Tone) -> Self {
        Self::Badge(super::badge(text).tone(tone))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

/// What is no number is nothing.
impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_finite() {
            Self::Number(number)
        } else {
            Self::Nothing
        }
    }
}

impl From<Badge> for Cell {
    fn from(badge: Badge) -> Self {
        Self::Badge(badge)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Nothing, Into::into)
    }
}
