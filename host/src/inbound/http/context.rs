//! Who asks: the tenant of the address, and an agent by session cookie or bearer token. The only way from a request to a tenant's data.

use super::{error::Problem, secret};
use crate::{
    desk::Desk,
    lane::{self, Asker, Named},
};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Path},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
};
use guichet_core::{
    actor::Actor,
    directory::{Access, Agent, AgentRole, Directory, Tenant},
    id::AgentId,
    refusal::Refusal,
    ticket::Ticket,
};
use guichet_store::{SeenBy, SignedIn, TenantStore, Token};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

/// An agent's request to one tenant.
pub struct Ctx {
    pub desk: Arc<Desk>,
    pub tenant: Tenant,
    pub agent: Agent,
    /// The people and groups of the tenant.
    pub directory: Arc<Directory>,
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
        Asker {
            tenant: self.tenant.id,
            principal: self.directory.principal(Actor::agent(self.agent.id)),
            directory: self.directory.clone(),
        }
    }

    /// A ticket that the agent may see.
    ///
    /// # Errors
    /// 404 for others, whether they exist or not.
    pub async fn ticket(&self, named: Named) -> Result<Ticket, Problem> {
        Ok(lane::find(&self.desk, &self.asker(), named).await?)
    }

    /// What lists leave out; nothing where the agent may see everything.
    pub fn seen_by(&self) -> Option<SeenBy> {
        let rights = self.asker().principal.rights?;
        (!rights.reads_all()).then(|| SeenBy {
            groups: self
                .directory
                .groups()
                .map(|group| group.id)
                .filter(|group| rights.on(Some(*group)) >= Access::Read)
                .collect(),
            without_group: rights.on(None) >= Access::Read,
            agent: self.agent.id,
            at: self.desk.clock.now(),
        })
    }

    /// Not for helpers from outside, who see the tickets on which they help, and nothing beyond them.
    ///
    /// # Errors
    /// 403 for helpers.
    pub fn must_be_inside(&self) -> Result<(), Problem> {
        match self.is_inside() {
            false => Err(Refusal::Right(
                "helpers see the tickets on which they help, and nothing beyond them".to_owned(),
            )
            .into()),
            true => Ok(()),
        }
    }

    /// Whether he is more than a helper from outside.
    pub fn is_inside(&self) -> bool {
        self.agent.role != AgentRole::Helper
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
pub fn cookie_name(slug: &str) -> String {
    format!("__Host-guichet-{slug}")
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
pub fn session_secret(headers: &HeaderMap, slug: &str) -> Option<String> {
    let name = cookie_name(slug);
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
        let slug = path.get("tenant").map_or("", String::as_str);
        signed_in(desk, slug, &parts.headers, &parts.method).await
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

/// The parts of the address by name, where there are several.
pub struct Segments(pub HashMap<String, String>);

impl Segments {
    /// The part of that name.
    ///
    /// # Errors
    /// 404 where it is none of its kind.
    pub fn parse<T: std::str::FromStr>(&self, name: &str) -> Result<T, Problem> {
        let text = self.0.get(name).map_or("", String::as_str);
        text.parse().map_err(|_| {
            Problem::not_found(format_args!(
                "{name} {}",
                text.chars().take(60).collect::<String>()
            ))
        })
    }
}

impl FromRequestParts<Arc<Desk>> for Segments {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, desk: &Arc<Desk>) -> Result<Self, Problem> {
        Path::from_request_parts(parts, desk)
            .await
            .map(|Path(segments)| Self(segments))
            .map_err(|_| Problem::not_found("the address"))
    }
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

/// From where a request comes: the address of who connected, or what the proxy on this machine says of it.
pub struct Remote(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for Remote {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let connected = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |from| from.0.ip());
        // Only a proxy beside us is believed: anybody else could write whatever he likes.
        let forwarded = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back()
            .filter(|_| connected.to_canonical().is_loopback())
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.rsplit(',').next())
            .and_then(|address| address.trim().parse().ok());
        Ok(Self(forwarded.unwrap_or(connected)))
    }
}

/// The agent who is signed in at the tenant.
///
/// # Errors
/// 401 where nobody is, 403 where the CSRF token is missing or the bearer token is not good for the API.
pub async fn signed_in(
    desk: &Arc<Desk>,
    slug: &str,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Ctx, Problem> {
    if let Some(sent) = bearer(headers) {
        let token = token(desk, slug, sent).await?;
        if !token.by.scopes.iter().any(|scope| scope == "api") {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "this token is not good for the API: make one with `guichet admin token --scope api`",
            ));
        }
        let agent = token.by.agent.ok_or_else(|| {
            Problem::new(
                StatusCode::FORBIDDEN,
                "this token acts for no agent: make one with `guichet admin token --agent`",
            )
        })?;
        return let_in(desk, token, agent, None).await;
    }
    let session = match session_secret(headers, slug) {
        Some(sent) => {
            desk.store
                .session(slug, &secret::hash(&sent), desk.clock.now())
                .await?
        }
        None => None,
    };
    let Some(session) = session else {
        return Err(stranger(desk, slug).await);
    };
    let sent = headers
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok());
    if !method.is_safe() && sent != Some(session.by.csrf.as_str()) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "the header x-csrf-token is missing or old: load the page again",
        ));
    }
    let (agent, csrf) = (session.by.agent, session.by.csrf.clone());
    let_in(desk, session, agent, Some(csrf)).await
}

/// A bearer token that is valid at the tenant.
///
/// # Errors
/// 401 for others.
pub async fn token(desk: &Desk, slug: &str, sent: &str) -> Result<SignedIn<Token>, Problem> {
    let token = desk
        .store
        .token(slug, &secret::hash(sent), desk.clock.now())
        .await?;
    let Some(token) = token else {
        return Err(stranger(desk, slug).await);
    };
    if let Some(agent) = token.by.agent {
        let directory = desk
            .store
            .directory_at(token.tenant.id, token.directory)
            .await?;
        if !directory.agent(agent).is_some_and(|agent| agent.active) {
            return Err(Problem::signed_out());
        }
    }
    Ok(token)
}

/// What somebody who is not known is told: to sign in, or that there is no such tenant.
async fn stranger(desk: &Desk, slug: &str) -> Problem {
    match tenant_of(desk, slug).await {
        Ok(_) => Problem::signed_out(),
        Err(problem) => problem,
    }
}

async fn let_in<T>(
    desk: &Arc<Desk>,
    signed_in: SignedIn<T>,
    agent: AgentId,
    csrf: Option<String>,
) -> Result<Ctx, Problem> {
    let directory = desk
        .store
        .directory_at(signed_in.tenant.id, signed_in.directory)
        .await?;
    let agent = directory
        .agent(agent)
        .filter(|agent| agent.active)
        .cloned()
        .ok_or_else(Problem::signed_out)?;
    Ok(Ctx {
        desk: desk.clone(),
        tenant: signed_in.tenant,
        agent,
        directory,
        csrf,
    })
}
