//! The log as admins read it: who changed people, plugins and rights.

use super::{
    context::Ctx,
    error::Problem,
    history::{Entry, entry},
    show::Names,
};
use crate::limits;
use axum::{Json, extract::Query, http::StatusCode};
use guichet_core::actor::ActorKind;
use guichet_store::AuditQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which events.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Kinds that begin so, such as `install.` or `ticket.`; absent: all that is about neither tickets nor customers.
    kind: Option<String>,
    /// The id of whoever did it.
    actor: Option<Uuid>,
    /// The `next` of the page before.
    cursor: Option<u64>,
    /// At most 200; 50 by default.
    limit: Option<u32>,
}

/// A page of the log, newest first.
#[derive(Serialize, ToSchema)]
pub struct AuditPage {
    items: Vec<Entry>,
    /// The next page's cursor; null on the last.
    next: Option<u64>,
}

/// What happened in the tenant, newest first. For admins.
#[utoipa::path(get, path = "/audit", tag = "people", params(Wanted), responses((status = 200, body = AuditPage), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list(
    ctx: Ctx,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<AuditPage>, Problem> {
    ctx.must_be_admin()?;
    let Query(wanted) =
        wanted.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let limit = wanted.limit.unwrap_or(50).clamp(1, limits::PAGE_ROWS_MAX);
    let events = ctx
        .store()
        .audit(AuditQuery {
            kind: wanted.kind.filter(|kind| !kind.is_empty()),
            actor: wanted.actor,
            before: wanted.cursor,
            limit,
        })
        .await?;
    let customers = events
        .iter()
        .map(|event| event.draft.actor)
        .filter(|actor| actor.kind == ActorKind::Customer)
        .map(|actor| actor.id);
    let names = Names::load(&ctx, customers).await?;
    let next = events
        .last()
        .filter(|_| events.len() == limit as usize)
        .map(|last| last.sequence);
    Ok(Json(AuditPage {
        items: events
            .into_iter()
            .map(|event| entry(event, &names))
            .collect(),
        next,
    }))
}
