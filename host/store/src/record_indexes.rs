//! The ways to records that were there before their collection declared them: made in slices, each a short transaction, so that others write in between.
//! A server that was stopped on the way goes on where it was.
//!
//! Every commit keeps the ways to what it writes. A collection whose pointers change is cleared first, and then gone through in the order of its keys.

use crate::{
    Store,
    db::{Arg, Db, Row},
    error::StoreError,
    limits::{INDEX_SLICE_BYTES, INDEX_SLICE_RECORDS, INDEX_SLICE_ROWS},
    rows,
};
use guichet_core::{
    id::{InstallId, TenantId},
    index,
};
use std::time::Duration;

/// How far the ways of a collection are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// What stood there goes.
    Clearing,
    /// Records up to a key have theirs.
    Making,
    Whole,
}

impl Stage {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Clearing => "clearing",
            Self::Making => "making",
            Self::Whole => "whole",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::Clearing, Self::Making, Self::Whole]
            .into_iter()
            .find(|stage| stage.name() == name)
    }
}

/// A collection whose ways are not whole.
struct Unfinished {
    tenant: TenantId,
    install: InstallId,
    collection: String,
}

/// All of them, and those of one install.
const ALL: &str =
    "select tenant_id, install_id, collection from record_indexes where stage <> 'whole'";

/// Milliseconds after which what failed is tried again.
const AGAIN_MS: u64 = 30_000;

impl Store {
    /// Makes the ways to an install's records whole. What cannot be made now is made later: whoever asks by such a way is told to ask again until then.
    pub async fn index_records(&self, tenant: TenantId, install: InstallId) {
        let sql = format!("{ALL} and tenant_id = $1 and install_id = $2");
        let args = vec![Arg::bytes(tenant.0), Arg::bytes(install.0)];
        if !finish(&self.db, &sql, args).await {
            resume(self.db.clone());
        }
    }
}

/// Goes on with what is unfinished, until nothing is.
pub(crate) fn resume(db: Db) {
    tokio::spawn(async move {
        while !finish(&db, ALL, Vec::new()).await {
            tokio::time::sleep(Duration::from_millis(AGAIN_MS)).await;
        }
    });
}

/// Whether all of these are whole. One that fails holds up no other.
async fn finish(db: &Db, sql: &str, args: Vec<Arg>) -> bool {
    let unfinished = async {
        let rows = db.rows(sql, args).await?;
        rows.iter()
            .map(Unfinished::of)
            .collect::<Result<Vec<_>, _>>()
    };
    let unfinished = match unfinished.await {
        Ok(unfinished) => unfinished,
        Err(error) => {
            tracing::warn!(%error, "which indexes of records are unfinished cannot be read");
            return false;
        }
    };
    let mut are_whole = true;
    for one in unfinished {
        if let Err(error) = one.make_whole(db).await {
            let (install, collection) = (one.install, &one.collection);
            tracing::warn!(%error, %install, collection, "the indexes of a collection cannot be made now");
            are_whole = false;
        }
    }
    are_whole
}

