//! Routes of plugins: sandboxed. What the browser or program knows of the host (cookies, tokens) never reaches the plugin; what could act on the
//! host's origin (cookies, service workers) never leaves it, and policies only where they bind the plugin's own page further. Effects are committed before the response is sent.

/// One request, its call and its commit.
pub(crate) mod invoke;

/// Requests that are not lost.
pub(crate) mod durable;

/// What leaves.
mod sandbox;

/// How many at once.
mod places;

pub use places::Places;

use super::{
    context::{Remote, bearer, signed_in, tenant_of, token},
    error::{Problem, Raw},
};
use crate::{
    desk::Desk,
    in_flight::SUSPECT_REMEDY,
    limits::{ROUTE_BODY_BYTES_MAX, ROUTE_WAIT_MS},
    plugins::{
        Ready,
        manifest::{Access, Durable, Route},
    },
};
use axum::{
    extract::{FromRequest, Path, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use guichet_core::{actor::Actor, changeset::ChangeSet, directory::Tenant, install::InstallState};
use guichet_runtime::{Body, Outcome, Request};
use invoke::{Answer, Failure, Incoming, invoke};
use sandbox::sandboxed;
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// The plugin's root.
pub async fn root(
    State(desk): State<Arc<Desk>>,
    Path((tenant, publisher, name)): Path<(String, String, String)>,
    remote: Remote,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    serve(
        desk,
        tenant,
        &format!("{publisher}/{name}"),
        "/".to_owned(),
        remote,
        request,
    )
    .await
}

/// A path below the plugin's root.
pub async fn below(
    State(desk): State<Arc<Desk>>,
    Path((tenant, publisher, name, path)): Path<(String, String, String, String)>,
    remote: Remote,
    request: axum::extract::Request,
) -> Result<Response, Problem> {
    serve(
        desk,
        tenant,
        &format!("{publisher}/{name}"),
        format!("/{path}"),
        remote,
        request,
    )
    .await
}

async fn serve(
    desk: Arc<Desk>,
    slug: String,
    plugin: &str,
    path: String,
    remote: Remote,
    received: axum::extract::Request,
) -> Result<Response, Problem> {
    let (method, uri) = (received.method().clone(), received.uri().clone());
    let headers = received.headers().clone();
    let tenant = tenant_of(&desk, &slug).await?;
    let installs = desk.installs(tenant.id).await?;
    let unknown = || Problem::not_found(format_args!("the route {path} of `{plugin}`"));
    // A plugin may take no notice of an empty part, where the manifest's routes do.
    if path.contains("//") {
        return Err(unknown());
    }
    let ready = installs.iter().find(|ready| ready.install.plugin == plugin);
    let ready = ready.ok_or_else(unknown)?;
    let route = ready.manifest.route(&path).ok_or_else(unknown)?;
    // What must not be lost is kept while the plugin does not run; anything else is not there.
    let is_open = ready.is_enabled()
        || (route.durable.is_some() && ready.install.state == InstallState::Disabled);
    if !is_open {
        return Err(unknown());
    }
    let viewer = viewer(&desk, &tenant, plugin, route, &headers, &method).await?;
    if !route
        .methods
        .iter()
        .any(|allowed| allowed.eq_ignore_ascii_case(method.as_str()))
    {
        let allow = route.methods.join(", ");
        return Ok((
            [(header::ALLOW, allow.clone())],
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("this route takes {allow}"),
            ),
        )
            .into_response());
    }
    let now = desk.clock.now();
    if let (Some(until), None) = (ready.install.paused_until(now), &route.durable) {
        let seconds = u64::try_from((until.0 - now.0) / 1_000_000 + 1).unwrap_or(1);
        let told = "the plugin failed too often and is paused: try again later";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, told).after_seconds(seconds));
    }
    let too_many = || {
        let told = "too many requests to this plugin just now: try again";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, told).after_seconds(1)
    };
    if !desk.places.may_begin(tenant.id, ready.install.id) {
        return Err(too_many());
    }
    // Only now: what nobody may send is not received.
    let Raw(body) = Raw::<ROUTE_BODY_BYTES_MAX>::from_request(received, &()).await?;
    let wait = Duration::from_millis(ROUTE_WAIT_MS);
    let place = desk.places.enter(tenant.id, ready.install.id, wait).await;
    let _place = place.ok_or_else(too_many)?;
    let request = Request {
        method: method.to_string(),
        url: format!("{}{uri}", public_address(&desk, &headers)),
        path,
        query: uri.query().map(query).unwrap_or_default(),
        headers: headers_for_plugin(&headers),
        remote_address: remote.0.to_string(),
        body: Body::Bytes(Vec::new()),
        viewer,
    };
    let incoming = Incoming {
        id: desk.clock.new_id(),
        at: desk.clock.now(),
        acts_as: route.acts_as,
        request,
        body,
    };
    match &route.durable {
        Some(durable) => answer_durably(&desk, &tenant, ready, durable, incoming).await,
        None => match invoke(&desk, tenant.id, ready, &incoming, &|_| ()).await {
            Ok(answer) => Ok(sandboxed(answer)),
            Err(failure) => Err(failed(failure)),
        },
    }
}

