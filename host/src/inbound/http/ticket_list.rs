//! Lists of tickets: by plain parameters, by an expression, by a saved view, or by several of these together.

use super::{
    asking,
    context::Ctx,
    error::Problem,
    show::{Names, TicketSummary, json},
    views,
};
use crate::{
    clock::{parse_rfc3339, rfc3339},
    limits,
};
use axum::{Json, extract::Query, http::StatusCode};
use guichet_core::{
    id::{CustomerId, TicketId, ViewId},
    ticket::{Ticket, state::State},
    time::Timestamp,
};
use guichet_expression::{Name, Row};
use guichet_store::{FieldIs, ListQuery};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which tickets, and in which order. All that is named must hold.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// An expression, such as `assignee == me && state in ["new", "open"]`: see `/expressions/names`.
    filter: Option<String>,
    /// A saved view's id: its filter, its order and its columns, where none are named here.
    view: Option<Uuid>,
    /// Names with commas between, `-` before one that descends; absent: newest first. What has no value comes last.
    sort: Option<String>,
    /// Names with commas between: their values stand with each ticket.
    columns: Option<String>,
    /// One of the seven states; absent: all but suspended and deleted, unless the filter names the state.
    state: Option<String>,
    /// An agent's id, or `me`.
    assignee: Option<String>,
    /// A group's id.
    group: Option<String>,
    /// A customer's id.
    requester: Option<Uuid>,
    /// Words of the subject, the number, the tags and the messages.
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

/// A page of tickets.
#[derive(Serialize, ToSchema)]
pub struct TicketPage {
    items: Vec<TicketListed>,
    /// The next page's cursor; null on the last.
    next: Option<String>,
}

/// A ticket in a list.
#[derive(Serialize, ToSchema)]
pub struct TicketListed {
    #[serde(flatten)]
    summary: TicketSummary,
    /// What was asked for by `columns` or by the view; where neither says any, the fields that plugins list (`/fields`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    columns: BTreeMap<String, serde_json::Value>,
}

fn invalid(what: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, what)
}