impl Unfinished {
    fn of(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            tenant: TenantId(row.id("tenant_id")?),
            install: InstallId(row.id("install_id")?),
            collection: row.text("collection")?,
        })
    }

    async fn make_whole(&self, db: &Db) -> Result<(), StoreError> {
        while self.slice(db).await? != Stage::Whole {}
        Ok(())
    }

    fn args(&self, more: impl IntoIterator<Item = Arg>) -> Vec<Arg> {
        let named = [
            Arg::bytes(self.tenant.0),
            Arg::bytes(self.install.0),
            Arg::text(&self.collection),
        ];
        named.into_iter().chain(more).collect()
    }

    /// Does a little more; answers how far it is then.
    async fn slice(&self, db: &Db) -> Result<Stage, StoreError> {
        let mut tx = db.begin().await?;
        // As a commit does first: so neither waits for the other in a circle. On SQLite there is one writer anyway.
        if tx.is_postgres() {
            let sql = "select id from tenants where id = $1 for update";
            tx.rows(sql, vec![Arg::bytes(self.tenant.0)]).await?;
        }
        let sql = "select pointers, stage, after_key from record_indexes where tenant_id = $1 and install_id = $2 and collection = $3";
        let Some(row) = tx.rows(sql, self.args([])).await?.into_iter().next() else {
            // The install was forgotten.
            return Ok(Stage::Whole);
        };
        let pointers: Vec<String> = rows::from_json(&row.text("pointers")?)?;
        let stage = Stage::parse(&row.text("stage")?);
        let (next, after) = match stage {
            Some(Stage::Whole) => return Ok(Stage::Whole),
            Some(Stage::Making) => {
                self.make(&mut tx, &pointers, row.text("after_key")?)
                    .await?
            }
            Some(Stage::Clearing) | None => (self.clear(&mut tx, &pointers).await?, String::new()),
        };
        let sql = "update record_indexes set stage = $4, after_key = $5 where tenant_id = $1 and install_id = $2 and collection = $3";
        tx.execute(sql, self.args([Arg::text(next.name()), Arg::text(after)]))
            .await?;
        tx.commit().await?;
        Ok(next)
    }

    async fn clear(
        &self,
        tx: &mut crate::db::Tx,
        pointers: &[String],
    ) -> Result<Stage, StoreError> {
        let sql = format!(
            "delete from record_entries where (tenant_id, install_id, collection, pointer, value, key) in ( \
             select tenant_id, install_id, collection, pointer, value, key from record_entries \
             where tenant_id = $1 and install_id = $2 and collection = $3 limit {INDEX_SLICE_ROWS})"
        );
        Ok(match tx.execute(&sql, self.args([])).await? {
            INDEX_SLICE_ROWS.. => Stage::Clearing,
            _ if pointers.is_empty() => Stage::Whole,
            _ => Stage::Making,
        })
    }

    async fn make(
        &self,
        tx: &mut crate::db::Tx,
        pointers: &[String],
        mut after: String,
    ) -> Result<(Stage, String), StoreError> {
        let sql = format!(
            "select key, cast(octet_length(body) as bigint) as bytes from records where tenant_id = $1 and install_id = $2 and collection = $3 and key > $4 \
             and body is not null order by key limit {INDEX_SLICE_RECORDS}"
        );
        let found = tx.rows(&sql, self.args([Arg::text(&after)])).await?;
        let is_last = (found.len() as u64) < INDEX_SLICE_RECORDS;
        let (mut bytes, mut made) = (0, 0);
        let mut entries = Vec::new();
        for row in &found {
            bytes += row.count("bytes")?;
            let is_full = bytes > INDEX_SLICE_BYTES || entries.len() as u64 >= INDEX_SLICE_ROWS;
            if is_full && made > 0 {
                break;
            }
            made += 1;
            after = row.text("key")?;
            let sql = "select body from records where tenant_id = $1 and install_id = $2 and collection = $3 and key = $4";
            let args = self.args([Arg::text(&after)]);
            for row in tx.rows(sql, args).await? {
                let found_by = index::entries(&row.text("body")?, pointers);
                let rows = found_by.into_iter().map(|entry| {
                    self.args([
                        Arg::text(entry.index),
                        Arg::Bytes(Some(entry.value)),
                        Arg::text(&after),
                    ])
                });
                entries.extend(rows);
            }
        }
        tx.insert_many(INSERT_ENTRIES, entries, "on conflict do nothing")
            .await?;
        let is_whole = is_last && made == found.len();
        Ok((
            if is_whole {
                Stage::Whole
            } else {
                Stage::Making
            },
            after,
        ))
    }
}

/// The head of a statement that makes ways.
pub(crate) const INSERT_ENTRIES: &str =
    "insert into record_entries (tenant_id, install_id, collection, pointer, value, key)";
