//! List and create tickets, look at one.

use super::{
    context::{Ctx, Number},
    error::{Body, Problem},
    idempotency::Once,
    show::{Names, TicketShown, TicketSummary},
};
use crate::{
    clock::{parse_rfc3339, rfc3339},
    lane::{self, Named, load},
    limits,
};
use axum::{
    Json,
    extract::Query,
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
    ticket::{Ticket, state::State, verbs::TicketDraft, work::Work},
    value::{Field, Value},
};
use guichet_store::{FieldIs, ListQuery};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Which tickets.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// One of the seven states; absent: all but suspended and deleted.
    state: Option<String>,
    /// An agent's id, or `me`.
    assignee: Option<String>,
    /// A group's id.
    group: Option<String>,
    /// A customer's id.
    requester: Option<uuid::Uuid>,
    /// Words of the subject.
    q: Option<String>,
    /// A plugin's indexed field, `publisher/name/field`; with `value`.
    field: Option<String>,
    /// What the field is: a text, a whole number, `true` or `false`.
    value: Option<String>,
    /// The `next` of the page before.
    cursor: Option<String>,
    /// At most 200; 50 by default.
    limit: Option<u32>,
}

/// A page of tickets, newest first.
#[derive(Serialize, ToSchema)]
pub struct TicketPage {
    items: Vec<TicketSummary>,
    /// The next page's cursor; null on the last.
    next: Option<String>,
}

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

/// List tickets, newest first.
#[utoipa::path(get, path = "/tickets", tag = "tickets", params(Wanted), responses((status = 200, body = TicketPage), (status = 400, body = Problem)))]
pub async fn list(
    ctx: Ctx,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<TicketPage>, Problem> {
    let Query(wanted) = wanted.map_err(|error| invalid(&error.body_text()))?;
    let state = wanted
        .state
        .filter(|state| !state.is_empty())
        .map(|state| State::parse(&state).ok_or_else(|| invalid("there is no such state")))
        .transpose()?;
    let assignee = match wanted.assignee.as_deref() {
        None | Some("") => None,
        Some("me") => Some(ctx.agent.id),
        Some(id) => Some(
            id.parse()
                .map_err(|_| invalid("assignee is an agent's id, or `me`"))?,
        ),
    };
    let group = wanted
        .group
        .filter(|group| !group.is_empty())
        .map(|id| id.parse().map_err(|_| invalid("group is a group's id")))
        .transpose()?;
    let before = wanted
        .cursor
        .map(|cursor| {
            parse_cursor(&cursor).ok_or_else(|| invalid("the cursor is none that this list gave"))
        })
        .transpose()?;
    let limit = wanted.limit.unwrap_or(50).clamp(1, limits::PAGE_ROWS_MAX);
    let query = ListQuery {
        state,
        assignee,
        group,
        text: wanted.q.filter(|text| !text.trim().is_empty()),
        requester: wanted.requester.map(CustomerId),
        field: match (wanted.field, wanted.value) {
            (Some(field), Some(value)) => Some(FieldIs { field, value }),
            (None, None) => None,
            _ => return Err(invalid("field and value are named together")),
        },
        seen_by: ctx.seen_by(),
        before,
        limit,
    };
    let tickets = ctx.store().list(query).await?;
    let names = Names::load(&ctx, tickets.iter().map(|ticket| ticket.requester.0)).await?;
    let next = tickets
        .last()
        .filter(|_| tickets.len() == limit as usize)
        .map(|last| format!("{}_{}", rfc3339(last.created_at), last.id));
    Ok(Json(TicketPage {
        items: tickets.iter().map(|ticket| names.summary(ticket)).collect(),
        next,
    }))
}

fn parse_cursor(cursor: &str) -> Option<(guichet_core::time::Timestamp, TicketId)> {
    let (at, id) = cursor.split_once('_')?;
    Some((parse_rfc3339(at)?, id.parse().ok()?))
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
        let mut changes = lane::guard::check(&ctx.desk, overlay, &[]).await?.finish();
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