/// List tickets.
#[utoipa::path(get, path = "/tickets", tag = "tickets", params(Wanted),
    responses((status = 200, body = TicketPage), (status = 400, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn list(
    ctx: Ctx,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<TicketPage>, Problem> {
    let Query(wanted) = wanted.map_err(|error| invalid(&error.body_text()))?;
    let limit = wanted.limit.unwrap_or(50).clamp(1, limits::PAGE_ROWS_MAX);
    let query = plain(&ctx, &wanted, limit)?;
    let is_plain = wanted.filter.is_none() && wanted.sort.is_none() && wanted.view.is_none();
    if is_plain {
        let columns = plain_columns(&ctx, wanted.columns.as_deref()).await?;
        return plain_page(&ctx, query, wanted.cursor.as_deref(), limit, &columns).await;
    }
    let environment = ctx.environment().await?;
    let mut selection = ctx.selection();
    selection.also = query;
    let mut wrong = Vec::new();
    let mut filters = Vec::new();
    let parsed = asking::filter(&environment, wanted.filter.as_deref().unwrap_or_default());
    match parsed {
        Ok(filter) => filters.extend(filter),
        Err(mistake) => wrong.push(mistake),
    }
    let named = asking::list(wanted.columns.as_deref());
    asking::check_columns(&named)?;
    let (mut columns, mistakes) = asking::columns(&environment, &named);
    wrong.extend(mistakes);
    let (mut sort, mistakes) = asking::sort(&environment, &asking::list(wanted.sort.as_deref()));
    wrong.extend(mistakes);
    let mut is_said = !named.is_empty();
    if let Some(id) = wanted.view {
        let view = views::seen(&ctx, ViewId(id)).await?;
        match asking::filter(&environment, &view.filter) {
            Ok(filter) => filters.extend(filter),
            Err(mistake) => wrong.push(mistake),
        }
        // What has vanished since is left out: the view itself says so.
        if named.is_empty() {
            columns = asking::columns(&environment, &view.columns).0;
            is_said |= !view.columns.is_empty();
        }
        if wanted.sort.is_none() {
            sort = asking::sort(&environment, &view.sort).0;
        }
    }
    if !wrong.is_empty() {
        return Err(Problem::mistaken(wrong));
    }
    if !is_said {
        columns = listed_columns(&ctx).await?;
    }
    selection.filter = filters.into_iter().reduce(|one, other| one.and(other));
    let page = ctx
        .store()
        .find_tickets(&selection, &sort, wanted.cursor.as_deref(), limit)
        .await?;
    show(&ctx, &page.tickets, &columns, page.next).await
}

/// What the plain parameters ask.
fn plain(ctx: &Ctx, wanted: &Wanted, limit: u32) -> Result<ListQuery, Problem> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let state = given(&wanted.state)
        .map(|state| State::parse(&state).ok_or_else(|| invalid("there is no such state")))
        .transpose()?;
    let assignee = match given(&wanted.assignee).as_deref() {
        None => None,
        Some("me") => Some(ctx.agent.id),
        Some(id) => Some(
            id.parse()
                .map_err(|_| invalid("assignee is an agent's id, or `me`"))?,
        ),
    };
    let group = given(&wanted.group)
        .map(|id| id.parse().map_err(|_| invalid("group is a group's id")))
        .transpose()?;
    Ok(ListQuery {
        state,
        assignee,
        group,
        text: wanted.q.clone().filter(|text| !text.trim().is_empty()),
        requester: wanted.requester.map(CustomerId),
        field: match (wanted.field.clone(), wanted.value.clone()) {
            (Some(field), Some(value)) => Some(FieldIs { field, value }),
            (None, None) => None,
            _ => return Err(invalid("field and value are named together")),
        },
        seen_by: ctx.seen_by(),
        before: None,
        limit,
    })
}

/// What a list by the plain parameters alone shows beside.
async fn plain_columns(ctx: &Ctx, named: Option<&str>) -> Result<Vec<(String, Name)>, Problem> {
    let named = asking::list(named);
    if named.is_empty() {
        return listed_columns(ctx).await;
    }
    asking::check_columns(&named)?;
    match asking::columns(&ctx.environment().await?, &named) {
        (columns, mistakes) if mistakes.is_empty() => Ok(columns),
        (_, mistakes) => Err(Problem::mistaken(mistakes)),
    }
}

/// What plugins show in every list that does not say its columns.
async fn listed_columns(ctx: &Ctx) -> Result<Vec<(String, Name)>, Problem> {
    let installs = ctx.desk.installs(ctx.tenant.id).await?;
    let enabled = installs.iter().filter(|ready| ready.is_enabled());
    let names: Vec<_> = enabled
        .flat_map(|ready| ready.manifest.listed_fields())
        .take(limits::LISTED_COLUMNS_MAX)
        .collect();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    // Of what the caller may not know, there is no column.
    Ok(asking::columns(&ctx.environment().await?, &names).0)
}

/// A page by the plain parameters alone.
async fn plain_page(
    ctx: &Ctx,
    mut query: ListQuery,
    cursor: Option<&str>,
    limit: u32,
    columns: &[(String, Name)],
) -> Result<Json<TicketPage>, Problem> {
    query.before = cursor
        .map(|cursor| {
            parse_cursor(cursor).ok_or_else(|| invalid("the cursor is none that this list gave"))
        })
        .transpose()?;
    let tickets = ctx.store().list(query).await?;
    let next = tickets
        .last()
        .filter(|_| tickets.len() == limit as usize)
        .map(|last| format!("{}_{}", rfc3339(last.created_at), last.id));
    show(ctx, &tickets, columns, next).await
}

fn parse_cursor(cursor: &str) -> Option<(Timestamp, TicketId)> {
    let (at, id) = cursor.split_once('_')?;
    Some((parse_rfc3339(at)?, id.parse().ok()?))
}

async fn show(
    ctx: &Ctx,
    tickets: &[Ticket],
    columns: &[(String, Name)],
    next: Option<String>,
) -> Result<Json<TicketPage>, Problem> {
    let names = Names::load(ctx, tickets.iter().map(|ticket| ticket.requester.0)).await?;
    let listed = |ticket: &Ticket| TicketListed {
        summary: names.summary(ticket),
        columns: columns
            .iter()
            .map(|(text, name)| (text.clone(), json(&ticket.value(name))))
            .collect(),
    };
    Ok(Json(TicketPage {
        items: tickets.iter().map(listed).collect(),
        next,
    }))
}
