//! To the next version, back to the one before, and away.

use super::{
    super::{
        context::{Ctx, Id},
        error::Problem,
    },
    known,
    show::{self, InstallShown},
    step,
};
use crate::plugins::{
    lifecycle::{removal, take_in::take_in, version},
    market,
};
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// Upgrade an install to the version that the marketplace offers, or to the one that waits. With new required permissions it waits for consent.
#[utoipa::path(post, path = "/plugins/{id}/upgrade", tag = "plugins", params(("id" = Uuid, Path)),
    responses((status = 200, body = InstallShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn upgrade(ctx: Ctx, Id(id): Id) -> Result<Json<InstallShown>, Problem> {
    ctx.must_be_admin()?;
    let install = known(&ctx, id).await?;
    let asker = ctx.asker();
    if let Some(offered) = market::offered(&ctx.desk, &install).await? {
        let incoming = market::fetch(
            &ctx.desk,
            &format!("{}@={}", install.plugin, offered.version),
        )
        .await?;
        take_in(&ctx.desk, &asker, incoming).await?;
    }
    let take = |install| version::upgrade(&ctx.desk, &asker, install);
    let install = step(&ctx, id, take).await?;
    Ok(Json(show::shown(&ctx, install).await?))
}

/// Roll an install back to the version before, with its grants and records.
#[utoipa::path(post, path = "/plugins/{id}/rollback", tag = "plugins", params(("id" = Uuid, Path)),
    responses((status = 200, body = InstallShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn roll_back(ctx: Ctx, Id(id): Id) -> Result<Json<InstallShown>, Problem> {
    ctx.must_be_admin()?;
    let asker = ctx.asker();
    let take = |install| version::roll_back(&ctx.desk, &asker, install);
    let install = step(&ctx, id, take).await?;
    Ok(Json(show::shown(&ctx, install).await?))
}

/// Uninstall. Its data is kept for 30 days; installed again meanwhile, it has it back.
#[utoipa::path(delete, path = "/plugins/{id}", tag = "plugins", params(("id" = Uuid, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn remove(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    let asker = ctx.asker();
    let take = |install| removal::remove(&ctx.desk, &asker, install);
    step(&ctx, id, take).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All records of an install, removed or not, one JSON a line: `{collection, key, version, updated_at, body}`. Collections that another version keeps in
/// another form are named `name@version`.
#[utoipa::path(get, path = "/plugins/{id}/export", tag = "plugins", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/x-ndjson", body = String), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn export(ctx: Ctx, Id(id): Id) -> Result<Response, Problem> {
    ctx.must_be_admin()?;
    let install = ctx
        .store()
        .install(guichet_core::id::InstallId(id))
        .await?
        .ok_or_else(|| Problem::not_found(format_args!("install {id}")))?;
    let store = ctx.store();
    let lines = async_lines(store, install.id);
    let name = install.plugin.replace('/', "-");
    Ok((
        [
            (header::CONTENT_TYPE, "application/x-ndjson".to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{name}-records.ndjson\""),
            ),
        ],
        axum::body::Body::from_stream(lines),
    )
        .into_response())
}

/// Pages of records as lines; a page at a time is in memory.
fn async_lines(
    store: guichet_store::TenantStore,
    install: guichet_core::id::InstallId,
) -> impl futures::Stream<Item = Result<String, guichet_store::StoreError>> {
    futures::stream::try_unfold(Some((String::new(), String::new())), move |after| {
        let store = store.clone();
        async move {
            let Some(after) = after else {
                return Ok(None);
            };
            let page = store.records_after(install, after).await?;
            let Some(last) = page.last() else {
                return Ok(None);
            };
            let next = Some((last.collection.clone(), last.key.clone()));
            let mut lines = String::new();
            for record in &page {
                lines.push_str(&removal::exported_line(record));
                lines.push('\n');
            }
            Ok(Some((lines, next)))
        }
    })
}
