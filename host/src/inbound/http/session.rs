//! Sign in, sign out.

use super::{
    context::{Ctx, cookie_name, session_secret, tenant_of},
    error::{Body, Problem},
    secret,
    show::AgentShown,
};
use crate::{desk::Desk, limits};
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use guichet_core::directory::{Agent, Tenant};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct SessionShown {
    agent: AgentShown,
    tenant: TenantShown,
    /// To be sent as `x-csrf-token` with every request that is not GET. Absent for bearer tokens.
    csrf_token: Option<String>,
}

/// A tenant.
#[derive(Serialize, ToSchema)]
pub struct TenantShown {
    slug: String,
    name: String,
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    email: String,
    password: String,
}

fn shown(agent: &Agent, tenant: Tenant, csrf_token: Option<String>) -> SessionShown {
    SessionShown {
        agent: agent.into(),
        tenant: TenantShown {
            slug: tenant.slug,
            name: tenant.name,
        },
        csrf_token,
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session", responses((status = 200, body = SessionShown), (status = 401, body = Problem)))]
pub async fn show(ctx: Ctx) -> Json<SessionShown> {
    Json(shown(&ctx.agent, ctx.tenant, ctx.csrf))
}

/// Sign in with e-mail and password.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn, responses((status = 200, body = SessionShown), (status = 401, body = Problem)))]
pub async fn sign_in(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    Body(wish): Body<SignIn>,
) -> Result<Response, Problem> {
    let tenant = tenant_of(&desk, &slug).await?;
    let agent = desk
        .store
        .tenant(tenant.id)
        .agent_by_email(&wish.email.trim().to_lowercase())
        .await?;
    let kept = agent.as_ref().and_then(|agent| agent.password_hash.clone());
    // Argon2 is meant to be slow: not on a thread that serves others.
    let right =
        tokio::task::spawn_blocking(move || secret::password_is(&wish.password, kept.as_deref()))
            .await
            .unwrap_or(false);
    let Some(agent) = agent.filter(|agent| right && agent.active) else {
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "e-mail or password is wrong",
        ));
    };
    let (session, csrf, now) = (secret::new_secret(), secret::new_secret(), desk.clock.now());
    let until = now.plus_milliseconds(limits::SESSION_HOURS * 3_600_000);
    desk.store
        .create_session(
            tenant.id,
            agent.id,
            &secret::hash(&session),
            &csrf,
            now,
            until,
        )
        .await?;
    let cookie = format!(
        "{}={session}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}",
        cookie_name(&tenant.slug),
        limits::SESSION_HOURS * 3_600
    );
    Ok((
        [(header::SET_COOKIE, cookie)],
        Json(shown(&agent, tenant, Some(csrf))),
    )
        .into_response())
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204), (status = 401, body = Problem)))]
pub async fn sign_out(ctx: Ctx, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(session) = session_secret(&headers, &ctx.tenant.slug) {
        ctx.desk
            .store
            .delete_session(ctx.tenant.id, &secret::hash(&session))
            .await?;
    }
    let cookie = format!(
        "{}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
        cookie_name(&ctx.tenant.slug)
    );
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
