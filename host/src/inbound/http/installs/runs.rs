//! The last runs of an install, deliveries that were given up, and their replay.

use super::{
    super::{
        context::{Ctx, Segments},
        error::Problem,
    },
    known,
};
use crate::{clock::rfc3339, dispatch};
use axum::Json;
use guichet_core::id::InstallId;
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::context::Id;

/// One invocation.
#[derive(Serialize, ToSchema)]
pub struct RunShown {
    at: String,
    point: &'static str,
    event: Option<u64>,
    ticket: Option<Uuid>,
    /// `ok`, `refused` (by a guard), `plugin-error`, `trap`, `cpu`, `wall`, `memory`, `denied`, `limit`, `host-error`.
    outcome: String,
    detail: Option<String>,
    /// Microseconds of a processor.
    cpu_us: u64,
    /// Microseconds from beginning to end.
    wall_us: u64,
    memory_bytes: u64,
    host_calls: u64,
    effects: u64,
    /// The limit that it came nearest to; null where it did not begin.
    nearest: Option<NearestLimit>,
    log: Vec<String>,
}

/// A limit of one call, and how much of it was used.
#[derive(Serialize, ToSchema)]
pub struct NearestLimit {
    /// `processor`, `time`, `memory`, `effects` or `host-calls`.
    limit: &'static str,
    percent: u64,
}

/// The last 200 runs of an install, newest first.
#[derive(Serialize, ToSchema)]
pub struct RunsShown {
    items: Vec<RunShown>,
}

/// A delivery that was given up.
#[derive(Serialize, ToSchema)]
pub struct DeadLetter {
    install: Uuid,
    plugin: String,
    sequence: u64,
    ticket_number: Option<u64>,
    reason: String,
    at: String,
}

/// Dead letters, newest first.
#[derive(Serialize, ToSchema)]
pub struct DeadLetters {
    items: Vec<DeadLetter>,
}

/// How a replay ended.
#[derive(Serialize, ToSchema)]
pub struct Replayed {
    /// As of a run.
    outcome: String,
    detail: Option<String>,
}

/// The last runs of an install, newest first. For admins.
#[utoipa::path(get, path = "/plugins/{id}/runs", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 200, body = RunsShown), (status = 404, body = Problem)))]
pub async fn runs(ctx: Ctx, Id(id): Id) -> Result<Json<RunsShown>, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    let runs = ctx.desk.runs.of(ctx.tenant.id, install.id);
    let items = runs.into_iter().map(|run| RunShown {
        nearest: run.nearest().map(|near| NearestLimit {
            limit: near.limit,
            percent: near.percent,
        }),
        at: rfc3339(run.at),
        point: run.point,
        event: run.event,
        ticket: run.ticket.map(|id| id.0),
        outcome: run.outcome,
        detail: run.detail,
        cpu_us: run.cpu_us,
        wall_us: run.wall_us,
        memory_bytes: run.memory_bytes,
        host_calls: run.host_calls,
        effects: run.effects,
        log: run.log,
    });
    Ok(Json(RunsShown {
        items: items.collect(),
    }))
}

/// Deliveries that were given up, newest first. For admins.
#[utoipa::path(get, path = "/dead-letters", tag = "plugins", responses((status = 200, body = DeadLetters)))]
pub async fn dead_letters(ctx: Ctx) -> Result<Json<DeadLetters>, Problem> {
    ctx.must_be_admin()?;
    let store = ctx.store();
    let plugins: HashMap<_, _> = store
        .installs()
        .await?
        .into_iter()
        .map(|install| (install.id, install.plugin))
        .collect();
    let mut items = Vec::new();
    for letter in store.dead_letters(200).await? {
        let event = store.event(letter.sequence).await?;
        let ticket = match event.and_then(|event| event.draft.ticket) {
            Some(id) => store.ticket(id).await?,
            None => None,
        };
        items.push(DeadLetter {
            install: letter.install.0,
            plugin: plugins.get(&letter.install).cloned().unwrap_or_default(),
            sequence: letter.sequence,
            ticket_number: ticket.and_then(|ticket| ticket.number),
            reason: letter.reason,
            at: rfc3339(letter.at),
        });
    }
    Ok(Json(DeadLetters { items }))
}

/// Hand a delivery that was given up to its plugin again. It is out of order, and its effects say so. Done well, it is no dead letter any more.
#[utoipa::path(post, path = "/dead-letters/{install}/{sequence}/replay", tag = "plugins", params(("install" = Uuid, Path), ("sequence" = u64, Path)),
    responses((status = 200, body = Replayed), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn replay(ctx: Ctx, segments: Segments) -> Result<Json<Replayed>, Problem> {
    ctx.must_be_admin()?;
    let install: Uuid = segments.parse("install")?;
    let sequence: u64 = segments.parse("sequence")?;
    let install = known(&ctx, install).await?;
    let (outcome, detail) =
        dispatch::replay(&ctx.desk, ctx.tenant.id, InstallId(install.id.0), sequence).await?;
    Ok(Json(Replayed { outcome, detail }))
}
