//! Installs, their runs, dead letters.

use super::{
    context::{Ctx, Id},
    error::Problem,
};
use crate::{
    clock::rfc3339,
    plugins::{lifecycle, manifest::Manifest},
};
use axum::{Json, http::StatusCode};
use guichet_core::{
    id::InstallId,
    install::{Install, InstallState},
};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// An install.
#[derive(Serialize, ToSchema)]
pub struct InstallShown {
    id: Uuid,
    plugin: String,
    /// By language.
    title: BTreeMap<String, String>,
    version: String,
    digest: String,
    /// `enabled` or `disabled`.
    state: InstallStateShown,
    epoch: u64,
    position: i64,
    permissions: Vec<PermissionShown>,
}

/// Whether an install runs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstallStateShown {
    Enabled,
    Disabled,
}

/// What it may do, and why it asked.
#[derive(Serialize, ToSchema)]
pub struct PermissionShown {
    name: String,
    /// By language.
    reason: BTreeMap<String, String>,
    granted: bool,
}

/// All installs, in their order.
#[derive(Serialize, ToSchema)]
pub struct Installs {
    items: Vec<InstallShown>,
}

/// One invocation.
#[derive(Serialize, ToSchema)]
pub struct RunShown {
    at: String,
    point: &'static str,
    event: Option<u64>,
    ticket: Option<Uuid>,
    /// `ok`, `plugin-error`, `trap`, `cpu`, `wall`, `memory`, `denied`, `limit`, `host-error`.
    outcome: String,
    detail: Option<String>,
    /// Microseconds.
    cpu_us: u64,
    effects: u64,
    log: Vec<String>,
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

fn shown(install: Install) -> InstallShown {
    let manifest: Option<Manifest> = serde_json::from_value(install.manifest).ok();
    let (title, permissions) = manifest
        .map(|manifest| (manifest.title, manifest.permissions))
        .unwrap_or_default();
    InstallShown {
        id: install.id.0,
        plugin: install.plugin,
        title,
        version: install.version,
        digest: install.digest,
        state: match install.state {
            InstallState::Enabled => InstallStateShown::Enabled,
            InstallState::Disabled => InstallStateShown::Disabled,
        },
        epoch: install.epoch,
        position: install.position,
        permissions: permissions
            .into_iter()
            .map(|permission| PermissionShown {
                granted: install.grants.contains(&permission.name),
                name: permission.name,
                reason: permission.reason,
            })
            .collect(),
    }
}

/// List installs.
#[utoipa::path(get, path = "/plugins", tag = "plugins", responses((status = 200, body = Installs)))]
pub async fn list(ctx: Ctx) -> Result<Json<Installs>, Problem> {
    ctx.must_be_inside()?;
    let mut installs = ctx.store().installs().await?;
    installs.sort_by_key(|install| install.position);
    Ok(Json(Installs {
        items: installs.into_iter().map(shown).collect(),
    }))
}

pub(super) async fn known(ctx: &Ctx, id: Uuid) -> Result<Install, Problem> {
    ctx.store()
        .install(InstallId(id))
        .await?
        .ok_or_else(|| Problem::not_found(format_args!("install {id}")))
}

/// Enable an install: it sees the events from now on.
#[utoipa::path(put, path = "/plugins/{id}/enablement", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn enable(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    set_state(ctx, id, InstallState::Enabled).await
}

/// Disable an install: nothing of it commits any more.
#[utoipa::path(delete, path = "/plugins/{id}/enablement", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn disable(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    set_state(ctx, id, InstallState::Disabled).await
}

async fn set_state(ctx: Ctx, id: Uuid, state: InstallState) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    lifecycle::set_state(&ctx.desk, &ctx.asker(), install, state).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The last runs of an install, newest first. For admins.
#[utoipa::path(get, path = "/plugins/{id}/runs", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 200, body = RunsShown), (status = 404, body = Problem)))]
pub async fn runs(ctx: Ctx, Id(id): Id) -> Result<Json<RunsShown>, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    let runs = ctx.desk.runs.of(ctx.tenant.id, install.id);
    let items = runs.into_iter().map(|run| RunShown {
        at: rfc3339(run.at),
        point: run.point,
        event: run.event,
        ticket: run.ticket.map(|id| id.0),
        outcome: run.outcome,
        detail: run.detail,
        cpu_us: run.cpu_us,
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
