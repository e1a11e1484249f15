//! Enabled or not, settings, place in the order, and what becomes of changes when a guard fails.

use super::{
    super::{
        context::{Ctx, Id},
        error::{Body, Problem},
    },
    step,
};
use crate::plugins::lifecycle::switch::{self, KeepPlace};
use axum::{
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Settings, valid against the manifest's schema; secrets that are left out stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    settings: serde_json::Value,
}

/// A place in the order in which installs see an event.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    position: i64,
}

/// What becomes of a change when the guard fails.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardChoice {
    on_failure: GuardFails,
}

/// Lets it pass, or refuses it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GuardFails {
    Open,
    Closed,
}

/// Where an install begins.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// `now`: what comes from now on; `place`: where it left off; `beginning`: everything that ever happened. Left out: `place` where it was kept, else `now`.
    from: Option<Since>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Since {
    Now,
    Place,
    Beginning,
}

/// Whether an install keeps its place.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Keep {
    /// Enabled again, it then sees what came meanwhile, too.
    #[serde(default)]
    keep_place: bool,
}

/// Enable an install. One that is paused is tried again at once.
#[utoipa::path(put, path = "/plugins/{id}/enablement", tag = "plugins", params(("id" = Uuid, Path), From), responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn enable(
    ctx: Ctx,
    Id(id): Id,
    from: Result<Query<From>, QueryRejection>,
) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let Query(From { from }) =
        from.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let since = from.map(|since| match since {
        Since::Now => switch::Since::Now,
        Since::Place => switch::Since::Place,
        Since::Beginning => switch::Since::Beginning,
    });
    let asker = ctx.asker();
    let take = |install| switch::enable(&ctx.desk, &asker, install, since);
    step(&ctx, id, take).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Disable an install: nothing of it commits any more.
#[utoipa::path(delete, path = "/plugins/{id}/enablement", tag = "plugins", params(("id" = Uuid, Path), Keep), responses((status = 204), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn disable(
    ctx: Ctx,
    Id(id): Id,
    keep: Result<Query<Keep>, QueryRejection>,
) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let Query(Keep { keep_place }) =
        keep.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let keep = match keep_place {
        true => KeepPlace::Yes,
        false => KeepPlace::No,
    };
    let asker = ctx.asker();
    let take = |install| switch::disable(&ctx.desk, &asker, install, keep);
    step(&ctx, id, take).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set an install.
#[utoipa::path(put, path = "/plugins/{id}/settings", tag = "plugins", params(("id" = Uuid, Path)), request_body = Settings,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set(ctx: Ctx, Id(id): Id, Body(wish): Body<Settings>) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let asker = ctx.asker();
    let take = |install| switch::set_settings(&ctx.desk, &asker, install, wish.settings.clone());
    step(&ctx, id, take).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put an install in its place.
#[utoipa::path(put, path = "/plugins/{id}/position", tag = "plugins", params(("id" = Uuid, Path)), request_body = Place,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn place(ctx: Ctx, Id(id): Id, Body(wish): Body<Place>) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let position = wish.position;
    let asker = ctx.asker();
    let take = |install| switch::set_position(&ctx.desk, &asker, install, position);
    step(&ctx, id, take).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Choose what becomes of changes when an install's guard fails.
#[utoipa::path(put, path = "/plugins/{id}/guard", tag = "plugins", params(("id" = Uuid, Path)), request_body = GuardChoice,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn guard(
    ctx: Ctx,
    Id(id): Id,
    Body(wish): Body<GuardChoice>,
) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let closed = matches!(wish.on_failure, GuardFails::Closed);
    let asker = ctx.asker();
    let take = |install| switch::set_guard(&ctx.desk, &asker, install, closed);
    step(&ctx, id, take).await?;
    Ok(StatusCode::NO_CONTENT)
}
