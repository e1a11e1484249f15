//! The end of a ticket: closed for good, put away and brought back, kept from going.

use super::{
    context::{Ctx, Number},
    error::Problem,
    properties::{change, command},
    show::TicketShown,
};
use axum::{http::HeaderMap, response::Response};
use guichet_core::{
    effect::Effect,
    value::{Field, Value},
};

/// Close a solved ticket for good.
#[utoipa::path(put, path = "/tickets/{number}/closure", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn close(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    command(&ctx, number, &headers, "close", Vec::new()).await
}

/// Delete a ticket. For 30 days it can be restored; then its content goes.
#[utoipa::path(put, path = "/tickets/{number}/deletion", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn delete(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    command(&ctx, number, &headers, "delete", Vec::new()).await
}

/// Restore a deleted ticket to exactly the state that it had.
#[utoipa::path(delete, path = "/tickets/{number}/deletion", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub async fn restore(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    command(&ctx, number, &headers, "restore", Vec::new()).await
}

/// Keep a ticket from being deleted and purged.
#[utoipa::path(put, path = "/tickets/{number}/legal-hold", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem)))]
pub async fn hold(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    set_hold(&ctx, number, &headers, true).await
}

/// Lift the legal hold.
#[utoipa::path(delete, path = "/tickets/{number}/legal-hold", tag = "tickets", params(("number" = u64, Path)),
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem)))]
pub async fn lift_hold(
    ctx: Ctx,
    Number(number): Number,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    set_hold(&ctx, number, &headers, false).await
}

async fn set_hold(
    ctx: &Ctx,
    number: u64,
    headers: &HeaderMap,
    is_held: bool,
) -> Result<Response, Problem> {
    change(ctx, number, headers, |ticket| {
        Ok(vec![Effect::SetFields {
            ticket: ticket.id,
            fields: vec![Field {
                name: "legal_hold".to_owned(),
                value: Value::Boolean(is_held),
            }],
        }])
    })
    .await
}
