//! Databases in memory, for scenarios and tests: the same SQLite, with nothing left behind.

use super::Db;
use crate::{error::StoreError, limits::BOUNDED_READS_AT_ONCE};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The address of a database in memory: a new one each time it is opened, gone with the last who has it.
pub const MEMORY: &str = "sqlite::memory:";

/// Databases so far, for each to have a name of its own.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// Opens a new one, which the connections of its pools share. Its journal is no WAL, so readers wait while somebody writes; what is written is the same.
pub(super) async fn open() -> Result<Db, StoreError> {
    let name = format!("/guichet-{}", OPENED.fetch_add(1, Ordering::Relaxed));
    let options = SqliteConnectOptions::new()
        .filename(name)
        .vfs("memdb")
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10));
    // One connection stays whatever happens: with the last one the database would go.
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    let bounded = u32::try_from(BOUNDED_READS_AT_ONCE).unwrap_or(1);
    Ok(Db::Sqlite {
        writer: pool(1).connect_with(options.clone()).await?,
        readers: pool(4).connect_with(options.clone()).await?,
        bounded: pool(bounded).min_connections(0).connect_lazy_with(options),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_written_is_read_by_other_connections_and_by_no_other_database() {
        let (one, other) = (open().await.unwrap(), open().await.unwrap());
        let make = "create table things (name text)";
        one.execute(make, vec![]).await.unwrap();
        one.execute("insert into things (name) values ('a')", vec![])
            .await
            .unwrap();
        let rows = one.rows("select name from things", vec![]).await.unwrap();
        assert_eq!(rows[0].text("name").unwrap(), "a");
        let within = Duration::from_secs(5);
        let rows = one.rows_within("select name from things", vec![], within);
        assert_eq!(rows.await.unwrap().len(), 1);
        assert!(other.rows("select name from things", vec![]).await.is_err());
    }

    #[tokio::test]
    async fn readers_wait_for_who_writes() {
        let db = open().await.unwrap();
        db.execute("create table things (name text)", vec![])
            .await
            .unwrap();
        let mut tx = db.begin().await.unwrap();
        tx.execute("insert into things (name) values ('a')", vec![])
            .await
            .unwrap();
        let reading = db.rows("select name from things", vec![]);
        let (rows, written) = tokio::join!(reading, tx.commit());
        written.unwrap();
        assert_eq!(rows.unwrap().len(), 1);
    }
}
