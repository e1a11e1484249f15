//! What plugins show: which panels there are, one of them rendered, an action of it done. A plugin that fails is told in its place.

/// What is asked, and of which view.
mod asked;

/// A plugin's failure, for who looks.
mod failed;

use super::{
    context::{Ctx, Segments},
    error::{Body, Problem},
};
use crate::{
    panels::{call, place},
    plugins::manifest,
};
use asked::{Asked, Subject, limit_input};
use axum::{Json, extract::Query};
use failed::failed;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A view of a plugin, and where it stands.
#[derive(Serialize, ToSchema)]
pub struct PanelShown {
    install: Uuid,
    /// `publisher/name`.
    plugin: String,
    /// What the plugin is called, by language.
    plugin_title: manifest::Texts,
    /// Unique within the install.
    view: String,
    /// `ticket.sidebar`, `ticket.banner`, `ticket.action`, `customer.sidebar`, `nav.page`, `home.widget`, `settings.page`.
    location: &'static str,
    /// By language.
    title: manifest::Texts,
}

/// All of them, in the installs' order.
#[derive(Serialize, ToSchema)]
pub struct Panels {
    items: Vec<PanelShown>,
}

/// Which of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// Only those of this location.
    location: Option<String>,
}

/// What a view is rendered for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rendering {
    /// Absent where the view is about nothing.
    #[serde(default)]
    subject: Option<Subject>,
    /// BCP 47; absent: English.
    locale: Option<String>,
}

/// What is to be done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    #[serde(default)]
    subject: Option<Subject>,
    locale: Option<String>,
    action: String,
    #[schema(value_type = Object)]
    #[serde(default)]
    input: Value,
}

/// What enabled plugins show, and where.
#[utoipa::path(get, path = "/panels", tag = "panels", params(At), responses((status = 200, body = Panels)))]
pub async fn list(ctx: Ctx, Query(at): Query<At>) -> Result<Json<Panels>, Problem> {
    let installs = ctx.desk.installs(ctx.tenant.id).await?;
    let is_wanted = |view: &manifest::View| {
        let location = view.location.name();
        at.location
            .as_deref()
            .is_none_or(|wanted| wanted == location)
            && asked::may_see(&ctx, view.location)
    };
    let items = place::views(&installs)
        .filter(|(_, view)| is_wanted(view))
        .map(|(ready, view)| PanelShown {
            install: ready.install.id.0,
            plugin: ready.install.plugin.clone(),
            plugin_title: ready.manifest.title.clone(),
            view: view.name.clone(),
            location: view.location.name(),
            title: view.title.clone(),
        })
        .collect();
    Ok(Json(Panels { items }))
}

/// Have a view rendered: a title and blocks, as the published schema of views has them.
#[utoipa::path(post, path = "/panels/{install}/{view}/rendering", tag = "panels", params(("install" = Uuid, Path), ("view" = String, Path)), request_body = Rendering,
    responses((status = 200, body = Object), (status = 404, body = Problem), (status = 422, body = Problem), (status = 502, body = Problem), (status = 503, body = Problem)))]
pub async fn render(
    ctx: Ctx,
    Segments(path): Segments,
    Body(wish): Body<Rendering>,
) -> Result<Json<guichet_view::View>, Problem> {
    let asked = Asked::of(&ctx, &path, wish.subject, wish.locale).await?;
    let _place = asked.place(&ctx).await?;
    let shown = call::render(&ctx.desk, &ctx.asker(), &asked.ready, asked.context).await;
    shown
        .map(Json)
        .map_err(|failure| failed(&asked.ready, failure))
}

/// Have an action of a view done, and answer what is shown then.
#[utoipa::path(post, path = "/panels/{install}/{view}/actions", tag = "panels", params(("install" = Uuid, Path), ("view" = String, Path)), request_body = Action,
    responses((status = 200, body = Object), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 502, body = Problem), (status = 503, body = Problem)))]
pub async fn act(
    ctx: Ctx,
    Segments(path): Segments,
    Body(wish): Body<Action>,
) -> Result<Json<guichet_view::Answer>, Problem> {
    let asked = Asked::of(&ctx, &path, wish.subject, wish.locale).await?;
    let input = limit_input(&wish.action, &wish.input)?;
    let _place = asked.place(&ctx).await?;
    let asker = ctx.asker();
    let answer = call::act(
        &ctx.desk,
        &asker,
        &asked.ready,
        asked.context,
        wish.action,
        input,
    )
    .await;
    answer
        .map(Json)
        .map_err(|failure| failed(&asked.ready, failure))
}
