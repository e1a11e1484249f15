//! Backup and restore: every row of every table as a line of JSON, read in one snapshot. The same backup goes into either database.
//!
//! Files beside the database are copied by the host; the full-text index is left out and made again.

use crate::{
    db::{Arg, Db, Row, Tx},
    error::StoreError,
    migrate,
};
use serde_json::{Map, Value, json};
use std::io::{BufRead, Write};

/// In the order in which rows may be written (what is named by others comes first), each with the number of its first columns that tell its rows apart.
const TABLES: &[(&str, usize)] = &[
    ("tenants", 1),
    ("agents", 2),
    ("agent_groups", 2),
    ("members", 3),
    ("customer_groups", 2),
    ("customers", 2),
    ("identities", 2),
    ("tickets", 2),
    ("participants", 5),
    ("ticket_fields", 4),
    ("messages", 2),
    ("files", 2),
    ("installs", 2),
    ("cursors", 2),
    ("secrets", 3),
    ("records", 4),
    ("record_entries", 6),
    ("record_indexes", 3),
    ("events", 2),
    ("parked", 3),
    ("dead_letters", 3),
    ("jobs", 2),
    ("tokens", 2),
    ("answered_requests", 3),
    ("views", 2),
    ("marketplaces", 1),
];

/// Rows of one statement, in a restore.
const ROWS_AT_ONCE: usize = 200;

/// Rows read at once, in a backup.
const PAGE: u64 = 10_000;

/// Writes a backup: a first line with the version of the tables, then one line a row. Answers how many rows.
///
/// # Errors
/// Where the database or the writer fails.
pub async fn backup(url: &str, out: &mut (dyn Write + Send)) -> Result<u64, StoreError> {
    let db = Db::open(url).await?;
    migrate::run(&db).await?;
    let mut tx = db.begin_snapshot().await?;
    let mut write = |line: &Value| writeln!(out, "{line}").map_err(StoreError::File);
    write(&json!({ "guichet": "backup", "tables": migrate::version() }))?;
    let mut rows = 0;
    for (table, key) in TABLES {
        let order: Vec<_> = (1..=*key).map(|column| column.to_string()).collect();
        let order = order.join(", ");
        let mut after = 0;
        loop {
            // A snapshot stands still: its pages neither overlap nor leave gaps.
            let sql = format!("select * from {table} order by {order} limit $1 offset $2");
            let page = tx.rows(&sql, vec![Arg::int(PAGE), Arg::int(after)]).await?;
            for row in &page {
                write(&line(table, row)?)?;
            }
            after += page.len() as u64;
            if (page.len() as u64) < PAGE {
                break;
            }
        }
        rows += after;
    }
    tx.commit().await?;
    Ok(rows)
}

/// Reads a backup into a database that holds no tenant yet. All of it, or nothing.
///
/// # Errors
/// [`StoreError::Invalid`] where the database is not empty, or the text is no backup of this version; with the line.
pub async fn restore(url: &str, input: &mut (dyn BufRead + Send)) -> Result<u64, StoreError> {
    let db = Db::open(url).await?;
    migrate::run(&db).await?;
    let mut tx = db.begin().await?;
    if !tx
        .rows("select 1 as one from tenants", vec![])
        .await?
        .is_empty()
    {
        return Err(StoreError::Invalid(
            "the database holds a tenant already: restore into an empty one".to_owned(),
        ));
    }
    let invalid = |number: usize, what: &str| {
        StoreError::Invalid(format!("line {} of the backup: {what}", number + 1))
    };
    let (mut rows, mut waiting) = (0, Waiting::default());
    for (number, text) in input.lines().enumerate() {
        let text = text.map_err(StoreError::File)?;
        let value: Map<String, Value> = serde_json::from_str(&text)
            .map_err(|error| invalid(number, &format!("it is no JSON object: {error}")))?;
        if number == 0 {
            if value.get("tables") != Some(&json!(migrate::version())) {
                return Err(invalid(
                    0,
                    "it was made by another version: restore it with the program that made it",
                ));
            }
            continue;
        }
        let (table, columns, args) =
            read(value).ok_or_else(|| invalid(number, "it is no row of a table"))?;
        if waiting.table != table || waiting.columns != columns {
            waiting.write(&mut tx).await?;
            (waiting.table, waiting.columns) = (table, columns);
        }
        waiting.rows.push(args);
        if waiting.rows.len() == ROWS_AT_ONCE {
            waiting.write(&mut tx).await?;
        }
        rows += 1;
    }
    waiting.write(&mut tx).await?;
    tx.commit().await?;
    Ok(rows)
}

