//! Reads that may be long: questions that people and plugins make up. Each has its time, waiting for a connection included; past it the database
//! stops working on it. They never take all connections, so that what is short goes on beside them.

use super::{Arg, Db, Row, check};
use crate::error::StoreError;
use sqlx::{AssertSqlSafe, Connection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::time::{timeout, timeout_at};

/// Steps of SQLite's machine between two looks at the clock: some ten microseconds.
const STEPS: i32 = 2_000;

/// SQLite's code for "interrupted", and PostgreSQL's for "cancelled".
const ENDED: [&str; 2] = ["9", "57014"];

/// PostgreSQL's code for a number that is out of range; SQLite answers with infinity.
const OUT_OF_RANGE: &str = "22003";

/// Set when whoever asked is gone.
struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Db {
    /// Reads, within that time.
    ///
    /// # Errors
    /// [`StoreError::TooLong`] where the time is over.
    pub(crate) async fn rows_within(
        &self,
        sql: &str,
        args: Vec<Arg>,
        within: Duration,
    ) -> Result<Vec<Row>, StoreError> {
        check(&args)?;
        let end = Instant::now() + within;
        let too_long = move || StoreError::TooLong(within.as_millis());
        let told = move |error: sqlx::Error| match error.as_database_error().and_then(|e| e.code())
        {
            Some(code) if ENDED.contains(&code.as_ref()) => too_long(),
            Some(code) if code == OUT_OF_RANGE => {
                StoreError::Invalid("a sum is too large for a number".to_owned())
            }
            _ => StoreError::Database(error),
        };
        match self {
            Self::Sqlite { bounded, .. } => {
                let connection = timeout(within, bounded.acquire()).await;
                let mut connection = connection.map_err(|_| too_long())??;
                let gone = Gone(Arc::default());
                let is_gone = gone.0.clone();
                // Every use of these connections sets its own: what an earlier one left behind ends nothing.
                connection
                    .lock_handle()
                    .await?
                    .set_progress_handler(STEPS, move || {
                        !is_gone.load(Ordering::Relaxed) && Instant::now() < end
                    });
                let rows = bound!(sql, args).fetch_all(&mut *connection).await;
                Ok(rows.map_err(told)?.into_iter().map(Row::Sqlite).collect())
            }
            Self::Postgres(pool, places) => {
                let place = timeout(within, places.clone().acquire_owned()).await;
                let place = place
                    .map_err(|_| too_long())?
                    .map_err(|_| StoreError::Closed)?;
                let (pool, sql) = (pool.clone(), sql.to_owned());
                // Whoever asked may go away; the database does not notice, so the place is kept until it is done, or the time is over.
                let working = tokio::spawn(async move {
                    let _place = place;
                    let connection = timeout_at(end.into(), pool.acquire()).await;
                    let mut connection = connection.map_err(|_| too_long())??;
                    let left = end.saturating_duration_since(Instant::now()).as_millis();
                    // 0 would mean for ever.
                    let begin = format!(
                        "begin read only; set local statement_timeout = {}",
                        left.max(1)
                    );
                    // Never given up half-way: a connection on which a transaction was begun unnoticed would be read-only, and cut short, for
                    // whoever has it next.
                    let mut tx = connection.begin_with(AssertSqlSafe(begin)).await?;
                    let rows = bound!(sql, args).fetch_all(&mut *tx).await;
                    // Dropped, the transaction is ended with the next use of its connection: nobody waits for that.
                    Ok(rows.map_err(told)?.into_iter().map(Row::Postgres).collect())
                });
                working.await.map_err(|_| StoreError::Closed)?
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::BOUNDED_READS_AT_ONCE;
    use futures::future::join_all;

    /// Hours of work for either database.
    const ENDLESS: &str = "with recursive n(n) as (select cast(1 as bigint) union all select n + 1 from n where n < 100000000000) select count(*) as found from n";
    /// Some ten milliseconds of it.
    const LONG: &str = "with recursive n(n) as (select cast(1 as bigint) union all select n + 1 from n where n < 100000) select count(*) as found from n";
    const QUICK: &str = "select cast(7 as bigint) as found";

    async fn is_ended_and_free_again(db: Db) {
        let ms = Duration::from_millis;
        for _ in 0..BOUNDED_READS_AT_ONCE + 1 {
            let ended = db.rows_within(ENDLESS, vec![], ms(50)).await;
            assert!(matches!(ended, Err(StoreError::TooLong(50))));
        }
        // As many at once as there are places, and more: all are ended, those that waited as well.
        let many = (0..BOUNDED_READS_AT_ONCE * 2).map(|_| db.rows_within(ENDLESS, vec![], ms(100)));
        for ended in join_all(many).await {
            assert!(matches!(ended, Err(StoreError::TooLong(100))));
        }
        // Who asked has gone: his place is free again, at once or when his time is over.
        for _ in 0..BOUNDED_READS_AT_ONCE * 2 {
            let asked = db.rows_within(ENDLESS, vec![], ms(500));
            assert!(timeout(ms(20), asked).await.is_err());
        }
        // So little time that it is over at any moment: while a connection is waited for, while its work is begun.
        for microseconds in 0..600 {
            let within = Duration::from_micros(5 * microseconds);
            drop(db.rows_within(QUICK, vec![], within).await);
        }
        let long = (0..BOUNDED_READS_AT_ONCE * 8).map(|_| db.rows(LONG, vec![]));
        for done in join_all(long).await {
            assert!(done.is_ok(), "nothing of that is left on a connection");
        }
        let quick = db.rows_within(QUICK, vec![], Duration::from_secs(30)).await;
        assert_eq!(quick.unwrap()[0].int("found").unwrap(), 7);
        assert_eq!(
            db.rows(QUICK, vec![]).await.unwrap()[0]
                .int("found")
                .unwrap(),
            7
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_takes_too_long_is_ended_on_sqlite() {
        is_ended_and_free_again(Db::open("sqlite::memory:").await.unwrap()).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_takes_too_long_is_ended_on_postgres() {
        let server = std::env::var_os("GUICHET_TEST_POSTGRES")
            .expect("tests run by `cargo xtask test`, which starts a PostgreSQL for them");
        is_ended_and_free_again(Db::open(&server.into_string().unwrap()).await.unwrap()).await;
    }
}
