//! Jobs of a plugin: what waits, what runs, what was given up.

use super::{
    context::{Ctx, Id},
    error::Problem,
    installs,
};
use crate::{
    channels::{decide, outgoing::Outgoing},
    clock::rfc3339,
    lane::into_lane_error,
};
use axum::{Json, http::StatusCode};
use guichet_core::{
    changeset::{ChangeSet, Check},
    id::JobId,
    job::{Job, JobWrite, SCHEDULE_KEY, Settled},
    ticket::verbs::tell,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A job.
#[derive(Serialize, ToSchema)]
pub struct JobShown {
    id: Uuid,
    name: String,
    /// `waiting`, `running` or `dead`.
    state: &'static str,
    due_at: String,
    /// Attempts that have begun.
    attempt: u32,
    /// By the clock, not by an effect.
    scheduled: bool,
    /// The event that led to it.
    event: Option<u64>,
    /// Why its last attempt failed.
    reason: Option<String>,
}

/// Jobs of an install, those that are due first on top.
#[derive(Serialize, ToSchema)]
pub struct Jobs {
    items: Vec<JobShown>,
}

fn is_scheduled(job: &Job) -> bool {
    job.key
        .as_ref()
        .is_some_and(|key| key.starts_with(SCHEDULE_KEY))
}

/// The jobs of an install, those that are due first on top; at most 200. For admins.
#[utoipa::path(get, path = "/plugins/{id}/jobs", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 200, body = Jobs), (status = 404, body = Problem)))]
pub async fn list(ctx: Ctx, Id(id): Id) -> Result<Json<Jobs>, Problem> {
    ctx.must_be_admin()?;
    let install = installs::known(&ctx, id).await?;
    let rows = ctx.store().jobs(install.id, 200).await?;
    let items = rows.into_iter().map(|row| JobShown {
        id: row.job.id.0,
        scheduled: is_scheduled(&row.job),
        name: row.job.name,
        state: row.state.name(),
        due_at: rfc3339(row.job.due_at),
        attempt: row.job.attempt,
        event: row.job.cause,
        reason: row.reason,
    });
    Ok(Json(Jobs {
        items: items.collect(),
    }))
}

/// Have a job that was given up done again, from its first attempt. A message on its way out waits to be sent again.
#[utoipa::path(put, path = "/jobs/{id}/revival", tag = "plugins", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn revive(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let job = ctx.store().dead_job(JobId(id)).await?;
    let job =
        job.ok_or_else(|| Problem::not_found(format_args!("a job {id} that was given up")))?;
    let stamp = ctx.asker().stamp(&ctx.desk);
    let mut changes = ChangeSet::new(ctx.tenant.id);
    if let Some(outgoing) = Outgoing::read(&job) {
        decide::revive(&ctx.desk, &ctx.asker(), &job, &outgoing, &mut changes).await?;
    }
    changes.checks.push(Check::GivenUp(job.id, job.attempt));
    changes.jobs.push(JobWrite::Settle {
        id: job.id,
        attempt: job.attempt,
        how: Settled::Revived { at: stamp.at },
    });
    let data = serde_json::json!({ "job": id });
    changes.events.push(tell("job.revived", data, &stamp));
    ctx.desk.commit(changes).await.map_err(into_lane_error)?;
    ctx.desk.due.wake();
    Ok(StatusCode::NO_CONTENT)
}
