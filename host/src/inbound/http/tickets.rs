//! Create tickets, look at one.

use super::{
    context::{Ctx, Number},
    error::{Body, Problem},
    idempotency::Once,
    show::{Names, TicketShown},
};
use crate::{
    lane::{self, Named, load},
    limits,
};
use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use guichet_core::{
    actor::{Actor, ActorKind},
    customer::{Identity, check_identity},
    effect::Effect,
    id::{CustomerId, MessageId, TicketId},
    message::{MessageDraft, Visibility},
    refusal::Refusal,
    ticket::{Ticket, verbs::TicketDraft, work::Work},
    value::{Field, Value},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A ticket to be made by an agent for a customer.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    subject: String,
    text: String,
    requester: NewRequester,
    kind: Option<String>,
    impact: Option<u8>,
    urgency: Option<u8>,
}

/// The customer; made if nobody has the address.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequester {
    name: Option<String>,
    email: String,
}

fn invalid(what: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, what)
}

/// A ticket with its ETag.
pub async fn answer(ctx: &Ctx, status: StatusCode, ticket: &Ticket) -> Result<Response, Problem> {
    let taking_part = ticket
        .participants
        .iter()
        .filter(|participant| participant.who.kind == ActorKind::Customer)
        .map(|participant| participant.who.id);
    let names = Names::load(ctx, taking_part.chain([ticket.requester.0])).await?;
    let ids: Vec<_> = ticket.links.iter().map(|link| link.ticket).collect();
    let (principal, now) = (ctx.asker().principal, ctx.desk.clock.now());
    let mut linked = ctx.store().tickets(&ids).await?;
    linked.retain(|other| Work::is_visible_to(other, &principal, now));
    Ok((
        status,
        [(header::ETAG, format!("\"{}\"", ticket.version))],
        Json(names.ticket(ticket, &linked)),
    )
        .into_response())
}

/// The version that the caller wants to change, from `If-Match`.
///
/// # Errors
/// 400 where it is none of ours.
pub fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    match headers
        .get(header::IF_MATCH)
        .map(|value| value.to_str().unwrap_or_default().trim())
    {
        None | Some("*") => Ok(None),
        Some(tag) => tag
            .trim_matches('"')
            .parse()
            .map(Some)
            .map_err(|_| invalid("If-Match is an ETag that this API gave, such as \"7\"")),
    }
}

/// Look at a ticket.
#[utoipa::path(get, path = "/tickets/{number}", tag = "tickets", params(("number" = u64, Path)), responses((status = 200, body = TicketShown), (status = 404, body = Problem)))]
pub async fn show(ctx: Ctx, Number(number): Number) -> Result<Response, Problem> {
    let ticket = ctx.ticket(Named::Number(number)).await?;
    answer(&ctx, StatusCode::OK, &ticket).await
}

/// Create a ticket for a customer.
#[utoipa::path(post, path = "/tickets", tag = "tickets", request_body = NewTicket,
    params(("idempotency-key" = Option<String>, Header, description = "sent again with the same key within a day, the request makes nothing twice")), responses((status = 201, body = TicketShown), (status = 422, body = Problem)))]
pub async fn create(
    ctx: Ctx,
    headers: HeaderMap,
    Body(wish): Body<NewTicket>,
) -> Result<Response, Problem> {
    ctx.must_be_inside()?;
    let once = Once::of(&headers, "tickets", &wish)?;
    let identity = format!("mailto:{}", wish.requester.email.trim().to_lowercase());
    check_identity(&identity)?;
    if !identity.contains('@') {
        return Err(Refusal::Invalid("the requester's email has no @".to_owned()).into());
    }
    let clock = &ctx.desk.clock;
    let asker = ctx.asker();
    let (store, stamp) = (ctx.store(), asker.stamp(&ctx.desk));
    let (ticket, message, new_customer) = (
        TicketId(clock.new_id()),
        MessageId(clock.new_id()),
        CustomerId(clock.new_id()),
    );
    let ensure = Effect::EnsureCustomer {
        id: new_customer,
        identities: vec![Identity {
            name: identity.clone(),
            verified: false,
        }],
        fields: text("name", wish.requester.name.as_deref()),
    };
    for run in 1.. {
        if let Some(once) = &once
            && let Some(made) = once.made(&ctx).await?
        {
            let made = ctx.ticket(Named::Id(TicketId(made))).await?;
            return answer(&ctx, StatusCode::CREATED, &made).await;
        }
        let mut overlay = asker.overlay();
        load::carry_out(&store, &mut overlay, &ensure, &stamp).await?;
        let requester = overlay
            .customer_with(std::slice::from_ref(&identity))?
            .map_or(new_customer, |customer| customer.id);
        let create = Effect::CreateTicket(draft(&wish, ticket, message, requester));
        load::carry_out(&store, &mut overlay, &create, &stamp).await?;
        let mut made = overlay.ticket(ticket)?.clone();
        let mut changes = lane::guard::check(&ctx.desk, overlay, None).await?.finish();
        changes
            .answered
            .extend(once.iter().map(|once| once.answered(&ctx, ticket.0)));
        let result = ctx.desk.commit(changes).await;
        match result.map_err(lane::into_lane_error) {
            Ok(committed) => {
                made.number = committed.number(ticket);
                return answer(&ctx, StatusCode::CREATED, &made).await;
            }
            // Somebody made the same customer at the same moment.
            Err(lane::LaneError::Refused(Refusal::Conflict(_)))
                if run < limits::CONFLICT_RUNS_MAX => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Refusal::Conflict("others kept changing the customer: try again".to_owned()).into())
}

fn text(name: &str, text: Option<&str>) -> Vec<Field> {
    text.map(|text| Field {
        name: name.to_owned(),
        value: Value::Text(text.to_owned()),
    })
    .into_iter()
    .collect()
}

fn draft(wish: &NewTicket, id: TicketId, message: MessageId, requester: CustomerId) -> TicketDraft {
    let integer = |name: &str, value: Option<u8>| {
        value.map(|value| Field {
            name: name.to_owned(),
            value: Value::Integer(value.into()),
        })
    };
    TicketDraft {
        id,
        subject: wish.subject.clone(),
        requester,
        channel: "api".to_owned(),
        first_message: Some(MessageDraft {
            id: message,
            // What the customer asked, written down by the agent: the event says by whom.
            author: Actor::customer(requester),
            visibility: Visibility::Public,
            text: wish.text.clone(),
            html: None,
            attachments: Vec::new(),
            fields: Vec::new(),
        }),
        fields: text("kind", wish.kind.as_deref())
            .into_iter()
            .chain(integer("impact", wish.impact))
            .chain(integer("urgency", wish.urgency))
            .collect(),
    }
}
