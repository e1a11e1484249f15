//! Agents and groups.

use super::{
    context::Ctx,
    error::Problem,
    show::{AgentShown, Named},
};
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// All agents.
#[derive(Serialize, ToSchema)]
pub struct Agents {
    items: Vec<AgentShown>,
}

/// All groups.
#[derive(Serialize, ToSchema)]
pub struct Groups {
    items: Vec<Named>,
}

/// List agents.
#[utoipa::path(get, path = "/agents", tag = "people", responses((status = 200, body = Agents)))]
pub async fn agents(ctx: Ctx) -> Result<Json<Agents>, Problem> {
    Ok(Json(Agents {
        items: ctx
            .store()
            .agents()
            .await?
            .iter()
            .map(AgentShown::from)
            .collect(),
    }))
}

/// List groups.
#[utoipa::path(get, path = "/groups", tag = "people", responses((status = 200, body = Groups)))]
pub async fn groups(ctx: Ctx) -> Result<Json<Groups>, Problem> {
    let mut items: Vec<_> = ctx
        .directory
        .groups()
        .map(|group| Named {
            id: group.id.0,
            name: group.name.clone(),
        })
        .collect();
    items.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(Json(Groups { items }))
}
