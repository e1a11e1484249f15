//! Fields that plugins add to tickets, as people see them in lists.

use super::{context::Ctx, error::Problem};
use crate::plugins::{
    Ready,
    manifest::{DeclaredField, Texts},
};
use axum::Json;
use guichet_view::Tone;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A field of tickets.
#[derive(Serialize, ToSchema)]
pub struct TicketFieldShown {
    /// `publisher/name/field`.
    name: String,
    /// By language.
    title: Texts,
    /// What it is one of, as far as the plugin says; others may come.
    values: Vec<FieldValueShown>,
    /// Whether it has a column in lists that do not say which columns they have.
    listed: bool,
    /// A view that tells more of it, for whoever points at it.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<DetailsShown>,
}

/// One of its values.
#[derive(Serialize, ToSchema)]
pub struct FieldValueShown {
    value: String,
    /// By language.
    title: Texts,
    /// `plain`, `good`, `wait`, `bad`: how a ticket that has it stands.
    #[schema(value_type = String)]
    tone: Tone,
}

/// Where that view is: see `/panels/{install}/{view}/rendering`.
#[derive(Serialize, ToSchema)]
pub struct DetailsShown {
    install: Uuid,
    view: String,
}

/// All of them, in the installs' order.
#[derive(Serialize, ToSchema)]
pub struct TicketFields {
    items: Vec<TicketFieldShown>,
}

/// The fields that enabled plugins add to tickets.
#[utoipa::path(get, path = "/fields", tag = "tickets", responses((status = 200, body = TicketFields)))]
pub async fn list(ctx: Ctx) -> Result<Json<TicketFields>, Problem> {
    let installs = ctx.desk.installs(ctx.tenant.id).await?;
    let enabled = installs.iter().filter(|ready| ready.is_enabled());
    let items = enabled.flat_map(|ready| {
        ready
            .manifest
            .fields
            .iter()
            .map(|field| shown(ready, field))
    });
    Ok(Json(TicketFields {
        items: items.collect(),
    }))
}

fn shown(ready: &Ready, field: &DeclaredField) -> TicketFieldShown {
    let values = field.values.iter().map(|value| FieldValueShown {
        value: value.value.clone(),
        title: value.title.clone(),
        tone: value.tone,
    });
    TicketFieldShown {
        name: format!("{}/{}", ready.install.plugin, field.name),
        title: field.title.clone(),
        values: values.collect(),
        listed: field.listed,
        details: field.details.clone().map(|view| DetailsShown {
            install: ready.install.id.0,
            view,
        }),
    }
}
