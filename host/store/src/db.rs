//! The seam between us and the two databases: an enum over sqlx's drivers, `$n` parameters, typed nulls.
//!
//! sqlx's own `Any` driver breaks on data (`docs/decisions`), so this is ours: as small as can be, and only this crate sees it.

use crate::{
    error::StoreError,
    limits::{BOUNDED_READS_AT_ONCE, PARAMETERS_MAX, STATEMENTS_KEPT},
};
use sqlx::{
    AssertSqlSafe, Column as _, PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction,
    TypeInfo as _,
    postgres::{PgPoolOptions, PgRow},
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};
use std::{str::FromStr, sync::Arc, time::Duration};
use texts::without_names;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// A parameter. Nulls have a type, because PostgreSQL wants to know it.
#[derive(Debug, Clone)]
pub(crate) enum Arg {
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

impl Arg {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(Some(text.into()))
    }

    pub(crate) fn bytes(id: Uuid) -> Self {
        Self::Bytes(Some(id.as_bytes().to_vec()))
    }

    pub(crate) fn bytes_or_null(id: Option<Uuid>) -> Self {
        Self::Bytes(id.map(|id| id.as_bytes().to_vec()))
    }

    pub(crate) fn int(number: u64) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

/// The database.
#[derive(Clone)]
pub(crate) enum Db {
    /// One writer, several readers; reads that may be long have connections of their own.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        bounded: SqlitePool,
    },
    /// With a place for each read that may be long: they never take all connections.
    Postgres(PgPool, Arc<Semaphore>),
}

/// A transaction that writes.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A row of an answer.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// PostgreSQL takes no NUL in a text; so neither do we, on either.
fn check(args: &[Arg]) -> Result<(), StoreError> {
    match args
        .iter()
        .any(|arg| matches!(arg, Arg::Text(Some(text)) if text.contains('\0')))
    {
        true => Err(StoreError::Invalid(
            "a text may not contain the character NUL".to_owned(),
        )),
        false => Ok(()),
    }
}

macro_rules! bound {
    ($sql:expr, $args:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe(std::borrow::Cow::from($sql).into_owned()));
        for arg in $args {
            query = match arg {
                Arg::Int(value) => query.bind(value),
                Arg::Real(value) => query.bind(value),
                Arg::Text(value) => query.bind(value),
                Arg::Bytes(value) => query.bind(value),
            };
        }
        query
    }};
}

/// Texts as each database likes them.
mod texts;

/// Reads that may be long, and are ended when their time is over.
mod bounded;

/// Databases in memory.
mod memory;

pub use memory::MEMORY;

impl Db {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = PgPoolOptions::new()
                .max_connections(12)
                .acquire_timeout(Duration::from_secs(15))
                .connect(url)
                .await?;
            return Ok(Self::Postgres(
                pool,
                Arc::new(Semaphore::new(BOUNDED_READS_AT_ONCE)),
            ));
        }
        if url == MEMORY {
            return memory::open().await;
        }
        if !url.starts_with("sqlite:") {
            return Err(StoreError::Address(url.to_owned()));
        }
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Multi-row statements have a text for each power of two: none is to be prepared twice.
            .statement_cache_capacity(STATEMENTS_KEPT)
            .busy_timeout(Duration::from_secs(10));
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options.clone())
            .await?;
        let bounded = SqlitePoolOptions::new()
            .max_connections(u32::try_from(BOUNDED_READS_AT_ONCE).unwrap_or(1))
            .connect_lazy_with(options);
        Ok(Self::Sqlite {
            writer,
            readers,
            bounded,
        })
    }

    /// A migration in this database's words: `{bytes}` is the type that holds bytes, `{by_bytes}` has a text be compared by them, as SQLite does anyway.
    pub(crate) fn spelled(&self, migration: &str) -> String {
        let (bytes, by_bytes, keys_by_bytes) = match self {
            Self::Sqlite { .. } => ("blob", "", ""),
            Self::Postgres(..) => (
                "bytea",
                r#"collate "C""#,
                r#"alter table records alter column key type text collate "C";"#,
            ),
        };
        migration
            .replace("{bytes}", bytes)
            .replace("{by_bytes}", by_bytes)
            .replace("{keys_by_bytes}", keys_by_bytes)
    }

    /// Reads.
    pub(crate) async fn rows(&self, sql: &str, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        check(&args)?;
        Ok(match self {
            Self::Sqlite { readers, .. } => bound!(without_names(sql), args)
                .fetch_all(readers)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Self::Postgres(pool, _) => bound!(sql, args)
                .fetch_all(pool)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        })
    }

    /// Runs one statement that writes.
    pub(crate) async fn execute(&self, sql: &str, args: Vec<Arg>) -> Result<u64, StoreError> {
        check(&args)?;
        match self {
            Self::Sqlite { writer, .. } => bound!(without_names(sql), args)
                .execute(writer)
                .await
                .map(|done| done.rows_affected()),
            Self::Postgres(pool, _) => bound!(sql, args)
                .execute(pool)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(StoreError::from_statement)
    }

    /// Runs one statement that writes and answers.
    pub(crate) async fn write_rows(
        &self,
        sql: &str,
        args: Vec<Arg>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut tx = self.begin().await?;
        let rows = tx.rows(sql, args).await?;
        tx.commit().await?;
        Ok(rows)
    }

    /// Begins to read one state of everything.
    pub(crate) async fn begin_snapshot(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Self::Postgres(pool, _) => Tx::Postgres(
                pool.begin_with("begin isolation level repeatable read read only")
                    .await?,
            ),
        })
    }

    /// Begins to write. On SQLite the write lock is taken at once, so that nothing fails half-way for want of it.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("begin immediate").await?),
            Self::Postgres(pool, _) => Tx::Postgres(pool.begin().await?),
        })
    }
}

