//! Jobs to be done. An attempt is committed before it runs; it ends by a change-set that names it, so that no attempt ends twice.

use crate::{
    Store,
    db::{Arg, Row},
    error::StoreError,
    rows,
    tenant::{Read, TenantStore},
};
use guichet_core::{
    id::{InstallId, JobId, TenantId, TicketId},
    job::{Job, JobState},
    time::Timestamp,
};
use uuid::Uuid;

/// A job whose attempt has begun.
#[derive(Debug, Clone)]
pub struct DueJob {
    pub tenant: TenantId,
    pub job: Job,
}

/// A job as people look at it.
#[derive(Debug, Clone)]
pub struct JobRow {
    pub job: Job,
    pub state: JobState,
    /// Why its last attempt failed.
    pub reason: Option<String>,
}

impl Store {
    /// Begins attempts of jobs that are due, at most `limit`, of installs that are enabled, so that of each at most `of_install` run; those whose worker is gone among them.
    /// Until `lease_until` nobody else takes them, unless the holder [releases](Store::release_jobs) them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_jobs(
        &self,
        holder: Uuid,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        of_install: u32,
    ) -> Result<Vec<DueJob>, StoreError> {
        let due = self
            .db
            .rows(
                // Of each install only so many, those that run counted: no plugin takes all the places.
                "select tenant_id, id, attempt from (\
                     select j.tenant_id, j.id, j.attempt, j.due_at, row_number() over (partition by j.tenant_id, j.install_id order by j.due_at, j.id) \
                     + (select count(*) from jobs r where r.tenant_id = j.tenant_id and r.install_id = j.install_id and r.state = 'running' and r.lease_until >= $1) as place \
                     from jobs j join installs i on i.tenant_id = j.tenant_id and i.id = j.install_id and i.state = 'enabled' \
                     where (j.state = 'waiting' and j.due_at <= $1) or (j.state = 'running' and j.lease_until < $1)) as due \
                 where place <= $3 order by due_at, id limit $2",
                vec![
                    Arg::Int(Some(now.0)),
                    Arg::int(limit.into()),
                    Arg::int(of_install.into()),
                ],
            )
            .await?;
        let mut begun = Vec::with_capacity(due.len());
        for row in due {
            // Whoever updates the attempt that he saw, has it; the others find another one.
            let sql = "update jobs set state = 'running', attempt = attempt + 1, lease_until = $4, holder = $6 where tenant_id = $1 and id = $2 and attempt = $3 \
                 and (state = 'waiting' or (state = 'running' and lease_until < $5)) returning *";
            let args = vec![
                Arg::bytes(row.id("tenant_id")?),
                Arg::bytes(row.id("id")?),
                Arg::Int(Some(row.int("attempt")?)),
                Arg::Int(Some(lease_until.0)),
                Arg::Int(Some(now.0)),
                Arg::bytes(holder),
            ];
            for row in self.db.write_rows(sql, args).await? {
                begun.push(DueJob {
                    tenant: TenantId(row.id("tenant_id")?),
                    job: rows::job(&row)?,
                });
            }
        }
        Ok(begun)
    }

    /// Lets everybody take what the holder had begun, for it is gone; but for these, whose lease goes on. Answers how many there were.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_jobs(
        &self,
        holder: Uuid,
        but: &[(TenantId, JobId)],
    ) -> Result<u64, StoreError> {
        for (tenant, job) in but {
            let sql = "update jobs set holder = null where tenant_id = $1 and id = $2 and state = 'running' and holder = $3";
            let args = [tenant.0, job.0, holder].map(Arg::bytes);
            self.db.execute(sql, args.to_vec()).await?;
        }
        let sql = "update jobs set lease_until = 0 where state = 'running' and holder = $1";
        self.db.execute(sql, vec![Arg::bytes(holder)]).await
    }

    /// When the next job is due, or a lease runs out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn next_job_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "select min(due) as due from (select min(j.due_at) as due from jobs j join installs i on i.tenant_id = j.tenant_id and i.id = j.install_id \
             and i.state = 'enabled' where j.state = 'waiting' union all select min(j.lease_until) as due from jobs j join installs i on i.tenant_id = j.tenant_id and i.id = j.install_id \
             and i.state = 'enabled' where j.state = 'running') as all_due";
        let rows = self.db.rows(sql, vec![]).await?;
        match rows.first() {
            Some(row) => Ok(row.opt_int("due")?.map(Timestamp)),
            None => Ok(None),
        }
    }
}

fn job_row(row: &Row) -> Read<JobRow> {
    Ok(JobRow {
        job: rows::job(row)?,
        state: rows::job_state(row)?,
        reason: row.opt_text("reason")?,
    })
}

impl TenantStore {
    /// The waiting job of a key.
    ///
    /// # Errors
    /// [`StoreError`], as all of these.
    pub async fn waiting_job(&self, install: InstallId, key: &str) -> Read<Option<JobId>> {
        let sql = "select id from jobs where tenant_id = $1 and install_id = $2 and key = $3 and state = 'waiting'";
        self.one_of(sql, [Arg::bytes(install.0), Arg::text(key)], |row| {
            row.id("id").map(JobId)
        })
        .await
    }

    /// Jobs of an install, those that are due first on top.
    pub async fn jobs(&self, install: InstallId, limit: u32) -> Read<Vec<JobRow>> {
        let sql = "select * from jobs where tenant_id = $1 and install_id = $2 order by due_at, id limit $3";
        let args = [Arg::bytes(install.0), Arg::int(limit.into())];
        self.list_of(sql, args, job_row).await
    }

    /// Jobs of an install about a ticket that wait or run.
    pub async fn live_jobs_of(&self, ticket: TicketId, install: InstallId) -> Read<Vec<JobRow>> {
        let sql = "select * from jobs where tenant_id = $1 and ticket_id = $2 and install_id = $3 and state in ('waiting', 'running')";
        let args = [Arg::bytes(ticket.0), Arg::bytes(install.0)];
        self.list_of(sql, args, job_row).await
    }

    /// How many jobs of an install are not done, and how many were given up.
    pub async fn count_jobs(&self, install: InstallId) -> Read<(u64, u64)> {
        let sql = "select count(*) as jobs, coalesce(sum(case when state = 'dead' then 1 else 0 end), 0) as dead from jobs where tenant_id = $1 and install_id = $2";
        let read = |row: &crate::db::Row| Ok((row.count("jobs")?, row.count("dead")?));
        let counted = self.one_of(sql, [Arg::bytes(install.0)], read).await?;
        let (jobs, dead) = counted.unwrap_or_default();
        Ok((jobs - dead, dead))
    }

    /// A job that was given up.
    pub async fn dead_job(&self, id: JobId) -> Read<Option<Job>> {
        let sql = "select * from jobs where tenant_id = $1 and id = $2 and state = 'dead'";
        self.one_of(sql, [Arg::bytes(id.0)], rows::job).await
    }
}
