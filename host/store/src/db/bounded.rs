//! Reads that may be long: questions that people and plugins make up. Each has its time, waiting for a connection included; past it the database
//! stops working on it. They never take all connections, so that what is short goes on beside them.

use super::{Arg, Db, Row, check};
use crate::error::StoreError;
use sqlx::AssertSqlSafe;
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
        let too_long = || StoreError::TooLong(within.as_millis());
        let told = |error: sqlx::Error| match error.as_database_error().and_then(|e| e.code()) {
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
                let place = timeout(within, places.acquire()).await;
                let _place = place
                    .map_err(|_| too_long())?
                    .map_err(|_| StoreError::Closed)?;
                let left = end.saturating_duration_since(Instant::now()).as_millis();
                // 0 would mean for ever.
                let begin = format!(
                    "begin read only; set local statement_timeout = {}",
                    left.max(1)
                );
                let begun = timeout_at(end.into(), pool.begin_with(AssertSqlSafe(begin))).await;
                let mut tx = begun.map_err(|_| too_long())??;
                let rows = bound!(sql, args).fetch_all(&mut *tx).await;
                // Dropped, the transaction is ended with the next use of its connection: nobody waits for that.
                Ok(rows.map_err(told)?.into_iter().map(Row::Postgres).collect())
            }
        }
    }
}