#[derive(Default)]
struct Waiting {
    table: &'static str,
    columns: Vec<String>,
    rows: Vec<Vec<Arg>>,
}

impl Waiting {
    async fn write(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let head = format!("insert into {} ({})", self.table, self.columns.join(", "));
        tx.insert_many(&head, std::mem::take(&mut self.rows), "")
            .await
    }
}

/// `{"t": table, "c": {column: value}}`; bytes are `{"x": "hex"}`, numbers that need not be whole `{"r": number}`, nulls `{"n": "i" | "r" | "t" | "x"}`
/// by their type.
fn line(table: &str, row: &Row) -> Result<Value, StoreError> {
    let columns = row.columns()?.into_iter().map(|(name, value)| {
        let value = match value {
            Arg::Int(Some(number)) => json!(number),
            Arg::Real(Some(number)) => json!({ "r": number }),
            Arg::Text(Some(text)) => json!(text),
            Arg::Bytes(Some(bytes)) => json!({ "x": hex::encode(bytes) }),
            Arg::Int(None) => json!({ "n": "i" }),
            Arg::Real(None) => json!({ "n": "r" }),
            Arg::Text(None) => json!({ "n": "t" }),
            Arg::Bytes(None) => json!({ "n": "x" }),
        };
        (name, value)
    });
    Ok(json!({ "t": table, "c": columns.collect::<Map<_, _>>() }))
}

fn read(mut value: Map<String, Value>) -> Option<(&'static str, Vec<String>, Vec<Arg>)> {
    let named = value.get("t")?.as_str()?;
    let (table, _) = TABLES.iter().find(|(table, _)| *table == named)?;
    let Value::Object(columns) = value.remove("c")? else {
        return None;
    };
    let (mut names, mut args) = (Vec::new(), Vec::new());
    for (name, value) in columns {
        // Names become part of a statement.
        if !name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        {
            return None;
        }
        names.push(name);
        args.push(match value {
            Value::Number(number) => Arg::Int(Some(number.as_i64()?)),
            Value::String(text) => Arg::Text(Some(text)),
            Value::Object(object) => match object.iter().next()? {
                (kind, Value::String(text)) if kind == "x" => {
                    Arg::Bytes(Some(hex::decode(text).ok()?))
                }
                (kind, Value::Number(number)) if kind == "r" => Arg::Real(Some(number.as_f64()?)),
                (_, Value::String(kind)) => match kind.as_str() {
                    "i" => Arg::Int(None),
                    "r" => Arg::Real(None),
                    "t" => Arg::Text(None),
                    "x" => Arg::Bytes(None),
                    _ => return None,
                },
                _ => return None,
            },
            _ => return None,
        });
    }
    Some((table, names, args))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_the_migrations_is_in_a_backup_or_left_out_on_purpose() {
        let mut tables = std::collections::BTreeSet::new();
        for text in migrate::texts() {
            let lines = text
                .lines()
                .map(|line| line.split("--").next().unwrap_or_default());
            let statements = lines.collect::<Vec<_>>().join("\n");
            for statement in statements.split(';') {
                let words: Vec<_> = statement.split_whitespace().collect();
                match words.as_slice() {
                    ["create", "table", name, ..] => drop(tables.insert((*name).to_owned())),
                    ["drop", "table", name] => drop(tables.remove(*name)),
                    ["alter", "table", from, "rename", "to", to] => {
                        tables.remove(*from);
                        tables.insert((*to).to_owned());
                    }
                    _ => {}
                }
            }
        }
        // Sessions end with a restore; migrations are the program's.
        let left_out = ["sessions", "migrations"];
        let known = TABLES
            .iter()
            .map(|(name, _)| *name)
            .chain(left_out)
            .map(str::to_owned);
        tables.insert("migrations".to_owned());
        assert_eq!(tables, known.collect());
    }

    #[test]
    fn a_row_is_read_as_it_was_written_and_nothing_else_is() {
        let row = |text: &str| read(serde_json::from_str(text).unwrap());
        let (table, columns, args) =
            row(r#"{"t":"files","c":{"at":7,"content":{"x":"00ff"},"name":"a","size":{"n":"i"}}}"#)
                .unwrap();
        assert_eq!(
            (table, columns),
            (
                "files",
                vec!["at".into(), "content".into(), "name".into(), "size".into()]
            )
        );
        assert!(matches!(&args[1], Arg::Bytes(Some(bytes)) if bytes == &[0, 255]));
        assert!(row(r#"{"t":"sessions","c":{}}"#).is_none());
        assert!(row(r#"{"t":"files","c":{"name) values (1); --":"a"}}"#).is_none());
        assert!(row(r#"{"t":"files","c":{"content":{"x":"0"}}}"#).is_none());
    }
}