impl Tx {
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    pub(crate) async fn rows(&mut self, sql: &str, args: Vec<Arg>) -> Result<Vec<Row>, StoreError> {
        check(&args)?;
        Ok(match self {
            Self::Sqlite(tx) => bound!(without_names(sql), args)
                .fetch_all(&mut **tx)
                .await?
                .into_iter()
                .map(Row::Sqlite)
                .collect(),
            Self::Postgres(tx) => bound!(sql, args)
                .fetch_all(&mut **tx)
                .await?
                .into_iter()
                .map(Row::Postgres)
                .collect(),
        })
    }

    pub(crate) async fn execute(&mut self, sql: &str, args: Vec<Arg>) -> Result<u64, StoreError> {
        check(&args)?;
        match self {
            Self::Sqlite(tx) => bound!(without_names(sql), args)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
            Self::Postgres(tx) => bound!(sql, args)
                .execute(&mut **tx)
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err(StoreError::from_statement)
    }

    /// Several statements in one text, without parameters.
    pub(crate) async fn script(&mut self, sql: String) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await?;
            }
            Self::Postgres(tx) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    /// `head values (…), (…) tail`, as many rows a statement as the parameters allow. Chunks are powers of two, so that few texts are prepared.
    pub(crate) async fn insert_many(
        &mut self,
        head: &str,
        rows: Vec<Vec<Arg>>,
        tail: &str,
    ) -> Result<(), StoreError> {
        let Some(width) = rows.first().map(Vec::len) else {
            return Ok(());
        };
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let most = rows.len().min(PARAMETERS_MAX / width);
            let take = if most.is_power_of_two() {
                most
            } else {
                most.next_power_of_two() / 2
            };
            let sql = format!("{head} values {} {tail}", values(take, width));
            let args = rows.by_ref().take(take).flatten().collect();
            self.execute(&sql, args).await?;
        }
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// `($1, $2), ($3, $4)`.
fn values(rows: usize, width: usize) -> String {
    (0..rows)
        .map(|row| format!("({})", placeholders(row * width, width)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// `$4, $5, $6`, after the given number of earlier ones.
pub(crate) fn placeholders(before: usize, count: usize) -> String {
    (before + 1..=before + count)
        .map(|n| format!("${n}"))
        .collect::<Vec<_>>()
        .join(", ")
}

impl Row {
    pub(crate) fn opt_int(&self, column: &str) -> Result<Option<i64>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn opt_real(&self, column: &str) -> Result<Option<f64>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn opt_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    pub(crate) fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| missing(column))
    }

    /// A number that is never negative.
    pub(crate) fn count(&self, column: &str) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?)
            .map_err(|_| StoreError::Damaged(format!("{column} is negative")))
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or_else(|| missing(column))
    }

    pub(crate) fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        self.opt_bytes(column)?.ok_or_else(|| missing(column))
    }

    pub(crate) fn opt_id(&self, column: &str) -> Result<Option<Uuid>, StoreError> {
        self.opt_bytes(column)?
            .map(|bytes| {
                Uuid::from_slice(&bytes)
                    .map_err(|_| StoreError::Damaged(format!("{column} is no id")))
            })
            .transpose()
    }

    pub(crate) fn id(&self, column: &str) -> Result<Uuid, StoreError> {
        self.opt_id(column)?.ok_or_else(|| missing(column))
    }
}

impl Row {
    /// All columns by name, whatever they are.
    pub(crate) fn columns(&self) -> Result<Vec<(String, Arg)>, StoreError> {
        let (count, name): (usize, &dyn Fn(usize) -> String) = match self {
            Self::Sqlite(row) => (row.columns().len(), &|at| row.column(at).name().to_owned()),
            Self::Postgres(row) => (row.columns().len(), &|at| row.column(at).name().to_owned()),
        };
        (0..count)
            .map(|at| {
                let kind = match self {
                    Self::Sqlite(row) => row.column(at).type_info().name().to_lowercase(),
                    Self::Postgres(row) => row.column(at).type_info().name().to_lowercase(),
                };
                let name = name(at);
                let value = match kind.as_str() {
                    "bigint" | "integer" | "int8" | "int4" => Arg::Int(self.opt_int(&name)?),
                    "real" | "double precision" | "float8" => Arg::Real(self.opt_real(&name)?),
                    "text" => Arg::Text(self.opt_text(&name)?),
                    "blob" | "bytea" => Arg::Bytes(self.opt_bytes(&name)?),
                    _ => return Err(StoreError::Damaged(format!("{name} has the type {kind}"))),
                };
                Ok((name, value))
            })
            .collect()
    }
}

fn missing(column: &str) -> StoreError {
    StoreError::Damaged(format!("{column} is null"))
}
