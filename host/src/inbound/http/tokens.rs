//! Bearer tokens of programs: made, shown once, listed without their secrets, revoked. Each step is in the log.

use super::{
    context::{Ctx, Id},
    error::{Body, Problem},
};
use crate::{
    admin,
    clock::{parse_rfc3339, rfc3339},
};
use axum::{Json, http::StatusCode};
use guichet_core::id::AgentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
pub struct TokenShown {
    id: Uuid,
    name: String,
    /// `api`, or `plugin:publisher/name` for a plugin's routes.
    scopes: Vec<String>,
    /// In whose name it acts; absent where it is good for routes only.
    agent: Option<Uuid>,
    created_at: String,
    expires_at: Option<String>,
}

/// Tokens, newest first.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    items: Vec<TokenShown>,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// For people: which program has it.
    name: String,
    scopes: Vec<String>,
    /// In whose name it acts; with the scope `api`, who asks where it is left out.
    agent: Option<Uuid>,
    /// RFC 3339; left out: until it is revoked.
    expires_at: Option<String>,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
pub struct MadeToken {
    id: Uuid,
    /// Shown this once: only its hash is kept.
    token: String,
}

/// List tokens, newest first. For admins.
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = Tokens), (status = 403, body = Problem)))]
pub async fn list(ctx: Ctx) -> Result<Json<Tokens>, Problem> {
    ctx.must_be_admin()?;
    let rows = ctx.store().tokens().await?;
    let items = rows.into_iter().map(|row| TokenShown {
        id: row.id,
        name: row.token.name,
        scopes: row.token.scopes,
        agent: row.token.agent.map(|agent| agent.0),
        created_at: rfc3339(row.created_at),
        expires_at: row.expires_at.map(rfc3339),
    });
    Ok(Json(Tokens {
        items: items.collect(),
    }))
}

/// Make a token; its secret is in the answer, and nowhere else. For admins.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = NewToken,
    responses((status = 201, body = MadeToken), (status = 403, body = Problem), (status = 422, body = Problem)))]
pub async fn create(
    ctx: Ctx,
    Body(wish): Body<NewToken>,
) -> Result<(StatusCode, Json<MadeToken>), Problem> {
    ctx.must_be_admin()?;
    let unfit = |what: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, what);
    let until = match &wish.expires_at {
        None => None,
        Some(text) => Some(
            parse_rfc3339(text)
                .filter(|until| *until > ctx.desk.clock.now())
                .ok_or_else(|| {
                    unfit("expires_at is a time to come, such as 2030-01-31T00:00:00Z")
                })?,
        ),
    };
    let acts = wish.scopes.iter().any(|scope| scope == "api");
    let agent = match wish.agent.map(AgentId) {
        None => acts.then_some(ctx.agent.id),
        Some(agent) => Some(
            ctx.directory
                .agent(agent)
                .filter(|agent| agent.active)
                .map(|agent| agent.id)
                .ok_or_else(|| unfit("the agent is not known here, or not active"))?,
        ),
    };
    let new = admin::NewToken {
        name: wish.name,
        agent,
        scopes: wish.scopes,
        until,
    };
    let (id, token) = admin::make_token(&ctx.desk, &ctx.asker(), new).await?;
    Ok((StatusCode::CREATED, Json(MadeToken { id, token })))
}

/// Revoke a token: from now on it opens nothing. For admins.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub async fn revoke(ctx: Ctx, Id(id): Id) -> Result<StatusCode, Problem> {
    ctx.must_be_admin()?;
    match admin::revoke_token(&ctx.desk, &ctx.asker(), id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Problem::not_found(format_args!("token {id}"))),
    }
}
