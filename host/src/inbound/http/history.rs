//! What happened to a ticket, and why: from each changed field to the event, the plugin, its rule, and the event before.

use super::{
    context::{Ctx, Number},
    error::Problem,
    show::{ActorShown, Names, json},
};
use crate::{clock::rfc3339, lane::Named};
use axum::Json;
use guichet_core::{actor::ActorKind, event::Event, value::Value};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// One event of a ticket.
#[derive(Serialize, ToSchema)]
pub struct Entry {
    sequence: u64,
    kind: String,
    at: String,
    actor: ActorShown,
    /// The plugin by which it happened.
    cause: Option<Cause>,
    /// The rule, and what it saw.
    because: Option<Reason>,
    /// The first event of the chain.
    root: u64,
    depth: u32,
    changes: Vec<ChangeShown>,
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// A plugin as a cause.
#[derive(Serialize, ToSchema)]
pub struct Cause {
    plugin: String,
    version: String,
    digest: String,
    install: Uuid,
    /// The event that it answered to.
    event: Option<u64>,
}

/// Why.
#[derive(Serialize, ToSchema)]
pub struct Reason {
    rule: String,
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

/// One field's step.
#[derive(Serialize, ToSchema)]
pub struct ChangeShown {
    name: String,
    #[schema(value_type = Object)]
    old: serde_json::Value,
    #[schema(value_type = Object)]
    new: serde_json::Value,
    /// The name of the person or group whose id the value is.
    old_label: Option<String>,
    new_label: Option<String>,
}

/// All events of a ticket, oldest first.
#[derive(Serialize, ToSchema)]
pub struct History {
    items: Vec<Entry>,
}

/// What happened to a ticket, oldest first, each with its cause.
#[utoipa::path(get, path = "/tickets/{number}/history", tag = "tickets", params(("number" = u64, Path)), responses((status = 200, body = History), (status = 404, body = Problem)))]
pub async fn list(ctx: Ctx, Number(number): Number) -> Result<Json<History>, Problem> {
    let store = ctx.store();
    let ticket = ctx.ticket(Named::Number(number)).await?;
    let events = store.history(ticket.id).await?;
    let actors = events
        .iter()
        .map(|event| event.draft.actor)
        .filter(|actor| actor.kind == ActorKind::Customer)
        .map(|actor| actor.id);
    let names = Names::load(&ctx, actors.chain([ticket.requester.0])).await?;
    Ok(Json(History {
        items: events
            .into_iter()
            .map(|event| entry(event, &names))
            .collect(),
    }))
}

pub(super) fn entry(event: Event, names: &Names) -> Entry {
    let root = event.root();
    let draft = event.draft;
    let before = draft.origin.event;
    Entry {
        sequence: event.sequence,
        kind: draft.kind,
        at: rfc3339(draft.at),
        actor: names.actor(draft.actor),
        cause: draft.origin.by.map(|by| {
            let (plugin, version) = by.plugin.rsplit_once('@').unwrap_or((&by.plugin, ""));
            Cause {
                plugin: plugin.to_owned(),
                version: version.to_owned(),
                digest: by.digest.clone(),
                install: by.install.0,
                event: before,
            }
        }),
        because: draft.because.map(|because| Reason {
            rule: because.rule,
            detail: because.detail,
        }),
        root,
        depth: draft.origin.depth,
        changes: draft
            .changes
            .iter()
            .map(|change| ChangeShown {
                name: change.name.clone(),
                old: json(&change.old),
                new: json(&change.new),
                old_label: label(&change.old, names),
                new_label: label(&change.new, names),
            })
            .collect(),
        data: draft.data,
    }
}

fn label(value: &Value, names: &Names) -> Option<String> {
    let id: Uuid = value.as_text()?.parse().ok()?;
    names.get(id).map(str::to_owned)
}
