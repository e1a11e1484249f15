//! The suspended queue: what must not become a ticket yet, with its reason; recovered as a ticket or a reply, or rejected.

use super::{
    context::{Ctx, Id},
    error::{Body, Problem},
    messages::{MessageShown, shown},
    show::{Names, TicketShown},
    tickets::answer,
};
use crate::{
    clock::rfc3339,
    lane::{self, Named, load},
    limits,
};
use axum::{Json, http::StatusCode, response::Response};
use guichet_core::{
    customer::Identity,
    effect::Effect,
    id::{CustomerId, TicketId},
    message::MessageDraft,
    refusal::Refusal,
    ticket::{Ticket, state::State},
};
use guichet_store::ListQuery;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Something in the queue.
#[derive(Serialize, ToSchema)]
pub struct SuspendedShown {
    id: Uuid,
    subject: String,
    channel: String,
    /// A code such as `email_loop`.
    reason: String,
    /// Who seems to have sent it, as an identity.
    sender: String,
    /// The file with what came in.
    source: Uuid,
    received_at: String,
    /// When the host rejects it by itself.
    expires_at: Option<String>,
}

/// The queue, newest first; at most 200.
#[derive(Serialize, ToSchema)]
pub struct SuspendedPage {
    items: Vec<SuspendedShown>,
}

/// Something in the queue, with what it says.
#[derive(Serialize, ToSchema)]
pub struct SuspendedWhole {
    #[serde(flatten)]
    summary: SuspendedShown,
    message: Option<MessageShown>,
}

/// What becomes of it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// The number of the ticket on which it is a reply; absent: it becomes a ticket of its own.
    into: Option<u64>,
}

fn summary(ticket: &Ticket) -> SuspendedShown {
    let suspension = ticket.suspension.clone();
    let periods = guichet_core::ticket::due::Periods::default();
    SuspendedShown {
        id: ticket.id.0,
        subject: ticket.subject.clone(),
        channel: ticket.channel.clone(),
        reason: suspension
            .as_ref()
            .map(|suspension| suspension.reason.clone())
            .unwrap_or_default(),
        sender: suspension
            .as_ref()
            .map(|suspension| suspension.sender.clone())
            .unwrap_or_default(),
        source: suspension.map_or(Uuid::nil(), |suspension| suspension.source.0),
        received_at: rfc3339(ticket.created_at),
        expires_at: ticket.next_deed(&periods).map(|(at, _)| rfc3339(at)),
    }
}

async fn suspended(ctx: &Ctx, id: Uuid) -> Result<Ticket, Problem> {
    let unknown = || Problem::not_found(format_args!("{id} in the suspended queue"));
    let ticket = ctx.ticket(Named::Id(TicketId(id))).await?;
    match ticket.state {
        State::Suspended => Ok(ticket),
        _ => Err(unknown()),
    }
}

/// What rests in the suspended queue.
#[utoipa::path(get, path = "/suspended", tag = "tickets", responses((status = 200, body = SuspendedPage)))]
pub async fn list(ctx: Ctx) -> Result<Json<SuspendedPage>, Problem> {
    let query = ListQuery {
        state: Some(State::Suspended),
        seen_by: ctx.seen_by(),
        limit: limits::PAGE_ROWS_MAX,
        ..ListQuery::default()
    };
    let tickets = ctx.store().list(query).await?;
    Ok(Json(SuspendedPage {
        items: tickets.iter().map(summary).collect(),
    }))
}

/// Something in the suspended queue, with what it says.
#[utoipa::path(get, path = "/suspended/{id}", tag = "tickets", params(("id" = Uuid, Path)), responses((status = 200, body = SuspendedWhole), (status = 404, body = Problem)))]
pub async fn show(ctx: Ctx, Id(id): Id) -> Result<Json<SuspendedWhole>, Problem> {
    let ticket = suspended(&ctx, id).await?;
    let messages = ctx.store().messages(ticket.id, None, 1).await?;
    let names = Names::load(&ctx, []).await?;
    Ok(Json(SuspendedWhole {
        summary: summary(&ticket),
        message: messages.first().map(|message| shown(message, &names)),
    }))
}

