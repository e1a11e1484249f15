//! Who takes part in a ticket beside its requester and assignee.

use super::{
    context::{Ctx, Number, Segments},
    error::{Body, Problem},
    properties::change,
    show::TicketShown,
};
use crate::clock::parse_rfc3339;
use axum::{http::HeaderMap, response::Response};
use guichet_core::{
    actor::{Actor, ActorKind},
    effect::Effect,
    refusal::Refusal,
    ticket::relation::Participant,
};
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::ToSchema;

/// How long somebody takes part.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// RFC 3339; absent: as long as the ticket lives.
    until: Option<String>,
}

fn named(path: &HashMap<String, String>) -> Result<(String, Actor), Problem> {
    let part = |name: &str| path.get(name).map(String::as_str).unwrap_or_default();
    let kind = ActorKind::parse(part("kind"))
        .filter(|kind| matches!(kind, ActorKind::Customer | ActorKind::Agent));
    match (kind, part("id").parse()) {
        (Some(kind), Ok(id)) => Ok((part("role").to_owned(), Actor { kind, id })),
        _ => Err(Problem::not_found("that participant")),
    }
}

/// Let somebody take part: `cc` (customer or agent), `watcher` (agent), `helper` (agent from outside, best until a date).
#[utoipa::path(put, path = "/tickets/{number}/participants/{role}/{kind}/{id}", tag = "tickets",
    params(("number" = u64, Path), ("role" = String, Path), ("kind" = String, Path, description = "customer or agent"), ("id" = Uuid, Path)), request_body = Part,
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn add(
    ctx: Ctx,
    Number(number): Number,
    Segments(path): Segments,
    headers: HeaderMap,
    Body(wish): Body<Part>,
) -> Result<Response, Problem> {
    let (role, who) = named(&path)?;
    let until = wish
        .until
        .map(|until| {
            parse_rfc3339(&until).ok_or_else(|| {
                Refusal::Invalid("until is a time such as 2030-01-31T09:00:00Z".to_owned())
            })
        })
        .transpose()?;
    change(&ctx, number, &headers, |ticket| {
        let participant = Participant {
            role: role.clone(),
            who,
            until,
        };
        Ok(vec![Effect::AddParticipant {
            ticket: ticket.id,
            participant,
        }])
    })
    .await
}

/// End somebody's part.
#[utoipa::path(delete, path = "/tickets/{number}/participants/{role}/{kind}/{id}", tag = "tickets",
    params(("number" = u64, Path), ("role" = String, Path), ("kind" = String, Path), ("id" = Uuid, Path)),
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn remove(
    ctx: Ctx,
    Number(number): Number,
    Segments(path): Segments,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (role, who) = named(&path)?;
    change(&ctx, number, &headers, |ticket| {
        Ok(vec![Effect::RemoveParticipant {
            ticket: ticket.id,
            role: role.clone(),
            who,
        }])
    })
    .await
}
