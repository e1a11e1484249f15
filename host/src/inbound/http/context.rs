//! Who asks: the tenant of the address, and an agent by session cookie or bearer token. The only way from a request to a tenant's data.

use super::{error::Problem, secret};
use crate::{desk::Desk, lane::Asker};
use axum::{
    extract::{FromRequestParts, Path},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use guichet_core::{
    actor::{Actor, ActorKind, Principal},
    directory::{Agent, AgentRole, Tenant},
    refusal::Refusal,
};
use guichet_store::TenantStore;
use std::{collections::HashMap, sync::Arc};

/// An agent's request to one tenant.
pub struct Ctx {
    pub desk: Arc<Desk>,
    pub tenant: Tenant,
    pub agent: Agent,
    /// The session's CSRF token; absent for bearer tokens, which no browser sends by itself.
    pub csrf: Option<String>,
}

impl Ctx {
    /// The tenant's data.
    pub fn store(&self) -> TenantStore {
        self.desk.store.tenant(self.tenant.id)
    }

    /// As whom verbs are done.
    pub fn asker(&self) -> Asker {
        let actor = Actor {
            kind: ActorKind::Agent,
            id: self.agent.id.0,
        };
        let supervisor = matches!(self.agent.role, AgentRole::Supervisor | AgentRole::Admin);
        Asker {
            tenant: self.tenant.id,
            principal: Principal { actor, supervisor },
        }
    }

    /// Only for admins.
    ///
    /// # Errors
    /// 403 for others.
    pub fn must_be_admin(&self) -> Result<(), Problem> {
        match self.agent.role {
            AgentRole::Admin => Ok(()),
            _ => Err(Refusal::Right("only an admin may do this".to_owned()).into()),
        }
    }
}

/// The name of a tenant's session cookie. `__Host-` keeps it to this origin and to TLS (browsers take loopback for safe).
pub fn cookie_name(tenant: &Tenant) -> String {
    format!("__Host-guichet-{}", tenant.slug)
}

/// The tenant of the address.
///
/// # Errors
/// 404 where there is none.
pub async fn tenant_of(desk: &Desk, slug: &str) -> Result<Tenant, Problem> {
    desk.store.tenant_by_slug(slug).await?.ok_or_else(|| {
        Problem::not_found(format_args!(
            "the tenant `{}`",
            slug.chars().take(60).collect::<String>()
        ))
    })
}

/// The secret in the tenant's session cookie.
pub fn session_secret(headers: &HeaderMap, tenant: &Tenant) -> Option<String> {
    let name = cookie_name(tenant);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| {
            pair.trim()
                .split_once('=')
                .filter(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
        })
}

/// The bearer token, if one is sent.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
        .map(str::trim)
}

impl FromRequestParts<Arc<Desk>> for Ctx {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Problem> {
        let Path(path) = Path::<HashMap<String, String>>::from_request_parts(parts, desk)
            .await
            .map_err(|_| Problem::not_found("the address"))?;
        let tenant = tenant_of(desk, path.get("tenant").map_or("", String::as_str)).await?;
        signed_in(desk, tenant, &parts.headers, &parts.method).await
    }
}

async fn path_part<T: std::str::FromStr>(
    parts: &mut Parts,
    desk: &Arc<Desk>,
    name: &str,
) -> Result<T, Problem> {
    let path = Path::<HashMap<String, String>>::from_request_parts(parts, desk).await;
    let text = path
        .ok()
        .and_then(|Path(mut path)| path.remove(name))
        .unwrap_or_default();
    text.parse().map_err(|_| {
        Problem::not_found(format_args!(
            "{name} {}",
            text.chars().take(60).collect::<String>()
        ))
    })
}

/// The ticket's number in the address.
pub struct Number(pub u64);

impl FromRequestParts<Arc<Desk>> for Number {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Problem> {
        path_part(parts, desk, "number").await.map(Self)
    }
}

/// The id in the address.
pub struct Id(pub uuid::Uuid);

impl FromRequestParts<Arc<Desk>> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Problem> {
        path_part(parts, desk, "id").await.map(Self)
    }
}

/// The agent who is signed in at the tenant.
///
/// # Errors
/// 401 where nobody is, 403 where the CSRF token is missing or the bearer token is not good for the API.
pub async fn signed_in(
    desk: &Arc<Desk>,
    tenant: Tenant,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Ctx, Problem> {
    let now = desk.clock.now();
    if let Some(token) = bearer(headers) {
        let token = desk
            .store
            .token(tenant.id, &secret::hash(token), now)
            .await?
            .ok_or_else(Problem::signed_out)?;
        if !token.scopes.iter().any(|scope| scope == "api") {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "this token is not good for the API: make one with `guichet admin token --scope api`",
            ));
        }
        let agent = match token.agent {
            Some(id) => desk
                .store
                .tenant(tenant.id)
                .agent(id)
                .await?
                .ok_or_else(Problem::signed_out)?,
            None => {
                return Err(Problem::new(
                    StatusCode::FORBIDDEN,
                    "this token acts for no agent: make one with `guichet admin token --agent`",
                ));
            }
        };
        return Ok(Ctx {
            desk: desk.clone(),
            tenant,
            agent,
            csrf: None,
        });
    }
    let secret = session_secret(headers, &tenant).ok_or_else(Problem::signed_out)?;
    let session = desk
        .store
        .session(tenant.id, &secret::hash(&secret), now)
        .await?
        .ok_or_else(Problem::signed_out)?;
    let sent = headers
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok());
    if !method.is_safe() && sent != Some(session.csrf.as_str()) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "the header x-csrf-token is missing or old: load the page again",
        ));
    }
    let agent = desk
        .store
        .tenant(tenant.id)
        .agent(session.agent)
        .await?
        .ok_or_else(Problem::signed_out)?;
    Ok(Ctx {
        desk: desk.clone(),
        tenant,
        agent,
        csrf: Some(session.csrf),
    })
}
