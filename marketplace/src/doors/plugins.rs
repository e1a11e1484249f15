//! Search and details as JSON: the same that the index says and people browse.

use super::{Doors, Problem};
use crate::{
    refusal::Refusal,
    search::{Query, search},
    wire::{PluginDetail, PluginList},
};
use axum::{
    Json,
    extract::{Path, Query as Asked, State, rejection::QueryRejection},
};
use serde::Deserialize;

/// `?q=…&cursor=…`
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    pub(crate) q: String,
    #[serde(default)]
    pub(crate) cursor: Option<String>,
}

/// `GET /v1/plugins`.
pub(super) async fn list(
    State(doors): State<Doors>,
    wanted: Result<Asked<Wanted>, QueryRejection>,
) -> Result<Json<PluginList>, Problem> {
    let Asked(wanted) = wanted.map_err(|error| Refusal::Request(error.body_text()))?;
    let query = Query::read(&wanted.q, wanted.cursor.as_deref())?;
    Ok(Json(search(&*doors.snapshot().await?, &query)))
}

/// `GET /v1/plugins/{publisher}/{name}`.
pub(super) async fn detail(
    State(doors): State<Doors>,
    Path((publisher, name)): Path<(String, String)>,
) -> Result<Json<PluginDetail>, Problem> {
    let id = format!("{publisher}/{name}");
    let found = doors.snapshot().await?.plugin(&id);
    found.map(Json).ok_or_else(|| {
        let told: String = id.chars().take(130).collect();
        Refusal::NotFound(format!("there is no plugin {told} here")).into()
    })
}
