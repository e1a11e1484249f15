use super::{Button, Cell, Column};
use crate::{
    action::Action,
    error::Fault,
    go::Go,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Rows of typed cells.
///
/// All rows may be there, and the console sorts them and shows them page by page. Or only one page of them is: then `pages` says how to ask for another, and
/// for another order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Table {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// By what the rows are sorted as they stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sorted: Option<Sorted>,
    /// How many rows are shown at once, where all are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_per_page: Option<u32>,
    /// Where only one page is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<Pages>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// One for each column, in their order.
    pub cells: Vec<Cell>,
    /// Where its first cell leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub go: Option<Go>,
    /// What can be done with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Sorted {
    /// A column's name.
    pub by: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub descending: bool,
}

/// Which page is there. The action is called with `page` (from 1) and, once people have chosen an order, `sorted`, put into its input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pages {
    pub number: u32,
    /// How many there are; left out where nobody has counted them, and there is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
    pub action: Action,
}

#[must_use]
pub fn table<C: Into<Column>>(columns: impl IntoIterator<Item = C>) -> Table {
    Table {
        columns: columns.into_iter().map(Into::into).collect(),
        ..Table::default()
    }
}

impl Table {
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    #[must_use]
    pub fn row(mut self, row: impl Into<Row>) -> Self {
        self.rows.push(row.into());
        self
    }

    #[must_use]
    pub fn rows<R: Into<Row>>(mut self, rows: impl IntoIterator<Item = R>) -> Self {
        self.rows.extend(rows.into_iter().map(Into::into));
        self
    }

    #[must_use]
    pub fn sorted(mut self, by: impl Into<String>, descending: bool) -> Self {
        self.sorted = Some(Sorted {
            by: by.into(),
            descending,
        });
        self
    }

    #[must_use]
    pub fn rows_per_page(mut self, rows: u32) -> Self {
        self.rows_per_page = Some(rows);
        self
    }

    /// This is one page of `of`; the action brings another.
    #[must_use]
    pub fn page(mut self, number: u32, of: impl Into<Option<u32>>, action: Action) -> Self {
        self.pages = Some(Pages {
            number,
            of: of.into(),
            action,
        });
        self
    }
}

impl<const N: usize> From<[Cell; N]> for Row {
    fn from(cells: [Cell; N]) -> Self {
        Self {
            cells: cells.into(),
            ..Self::default()
        }
    }
}

impl Row {
    #[must_use]
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self {
            cells: cells.into_iter().collect(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn go(mut self, go: Go) -> Self {
        self.go = Some(go);
        self
    }

    #[must_use]
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }
}

impl Check for Table {
    fn check(&self, look: &mut Look) -> Looked {
        let mut names = BTreeSet::new();
        look.title(self.title.as_ref())?;
        look.some(
            "columns",
            &self.columns,
            limits::TABLE_COLUMNS_MAX,
            |column, look| column.check_in(&mut names, look),
        )?;
        look.each("rows", &self.rows, limits::TABLE_ROWS_MAX, |row, look| {
            row.check_in(&self.columns, look)
        })?;
        if let Some(sorted) = self
            .sorted
            .as_ref()
            .filter(|sorted| !names.contains(&sorted.by))
        {
            return look.at("sorted", |look| {
                look.refuse("by", Fault::Unknown(sorted.by.clone()))
            });
        }
        if let Some(rows) = self.rows_per_page {
            look.number(
                "rows-per-page",
                f64::from(rows),
                1.0,
                limits::TABLE_ROWS_MAX as f64,
            )?;
        }
        let Some(pages) = &self.pages else {
            return Ok(());
        };
        look.at("pages", |look| {
            let last = pages.of.unwrap_or(u32::MAX);
            look.number("of", f64::from(last), 1.0, f64::from(u32::MAX))?;
            look.number("number", f64::from(pages.number), 1.0, f64::from(last))?;
            look.at("action", |look| pages.action.check_filled(look))
        })
    }
}

impl Row {
    fn check_in(&self, columns: &[Column], look: &mut Look) -> Looked {
        if self.cells.len() != columns.len() {
            let (cells, columns) = (self.cells.len(), columns.len());
            return look.refuse("cells", Fault::Cells { cells, columns });
        }
        let mut kinds = columns.iter().map(|column| column.kind);
        look.each(
            "cells",
            &self.cells,
            limits::TABLE_COLUMNS_MAX,
            |cell, look| kinds.next().unwrap_or_default().check(cell, look),
        )?;
        if let Some(go) = &self.go {
            look.at("go", |look| go.check(look))?;
        }
        look.each("buttons", &self.buttons, limits::BUTTONS_MAX, Button::check)
    }
}
