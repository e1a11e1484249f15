//! What agents change about a ticket: each property is a resource, `PUT` to set it, `DELETE` to take it away. `If-Match` guards against lost updates.

use super::{
    context::{Ctx, Number},
    error::{Body, Problem},
    show::TicketShown,
    tickets::{answer, if_match},
};
use crate::{
    clock::parse_rfc3339,
    lane::{self, Named},
};
use axum::{
    http::{HeaderMap, StatusCode},
    response::Response,
};
use guichet_core::{
    effect::Effect,
    id::{AgentId, GroupId},
    refusal::Refusal,
    ticket::Ticket,
    value::{Field, Value},
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

/// Carries out what is wanted of a ticket, and answers it.
pub(super) async fn change(
    ctx: &Ctx,
    number: u64,
    headers: &HeaderMap,
    ask: impl FnMut(&Ticket) -> Result<Vec<Effect>, Refusal>,
) -> Result<Response, Problem> {
    let version = if_match(headers)?;
    let asker = ctx.asker();
    let (ticket, _) =
        lane::on_ticket(&ctx.desk, &asker, Named::Number(number), version, ask).await?;
    answer(ctx, StatusCode::OK, &ticket).await
}

pub(super) async fn command(
    ctx: &Ctx,
    number: u64,
    headers: &HeaderMap,
    command: &str,
    arguments: Vec<Field>,
) -> Result<Response, Problem> {
    change(ctx, number, headers, |ticket| {
        Ok(vec![Effect::Transition {
            ticket: ticket.id,
            command: command.to_owned(),
            arguments: arguments.clone(),
        }])
    })
    .await
}

fn field(name: &str, value: Value) -> Field {
    Field {
        name: name.to_owned(),
        value,
    }
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
    // What the body names and is not there makes the body wrong, not the address.
    if let Some(id) = wish.assignee
        && ctx.directory.agent(AgentId(id)).is_none()
    {
        return Err(Refusal::Invalid(format!("there is no agent {id}")).into());
    }
    if let Some(id) = wish.group
        && ctx.directory.group(GroupId(id)).is_none()
    {
        return Err(Refusal::Invalid(format!("there is no group {id}")).into());
    }
    let arguments = vec![
        field("assignee", Value::text_or_none(wish.assignee)),
        field("group", Value::text_or_none(wish.group)),
    ];
    command(&ctx, number, &headers, "assign", arguments).await
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
    change(&ctx, number, &headers, |ticket| {
        let gone = ticket.tags.iter().filter(|tag| !wish.tags.contains(tag));
        Ok(vec![Effect::Tag {
            ticket: ticket.id,
            add: wish.tags.clone(),
            remove: gone.cloned().collect(),
        }])
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
    command(&ctx, number, &headers, "solve", Vec::new()).await
}

/// Take a solution back.
#[utoipa::path(delete, path = "/tickets/{number}/solution", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn reopen(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    command(&ctx, number, &headers, "reopen", Vec::new()).await
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
    let arguments = vec![
        field("reason", Value::Text(wish.reason)),
        field("until", Value::instant_or_none(until)),
    ];
    command(&ctx, number, &headers, "wait", arguments).await
}

/// End the waiting.
#[utoipa::path(delete, path = "/tickets/{number}/pending", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn resume(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    command(&ctx, number, &headers, "resume", Vec::new()).await
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
    change(&ctx, number, &headers, |ticket| {
        Ok(vec![Effect::SetFields {
            ticket: ticket.id,
            fields: vec![
                field("impact", Value::Integer(wish.impact.into())),
                field("urgency", Value::Integer(wish.urgency.into())),
            ],
        }])
    })
    .await
}