/// Keeps the request first; what goes wrong then is made good later.
async fn answer_durably(
    desk: &Arc<Desk>,
    tenant: &Tenant,
    ready: &Ready,
    durable: &Durable,
    incoming: Incoming,
) -> Result<Response, Problem> {
    durable::keep(desk, tenant.id, ready, &incoming).await?;
    if ready.is_running(incoming.at) {
        let also = |changes: &mut ChangeSet| durable::ended(ready, &incoming, changes);
        let answered = invoke(desk, tenant.id, ready, &incoming, &also);
        match timeout(Duration::from_millis(durable::ANSWER_MS), answered).await {
            Ok(Ok(answer)) => return Ok(sandboxed(answer)),
            Ok(Err(failure)) => {
                tracing::info!(
                    plugin = ready.install.plugin,
                    ?failure,
                    "a durable request is handled later"
                );
                durable::later(desk, tenant.id, ready, &incoming).await?;
            }
            // Its commit may be on its way: what was kept falls due by itself, if that has not ended it by then.
            Err(_) => tracing::info!(
                plugin = ready.install.plugin,
                "a durable request takes long, and is looked at again later"
            ),
        }
    } else {
        durable::later(desk, tenant.id, ready, &incoming).await?;
    }
    Ok(sandboxed(Answer {
        status: durable.status,
        headers: vec![("content-type".to_owned(), durable.content_type.clone())],
        body: durable.body.clone().into_bytes(),
    }))
}

/// Who calls, if the route lets them.
async fn viewer(
    desk: &Arc<Desk>,
    tenant: &Tenant,
    plugin: &str,
    route: &Route,
    headers: &HeaderMap,
    method: &Method,
) -> Result<Option<Actor>, Problem> {
    match route.access {
        Access::Public => Ok(None),
        Access::Agent => {
            let ctx = signed_in(desk, &tenant.slug, headers, method).await?;
            Ok(Some(Actor::agent(ctx.agent.id)))
        }
        Access::Token => {
            let scope = format!("plugin:{plugin}");
            let sent = bearer(headers).ok_or_else(Problem::signed_out)?;
            match token(desk, &tenant.slug, sent)
                .await?
                .by
                .scopes
                .contains(&scope)
            {
                true => Ok(None),
                false => Err(Problem::new(
                    StatusCode::FORBIDDEN,
                    format!(
                        "this token lacks the scope {scope}: make one with `guichet admin token --scope {scope}`"
                    ),
                )),
            }
        }
    }
}

/// A plugin's failure as the caller sees it. Overload is 503, never 429: senders such as Alertmanager drop on 4xx.
fn failed(failure: Failure) -> Problem {
    let unavailable = |what: &str| Problem::new(StatusCode::SERVICE_UNAVAILABLE, what);
    match failure {
        Failure::Plugin(Outcome::HostError(reason)) => {
            tracing::error!(reason, "a plugin's route failed on the host");
            unavailable("the desk cannot answer just now: try again")
        }
        Failure::Plugin(outcome) => Problem::new(
            StatusCode::BAD_GATEWAY,
            format!("the plugin failed ({}): its runs tell more", outcome.name()),
        ),
        Failure::Refused(refusal) => refusal.into(),
        Failure::Host(error) => error.into(),
        Failure::Suspect => unavailable(SUSPECT_REMEDY),
        Failure::Busy => unavailable("others kept changing the same things: try again"),
    }
}

/// As the caller wrote this server's address: what the operator says, or else the request's host.
fn public_address(desk: &Desk, headers: &HeaderMap) -> String {
    desk.settings.public_address.clone().unwrap_or_else(|| {
        headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .map(|host| format!("http://{host}"))
            .unwrap_or_default()
    })
}

const HIDDEN_FROM_PLUGINS: [HeaderName; 4] = [
    header::COOKIE,
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("x-csrf-token"),
];

fn headers_for_plugin(headers: &HeaderMap) -> Vec<(String, String)> {
    let told = headers
        .iter()
        .filter(|(name, _)| !HIDDEN_FROM_PLUGINS.contains(name));
    told.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

fn query(text: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(text).unwrap_or_default()
}
