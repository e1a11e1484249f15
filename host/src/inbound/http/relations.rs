//! How tickets hang together: links, merges, splits, follow-ups.

use super::{
    context::{Ctx, Number, Segments},
    error::{Body, Problem},
    show::TicketShown,
    tickets::{answer, if_match},
};
use crate::lane::{self, Named};
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use guichet_core::{
    actor::Actor,
    effect::Effect,
    id::{MessageId, TicketId},
    message::MessageDraft,
    refusal::Refusal,
    ticket::{Ticket, verbs::TicketDraft},
    value::{Field, Value},
};
use serde::Deserialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Which ticket goes on in its stead.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merger {
    /// Its number.
    into: u64,
}

/// Which message begins a ticket of its own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    message: Uuid,
    /// By default the ticket's own.
    subject: Option<String>,
}

/// The other ticket of a request's body or address; the body is wrong where it names none.
async fn other(ctx: &Ctx, number: u64) -> Result<Ticket, Problem> {
    lane::find(&ctx.desk, &ctx.asker(), Named::Number(number))
        .await
        .map_err(|error| match error {
            lane::LaneError::Refused(Refusal::NotFound(_)) => {
                Refusal::Invalid(format!("there is no ticket {number}")).into()
            }
            error => error.into(),
        })
}

async fn change(
    ctx: &Ctx,
    number: u64,
    headers: &HeaderMap,
    effect: impl Fn(TicketId) -> Effect,
) -> Result<Response, Problem> {
    let version = if_match(headers)?;
    let asker = ctx.asker();
    let ask = |ticket: &Ticket| Ok(vec![effect(ticket.id)]);
    let (ticket, _) =
        lane::on_ticket(&ctx.desk, &asker, Named::Number(number), version, ask).await?;
    answer(ctx, StatusCode::OK, &ticket).await
}

fn named_link(path: &HashMap<String, String>) -> Result<(String, u64), Problem> {
    let relation = path.get("relation").cloned().unwrap_or_default();
    let other = path.get("other").map(String::as_str).unwrap_or_default();
    other
        .parse()
        .map(|other| (relation, other))
        .map_err(|_| Problem::not_found("that ticket"))
}

/// Link a ticket to another one; the link stands on both.
#[utoipa::path(put, path = "/tickets/{number}/links/{relation}/{other}", tag = "tickets",
    params(("number" = u64, Path), ("relation" = String, Path, description = "what the other one is to this: parent, child, blocked-by, blocks, caused-by, causes, duplicate-of, duplicated-by, related, …"), ("other" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn link(
    ctx: Ctx,
    Number(number): Number,
    Segments(path): Segments,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (relation, to) = named_link(&path)?;
    let to = ctx.ticket(Named::Number(to)).await?.id;
    change(&ctx, number, &headers, |ticket| Effect::Link {
        ticket,
        relation: relation.clone(),
        other: to,
    })
    .await
}

/// Take a link away, from both.
#[utoipa::path(delete, path = "/tickets/{number}/links/{relation}/{other}", tag = "tickets",
    params(("number" = u64, Path), ("relation" = String, Path), ("other" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn unlink(
    ctx: Ctx,
    Number(number): Number,
    Segments(path): Segments,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (relation, to) = named_link(&path)?;
    let to = ctx.ticket(Named::Number(to)).await?.id;
    change(&ctx, number, &headers, |ticket| Effect::Unlink {
        ticket,
        relation: relation.clone(),
        other: to,
    })
    .await
}

/// Merge a ticket into another one, which goes on in its stead. It closes, keeps all that it had, and can be taken back.
#[utoipa::path(put, path = "/tickets/{number}/merger", tag = "tickets", params(("number" = u64, Path)), request_body = Merger,
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn merge(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
    Body(wish): Body<Merger>,
) -> Result<Response, Problem> {
    let target = other(&ctx, wish.into).await?.id;
    change(&ctx, number, &headers, |source| Effect::Merge {
        source,
        target,
    })
    .await
}

/// Take a merge back: the ticket is again what it was.
#[utoipa::path(delete, path = "/tickets/{number}/merger", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn unmerge(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    change(&ctx, number, &headers, |ticket| Effect::Transition {
        ticket,
        command: "unmerge".to_owned(),
        arguments: Vec::new(),
    })
    .await
}

/// Make a ticket of its own of a message; both are linked.
#[utoipa::path(post, path = "/tickets/{number}/splits", tag = "tickets", params(("number" = u64, Path)), request_body = Split,
    responses((status = 201, body = TicketShown), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn split(
    ctx: Ctx,
    Number(number): Number,
    Body(wish): Body<Split>,
) -> Result<Response, Problem> {
    let id = MessageId(wish.message);
    let from = ctx.ticket(Named::Number(number)).await?;
    let message = ctx
        .store()
        .message(id)
        .await?
        .filter(|message| message.ticket == from.id)
        .ok_or_else(|| Refusal::Invalid(format!("there is no message {} here", wish.message)))?;
    let part = TicketId(ctx.desk.clock.new_id());
    let copy = MessageDraft {
        id: MessageId(ctx.desk.clock.new_id()),
        ..message.draft
    };
    let requester = Actor::customer(from.requester);
    let asker = ctx.asker();
    let ask = |ticket: &Ticket| {
        let draft = TicketDraft {
            id: part,
            subject: wish
                .subject
                .clone()
                .unwrap_or_else(|| ticket.subject.clone()),
            requester: ticket.requester,
            channel: ticket.channel.clone(),
            first_message: Some(MessageDraft {
                // A split begins with what its requester asks; what agents noted stays a note.
                author: if copy.author.kind == requester.kind {
                    requester
                } else {
                    copy.author
                },
                ..copy.clone()
            }),
            fields: vec![Field {
                name: "kind".to_owned(),
                value: Value::Text(ticket.kind.clone()),
            }],
        };
        // It is for the same eyes as what it was split from.
        let group = Field {
            name: "group".to_owned(),
            value: Value::text_or_none(ticket.group),
        };
        Ok(vec![
            Effect::CreateTicket(draft),
            Effect::Transition {
                ticket: part,
                command: "assign".to_owned(),
                arguments: vec![group],
            },
            Effect::Link {
                ticket: part,
                relation: "split-from".to_owned(),
                other: ticket.id,
            },
        ])
    };
    lane::on_ticket(&ctx.desk, &asker, Named::Number(number), None, ask).await?;
    let made = ctx.ticket(Named::Id(part)).await?;
    answer(&ctx, StatusCode::CREATED, &made).await
}
