//! Sign in, sign out.

use super::{
    context::{Ctx, Remote, cookie_name, session_secret, tenant_of},
    error::{Body, Problem},
    guesses::Tried,
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
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;
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
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn,
    responses((status = 200, body = SessionShown), (status = 401, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)))]
pub async fn sign_in(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    Remote(from): Remote,
    Body(wish): Body<SignIn>,
) -> Result<Response, Problem> {
    let tenant = tenant_of(&desk, &slug).await?;
    let tried = Tried {
        tenant: tenant.id,
        email: wish.email.trim().to_lowercase(),
        from,
    };
    if let Some(seconds) = desk.guesses.wait_seconds(&tried, desk.clock.now()) {
        let told = format!("the password was wrong too often: try again in {seconds} s");
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, told).after_seconds(seconds));
    }
    let agent = desk
        .store
        .tenant(tenant.id)
        .agent_by_email(&tried.email)
        .await?;
    let kept = agent.as_ref().and_then(|agent| agent.password_hash.clone());
    let wait = Duration::from_millis(limits::SIGN_IN_WAIT_MS);
    let Ok(Ok(look)) = timeout(wait, desk.guesses.looks.acquire()).await else {
        let told = "too many people sign in just now: try again";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, told).after_seconds(5));
    };
    // Argon2 is meant to be slow: not on a thread that serves others.
    let right =
        tokio::task::spawn_blocking(move || secret::password_is(&wish.password, kept.as_deref()))
            .await
            .unwrap_or(false);
    drop(look);
    let Some(agent) = agent.filter(|agent| right && agent.active) else {
        desk.guesses.was_wrong(tried, desk.clock.now());
        return Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "e-mail or password is wrong",
        ));
    };
    desk.guesses.was_right(&tried);
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
