//! Customers, and the groups they belong to; an organisation is one kind of group.

use super::{
    context::{Ctx, Id},
    error::{Body, Problem},
    people::{commit, name},
    show::{Named, json as shown_value},
};
use crate::{
    lane::{self, load},
    limits,
};
use axum::{Json, extract::Query, http::StatusCode};
use guichet_core::{
    customer::Customer,
    directory::CustomerGroup,
    effect::Effect,
    id::{CustomerGroupId, CustomerId},
    refusal::Refusal,
    value::{Field, Value},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A customer.
#[derive(Serialize, ToSchema)]
pub struct CustomerShown {
    id: Uuid,
    name: String,
    identities: Vec<IdentityShown>,
    groups: Vec<Named>,
    /// BCP 47; empty where nobody knows.
    locale: String,
    /// Plugins' own fields.
    #[schema(value_type = Object)]
    fields: BTreeMap<String, serde_json::Value>,
    version: u64,
}

/// How a channel knows a customer.
#[derive(Serialize, ToSchema)]
pub struct IdentityShown {
    /// `scheme:value`, such as `mailto:ana@example.com`.
    name: String,
    /// Proven by its owner, not only claimed.
    verified: bool,
}

/// A page of customers, oldest first.
#[derive(Serialize, ToSchema)]
pub struct Customers {
    items: Vec<CustomerShown>,
    /// The next page's cursor; null on the last.
    next: Option<Uuid>,
}

/// Which customers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// A part of a name or of an identity.
    q: Option<String>,
    /// The `next` of the page before.
    cursor: Option<Uuid>,
    /// At most 200; 50 by default.
    limit: Option<u32>,
}

/// What a customer is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerWish {
    name: String,
    #[serde(default)]
    locale: String,
    /// Ids of all customer groups that he is to belong to.
    #[serde(default)]
    groups: Vec<Uuid>,
}

/// A customer group.
#[derive(Serialize, ToSchema)]
pub struct CustomerGroupShown {
    id: Uuid,
    name: String,
    /// `organisation` or `group`.
    kind: String,
    /// Whether its members see each other's tickets.
    shares_tickets: bool,
}

/// All customer groups.
#[derive(Serialize, ToSchema)]
pub struct CustomerGroups {
    items: Vec<CustomerGroupShown>,
}

/// What a customer group is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerGroupWish {
    name: String,
    kind: String,
    shares_tickets: bool,
}

fn shown(ctx: &Ctx, customer: Customer) -> CustomerShown {
    CustomerShown {
        id: customer.id.0,
        name: customer.name,
        identities: customer
            .identities
            .into_iter()
            .map(|identity| IdentityShown {
                name: identity.name,
                verified: identity.verified,
            })
            .collect(),
        groups: customer
            .groups
            .iter()
            .filter_map(|group| ctx.directory.customer_group(*group))
            .map(|group| Named {
                id: group.id.0,
                name: group.name.clone(),
            })
            .collect(),
        locale: customer.locale,
        fields: customer
            .fields
            .iter()
            .map(|(name, value)| (name.clone(), shown_value(value)))
            .collect(),
        version: customer.version,
    }
}

/// List customers, oldest first.
#[utoipa::path(get, path = "/customers", tag = "people", params(Wanted), responses((status = 200, body = Customers), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub async fn list(
    ctx: Ctx,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Customers>, Problem> {
    ctx.must_be_inside()?;
    let Query(wanted) =
        wanted.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let limit = wanted.limit.unwrap_or(50).clamp(1, limits::PAGE_ROWS_MAX);
    let text = wanted.q.filter(|text| !text.trim().is_empty());
    let store = ctx.store();
    let ids = store
        .list_customers(
            text.as_deref().map(str::trim),
            wanted.cursor.map(CustomerId),
            limit,
        )
        .await?;
    let next = ids
        .last()
        .filter(|_| ids.len() == limit as usize)
        .map(|last| last.0);
    let items = store.customers(&ids).await?;
    Ok(Json(Customers {
        items: items
            .into_iter()
            .map(|customer| shown(&ctx, customer))
            .collect(),
        next,
    }))
}

/// Look at a customer.
#[utoipa::path(get, path = "/customers/{id}", tag = "people", params(("id" = Uuid, Path)), responses((status = 200, body = CustomerShown), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn show(ctx: Ctx, Id(id): Id) -> Result<Json<CustomerShown>, Problem> {
    ctx.must_be_inside()?;
    let customer = ctx
        .store()
        .customer(CustomerId(id))
        .await?
        .ok_or_else(|| Problem::not_found(format_args!("customer {id}")))?;
    Ok(Json(shown(&ctx, customer)))
}

