//! A report's answer: typed tables, and charts that draw them. What does not hold together is refused here, so that nobody draws it.

use crate::{
    bindings::{
        guichet::platform::types as wit, report_point::exports::guichet::platform::report as made,
    },
    convert,
};
use guichet_core::value::Value;
use serde::Serialize;

/// What a report says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReportAnswer {
    pub tables: Vec<Table>,
    pub charts: Vec<Chart>,
}

/// Rows of cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    pub name: String,
    pub title: String,
    pub columns: Vec<Column>,
    /// As many cells as there are columns.
    pub rows: Vec<Vec<Value>>,
    /// For each row the filter that lists the tickets behind it; empty where there is none.
    pub behind: Vec<String>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    pub name: String,
    pub title: String,
    /// What its cells are: `text`, `integer`, `duration`, `agent`, …
    pub kind: String,
}

/// A picture of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    pub title: String,
    pub kind: String,
    pub table: String,
    /// Columns of the table.
    pub x: String,
    pub series: Vec<String>,
    pub options: serde_json::Value,
}

impl ReportAnswer {
    /// About how many bytes it has, as JSON.
    pub(crate) fn bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |bytes| bytes.len())
    }
}

/// Checks and takes over what a plugin made.
pub(crate) fn answer(answer: made::Answer) -> Result<ReportAnswer, wit::Error> {
    let tables = answer
        .tables
        .into_iter()
        .map(table)
        .collect::<Result<Vec<_>, _>>()?;
    let charts = answer
        .charts
        .into_iter()
        .map(|chart| drawn(chart, &tables))
        .collect::<Result<_, _>>()?;
    Ok(ReportAnswer { tables, charts })
}

fn table(table: made::Table) -> Result<Table, wit::Error> {
    let name = &table.name;
    if !table.behind.is_empty() && table.behind.len() != table.rows.len() {
        let (rows, behind) = (table.rows.len(), table.behind.len());
        let what = format!("the table `{name}` has {rows} rows, and {behind} filters behind them");
        return Err(convert::invalid(&what));
    }
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in table.rows {
        if row.len() != table.columns.len() {
            let (cells, columns) = (row.len(), table.columns.len());
            let what =
                format!("the table `{name}` has a row of {cells} cells, and {columns} columns");
            return Err(convert::invalid(&what));
        }
        rows.push(
            row.into_iter()
                .map(convert::value_from)
                .collect::<Result<_, _>>()?,
        );
    }
    let columns = table.columns.into_iter().map(|column| Column {
        name: column.name,
        title: column.title,
        kind: column.kind,
    });
    Ok(Table {
        columns: columns.collect(),
        rows,
        behind: table.behind,
        name: table.name,
        title: table.title,
    })
}

fn drawn(chart: made::Chart, tables: &[Table]) -> Result<Chart, wit::Error> {
    let table = tables.iter().find(|table| table.name == chart.table);
    let has = |name: &String| {
        table.is_some_and(|table| table.columns.iter().any(|column| column.name == *name))
    };
    if let Some(missing) = std::iter::once(&chart.x)
        .chain(&chart.series)
        .find(|name| !has(name))
    {
        return Err(convert::invalid(&format!(
            "the chart `{}` draws the column `{missing}` of the table `{}`, which there is not",
            chart.title, chart.table
        )));
    }
    let options = match chart.options.trim() {
        "" => serde_json::Value::Null,
        text => convert::json(text)?,
    };
    Ok(Chart {
        title: chart.title,
        kind: chart.kind,
        table: chart.table,
        x: chart.x,
        series: chart.series,
        options,
    })
}
