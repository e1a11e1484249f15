//! How many tickets each view has: no more than can be counted quickly.

use super::{Ctx, Problem, all_seen, asking};
use crate::limits::{COUNTED_MAX, COUNTS_DATABASE_MS};
use axum::Json;
use guichet_core::view::SavedView;
use guichet_expression::Environment;
use guichet_store::StoreError;
use serde::Serialize;
use std::time::{Duration, Instant};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many tickets the views have.
#[derive(Serialize, ToSchema)]
pub struct Counts {
    items: Vec<ViewCount>,
}

/// How many tickets a view has.
#[derive(Serialize, ToSchema)]
pub struct ViewCount {
    view: Uuid,
    /// Absent where it cannot be counted: its filter has a mistake, or counting takes too long.
    count: Option<u64>,
    /// Whether there are more than that.
    more: bool,
}

/// Count the tickets of each saved view that the caller sees; up to 999.
#[utoipa::path(get, path = "/views/counts", tag = "views", responses((status = 200, body = Counts)))]
pub async fn counts(ctx: Ctx) -> Result<Json<Counts>, Problem> {
    let environment = ctx.environment().await?;
    let end = Instant::now() + Duration::from_millis(COUNTS_DATABASE_MS);
    let mut items = Vec::new();
    // One after the other: who looks at his views must not take all of the database's time at once.
    for view in all_seen(&ctx).await? {
        let left = end.saturating_duration_since(Instant::now());
        let found = count(&ctx, &environment, &view, left).await?;
        items.push(ViewCount {
            view: view.id.0,
            count: found.map(|found| found.min(COUNTED_MAX)),
            more: found.is_some_and(|found| found > COUNTED_MAX),
        });
    }
    Ok(Json(Counts { items }))
}

async fn count(
    ctx: &Ctx,
    environment: &Environment,
    view: &SavedView,
    within: Duration,
) -> Result<Option<u64>, Problem> {
    let Ok(filter) = asking::filter(environment, &view.filter) else {
        return Ok(None);
    };
    if within.is_zero() {
        return Ok(None);
    }
    let mut selection = ctx.selection();
    (selection.filter, selection.within) = (filter, within);
    match ctx.store().count_tickets(&selection, COUNTED_MAX + 1).await {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::TooLong(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
