//! Who looks at a ticket, and who writes there: best effort, so that two do not answer the same person at once.

use super::{
    context::{Ctx, Number},
    error::{Body, Problem},
    show,
};
use crate::{
    lane,
    live::presence::{Present, Seen},
};
use axum::{Json, http::StatusCode};
use guichet_core::ticket::Ticket;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// That the caller looks at the ticket.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// Whether he writes there.
    typing: bool,
}

/// Somebody who looks at the ticket.
#[derive(Serialize, ToSchema)]
pub struct PresentShown {
    agent: show::Named,
    /// Milliseconds that it holds from now on, if nothing else is told.
    here_ms: u64,
    /// Of these, so many in which he counts as writing.
    typing_ms: u64,
}

/// All others who look at a ticket.
#[derive(Serialize, ToSchema)]
pub struct Others {
    items: Vec<PresentShown>,
}

/// Say that one looks at a ticket, and writes there or not: it holds for 45 seconds, writing for 6. Answers who else is there.
#[utoipa::path(put, path = "/tickets/{number}/presence", tag = "live", params(("number" = u64, Path)), request_body = Presence,
    responses((status = 200, body = Others), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn come(
    ctx: Ctx,
    Number(number): Number,
    Body(wish): Body<Presence>,
) -> Result<Json<Others>, Problem> {
    let ticket = ctx.ticket(lane::Named::Number(number)).await?;
    let (live, now) = (&ctx.desk.live, ctx.desk.clock.now());
    let (present, others) =
        live.presences
            .come(ctx.tenant.id, ticket.id, ctx.agent.id, wish.typing, now);
    tell(&ctx, ticket, present);
    let shown = |other: Present| {
        let agent = ctx.directory.agent(other.agent)?;
        Some(PresentShown {
            agent: show::Named {
                id: agent.id.0,
                name: agent.name.clone(),
            },
            here_ms: other.here_ms,
            typing_ms: other.typing_ms,
        })
    };
    Ok(Json(Others {
        items: others.into_iter().filter_map(shown).collect(),
    }))
}

/// Say that one has left a ticket.
#[utoipa::path(delete, path = "/tickets/{number}/presence", tag = "live", params(("number" = u64, Path)),
    responses((status = 204), (status = 404, body = Problem)))]
pub async fn leave(ctx: Ctx, Number(number): Number) -> Result<StatusCode, Problem> {
    let ticket = ctx.ticket(lane::Named::Number(number)).await?;
    let presences = &ctx.desk.live.presences;
    if let Some(present) = presences.leave(ctx.tenant.id, ticket.id, ctx.agent.id) {
        tell(&ctx, ticket, present);
    }
    Ok(StatusCode::NO_CONTENT)
}

fn tell(ctx: &Ctx, ticket: Ticket, present: Present) {
    let ticket = Arc::new(ticket);
    ctx.desk.live.tell(ctx.tenant.id, Seen { ticket, present });
}
