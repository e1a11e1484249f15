//! Consent: exactly to the version that was looked at.

use super::{
    super::{
        context::{Ctx, Id},
        error::{Body, Problem},
    },
    known,
    show::{self, InstallShown},
};
use crate::plugins::lifecycle::consent::{self, Consent};
use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

/// What the admin says yes to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Yes {
    /// Of the component that was described.
    digest: String,
    /// Interfaces, and hosts as `http:<host>`; `http:<host>@<address>` lets a host be at that private address.
    grants: Vec<String>,
    /// Absent: they stay as they are.
    settings: Option<serde_json::Value>,
}

/// Consent to a version: the staged one, the pending one, which then runs, or anew to the one that runs.
#[utoipa::path(put, path = "/plugins/{id}/consent", tag = "plugins", params(("id" = Uuid, Path)), request_body = Yes,
    responses((status = 200, body = InstallShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn give(
    ctx: Ctx,
    Id(id): Id,
    Body(yes): Body<Yes>,
) -> Result<Json<InstallShown>, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    let consent = Consent {
        digest: yes.digest,
        grants: yes.grants,
        settings: yes.settings,
    };
    let install = consent::consent(&ctx.desk, &ctx.asker(), install, consent).await?;
    Ok(Json(show::shown(&ctx, install).await?))
}
