//! Enabled or not, settings, place in the order, and what becomes of changes when a guard fails.

use super::{
    super::{
        context::{Ctx, Id},
        error::{Body, Problem},
    },
    known,
};
use crate::plugins::lifecycle::switch;
use axum::http::StatusCode;
use guichet_core::install::InstallState;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

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

/// Enable an install: it sees the events from now on.
#[utoipa::path(put, path = "/plugins/{id}/enablement", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
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
    switch::set_state(&ctx.desk, &ctx.asker(), install, state).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set an install.
#[utoipa::path(put, path = "/plugins/{id}/settings", tag = "plugins", params(("id" = Uuid, Path)), request_body = Settings,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set(ctx: Ctx, Id(id): Id, Body(wish): Body<Settings>) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    switch::set_settings(&ctx.desk, &ctx.asker(), install, wish.settings).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put an install in its place.
#[utoipa::path(put, path = "/plugins/{id}/position", tag = "plugins", params(("id" = Uuid, Path)), request_body = Place,
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn place(ctx: Ctx, Id(id): Id, Body(wish): Body<Place>) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    switch::set_position(&ctx.desk, &ctx.asker(), install, wish.position).await?;
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
    let install = known(&ctx, id).await?;
    let closed = matches!(wish.on_failure, GuardFails::Closed);
    switch::set_guard(&ctx.desk, &ctx.asker(), install, closed).await?;
    Ok(StatusCode::NO_CONTENT)
}
