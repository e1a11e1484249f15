//! Cells of a table by the kind of their column: what may stand in one, and the ids among them whose names people want to read.

use guichet_core::value::Value;
use guichet_runtime::{ReportAnswer, Table};
use uuid::Uuid;

/// What does not fit, as the plugin's author is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit(pub String);

/// What a column's cells are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Number,
    /// Of a hundred.
    Percent,
    /// Seconds.
    Duration,
    Instant,
    /// Ids of people or groups.
    Named(Named),
    /// One that this version does not know: its cells are shown as they come.
    Other,
}

/// Whose ids they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    Agent,
    Group,
    Customer,
}

impl Kind {
    /// The kind of that name.
    pub fn parse(name: &str) -> Self {
        match name {
            "text" => Self::Text,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "percent" => Self::Percent,
            "duration" => Self::Duration,
            "instant" => Self::Instant,
            "agent" => Self::Named(Named::Agent),
            "group" => Self::Named(Named::Group),
            "customer" => Self::Named(Named::Customer),
            _ => Self::Other,
        }
    }

    /// Whether the value may stand in such a column. Nothing may stand in each.
    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::None) | (Self::Other, _) => true,
            (Self::Text, Value::Text(_) | Value::Texts(_) | Value::Boolean(_))
            | (Self::Integer, Value::Integer(_))
            | (Self::Number | Self::Percent | Self::Duration, Value::Integer(_))
            | (Self::Instant, Value::Instant { .. }) => true,
            (Self::Number | Self::Percent | Self::Duration, Value::Number { number }) => {
                number.is_finite()
            }
            (Self::Named(_), Value::Text(id)) => id.parse::<Uuid>().is_ok(),
            _ => false,
        }
    }
}

/// The first cell that does not fit the kind of its column.
pub fn misfit(answer: &ReportAnswer) -> Option<Misfit> {
    answer.tables.iter().find_map(misfit_of_table)
}

fn misfit_of_table(table: &Table) -> Option<Misfit> {
    for (number, row) in table.rows.iter().enumerate() {
        for (column, value) in table.columns.iter().zip(row) {
            if !Kind::parse(&column.kind).takes(value) {
                return Some(Misfit(format!(
                    "the table `{}` has in row {} of the column `{}` something that is no {}",
                    table.name,
                    number + 1,
                    column.name,
                    column.kind
                )));
            }
        }
    }
    None
}

/// The ids in the columns of that kind.
pub fn ids(answer: &ReportAnswer, named: Named) -> impl Iterator<Item = Uuid> {
    answer.tables.iter().flat_map(move |table| {
        let columns = table.columns.iter().enumerate();
        columns
            .filter(move |(_, column)| Kind::parse(&column.kind) == Kind::Named(named))
            .flat_map(move |(index, _)| table.rows.iter().filter_map(move |row| row.get(index)))
            .filter_map(|value| value.as_text()?.parse().ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use guichet_core::time::Timestamp;
    use guichet_runtime::Column;

    fn answer(kind: &str, value: Value) -> ReportAnswer {
        let column = Column {
            name: "c".to_owned(),
            title: "C".to_owned(),
            kind: kind.to_owned(),
        };
        ReportAnswer {
            tables: vec![Table {
                name: "t".to_owned(),
                title: "T".to_owned(),
                columns: vec![column],
                rows: vec![vec![Value::None], vec![value]],
                behind: Vec::new(),
            }],
            charts: Vec::new(),
        }
    }

    #[test]
    fn each_kind_takes_its_own_values_and_refuses_others_with_their_place() {
        let text = || Value::Text("x".to_owned());
        let id = || Value::Text(Uuid::from_u128(7).to_string());
        let number = |number: f64| Value::Number { number };
        let instant = || Value::Instant { at: Timestamp(1) };
        for (kind, fits, fits_not) in [
            ("text", text(), Value::Integer(1)),
            ("integer", Value::Integer(1), number(1.0)),
            ("number", number(1.5), text()),
            ("number", Value::Integer(1), number(f64::NAN)),
            ("percent", number(12.5), number(f64::INFINITY)),
            ("duration", Value::Integer(90), instant()),
            ("instant", instant(), Value::Integer(1)),
            ("agent", id(), text()),
            ("group", id(), Value::Integer(1)),
            ("customer", id(), text()),
        ] {
            assert_eq!(misfit(&answer(kind, fits)), None, "{kind}");
            let Misfit(told) = misfit(&answer(kind, fits_not)).unwrap();
            assert!(
                told.contains("row 2 of the column `c`") && told.ends_with(kind),
                "{told}"
            );
        }
        let unknown = Value::Json {
            json: serde_json::json!([1]),
        };
        assert_eq!(misfit(&answer("sparkline", unknown)), None);
    }

    #[test]
    fn ids_are_found_by_the_kind_of_their_column() {
        let id = Uuid::from_u128(7);
        let answer = answer("agent", Value::Text(id.to_string()));
        assert_eq!(ids(&answer, Named::Agent).collect::<Vec<_>>(), [id]);
        assert_eq!(ids(&answer, Named::Group).count(), 0);
    }
}
