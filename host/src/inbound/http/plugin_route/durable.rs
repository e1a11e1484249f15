//! Durable routes: the raw request is kept before the plugin sees it. Where the plugin fails, is refused or does not run just now, the request is
//! handled later, as a job, and the sender gets the answer that the manifest declares. Nothing that was answered well is lost.

use super::invoke::{Failure, Incoming, invoke};
use crate::{
    desk::Desk,
    lane::{LaneError, into_lane_error},
    limits::ROUTE_BODY_BYTES_MAX,
    plugins::Ready,
};
use axum::body::Bytes;
use guichet_core::{
    actor::Actor,
    changeset::{ChangeSet, FileWrite},
    id::{FileId, JobId, TenantId},
    job::{Job, JobWrite, ROUTE_KEY},
    time::Timestamp,
};
use guichet_runtime::{Body, Request};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

/// Milliseconds that a kept request may take to be answered at once.
pub(super) const ANSWER_MS: u64 = 60_000;

/// Milliseconds after which a kept request that nobody ended is handled as a job: longer than any may take, with its commit.
const LATER_MS: i64 = 90_000;

const _: () = assert!(LATER_MS > ANSWER_MS.cast_signed());

/// Its name among the install's jobs.
const NAME: &str = "request";

/// A request as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: Uuid,
    at: i64,
    method: String,
    url: String,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    remote_address: String,
    viewer: Option<Actor>,
    body: FileId,
}

fn key(id: Uuid) -> String {
    format!("{ROUTE_KEY}{id}")
}

fn job(ready: &Ready, incoming: &Incoming, due_at: Timestamp) -> Result<Job, LaneError> {
    let request = &incoming.request;
    let kept = Kept {
        id: incoming.id,
        at: incoming.at.0,
        method: request.method.clone(),
        url: request.url.clone(),
        path: request.path.clone(),
        query: request.query.clone(),
        headers: request.headers.clone(),
        remote_address: request.remote_address.clone(),
        viewer: request.viewer,
        body: FileId(incoming.id),
    };
    let payload = serde_json::to_string(&kept)
        .map_err(|error| guichet_core::refusal::Refusal::Invalid(error.to_string()))?;
    Ok(Job {
        id: JobId(incoming.id),
        install: ready.install.id,
        name: NAME.to_owned(),
        key: Some(key(incoming.id)),
        payload,
        due_at,
        attempt: 0,
        cause: None,
        root: None,
        depth: 0,
        ticket: None,
    })
}

/// Keeps a request, to be handled later unless [`ended`] is committed before.
pub(super) async fn keep(
    desk: &Desk,
    tenant: TenantId,
    ready: &Ready,
    incoming: &Incoming,
) -> Result<(), LaneError> {
    let mut changes = ChangeSet::new(tenant);
    changes.files.push(FileWrite {
        id: FileId(incoming.id),
        install: Some(ready.install.id),
        name: "request".to_owned(),
        media_type: "application/octet-stream".to_owned(),
        content: Arc::new(incoming.body.to_vec()),
        at: incoming.at,
    });
    let due_at = incoming.at.plus_milliseconds(LATER_MS);
    changes
        .jobs
        .push(JobWrite::Enqueue(job(ready, incoming, due_at)?));
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(())
}

/// Ends a kept request in the commit of what it made: what was kept of it goes.
pub(super) fn ended(ready: &Ready, incoming: &Incoming, changes: &mut ChangeSet) {
    changes.jobs.push(JobWrite::Cancel {
        install: ready.install.id,
        key: key(incoming.id),
    });
    changes.dropped_files.push(FileId(incoming.id));
}

/// Has a kept request be handled as soon as there is room.
pub(super) async fn later(
    desk: &Desk,
    tenant: TenantId,
    ready: &Ready,
    incoming: &Incoming,
) -> Result<(), LaneError> {
    let mut again = job(ready, incoming, desk.clock.now())?;
    // Another row: the one before is replaced by its key.
    again.id = JobId(desk.clock.new_id());
    let mut changes = ChangeSet::new(tenant);
    changes.jobs.push(JobWrite::Enqueue(again));
    desk.commit(changes).await.map_err(into_lane_error)?;
    Ok(())
}

/// Whether the job is a kept request.
pub(crate) fn is_kept_request(job: &Job) -> bool {
    job.key
        .as_deref()
        .is_some_and(|key| key.starts_with(ROUTE_KEY))
}

/// Handles a kept request; its effects and the end of its job are one commit, and its response goes to nobody.
pub(crate) async fn handle(
    desk: &Arc<Desk>,
    tenant: TenantId,
    ready: &Ready,
    job: &Job,
    also: &(dyn Fn(&mut ChangeSet) + Sync),
) -> Result<(), Failure> {
    let damaged = |what: String| {
        Failure::Refused(guichet_core::refusal::Refusal::Invalid(format!(
            "the kept request cannot be read: {what}"
        )))
    };
    let kept: Kept =
        serde_json::from_str(&job.payload).map_err(|error| damaged(error.to_string()))?;
    let route = ready
        .manifest
        .route(&kept.path)
        .ok_or_else(|| damaged(format!("no route serves {} any more", kept.path)))?;
    let store = desk.store.tenant(tenant);
    let content = store
        .file_part(kept.body, 0, ROUTE_BODY_BYTES_MAX as u64)
        .await
        .map_err(|error| Failure::Host(error.into()))?
        .ok_or_else(|| damaged("its body is gone".to_owned()))?;
    let incoming = Incoming {
        id: kept.id,
        at: Timestamp(kept.at),
        acts_as: route.acts_as,
        request: Request {
            method: kept.method,
            url: kept.url,
            path: kept.path,
            query: kept.query,
            headers: kept.headers,
            remote_address: kept.remote_address,
            body: Body::Bytes(Vec::new()),
            viewer: kept.viewer,
        },
        body: Bytes::from(content),
    };
    let done = |changes: &mut ChangeSet| {
        changes.dropped_files.push(kept.body);
        also(changes);
    };
    invoke(desk, tenant, ready, &incoming, &done)
        .await
        .map(drop)
}
