use super::{Cell, Column, ColumnKind};
use crate::{
    error::Fault,
    limits,
    look::{Check, Look, Looked},
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Numbers that are drawn. The same numbers stand in a table that unfolds below.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Chart {
    pub title: String,
    pub kind: ChartKind,
    /// The first one labels the points, each other is a series of numbers.
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Series stand on one another.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stacked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ChartKind {
    Bar,
    Line,
    Area,
    /// Shares of a whole: of the first series.
    Pie,
    /// Large figures.
    Number,
}

#[must_use]
pub fn chart<C: Into<Column>>(
    kind: ChartKind,
    title: impl Into<String>,
    columns: impl IntoIterator<Item = C>,
) -> Chart {
    Chart {
        title: title.into(),
        kind,
        columns: columns.into_iter().map(Into::into).collect(),
        rows: Vec::new(),
        stacked: false,
    }
}

impl Chart {
    #[must_use]
    pub fn row(mut self, cells: impl IntoIterator<Item = Cell>) -> Self {
        self.rows.push(cells.into_iter().collect());
        self
    }

    #[must_use]
    pub fn stacked(mut self) -> Self {
        self.stacked = true;
        self
    }
}

impl Check for Chart {
    fn check(&self, look: &mut Look) -> Looked {
        let mut names = BTreeSet::new();
        look.label("title", &self.title)?;
        if self.columns.len() < 2 {
            return look.refuse("columns", Fault::Few { least: 2 });
        }
        let mut is_label = true;
        look.each(
            "columns",
            &self.columns,
            limits::CHART_SERIES_MAX + 1,
            |column, look| {
                let is_number = matches!(
                    column.kind,
                    ColumnKind::Integer
                        | ColumnKind::Number
                        | ColumnKind::Percent
                        | ColumnKind::Duration
                );
                if !std::mem::take(&mut is_label) && !is_number {
                    return look.refuse(
                        "kind",
                        Fault::Form(
                            "a series holds numbers: integer, number, percent or duration"
                                .to_owned(),
                        ),
                    );
                }
                column.check_in(&mut names, look)
            },
        )?;
        look.each("rows", &self.rows, limits::CHART_POINTS_MAX, |row, look| {
            if row.len() != self.columns.len() {
                return Err(look.fault(Fault::Cells {
                    cells: row.len(),
                    columns: self.columns.len(),
                }));
            }
            for (index, (column, cell)) in self.columns.iter().zip(row).enumerate() {
                look.at(index.to_string(), |look| {
                    look.part()?;
                    column.kind.check(cell, look)
                })?;
            }
            Ok(())
        })
    }
}