/// Recover it, as a ticket of its sender or as a reply.
#[utoipa::path(put, path = "/suspended/{id}/recovery", tag = "tickets", params(("id" = Uuid, Path)), request_body = Recovery,
    responses((status = 200, body = TicketShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn recover(
    ctx: Ctx,
    Id(id): Id,
    Body(wish): Body<Recovery>,
) -> Result<Response, Problem> {
    let ticket = suspended(&ctx, id).await?;
    let into = match wish.into {
        None => None,
        Some(number) => Some(ctx.ticket(Named::Number(number)).await?.id),
    };
    let sender = ticket
        .suspension
        .as_ref()
        .map(|suspension| suspension.sender.clone())
        .unwrap_or_default();
    let message: MessageDraft = ctx
        .store()
        .messages(ticket.id, None, 1)
        .await?
        .pop()
        .ok_or_else(|| Refusal::NotFound("what it said".to_owned()))?
        .draft;
    let ensure = Effect::EnsureCustomer {
        id: CustomerId(ctx.desk.clock.new_id()),
        identities: vec![Identity {
            name: sender.clone(),
            verified: false,
        }],
        fields: Vec::new(),
    };
    let (store, asker) = (ctx.store(), ctx.asker());
    let stamp = asker.stamp(&ctx.desk);
    for run in 1.. {
        let mut overlay = asker.overlay();
        load::carry_out(&store, &mut overlay, &ensure, &stamp).await?;
        let requester = overlay
            .customer_with(std::slice::from_ref(&sender))?
            .map(|customer| customer.id)
            .ok_or_else(|| Refusal::NotFound(format!("customer {sender}")))?;
        let effect = Effect::Recover {
            ticket: ticket.id,
            into,
            requester,
            message: message.clone(),
        };
        load::carry_out(&store, &mut overlay, &effect, &stamp).await?;
        match lane::commit(&ctx.desk, overlay).await {
            Ok(_) => {
                let there = ctx.ticket(Named::Id(into.unwrap_or(ticket.id))).await?;
                return answer(&ctx, StatusCode::OK, &there).await;
            }
            Err(lane::LaneError::Refused(Refusal::Conflict(_)))
                if run < limits::CONFLICT_RUNS_MAX => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Refusal::Conflict("others kept changing the same things: try again".to_owned()).into())
}

/// Bring back what was rejected: it rests in the queue again.
#[utoipa::path(put, path = "/suspended/{id}/restoration", tag = "tickets", params(("id" = Uuid, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn restore(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    let ticket = ctx.ticket(Named::Id(TicketId(id))).await?;
    if ticket.suspension.is_none() {
        return Err(Problem::not_found(format_args!(
            "{id} in the suspended queue"
        )));
    }
    if ticket.merged_into.is_some() {
        let told = "what it says was recovered, and stands on another ticket now";
        return Err(Refusal::State(told.to_owned()).into());
    }
    transition(&ctx, ticket.id, "restore").await
}

async fn transition(ctx: &Ctx, id: TicketId, command: &str) -> Result<StatusCode, Problem> {
    let ask = |ticket: &Ticket| {
        Ok(vec![Effect::Transition {
            ticket: ticket.id,
            command: command.to_owned(),
            arguments: Vec::new(),
        }])
    };
    lane::on_ticket(&ctx.desk, &ctx.asker(), Named::Id(id), None, ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reject it.
#[utoipa::path(delete, path = "/suspended/{id}", tag = "tickets", params(("id" = Uuid, Path)), responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn reject(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    let ticket = suspended(&ctx, id).await?;
    transition(&ctx, ticket.id, "reject").await
}
