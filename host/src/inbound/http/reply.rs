//! By which channels an answer on a ticket may go, and what of it they can carry: for who is about to write one.

use super::{
    context::{Ctx, Number},
    error::Problem,
};
use crate::{
    channels::{choose, window},
    clock::rfc3339,
    lane::Named,
    plugins::{Ready, manifest},
};
use axum::Json;
use guichet_core::ticket::Ticket;
use serde::Serialize;
use utoipa::ToSchema;

/// A channel that may carry an answer.
#[derive(Serialize, ToSchema)]
pub struct ChannelShown {
    /// Such as `email`.
    name: String,
    /// `publisher/name`.
    plugin: String,
    /// What the plugin is called, by language.
    plugin_title: manifest::Texts,
    /// Whether it carries the looks of a message, and not its text alone.
    html: bool,
    /// Bytes of a text in UTF-8; null: as many as a message may have.
    text_bytes_max: Option<u32>,
    /// Bytes of all files together; 0 where it carries none.
    files_bytes_max: u64,
    /// Whether what it is to carry waits just now, because the plugin is held back.
    waits: bool,
    /// Within which time it may answer; null: at any time.
    window: Option<WindowShown>,
}

/// What is left of a reply window.
#[derive(Serialize, ToSchema)]
pub struct WindowShown {
    /// Whether it is open now. Each message of the requester opens it anew.
    open: bool,
    /// Until when; null where he has never written here.
    until: Option<String>,
    /// Messages that may still be sent; null: any number.
    messages_left: Option<u32>,
}

/// The channels that may carry an answer, the first of which does, as long as it can.
#[derive(Serialize, ToSchema)]
pub struct Channels {
    items: Vec<ChannelShown>,
}

/// By which channels an answer may go, best first; none where it goes nowhere.
#[utoipa::path(get, path = "/tickets/{number}/channels", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = Channels), (status = 404, body = Problem)))]
pub async fn channels(ctx: Ctx, Number(number): Number) -> Result<Json<Channels>, Problem> {
    let ticket = ctx.ticket(Named::Number(number)).await?;
    let installs = ctx.desk.installs(ctx.tenant.id).await?;
    let mut items = Vec::new();
    if let Some(requester) = ctx.store().customer(ticket.requester).await? {
        for ready in choose::channels(&installs, &ticket, &requester) {
            items.extend(shown(&ctx, &ticket, ready).await?);
        }
    }
    Ok(Json(Channels { items }))
}

async fn shown(ctx: &Ctx, ticket: &Ticket, ready: &Ready) -> Result<Option<ChannelShown>, Problem> {
    let Some(channel) = &ready.manifest.channel else {
        return Ok(None);
    };
    let window = match channel.window {
        None => None,
        Some(window) => {
            let left =
                window::left(&ctx.store(), ticket.id, ready.install.id, window, None).await?;
            Some(WindowShown {
                open: !left.is_closed(ctx.desk.clock.now()),
                until: left.until.map(rfc3339),
                messages_left: left.messages,
            })
        }
    };
    Ok(Some(ChannelShown {
        name: channel.name.clone(),
        plugin: ready.install.plugin.clone(),
        plugin_title: ready.manifest.title.clone(),
        html: channel.html,
        text_bytes_max: channel.text_bytes_max,
        files_bytes_max: channel.files_bytes_max,
        waits: !ready.is_enabled(),
        window,
    }))
}
