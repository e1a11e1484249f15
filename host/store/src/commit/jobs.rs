//! Jobs: enqueued, cancelled and settled in the commit of the effects that they belong to.

use crate::{
    db::{Arg, Tx},
    error::StoreError,
    rows::{JOB_COLUMNS, job_args},
};
use guichet_core::{
    id::TenantId,
    job::{JobWrite, OUTGOING_KEY, Settled},
};

/// Its key, unless a later job of that key waits, which has it then.
const KEY_UNLESS_TAKEN: &str = "case when exists (select 1 from jobs as later where later.tenant_id = jobs.tenant_id and later.install_id = jobs.install_id \
     and later.key = jobs.key and later.state = 'waiting') then null else key end";

pub(super) async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    writes: Vec<JobWrite>,
) -> Result<(), StoreError> {
    // In the order in which they were asked: to cancel and then to enqueue is not the same the other way round.
    for write in writes {
        match write {
            JobWrite::Enqueue(job) => {
                if let Some(key) = &job.key {
                    cancel(tx, tenant, job.install.0, key).await?;
                }
                let sql = format!(
                    "insert into jobs ({JOB_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (tenant_id, id) do nothing"
                );
                tx.execute(&sql, job_args(tenant, &job)).await?;
            }
            JobWrite::Cancel { install, key } => cancel(tx, tenant, install.0, &key).await?,
            JobWrite::Settle { id, attempt, how } => {
                let key = vec![
                    Arg::bytes(tenant.0),
                    Arg::bytes(id.0),
                    Arg::int(attempt.into()),
                ];
                if matches!(how, Settled::Again { .. } | Settled::Revived { .. }) {
                    // A message has one job: where a later one waits, this one is over.
                    let sql = format!(
                        "delete from jobs where tenant_id = $1 and id = $2 and attempt = $3 and substr(key, 1, {}) = $4 and exists (select 1 from jobs as later \
                         where later.tenant_id = jobs.tenant_id and later.install_id = jobs.install_id and later.key = jobs.key and later.state = 'waiting')",
                        OUTGOING_KEY.len()
                    );
                    let args = key.iter().cloned().chain([Arg::text(OUTGOING_KEY)]);
                    tx.execute(&sql, args.collect()).await?;
                }
                let (set, rest) = match how {
                    Settled::Done => {
                        let sql =
                            "delete from jobs where tenant_id = $1 and id = $2 and attempt = $3";
                        tx.execute(sql, key).await?;
                        continue;
                    }
                    Settled::Again {
                        due_at,
                        reason,
                        counts,
                    } => (
                        format!(
                            "state = 'waiting', lease_until = null, due_at = $4, reason = $5, attempt = attempt - $6, key = {KEY_UNLESS_TAKEN}"
                        ),
                        vec![
                            Arg::Int(Some(due_at.0)),
                            text(&reason),
                            Arg::Int(Some((!counts).into())),
                        ],
                    ),
                    Settled::Dead { at, reason } => (
                        "state = 'dead', lease_until = null, due_at = $4, reason = $5".to_owned(),
                        vec![Arg::Int(Some(at.0)), text(&reason)],
                    ),
                    Settled::Revived { at } => (
                        format!(
                            "state = 'waiting', due_at = $4, attempt = 0, key = {KEY_UNLESS_TAKEN}"
                        ),
                        vec![Arg::Int(Some(at.0))],
                    ),
                };
                let sql = format!(
                    "update jobs set {set} where tenant_id = $1 and id = $2 and attempt = $3"
                );
                tx.execute(&sql, key.into_iter().chain(rest).collect())
                    .await?;
            }
        }
    }
    Ok(())
}

fn text(reason: &str) -> Arg {
    Arg::text(reason.replace('\0', " "))
}

async fn cancel(
    tx: &mut Tx,
    tenant: TenantId,
    install: uuid::Uuid,
    key: &str,
) -> Result<(), StoreError> {
    let args = [Arg::bytes(tenant.0), Arg::bytes(install), Arg::text(key)];
    let sql = "delete from jobs where tenant_id = $1 and install_id = $2 and key = $3 and state = 'waiting'";
    tx.execute(sql, args.to_vec()).await?;
    if key.starts_with(OUTGOING_KEY) {
        // A message that is decided about anew is not the dead job's any more. By itself: each state has an index of its own.
        let sql = "delete from jobs where tenant_id = $1 and install_id = $2 and key = $3 and state = 'dead'";
        tx.execute(sql, args.to_vec()).await?;
    }
    Ok(())
}
