//! @title@: how many tickets of each priority came in.

use guichet_sdk::{Answer, Chart, Column, Error, Report, Table, Value, tickets_read};
use serde::Deserialize;

/// Groups that the desk is asked for at most: there are fewer priorities.
const GROUPS_MAX: u32 = 10;

/// The time that people chose.
#[derive(Deserialize)]
struct Parameters {
    /// RFC 3339, as `to`.
    from: String,
    to: String,
}

struct Plugin;

impl Report for Plugin {
    fn run(name: String, parameters: String) -> Result<Answer, Error> {
        if name != "by-priority" {
            return Err(Error::NotFound(format!("the report {name}")));
        }
        let parameters: Parameters = serde_json::from_str(&parameters)
            .map_err(|error| Error::Invalid(format!("the parameters: {error}")))?;
        let filter = format!(
            "created_at >= timestamp(\"{}\") && created_at < timestamp(\"{}\")",
            parameters.from, parameters.to
        );
        // Counted in the database: a row is a priority and its number of tickets.
        let rows = tickets_read::aggregate(
            &filter,
            &["priority".to_owned()],
            &["count".to_owned()],
            GROUPS_MAX,
        )?;
        let behind = rows
            .iter()
            .map(|row| match row.first() {
                Some(Value::Integer(priority)) => format!("{filter} && priority == {priority}"),
                _ => String::new(),
            })
            .collect();
        let table = Table {
            name: "priorities".to_owned(),
            title: "Tickets by priority".to_owned(),
            columns: vec![column("priority", "Priority"), column("tickets", "Tickets")],
            rows,
            behind,
            extra: Vec::new(),
        };
        let chart = Chart {
            title: "Tickets by priority".to_owned(),
            kind: "bar".to_owned(),
            table: "priorities".to_owned(),
            x: "priority".to_owned(),
            series: vec!["tickets".to_owned()],
            options: "{}".to_owned(),
        };
        Ok(Answer {
            tables: vec![table],
            charts: vec![chart],
            extra: Vec::new(),
        })
    }
}

guichet_sdk::export_report!(Plugin);

fn column(name: &str, title: &str) -> Column {
    Column {
        name: name.to_owned(),
        title: title.to_owned(),
        kind: "integer".to_owned(),
        extra: Vec::new(),
    }
}
