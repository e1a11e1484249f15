//! Plugins come in: as a package that an admin uploads, or from the marketplace. Either way they wait for consent.

use super::{
    super::{
        context::Ctx,
        error::{Body, Problem, Raw},
    },
    show::{self, InstallShown},
};
use crate::{
    limits::PACKAGE_BYTES_MAX,
    plugins::{lifecycle::take_in::take_in, market},
};
use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
};
use guichet_package::layout::Package;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// How much an uploaded package is trusted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Trust {
    /// Whether a package whose publisher no marketplace knows is taken all the same; who uploads answers for it.
    #[serde(default)]
    unsigned: bool,
}

/// A plugin of the marketplace.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// `publisher/name`, or `publisher/name@^1`.
    marketplace: String,
}

/// Upload a package (a tar of an OCI image layout): a new plugin waits for consent, another version of a present one waits beside it.
#[utoipa::path(post, path = "/plugins/packages", tag = "plugins", params(Trust),
    request_body(content = Vec<u8>, content_type = "application/vnd.oci.image.layout.v1+tar"),
    responses((status = 201, body = InstallShown), (status = 403, body = Problem), (status = 409, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)))]
pub async fn upload(
    ctx: Ctx,
    trust: Result<Query<Trust>, QueryRejection>,
    Raw(body): Raw<PACKAGE_BYTES_MAX>,
) -> Result<(StatusCode, Json<InstallShown>), Problem> {
    ctx.must_be_admin()?;
    let Query(trust) =
        trust.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let refused = |what: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, what);
    // Digests and signatures of many megabytes: not on a thread that serves others.
    let package = tokio::task::spawn_blocking(move || Package::read_tar_bytes(&body))
        .await
        .map_err(|error| refused(error.to_string()))?
        .map_err(|error| refused(error.to_string()))?;
    let incoming = market::brought(&ctx.desk, &package, trust.unsigned).await?;
    let install = take_in(&ctx.desk, &ctx.asker(), incoming).await?;
    Ok((StatusCode::CREATED, Json(show::shown(&ctx, install).await?)))
}

/// Install a plugin from the marketplace: the highest version that fits. It waits for consent.
#[utoipa::path(post, path = "/plugins", tag = "plugins", request_body = Wanted,
    responses((status = 201, body = InstallShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn install(
    ctx: Ctx,
    Body(wanted): Body<Wanted>,
) -> Result<(StatusCode, Json<InstallShown>), Problem> {
    ctx.must_be_admin()?;
    let incoming = market::fetch(&ctx.desk, &wanted.marketplace).await?;
    let install = take_in(&ctx.desk, &ctx.asker(), incoming).await?;
    Ok((StatusCode::CREATED, Json(show::shown(&ctx, install).await?)))
}
