//! Saved views: one's own, and those that are shared. Checked when they are saved, and looked at again each time: what has vanished since is told with the
//! view, and does not keep it from being shown.

/// How many tickets each view has.
mod counts;

pub(crate) use counts::__path_counts;
pub use counts::{Counts, ViewCount, counts};

use super::{
    asking,
    context::{Ctx, Id},
    error::{Body, Mistaken, Problem},
};
use crate::views;
use axum::{Json, http::StatusCode};
use guichet_core::{
    directory::AgentRole,
    id::{GroupId, ViewId},
    refusal::Refusal,
    view::{Audience, SavedView},
};
use guichet_expression::Environment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who sees a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shared {
    /// Its owner alone.
    Nobody,
    /// The members of `group`; for those who supervise its tickets to make and to change.
    Group,
    /// All agents; for supervisors and admins to make and to change.
    Everybody,
}

/// A view as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewWish {
    /// By language, such as `{"en": "Mine", "zh-CN": "我的"}`; or one text for all.
    #[schema(value_type = Object)]
    name: NameWish,
    /// An expression; empty or absent: all tickets.
    #[serde(default)]
    filter: String,
    /// Names of what is shown of each ticket.
    #[serde(default)]
    columns: Vec<String>,
    /// Names, `-` before one that descends; empty: newest first.
    #[serde(default)]
    sort: Vec<String>,
    shared: Shared,
    /// With `shared: group`.
    #[serde(default)]
    group: Option<Uuid>,
    /// Place among the views that somebody sees.
    #[serde(default)]
    position: i64,
}

/// A name in several languages, or in one for all.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum NameWish {
    One(String),
    Several(BTreeMap<String, String>),
}

/// A saved view.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ViewShown {
    id: Uuid,
    name: BTreeMap<String, String>,
    filter: String,
    columns: Vec<String>,
    sort: Vec<String>,
    shared: Shared,
    group: Option<Uuid>,
    position: i64,
    /// Whether the caller may change it.
    may_change: bool,
    /// What of it cannot be answered any more, or not to the caller: a field of a plugin that is gone. With a mistake in `filter` it has no tickets.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Mistaken>,
}

/// The views that the caller sees, in their order.
#[derive(Serialize, ToSchema)]
pub struct Views {
    items: Vec<ViewShown>,
}

/// What is wrong with a view, in these eyes.
fn mistakes(view: &SavedView, environment: &Environment) -> Vec<Mistaken> {
    let mut errors: Vec<_> = asking::filter(environment, &view.filter)
        .err()
        .into_iter()
        .collect();
    errors.extend(asking::columns(environment, &view.columns).1);
    errors.extend(asking::sort(environment, &view.sort).1);
    errors
}

fn shown(ctx: &Ctx, environment: &Environment, view: &SavedView) -> ViewShown {
    let (shared, group) = match view.audience {
        Audience::Agent(_) => (Shared::Nobody, None),
        Audience::Group(group) => (Shared::Group, Some(group.0)),
        Audience::Everybody => (Shared::Everybody, None),
    };
    let may_change = view
        .audience
        .may_be_changed_by(&ctx.asker().principal, &ctx.directory);
    ViewShown {
        id: view.id.0,
        name: view.name.clone(),
        filter: view.filter.clone(),
        columns: view.columns.clone(),
        sort: view.sort.clone(),
        shared,
        group,
        position: view.position,
        may_change: may_change.is_ok(),
        errors: mistakes(view, environment),
    }
}

/// A view that the caller sees.
///
/// # Errors
/// 404 for others, whether they exist or not.
pub(super) async fn seen(ctx: &Ctx, id: ViewId) -> Result<SavedView, Problem> {
    let principal = ctx.asker().principal;
    let view = ctx.store().view(id).await?;
    view.filter(|view| view.audience.has(&principal, &ctx.directory))
        .ok_or_else(|| Problem::not_found(format_args!("view {id}")))
}

/// The views that the caller sees. A helper from outside has none.
async fn all_seen(ctx: &Ctx) -> Result<Vec<SavedView>, Problem> {
    if ctx.agent.role == AgentRole::Helper {
        return Ok(Vec::new());
    }
    let principal = ctx.asker().principal;
    let mut views = ctx.store().views_for(ctx.agent.id).await?;
    views.retain(|view| view.audience.has(&principal, &ctx.directory));
    Ok(views)
}

