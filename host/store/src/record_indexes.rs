//! The ways to records that were there before their collection declared them: made in slices, each a short transaction, so that others write in between.
//! A server that was stopped on the way goes on where it was.
//!
//! Every commit keeps the ways to what it writes. A collection whose pointers change is cleared first, and then gone through in the order of its keys.

use crate::{
    Store,
    db::{Arg, Db},
    error::StoreError,
    limits::{INDEX_SLICE_BYTES, INDEX_SLICE_RECORDS, INDEX_SLICE_ROWS},
    rows,
};
use guichet_core::{
    id::{InstallId, TenantId},
    index,
};

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

impl Store {
    /// Makes the ways to an install's records whole.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn index_records(
        &self,
        tenant: TenantId,
        install: InstallId,
    ) -> Result<(), StoreError> {
        let sql = "select tenant_id, install_id, collection from record_indexes where tenant_id = $1 and install_id = $2 and stage <> 'whole'";
        let args = vec![Arg::bytes(tenant.0), Arg::bytes(install.0)];
        finish(&self.db, sql, args).await
    }
}

/// Goes on with what a server before this one left unfinished.
pub(crate) fn resume(db: Db) {
    tokio::spawn(async move {
        let sql =
            "select tenant_id, install_id, collection from record_indexes where stage <> 'whole'";
        if let Err(error) = finish(&db, sql, Vec::new()).await {
            tracing::warn!(%error, "indexes of records could not be made: they are when the server starts again");
        }
    });
}

async fn finish(db: &Db, sql: &str, args: Vec<Arg>) -> Result<(), StoreError> {
    for row in db.rows(sql, args).await? {
        let one = Unfinished {
            tenant: TenantId(row.id("tenant_id")?),
            install: InstallId(row.id("install_id")?),
            collection: row.text("collection")?,
        };
        while one.slice(db).await? != Stage::Whole {}
    }
    Ok(())
}

impl Unfinished {
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
            if bytes > INDEX_SLICE_BYTES && made > 0 {
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
