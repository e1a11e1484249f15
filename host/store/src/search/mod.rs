//! # Full text
//! - A **document** is what is said on a ticket: its number, subject, tags and messages, as tokens (see [`tokens`]).
//! - The **index** holds the documents: a file of its own on SQLite (FTS5), tables of their own on PostgreSQL (tsvector).
//! - The **feed** follows the log and writes documents anew; nothing is written by the commits themselves.
//!
//! The index can be thrown away at any time: it is made again from the tickets. What was said is found within a second.

/// From texts to tokens.
mod tokens;

/// From the log to documents.
mod feed;

use crate::{
    db::{Arg, Db, MEMORY},
    error::StoreError,
    limits::SEARCH_WORDS_MAX,
};
use guichet_core::{
    id::{TenantId, TicketId},
    time::Timestamp,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::watch;

pub(crate) use feed::start;
pub(crate) use tokens::tokens;

/// Of tables and tokens: another one is made anew at the start.
const VERSION: i64 = 2;

/// Parts a tenant's number from a word: a letter to SQLite's tokenizer, and to [`tokens`] none.
const PARTING: char = '\u{E000}';

/// PostgreSQL's advisory lock of the index: the letters "search".
const LOCK: i64 = 0x73_65_61_72_63_68;

/// The index of all tenants. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Index {
    db: Db,
    /// Grows with each batch that was written.
    written: Arc<watch::Sender<u64>>,
}

/// Where a document stands: newer tickets have higher places.
pub(crate) fn place(created_at: Timestamp, id: TicketId) -> i64 {
    let low = i64::try_from(id.0.as_u128() & 0xF_FFFF).unwrap_or(0);
    (created_at.0 / 1_000) << 20 | low
}

/// The address of the index of a database: SQLite's has a file of its own.
fn address(url: &str) -> String {
    match url.strip_suffix(".db") {
        // Each that is opened is another one.
        _ if url == MEMORY => url.to_owned(),
        Some(stem) if url.starts_with("sqlite:") => format!("{stem}.search.db"),
        _ if url.starts_with("sqlite:") => format!("{url}.search"),
        _ => url.to_owned(),
    }
}

impl Index {
    /// Opens the index of the database; makes it where there is none, or one of another version.
    pub(crate) async fn open(url: &str, main: &Db) -> Result<Self, StoreError> {
        let db = match main {
            Db::Sqlite { .. } => Db::open(&address(url)).await?,
            Db::Postgres(..) => main.clone(),
        };
        let mut tx = db.begin().await?;
        if tx.is_postgres() {
            tx.rows(
                "select 1 as one from (select pg_advisory_xact_lock($1)) as locked",
                vec![Arg::Int(Some(LOCK))],
            )
            .await?;
        }
        tx.script(
            "create table if not exists search_version (version bigint primary key)".to_owned(),
        )
        .await?;
        let found = tx
            .rows("select version from search_version", vec![])
            .await?;
        let version = found.first().map(|row| row.int("version")).transpose()?;
        if version != Some(VERSION) {
            tx.script(make(tx.is_postgres())).await?;
        }
        tx.commit().await?;
        Ok(Self {
            db,
            written: Arc::new(watch::Sender::new(0)),
        })
    }

    /// Tickets with all of the tokens, newest first, of places below the given one. The last token may be the beginning of a word.
    pub(crate) async fn find(
        &self,
        tenant: TenantId,
        wanted: &[String],
        below: i64,
        limit: u32,
        within: Duration,
    ) -> Result<Vec<(i64, TicketId)>, StoreError> {
        let until = Instant::now() + within;
        let (sql, args) = match &self.db {
            Db::Sqlite { .. } => {
                let Some(prefix) = self.prefix(tenant).await? else {
                    return Ok(Vec::new());
                };
                let of_tenant = |token| quoted(&format!("{prefix}{token}"));
                let mut terms: Vec<_> = wanted.iter().map(of_tenant).collect();
                if let (Some(last), Some(beginning)) = (terms.last_mut(), wanted.last()) {
                    *last = self
                        .beginning_with(&format!("{prefix}{beginning}"), within)
                        .await?;
                }
                (
                    "select d.place, d.ticket_id from search_texts t join search_docs d on d.place = t.rowid \
                     where search_texts match $1 and t.rowid < $2 order by t.rowid desc limit $3",
                    vec![Arg::text(terms.join(" AND "))],
                )
            }
            Db::Postgres(..) => {
                let mut terms: Vec<_> = wanted.iter().map(|token| format!("'{token}'")).collect();
                if let Some(last) = terms.last_mut() {
                    last.push_str(":*");
                }
                (
                    "select place, ticket_id from search_docs where tenant_id = $4 and tokens @@ cast($1 as tsquery) and place < $2 \
                     order by place desc limit $3",
                    vec![Arg::text(terms.join(" & "))],
                )
            }
        };
        let mut args = args;
        args.extend([Arg::Int(Some(below)), Arg::int(limit.into())]);
        if matches!(self.db, Db::Postgres(..)) {
            args.push(Arg::bytes(tenant.0));
        }
        let left = until.saturating_duration_since(Instant::now());
        let rows = self.db.rows_within(sql, args, left).await;
        let rows = rows.map_err(|error| match error {
            StoreError::TooLong(_) => StoreError::TooLong(within.as_millis()),
            other => other,
        })?;
        rows.iter()
            .map(|row| Ok((row.int("place")?, TicketId(row.id("ticket_id")?))))
            .collect()
    }

