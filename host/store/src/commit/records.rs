//! Records: their bodies, the ways to them, and collections that are made anew.

use crate::{
    db::{Arg, Tx},
    error::StoreError,
    record_indexes::{INSERT_ENTRIES, Stage},
    rows,
};
use guichet_core::{
    changeset::RecordKey,
    id::{InstallId, TenantId},
    index::{IndexChange, IndexEntry},
    time::Timestamp,
};
use std::collections::HashMap;

/// A record as it is to be: its version, and its body unless it goes.
pub(super) type RecordRow = (u64, Option<String>, Timestamp);

/// Records as they are to be.
pub(super) async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    records: HashMap<RecordKey, RecordRow>,
) -> Result<(), StoreError> {
    let records = records.into_iter().map(|(key, (version, body, at))| {
        vec![
            Arg::bytes(tenant.0),
            Arg::bytes(key.install.0),
            Arg::text(key.collection),
            Arg::text(key.key),
            Arg::int(version),
            Arg::Text(body),
            Arg::Int(Some(at.0)),
        ]
    });
    let update = "on conflict (tenant_id, install_id, collection, key) do update set version = excluded.version, body = excluded.body, updated_at = excluded.updated_at";
    tx.insert_many(
        "insert into records (tenant_id, install_id, collection, key, version, body, updated_at)",
        records.collect(),
        update,
    )
    .await
}

/// What changes about by what records are found, in the order of happening: of each way, the last word counts.
pub(super) async fn write_entries(
    tx: &mut Tx,
    tenant: TenantId,
    changed: Vec<(RecordKey, IndexChange)>,
) -> Result<(), StoreError> {
    let mut last: HashMap<(RecordKey, IndexEntry), bool> = HashMap::new();
    for (key, change) in changed {
        last.extend(
            change
                .gone
                .into_iter()
                .map(|entry| ((key.clone(), entry), false)),
        );
        last.extend(
            change
                .come
                .into_iter()
                .map(|entry| ((key.clone(), entry), true)),
        );
    }
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for ((key, entry), stands) in last {
        let rows = if stands { &mut come } else { &mut gone };
        rows.push(vec![
            Arg::bytes(tenant.0),
            Arg::bytes(key.install.0),
            Arg::text(key.collection),
            Arg::text(entry.index),
            Arg::Bytes(Some(entry.value)),
            Arg::text(key.key),
        ]);
    }
    tx.insert_many(DELETE_ENTRIES, gone, ")").await?;
    tx.insert_many(INSERT_ENTRIES, come, "on conflict do nothing")
        .await
}

/// The head of a statement that takes ways away, each by its whole key.
const DELETE_ENTRIES: &str = "delete from record_entries where (tenant_id, install_id, collection, pointer, value, key) in (";

/// What installs' records take, as far as it changes.
pub(super) async fn write_bytes(
    tx: &mut Tx,
    tenant: TenantId,
    grown: HashMap<InstallId, i64>,
) -> Result<(), StoreError> {
    for (install, grown) in grown.into_iter().filter(|(_, grown)| *grown != 0) {
        let sql =
            "update installs set record_bytes = record_bytes + $3 where tenant_id = $1 and id = $2";
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::bytes(install.0),
            Arg::Int(Some(grown)),
        ];
        tx.execute(sql, args).await?;
    }
    Ok(())
}

/// Collections made anew as copies of others, for a version that keeps its records in another form. The ways to the copies are made afterwards.
pub(super) async fn copy(
    tx: &mut Tx,
    tenant: TenantId,
    copies: Vec<(InstallId, String, String)>,
) -> Result<(), StoreError> {
    for (install, from, to) in copies {
        let args = |collection: &str| {
            vec![
                Arg::bytes(tenant.0),
                Arg::bytes(install.0),
                Arg::text(collection),
            ]
        };
        let sql =
            "delete from records where tenant_id = $1 and install_id = $2 and collection = $3";
        tx.execute(sql, args(&to)).await?;
        let sql = "insert into records (tenant_id, install_id, collection, key, version, body, updated_at) \
             select tenant_id, install_id, $4, key, version, body, updated_at from records where tenant_id = $1 and install_id = $2 and collection = $3 and body is not null";
        let mut copied = args(&from);
        copied.push(Arg::text(&to));
        tx.execute(sql, copied).await?;
        let sql = "update record_indexes set stage = $4, after_key = '' where tenant_id = $1 and install_id = $2 and collection = $3";
        let mut anew = args(&to);
        anew.push(Arg::text(Stage::Clearing.name()));
        tx.execute(sql, anew).await?;
        let sql = "update installs set record_bytes = (select coalesce(sum(octet_length(key) + octet_length(body)), 0) from records \
             where tenant_id = $1 and install_id = $2 and body is not null) where tenant_id = $1 and id = $2";
        let args = vec![Arg::bytes(tenant.0), Arg::bytes(install.0)];
        tx.execute(sql, args).await?;
    }
    Ok(())
}

/// The ways that the collections of an install's version have. Where they are others than before, they are to be made; where no record is, they are.
pub(super) async fn write_indexes(
    tx: &mut Tx,
    tenant: TenantId,
    indexes: Vec<(InstallId, String, Vec<String>)>,
) -> Result<(), StoreError> {
    for (install, collection, pointers) in indexes {
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::bytes(install.0),
            Arg::text(collection),
            rows::json(&pointers)?,
            Arg::text(Stage::Clearing.name()),
            Arg::text(Stage::Whole.name()),
        ];
        let sql = "insert into record_indexes (tenant_id, install_id, collection, pointers, stage, after_key) \
             select $1, $2, $3, $4, case when exists (select 1 from records where tenant_id = $1 and install_id = $2 and collection = $3) then $5 else $6 end, '' \
             where true \
             on conflict (tenant_id, install_id, collection) do update set pointers = excluded.pointers, stage = excluded.stage, after_key = '' \
             where record_indexes.pointers <> excluded.pointers";
        tx.execute(sql, args).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        db::{Db, MEMORY},
        migrate,
    };

    #[tokio::test]
    async fn ways_are_taken_away_by_their_index_however_many_there_are() {
        let db = Db::open(MEMORY).await.unwrap();
        migrate::run(&db).await.unwrap();
        let row = "(x'00', x'00', 'c', '/p', x'00', 'k')";
        let sql = format!("explain query plan {DELETE_ENTRIES} values {row}, {row})");
        let plan = db.rows(&sql, Vec::new()).await.unwrap();
        let plan: Vec<_> = plan.iter().map(|row| row.text("detail").unwrap()).collect();
        let look_up = "INDEX sqlite_autoindex_record_entries_1 (tenant_id=? AND install_id=? AND collection=? AND pointer=? AND value=? AND key=?)";
        assert!(plan.iter().any(|step| step.ends_with(look_up)), "{plan:?}");
    }
}
