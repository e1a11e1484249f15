//! Installs, their secrets, and what waits for them in lanes.

use super::present::Place;
use crate::{
    db::{Arg, Tx},
    error::StoreError,
    rows,
};
use guichet_core::{
    changeset::Park,
    event::Lane,
    id::{InstallId, TenantId},
    install::Install,
};
use std::collections::HashMap;

/// Installs as they are to be.
pub(super) async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    installs: HashMap<InstallId, Install>,
) -> Result<(), StoreError> {
    let mut values = Vec::new();
    for install in installs.into_values() {
        values.push(vec![
            Arg::bytes(tenant.0),
            Arg::bytes(install.id.0),
            Arg::text(install.plugin),
            Arg::text(install.version),
            Arg::text(install.digest),
            Arg::int(install.epoch),
            Arg::text(install.state.name()),
            Arg::Int(Some(install.position)),
            Arg::int(install.from_sequence),
            rows::json(&install.manifest)?,
            rows::json(&install.settings)?,
            rows::json(&install.grants)?,
            rows::json(&install.history)?,
        ]);
    }
    let columns = "tenant_id, id, plugin, version, digest, epoch, state, position, from_sequence, manifest, settings, grants, history";
    let update = "on conflict (tenant_id, id) do update set version = excluded.version, digest = excluded.digest, epoch = excluded.epoch, \
         state = excluded.state, position = excluded.position, from_sequence = excluded.from_sequence, manifest = excluded.manifest, \
         settings = excluded.settings, grants = excluded.grants, history = excluded.history";
    tx.insert_many(&format!("insert into installs ({columns})"), values, update)
        .await
}

/// Secret settings, sealed, and those that go.
pub(super) async fn write_secrets(
    tx: &mut Tx,
    tenant: TenantId,
    secrets: Vec<(InstallId, String, Option<Vec<u8>>)>,
) -> Result<(), StoreError> {
    for (install, name, sealed) in secrets {
        let Some(sealed) = sealed else {
            let sql = "delete from secrets where tenant_id = $1 and install_id = $2 and name = $3";
            let args = vec![Arg::bytes(tenant.0), Arg::bytes(install.0), Arg::text(name)];
            tx.execute(sql, args).await?;
            continue;
        };
        let sql = "insert into secrets (tenant_id, install_id, name, sealed) values ($1, $2, $3, $4) \
             on conflict (tenant_id, install_id, name) do update set sealed = excluded.sealed";
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::bytes(install.0),
            Arg::text(name),
            Arg::Bytes(Some(sealed)),
        ];
        tx.execute(sql, args).await?;
    }
    Ok(())
}

/// Everything that was kept for installs that are gone.
pub(super) async fn forget(
    tx: &mut Tx,
    tenant: TenantId,
    installs: Vec<InstallId>,
) -> Result<(), StoreError> {
    for install in installs {
        for table in [
            "records",
            "record_entries",
            "record_indexes",
            "secrets",
            "parked",
            "dead_letters",
            "jobs",
            "cursors",
        ] {
            let sql = format!("delete from {table} where tenant_id = $1 and install_id = $2");
            tx.execute(&sql, vec![Arg::bytes(tenant.0), Arg::bytes(install.0)])
                .await?;
        }
        let sql = "delete from installs where tenant_id = $1 and id = $2";
        tx.execute(sql, vec![Arg::bytes(tenant.0), Arg::bytes(install.0)])
            .await?;
    }
    Ok(())
}

/// Installs' own cursors: few have one.
pub(super) async fn write_cursors(
    tx: &mut Tx,
    tenant: TenantId,
    cursors: HashMap<InstallId, Option<Place>>,
) -> Result<(), StoreError> {
    for (install, place) in cursors {
        let mut args = vec![Arg::bytes(tenant.0), Arg::bytes(install.0)];
        let sql = match place {
            None => "delete from cursors where tenant_id = $1 and install_id = $2",
            Some(place) => {
                args.extend([Arg::int(place.low), rows::json(&place.done)?]);
                "insert into cursors (tenant_id, install_id, low, done) values ($1, $2, $3, $4) \
                 on conflict (tenant_id, install_id) do update set low = excluded.low, done = excluded.done"
            }
        };
        tx.execute(sql, args).await?;
    }
    Ok(())
}

/// Parked deliveries of installs that begin elsewhere: before those of this commit are written.
pub(super) async fn unpark(
    tx: &mut Tx,
    tenant: TenantId,
    installs: Vec<InstallId>,
) -> Result<(), StoreError> {
    for install in installs {
        let sql = "delete from parked where tenant_id = $1 and install_id = $2";
        tx.execute(sql, vec![Arg::bytes(tenant.0), Arg::bytes(install.0)])
            .await?;
    }
    Ok(())
}

/// Installs that keep step again. Their epochs grow: nothing commits that began while they did not.
pub(super) async fn rejoin(
    tx: &mut Tx,
    tenant: TenantId,
    rejoined: Vec<(InstallId, u64)>,
) -> Result<(), StoreError> {
    for (install, from) in rejoined {
        let sql = "update installs set from_sequence = $3, epoch = epoch + 1 where tenant_id = $1 and id = $2";
        let args = vec![Arg::bytes(tenant.0), Arg::bytes(install.0), Arg::int(from)];
        tx.execute(sql, args).await?;
    }
    Ok(())
}

/// Exceptions are few: a statement each.
pub(super) async fn write_parks(
    tx: &mut Tx,
    tenant: TenantId,
    parks: Vec<(InstallId, Lane, Park)>,
) -> Result<(), StoreError> {
    for (install, lane, park) in parks {
        let key = vec![Arg::bytes(tenant.0), Arg::bytes(install.0)];
        match park {
            Park::At {
                sequence,
                attempts,
                due_at,
                reason,
            } => {
                let sql = "insert into parked (tenant_id, install_id, lane, sequence, attempts, due_at, reason) values ($1, $2, $3, $4, $5, $6, $7) \
                     on conflict (tenant_id, install_id, lane) do update set sequence = excluded.sequence, attempts = excluded.attempts, \
                     due_at = excluded.due_at, reason = excluded.reason";
                let rest = [
                    Arg::bytes(lane.0),
                    Arg::int(sequence),
                    Arg::int(attempts.into()),
                    Arg::Int(Some(due_at.0)),
                    Arg::text(reason.replace('\0', " ")),
                ];
                tx.execute(sql, key.into_iter().chain(rest).collect())
                    .await?;
            }
            Park::Release => {
                let args = key.into_iter().chain([Arg::bytes(lane.0)]).collect();
                tx.execute(
                    "delete from parked where tenant_id = $1 and install_id = $2 and lane = $3",
                    args,
                )
                .await?;
            }
            Park::Replayed { sequence } => {
                let args = key.into_iter().chain([Arg::int(sequence)]).collect();
                let sql = "delete from dead_letters where tenant_id = $1 and install_id = $2 and sequence = $3";
                tx.execute(sql, args).await?;
            }
            Park::Dead {
                sequence,
                reason,
                at,
            } => {
                let sql = "insert into dead_letters (tenant_id, install_id, sequence, reason, at) values ($1, $2, $3, $4, $5) on conflict do nothing";
                let rest = [
                    Arg::int(sequence),
                    Arg::text(reason.replace('\0', " ")),
                    Arg::Int(Some(at.0)),
                ];
                tx.execute(sql, key.into_iter().chain(rest).collect())
                    .await?;
            }
        }
    }
    Ok(())
}