    /// What stands before a tenant's words in SQLite's index, so that nobody's search looks at a word of anybody else; none where nothing is known yet.
    async fn prefix(&self, tenant: TenantId) -> Result<Option<String>, StoreError> {
        let sql = "select number from search_tenants where tenant_id = $1";
        let rows = self.db.rows(sql, vec![Arg::bytes(tenant.0)]).await?;
        let number = rows.first().map(|row| row.int("number")).transpose()?;
        Ok(number.map(prefix))
    }

    /// SQLite's term for all words with that beginning. Where it is given as such, all their documents are put together before the newest is known; of
    /// words by their names, those are read that are wanted.
    async fn beginning_with(
        &self,
        beginning: &str,
        within: Duration,
    ) -> Result<String, StoreError> {
        let sql = "select term from search_words where term >= $1 and term <= $2 limit $3";
        let args = vec![
            Arg::text(beginning),
            Arg::text(format!("{beginning}{}", char::MAX)),
            Arg::int(u64::from(SEARCH_WORDS_MAX) + 1),
        ];
        let rows = self.db.rows_within(sql, args, within).await?;
        let words = rows.iter().map(|row| row.text("term"));
        let words = words.collect::<Result<Vec<_>, _>>()?;
        // None: letters that the index folds further than we do.
        if words.is_empty() || words.len() > SEARCH_WORDS_MAX as usize {
            return Ok(format!("{}*", quoted(beginning)));
        }
        let words: Vec<_> = words.iter().map(|word| quoted(word)).collect();
        Ok(format!("({})", words.join(" OR ")))
    }

    /// How far the log of a tenant is in the index.
    pub(crate) async fn sequence(&self, tenant: TenantId) -> Result<u64, StoreError> {
        let rows = self
            .db
            .rows(
                "select sequence from search_cursors where tenant_id = $1",
                vec![Arg::bytes(tenant.0)],
            )
            .await?;
        rows.first().map_or(Ok(0), |row| row.count("sequence"))
    }

    /// Waits until the log up to there is in the index.
    pub(crate) async fn reached(&self, tenant: TenantId, sequence: u64) -> Result<(), StoreError> {
        let mut written = self.written.subscribe();
        while self.sequence(tenant).await? < sequence {
            if written.changed().await.is_err() {
                return Err(StoreError::Closed);
            }
        }
        Ok(())
    }
}

/// Tokens are letters and digits.
fn quoted(token: &str) -> String {
    format!("\"{token}\"")
}

fn prefix(number: i64) -> String {
    format!("{number:x}{PARTING}")
}

fn make(is_postgres: bool) -> String {
    let drop = "drop table if exists search_texts; drop table if exists search_docs; drop table if exists search_cursors; \
         drop table if exists search_words; drop table if exists search_tenants; delete from search_version;";
    let tables = if is_postgres {
        "create table search_docs (tenant_id bytea not null, ticket_id bytea not null, place bigint not null, version bigint not null, tokens tsvector not null, \
             primary key (tenant_id, ticket_id));
         create index search_docs_newest on search_docs (tenant_id, place desc);
         create index search_docs_tokens on search_docs using gin (tokens);
         create table search_cursors (tenant_id bytea primary key, sequence bigint not null);"
    } else {
        "create table search_docs (place integer primary key, tenant_id blob not null, ticket_id blob not null, version bigint not null, unique (tenant_id, ticket_id));
         create virtual table search_texts using fts5 (tokens, content = '', contentless_delete = 1, detail = 'none', tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\");
         create virtual table search_words using fts5vocab(search_texts, 'row');
         create table search_tenants (number integer primary key, tenant_id blob not null unique);
         create table search_cursors (tenant_id blob primary key, sequence bigint not null);"
    };
    format!("{drop} {tables} insert into search_version (version) values ({VERSION});")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_newer_ticket_has_a_higher_place() {
        let id = |low: u128| TicketId(Uuid::from_u128(low));
        let at = |milliseconds: i64| Timestamp(milliseconds * 1_000);
        assert!(place(at(2), id(1)) > place(at(1), id(0xF_FFFF)));
        assert!(place(at(1), id(2)) > place(at(1), id(1)));
        assert!(place(Timestamp(i64::MAX / 2_000_000_000), id(0)) >= 0);
    }

    #[test]
    fn the_index_of_a_file_is_a_file_beside_it() {
        assert_eq!(
            address("sqlite:///data/guichet.db"),
            "sqlite:///data/guichet.search.db"
        );
        assert_eq!(address("postgres://host/name"), "postgres://host/name");
    }
}
