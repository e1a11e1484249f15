//! Jobs: enqueued, cancelled and settled in the commit of the effects that they belong to.

use crate::{
    db::{Arg, Tx},
    error::StoreError,
    rows::{JOB_COLUMNS, job_args},
};
use guichet_core::{
    id::TenantId,
    job::{JobWrite, Settled},
};

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
                let (sql, rest) = match how {
                    Settled::Done => (
                        "delete from jobs where tenant_id = $1 and id = $2 and attempt = $3",
                        vec![],
                    ),
                    Settled::Again {
                        due_at,
                        reason,
                        counts,
                    } => (
                        "update jobs set state = 'waiting', lease_until = null, due_at = $4, reason = $5, attempt = attempt - $6, \
                         key = case when exists (select 1 from jobs as later where later.tenant_id = jobs.tenant_id and later.install_id = jobs.install_id \
                         and later.key = jobs.key and later.state = 'waiting') then null else key end \
                         where tenant_id = $1 and id = $2 and attempt = $3",
                        vec![
                            Arg::Int(Some(due_at.0)),
                            text(&reason),
                            Arg::Int(Some((!counts).into())),
                        ],
                    ),
                    Settled::Dead { at, reason } => (
                        "update jobs set state = 'dead', lease_until = null, due_at = $4, reason = $5 where tenant_id = $1 and id = $2 and attempt = $3",
                        vec![Arg::Int(Some(at.0)), text(&reason)],
                    ),
                };
                tx.execute(sql, key.into_iter().chain(rest).collect())
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
    let sql = "delete from jobs where tenant_id = $1 and install_id = $2 and key = $3 and state = 'waiting'";
    let args = vec![Arg::bytes(tenant.0), Arg::bytes(install), Arg::text(key)];
    tx.execute(sql, args).await.map(drop)
}