/// Checks a wish, and makes it a view.
fn wished(
    ctx: &Ctx,
    environment: &Environment,
    id: ViewId,
    wish: ViewWish,
) -> Result<SavedView, Problem> {
    let audience = match (wish.shared, wish.group) {
        (Shared::Nobody, None) => Audience::Agent(ctx.agent.id),
        (Shared::Group, Some(group)) => Audience::Group(GroupId(group)),
        (Shared::Everybody, None) => Audience::Everybody,
        _ => {
            let told = "`group` is named with `shared: group`, and with nothing else";
            return Err(Refusal::Invalid(told.to_owned()).into());
        }
    };
    asking::check_columns(&wish.columns)?;
    let view = SavedView {
        id,
        name: match wish.name {
            NameWish::One(name) => BTreeMap::from([("en".to_owned(), name)]),
            NameWish::Several(names) => names,
        },
        filter: wish.filter,
        columns: wish.columns,
        sort: wish.sort,
        audience,
        position: wish.position,
    };
    if view.sort.len() > guichet_store::limits::SORT_KEYS_MAX {
        return Err(Refusal::Limit(format!(
            "a list is sorted by {} fields at most",
            guichet_store::limits::SORT_KEYS_MAX
        ))
        .into());
    }
    let errors = mistakes(&view, environment);
    match errors.is_empty() {
        true => Ok(view),
        false => Err(Problem::mistaken(errors)),
    }
}

/// List saved views.
#[utoipa::path(get, path = "/views", tag = "views", responses((status = 200, body = Views)))]
pub async fn list(ctx: Ctx) -> Result<Json<Views>, Problem> {
    let environment = ctx.environment().await?;
    let views = all_seen(&ctx).await?;
    let items = views.iter().map(|view| shown(&ctx, &environment, view));
    Ok(Json(Views {
        items: items.collect(),
    }))
}

/// Save a view.
#[utoipa::path(post, path = "/views", tag = "views", request_body = ViewWish,
    responses((status = 201, body = ViewShown), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    ctx: Ctx,
    Body(wish): Body<ViewWish>,
) -> Result<(StatusCode, Json<ViewShown>), Problem> {
    ctx.must_be_inside()?;
    let environment = ctx.environment().await?;
    let id = ViewId(ctx.desk.clock.new_id());
    let view = wished(&ctx, &environment, id, wish)?;
    views::keep(&ctx.desk, &ctx.asker(), view.clone()).await?;
    Ok((StatusCode::CREATED, Json(shown(&ctx, &environment, &view))))
}

/// Look at a saved view.
#[utoipa::path(get, path = "/views/{id}", tag = "views", params(("id" = Uuid, Path)), responses((status = 200, body = ViewShown), (status = 404, body = Problem)))]
pub async fn show(ctx: Ctx, Id(id): Id) -> Result<Json<ViewShown>, Problem> {
    let view = seen(&ctx, ViewId(id)).await?;
    let environment = ctx.environment().await?;
    Ok(Json(shown(&ctx, &environment, &view)))
}

/// Change a saved view.
#[utoipa::path(put, path = "/views/{id}", tag = "views", params(("id" = Uuid, Path)), request_body = ViewWish,
    responses((status = 200, body = ViewShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set(
    ctx: Ctx,
    Id(id): Id,
    Body(wish): Body<ViewWish>,
) -> Result<Json<ViewShown>, Problem> {
    ctx.must_be_inside()?;
    let id = seen(&ctx, ViewId(id)).await?.id;
    let environment = ctx.environment().await?;
    let view = wished(&ctx, &environment, id, wish)?;
    views::keep(&ctx.desk, &ctx.asker(), view.clone()).await?;
    Ok(Json(shown(&ctx, &environment, &view)))
}

/// Delete a saved view.
#[utoipa::path(delete, path = "/views/{id}", tag = "views", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn delete(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    let view = seen(&ctx, ViewId(id)).await?;
    views::delete(&ctx.desk, &ctx.asker(), &view).await?;
    Ok(StatusCode::NO_CONTENT)
}
