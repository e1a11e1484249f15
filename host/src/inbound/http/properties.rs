//! What agents change about a ticket: each property is a resource, `PUT` to set it, `DELETE` to take it away. `If-Match` guards against lost updates.

use super::{
    context::{Ctx, Number},
    error::{Body, Problem},
    show::TicketShown,
    tickets::{answer, if_match},
};
use crate::{clock::parse_rfc3339, lane};
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use guichet_core::{
    id::{AgentId, GroupId},
    refusal::Refusal,
    ticket::work::{Stamp, Work},
    value::Value,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who is to work the ticket.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    assignee: Option<Uuid>,
    group: Option<Uuid>,
}

/// All tags that the ticket is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tags {
    tags: Vec<String>,
}

/// Nothing to say.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// What is being waited for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pending {
    reason: String,
    /// RFC 3339.
    until: Option<String>,
}

/// How bad it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Priority {
    /// 1 (a department) to 3 (one person).
    impact: u8,
    /// 1 (critical) to 4 (low).
    urgency: u8,
}

async fn change(
    ctx: &Ctx,
    number: u64,
    headers: &HeaderMap,
    mut verb: impl FnMut(&mut Work, &Stamp) -> Result<(), Refusal>,
) -> Result<Response, Problem> {
    let version = if_match(headers)?;
    let (ticket, ()) = lane::on_ticket(
        &ctx.desk,
        ctx.asker(),
        number,
        version,
        |overlay, id, stamp| overlay.on_ticket(id, |work| verb(work, stamp)),
    )
    .await?;
    answer(ctx, StatusCode::OK, &ticket).await
}

/// Assign a ticket to an agent, a group, both or nobody.
#[utoipa::path(put, path = "/tickets/{number}/assignment", tag = "tickets", params(("number" = u64, Path)), request_body = Assignment,
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn assign(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
    Body(wish): Body<Assignment>,
) -> Result<Response, Problem> {
    let store = ctx.store();
    if let Some(id) = wish.assignee
        && store.agent(AgentId(id)).await?.is_none()
    {
        return Err(Refusal::Invalid(format!("there is no agent {id}")).into());
    }
    if let Some(id) = wish.group
        && !store
            .groups()
            .await?
            .iter()
            .any(|group| group.id == GroupId(id))
    {
        return Err(Refusal::Invalid(format!("there is no group {id}")).into());
    }
    change(&ctx, number, &headers, |work, stamp| {
        work.assign(wish.assignee.map(AgentId), wish.group.map(GroupId), stamp)
    })
    .await
}

/// Set a ticket's tags.
#[utoipa::path(put, path = "/tickets/{number}/tags", tag = "tickets", params(("number" = u64, Path)), request_body = Tags,
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn tag(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
    Body(wish): Body<Tags>,
) -> Result<Response, Problem> {
    change(&ctx, number, &headers, |work, stamp| {
        let gone: Vec<_> = work
            .ticket()
            .tags
            .iter()
            .filter(|tag| !wish.tags.contains(tag))
            .cloned()
            .collect();
        work.tag(&wish.tags, &gone, stamp)
    })
    .await
}

/// Solve a ticket.
#[utoipa::path(put, path = "/tickets/{number}/solution", tag = "tickets", params(("number" = u64, Path)), request_body = Nothing,
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn solve(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    change(&ctx, number, &headers, Work::solve).await
}

/// Take a solution back.
#[utoipa::path(delete, path = "/tickets/{number}/solution", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn reopen(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    change(&ctx, number, &headers, Work::reopen).await
}

/// Wait for somebody.
#[utoipa::path(put, path = "/tickets/{number}/pending", tag = "tickets", params(("number" = u64, Path)), request_body = Pending,
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn wait(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
    Body(wish): Body<Pending>,
) -> Result<Response, Problem> {
    let until = wish
        .until
        .map(|until| {
            parse_rfc3339(&until).ok_or_else(|| {
                Refusal::Invalid("until is a time such as 2030-01-31T09:00:00Z".to_owned())
            })
        })
        .transpose()?;
    change(&ctx, number, &headers, |work, stamp| {
        work.wait(&wish.reason, until, stamp)
    })
    .await
}

/// End the waiting.
#[utoipa::path(delete, path = "/tickets/{number}/pending", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn resume(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    change(&ctx, number, &headers, Work::resume).await
}

/// Judge impact and urgency; the priority follows.
#[utoipa::path(put, path = "/tickets/{number}/priority", tag = "tickets", params(("number" = u64, Path)), request_body = Priority,
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
pub async fn judge(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
    Body(wish): Body<Priority>,
) -> Result<Response, Problem> {
    change(&ctx, number, &headers, |work, stamp| {
        work.set_field("impact", Value::Integer(wish.impact.into()), stamp)?;
        work.set_field("urgency", Value::Integer(wish.urgency.into()), stamp)
    })
    .await
}
