//! Tables of what was counted, and the charts that draw them.

use guichet_sdk::{Chart, Column, Table, Value};
use jiff::Timestamp;

/// A table that grows by rows, each with its filter.
pub struct Made(Table);

impl Made {
    /// An empty one. `columns`: name, title, kind.
    pub fn new(name: &str, title: String, columns: &[(&str, String, &str)]) -> Self {
        let columns = columns.iter().map(|(name, title, kind)| Column {
            name: (*name).to_owned(),
            title: title.clone(),
            kind: (*kind).to_owned(),
            extra: Vec::new(),
        });
        Self(Table {
            name: name.to_owned(),
            title,
            columns: columns.collect(),
            rows: Vec::new(),
            behind: Vec::new(),
            extra: Vec::new(),
        })
    }

    /// Adds a row, and the filter that lists its tickets.
    pub fn row(&mut self, cells: Vec<Value>, behind: &str) {
        self.0.rows.push(cells);
        self.0.behind.push(behind.to_owned());
    }

    /// Done.
    pub fn done(self) -> Table {
        self.0
    }
}

/// A chart of columns of a table.
pub fn chart(title: String, kind: &str, table: &str, x: &str, series: &[&str]) -> Chart {
    Chart {
        title,
        kind: kind.to_owned(),
        table: table.to_owned(),
        x: x.to_owned(),
        series: series.iter().map(|name| (*name).to_owned()).collect(),
        options: String::new(),
    }
}

/// A count as a cell.
pub fn count(count: u64) -> Value {
    Value::Integer(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The time between two instants as a cell, in whole seconds; nothing where one is missing.
pub fn duration(from: Option<Timestamp>, to: Option<Timestamp>) -> Value {
    match (from, to) {
        (Some(from), Some(to)) => {
            let microseconds = to.as_microsecond() - from.as_microsecond();
            Value::Integer((microseconds as f64 / 1e6).round() as i64)
        }
        _ => Value::None,
    }
}

/// How much of a hundred, to one place; nothing of nothing.
pub fn percent(part: u64, whole: u64) -> Value {
    match whole {
        0 => Value::None,
        whole => Value::Number((part as f64 * 1_000.0 / whole as f64).round() / 10.0),
    }
}

/// What the host answered as an instant.
pub fn instant(value: Option<&Value>) -> Option<Timestamp> {
    match value {
        Some(Value::Instant(at)) => Timestamp::from_microsecond(i64::try_from(*at).ok()?).ok(),
        _ => None,
    }
}

/// What the host answered as a count.
pub fn counted(value: Option<&Value>) -> u64 {
    match value {
        Some(Value::Integer(count)) => u64::try_from(*count).unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Option<Timestamp> {
        Timestamp::from_second(second).ok()
    }

    #[test]
    fn times_are_whole_seconds_and_nothing_of_nothing() {
        assert!(matches!(duration(at(10), at(3_610)), Value::Integer(3_600)));
        assert!(matches!(duration(None, at(1)), Value::None));
    }

    #[test]
    fn shares_have_one_place_and_there_is_none_of_nothing() {
        assert!(matches!(percent(1, 3), Value::Number(share) if (share - 33.3).abs() < 1e-9));
        assert!(matches!(percent(0, 0), Value::None));
    }
}