/// Change a customer's name, language and groups.
#[utoipa::path(put, path = "/customers/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = CustomerWish,
    responses((status = 200, body = CustomerShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn set(
    ctx: Ctx,
    Id(id): Id,
    Body(wish): Body<CustomerWish>,
) -> Result<Json<CustomerShown>, Problem> {
    ctx.must_be_inside()?;
    let id = CustomerId(id);
    if let Some(unknown) = wish.groups.iter().find(|group| {
        ctx.directory
            .customer_group(CustomerGroupId(**group))
            .is_none()
    }) {
        return Err(Refusal::Invalid(format!("there is no customer group {unknown}")).into());
    }
    let field = |name: &str, value| Field {
        name: name.to_owned(),
        value,
    };
    let effect = Effect::SetCustomer {
        id,
        fields: vec![
            field("name", Value::Text(wish.name)),
            field("locale", Value::Text(wish.locale)),
            field(
                "groups",
                Value::Texts(wish.groups.iter().map(Uuid::to_string).collect()),
            ),
        ],
    };
    let (store, asker) = (ctx.store(), ctx.asker());
    for run in 1.. {
        let mut overlay = asker.overlay();
        load::carry_out(&store, &mut overlay, &effect, &asker.stamp(&ctx.desk)).await?;
        let customer = overlay.customer(id)?.clone();
        if overlay.effects() == 0 {
            return Ok(Json(shown(&ctx, customer)));
        }
        match lane::commit(&ctx.desk, overlay).await {
            Ok(_) => return Ok(Json(shown(&ctx, customer))),
            Err(lane::LaneError::Refused(Refusal::Conflict(_)))
                if run < limits::CONFLICT_RUNS_MAX => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Refusal::Conflict("others kept changing the customer: try again".to_owned()).into())
}

/// List customer groups.
#[utoipa::path(get, path = "/customer-groups", tag = "people", responses((status = 200, body = CustomerGroups), (status = 403, body = Problem)))]
pub async fn groups(ctx: Ctx) -> Result<Json<CustomerGroups>, Problem> {
    ctx.must_be_inside()?;
    let mut items: Vec<_> = ctx.directory.customer_groups().map(group_shown).collect();
    items.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    Ok(Json(CustomerGroups { items }))
}

fn group_shown(group: &CustomerGroup) -> CustomerGroupShown {
    CustomerGroupShown {
        id: group.id.0,
        name: group.name.clone(),
        kind: group.kind.clone(),
        shares_tickets: group.shares_tickets,
    }
}

/// Make a customer group. For admins.
#[utoipa::path(post, path = "/customer-groups", tag = "people", request_body = CustomerGroupWish,
    responses((status = 201, body = CustomerGroupShown), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn create_group(
    ctx: Ctx,
    Body(wish): Body<CustomerGroupWish>,
) -> Result<(StatusCode, Json<CustomerGroupShown>), Problem> {
    ctx.must_be_admin()?;
    let id = CustomerGroupId(ctx.desk.clock.new_id());
    let made = write_group(&ctx, id, "customer-group.created", wish).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// Change a customer group. For admins.
#[utoipa::path(put, path = "/customer-groups/{id}", tag = "people", params(("id" = Uuid, Path)), request_body = CustomerGroupWish,
    responses((status = 200, body = CustomerGroupShown), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub async fn set_group(
    ctx: Ctx,
    Id(id): Id,
    Body(wish): Body<CustomerGroupWish>,
) -> Result<Json<CustomerGroupShown>, Problem> {
    // Before anything that would tell him which groups there are, and under which names.
    ctx.must_be_admin()?;
    let id = CustomerGroupId(id);
    if ctx.directory.customer_group(id).is_none() {
        return Err(Problem::not_found(format_args!("customer group {id}")));
    }
    Ok(Json(
        write_group(&ctx, id, "customer-group.changed", wish).await?,
    ))
}

async fn write_group(
    ctx: &Ctx,
    id: CustomerGroupId,
    kind: &str,
    wish: CustomerGroupWish,
) -> Result<CustomerGroupShown, Problem> {
    if !matches!(wish.kind.as_str(), "organisation" | "group") {
        return Err(Refusal::Invalid("a kind is organisation or group".to_owned()).into());
    }
    let group = CustomerGroup {
        id,
        name: name(&wish.name)?,
        kind: wish.kind,
        shares_tickets: wish.shares_tickets,
    };
    if ctx
        .directory
        .customer_groups()
        .any(|known| known.name == group.name && known.id != id)
    {
        return Err(Refusal::Conflict(format!(
            "there is a customer group `{}` already",
            group.name
        ))
        .into());
    }
    let made = group_shown(&group);
    let data = json!({ "customer_group": id, "name": group.name, "kind": group.kind, "shares_tickets": group.shares_tickets });
    commit(ctx, kind, data, |changes| {
        changes.customer_groups.push(group)
    })
    .await?;
    Ok(made)
}
