//! Plugins in a tenant: what is installed, and each step of its life as a resource of it.

/// What the API shows of an install.
pub mod show;

/// What a version does.
pub mod offer;

/// In by a package or from the marketplace.
pub mod arrival;

/// What a version may do.
pub mod consent;

/// Enabled, set, put in order.
pub mod switch;

/// Upgraded, rolled back, removed, exported.
pub mod version;

/// The last runs, and deliveries that were given up.
pub mod runs;

use super::{
    context::{Ctx, Id},
    error::Problem,
};
use axum::Json;
use guichet_core::{id::InstallId, install::Install};
use serde::Serialize;
pub use show::{InstallDetail, InstallShown};
use utoipa::ToSchema;
use uuid::Uuid;

/// All installs, in their order.
#[derive(Serialize, ToSchema)]
pub struct Installs {
    items: Vec<InstallShown>,
}

/// List installs.
#[utoipa::path(get, path = "/plugins", tag = "plugins", responses((status = 200, body = Installs)))]
pub async fn list(ctx: Ctx) -> Result<Json<Installs>, Problem> {
    ctx.must_be_inside()?;
    let mut installs = ctx.store().installs().await?;
    installs.retain(Install::is_here);
    installs.sort_by_key(|install| install.position);
    let mut items = Vec::with_capacity(installs.len());
    for install in installs {
        items.push(show::shown(&ctx, install).await?);
    }
    Ok(Json(Installs { items }))
}

/// Look at an install: all that its manifest asks and offers, and where it stands. For admins.
#[utoipa::path(get, path = "/plugins/{id}", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 200, body = InstallDetail), (status = 404, body = Problem)))]
pub async fn show(ctx: Ctx, Id(id): Id) -> Result<Json<InstallDetail>, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    Ok(Json(show::detail(&ctx, install).await?))
}

/// How often a step is tried on an install that changes by itself.
const STEP_TRIES: usize = 3;

/// Takes a step of an install's life. Installs are paused and catch up by themselves: where that came between, the step is taken from there.
pub(super) async fn step<T, E, F>(
    ctx: &Ctx,
    id: Uuid,
    take: impl Fn(Install) -> F,
) -> Result<T, Problem>
where
    E: Into<Problem>,
    F: Future<Output = Result<T, E>> + Send,
{
    for _ in 1..STEP_TRIES {
        match take(known(ctx, id).await?).await.map_err(Into::into) {
            Err(problem) if problem.is_conflict() => {}
            ended => return ended,
        }
    }
    take(known(ctx, id).await?).await.map_err(Into::into)
}

/// An install that is not removed.
pub(super) async fn known(ctx: &Ctx, id: Uuid) -> Result<Install, Problem> {
    ctx.store()
        .install(InstallId(id))
        .await?
        .filter(Install::is_here)
        .ok_or_else(|| Problem::not_found(format_args!("install {id}")))
}
