//! Rows in SQLite, packages as files beside it. Only this module knows SQL.
//!
//! A process may run beside others on the same folder (a server and its operator's commands): nothing is kept in memory that the database would not
//! say, and what must be decided at once is decided in a transaction that has the write lock.

mod error;

/// The folder and what lies in it.
pub(crate) mod folder;

/// Packages as files.
pub(crate) mod files;

/// Publishers, their keys, and who asks to be one.
pub(crate) mod publishers;

/// Packages as rows.
pub(crate) mod versions;

/// What was taken back.
pub(crate) mod revocations;

/// All that the index shows, at one moment.
pub(crate) mod shelf;

pub use error::StoreError;

use jiff::Timestamp;
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::Path, time::Duration};

/// How long a writer waits for another process's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// In the order in which they run; one that has run is never altered.
const MIGRATIONS: &[(i64, &str)] = &[(1, include_str!("../../migrations/0001_first_tables.sql"))];

/// A transaction that has the write lock.
pub(crate) type Writing = Transaction<'static, Sqlite>;

/// The database.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// The row that is the marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) key: String,
    pub(crate) sequence: i64,
}

impl Store {
    /// Opens the database, made if there is none, and brings its tables up to date.
    pub(crate) async fn open(file: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options)
            .await?;
        let store = Self { writer, readers };
        store.migrate().await?;
        Ok(store)
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::raw_sql(
            "create table if not exists migrations (number integer primary key, text text not null) strict",
        )
        .execute(&mut *tx)
        .await?;
        let applied: Vec<(i64, String)> =
            sqlx::query_as("select number, text from migrations order by number")
                .fetch_all(&mut *tx)
                .await?;
        for (number, text) in &applied {
            if !MIGRATIONS.contains(&(*number, text.as_str())) {
                return Err(StoreError::Migration(*number));
            }
        }
        for (number, text) in MIGRATIONS.iter().skip(applied.len()) {
            sqlx::raw_sql(*text).execute(&mut *tx).await?;
            sqlx::query("insert into migrations (number, text) values ($1, $2)")
                .bind(number)
                .bind(text)
                .execute(&mut *tx)
                .await?;
        }
        Ok(tx.commit().await?)
    }

    /// Begins to write: the lock is taken at once, so that what is read in the transaction holds until its commit.
    pub(crate) async fn write(&self) -> Result<Writing, StoreError> {
        Ok(self.writer.begin_with("begin immediate").await?)
    }

    /// Begins to read one state of everything.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.readers.begin().await?)
    }

    /// The marketplace; absent before it was made.
    pub(crate) async fn marketplace(&self) -> Result<Option<Row>, StoreError> {
        let row: Option<(String, String, i64)> =
            sqlx::query_as("select name, key, sequence from marketplace")
                .fetch_optional(&self.readers)
                .await?;
        Ok(row.map(|(name, key, sequence)| Row {
            name,
            key,
            sequence,
        }))
    }

    /// The number of the last change.
    pub(crate) async fn sequence(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("select sequence from marketplace")
            .fetch_one(&self.readers)
            .await?)
    }

    /// Writes the marketplace's row, unless it is there.
    pub(crate) async fn make(
        &self,
        name: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        sqlx::query("insert into marketplace (only_one, name, key, sequence) values (1, $1, $2, $3) on conflict do nothing")
            .bind(name)
            .bind(key)
            .bind(now.as_second().max(1))
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Names the marketplace.
    pub(crate) async fn rename(&self, name: &str, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("update marketplace set name = $1")
            .bind(name)
            .execute(&mut *tx)
            .await?;
        changed(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }

    /// Counts a change that is none, so that hosts which saw more than a restored backup remembers believe the next index.
    pub(crate) async fn touch(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        changed(&mut tx, now).await?;
        Ok(tx.commit().await?)
    }
}

/// Counts a change of what the index shows. At least the seconds since the epoch: after a backup was restored, the sequence is above all that hosts have seen.
pub(crate) async fn changed(tx: &mut Writing, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("update marketplace set sequence = max(sequence + 1, $1)")
        .bind(now.as_second())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A time as it is kept.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// A time as it was kept.
pub(crate) fn instant(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros)
        .map_err(|_| StoreError::Damaged(format!("{micros} is no time")))
}

/// A text that was written in one of our forms.
pub(crate) fn parsed<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Damaged(format!("`{text}` is no {what}")))
}

/// A JSON document that was written by us.
pub(crate) fn document<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// A JSON document, to be kept.
pub(crate) fn text_of(document: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(document).map_err(|error| StoreError::Damaged(error.to_string()))
}
