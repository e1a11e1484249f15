//! Routes of plugins: sandboxed. What the browser or program knows of the host (cookies, tokens) never reaches the plugin; what could act on the
//! host's origin (cookies, policies, service workers) never leaves it. Effects are committed before the response is sent.

use super::{
    context::{bearer, signed_in, tenant_of, token},
    error::Problem,
};
use crate::{
    desk::Desk,
    lane::{
        self, LaneError,
        view::{Beginning, Sight, View},
    },
    limits,
    plugins::{
        Ready,
        manifest::{Access, ActsAs, Route},
        runs::Run,
    },
};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use guichet_core::{
    actor::Actor,
    changeset::{Check, FileWrite},
    derive::Seed,
    directory::Tenant,
    event::Origin,
    id::FileId,
    install::InstallState,
    overlay::Overlay,
    refusal::Refusal,
    ticket::work::Stamp,
};
use guichet_runtime::{Body, Call, Outcome, Request};
use std::sync::Arc;

/// The plugin's root.
pub async fn root(
    State(desk): State<Arc<Desk>>,
    Path((tenant, publisher, name)): Path<(String, String, String)>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> Result<Response, Problem> {
    serve(
        desk,
        tenant,
        &format!("{publisher}/{name}"),
        "/".to_owned(),
        (method, uri, headers),
        body,
    )
    .await
}

/// A path below the plugin's root.
pub async fn below(
    State(desk): State<Arc<Desk>>,
    Path((tenant, publisher, name, path)): Path<(String, String, String, String)>,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> Result<Response, Problem> {
    serve(
        desk,
        tenant,
        &format!("{publisher}/{name}"),
        format!("/{path}"),
        (method, uri, headers),
        body,
    )
    .await
}

async fn serve(
    desk: Arc<Desk>,
    slug: String,
    plugin: &str,
    path: String,
    (method, uri, headers): (Method, Uri, HeaderMap),
    body: Bytes,
) -> Result<Response, Problem> {
    let tenant = tenant_of(&desk, &slug).await?;
    let installs = desk.installs(tenant.id).await?;
    let ready = installs.iter().find(|ready| {
        ready.install.plugin == plugin && ready.install.state == InstallState::Enabled
    });
    let unknown = || Problem::not_found(format_args!("the route {path} of `{plugin}`"));
    let ready = ready.ok_or_else(unknown)?;
    let route = ready.manifest.route(&path).ok_or_else(unknown)?;
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
    let request = Request {
        method: method.to_string(),
        url: format!(
            "{}{uri}",
            headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok())
                .map(|host| format!("http://{host}"))
                .unwrap_or_default()
        ),
        path,
        query: uri.query().map(query).unwrap_or_default(),
        headers: headers_for_plugin(&headers),
        remote_address: String::new(),
        body: Body::Bytes(Vec::new()),
        viewer,
    };
    call(&desk, &tenant, ready, route.acts_as, request, body).await
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

async fn call(
    desk: &Arc<Desk>,
    tenant: &Tenant,
    ready: &Ready,
    acts_as: ActsAs,
    request: Request,
    body: Bytes,
) -> Result<Response, Problem> {
    let Some(plugin) = &ready.plugin else {
        desk.forget_installs(tenant.id);
        return Err(failed(&Outcome::HostError(
            "the plugin cannot be loaded just now".to_owned(),
        )));
    };
    let (request_id, at) = (desk.clock.new_id(), desk.clock.now());
    let key = desk.key(tenant.id).await?;
    let store = desk.store.tenant(tenant.id);
    for run in 1.. {
        let mut request = request.clone();
        let directory = store.directory().await?;
        let sight = match acts_as {
            ActsAs::Plugin => Sight::Plugin,
            ActsAs::Viewer => {
                Sight::Viewer(request.viewer.map(|viewer| directory.principal(viewer)))
            }
        };
        let mut overlay = Overlay::new(tenant.id, directory);
        let scope = format!("request/{}/{request_id}", ready.install.id);
        let seed = Seed::new(key, scope, at);
        request.body = if body.len() > limits::ROUTE_BODY_INLINE_BYTES_MAX {
            let id = FileId(seed.id("body", 0));
            overlay.put_file(FileWrite {
                id,
                name: "body".to_owned(),
                media_type: "application/octet-stream".to_owned(),
                content: Arc::new(body.to_vec()),
                at,
            });
            Body::File(id)
        } else {
            Body::Bytes(body.to_vec())
        };
        let stamp = Stamp {
            at,
            principal: Actor::plugin(ready.install.id).into(),
            origin: Origin {
                by: Some(ready.by()),
                ..Origin::default()
            },
            because: None,
        };
        let beginning = Beginning {
            overlay,
            stamp,
            seed,
            sight,
            about: None,
        };
        let view = View::new(desk, tenant.id, ready, beginning);
        let call = Call {
            plugin_name: ready.install.plugin.clone(),
            grants: ready.grants.clone(),
            helpdesk: Box::new(view),
            limits: guichet_runtime::limits::REQUEST,
        };
        let (ended, response) = plugin.handle_request(call, request).await;
        desk.runs.add(
            tenant.id,
            ready.install.id,
            Run::of(&ended, at, "request-handler", None, None),
        );
        let (Outcome::Ok, Some(response), Some(helpdesk)) =
            (&ended.outcome, response, ended.helpdesk)
        else {
            return Err(failed(&ended.outcome));
        };
        let view = helpdesk.into_any().downcast::<View>().map_err(|_| {
            failed(&Outcome::HostError(
                "the view of the desk did not come back".to_owned(),
            ))
        })?;
        let mut changes = view.into_overlay().finish();
        // A request that wrote nothing needs no commit; one that only read is answered as of what it read.
        if changes.is_empty() {
            return Ok(sandboxed(desk, tenant, response).await);
        }
        changes
            .checks
            .push(Check::Epoch(ready.install.id, ready.install.epoch));
        match desk.commit(changes).await.map_err(lane::into_lane_error) {
            Ok(_) => return Ok(sandboxed(desk, tenant, response).await),
            Err(LaneError::Refused(Refusal::Conflict(_))) if run < limits::CONFLICT_RUNS_MAX => {
                desk.forget_installs(tenant.id)
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "others kept changing the same things: try again",
    ))
}

/// A plugin's failure as the caller sees it. Overload is 503, never 429: senders such as Alertmanager drop on 4xx.
fn failed(outcome: &Outcome) -> Problem {
    match outcome {
        Outcome::HostError(reason) => {
            tracing::error!(reason, "a plugin's route failed on the host");
            Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the desk cannot answer just now: try again",
            )
        }
        _ => Problem::new(
            StatusCode::BAD_GATEWAY,
            format!("the plugin failed ({}): its runs tell more", outcome.name()),
        ),
    }
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

/// The plugin's response, on a leash.
async fn sandboxed(desk: &Desk, tenant: &Tenant, response: guichet_runtime::Response) -> Response {
    let body = match response.body {
        Body::Bytes(bytes) => bytes,
        Body::File(id) => match desk.store.tenant(tenant.id).file(id).await {
            Ok(Some((_, _, content))) => content,
            _ => {
                return Problem::new(
                    StatusCode::BAD_GATEWAY,
                    "the plugin answered with a file that there is not",
                )
                .into_response();
            }
        },
    };
    let status = StatusCode::from_u16(response.status)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::BAD_GATEWAY);
    let mut answer = (status, body).into_response();
    answer.headers_mut().remove(header::CONTENT_TYPE);
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value))
            && may_leave(&name)
        {
            answer.headers_mut().append(name, value);
        }
    }
    answer.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox allow-forms allow-scripts allow-popups"),
    );
    answer.headers_mut().insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    answer
}

/// Headers that act only on the response itself.
fn may_leave(name: &HeaderName) -> bool {
    const KEPT: [HeaderName; 9] = [
        header::CONTENT_TYPE,
        header::CONTENT_LANGUAGE,
        header::CONTENT_DISPOSITION,
        header::CACHE_CONTROL,
        header::ETAG,
        header::LAST_MODIFIED,
        header::LOCATION,
        header::RETRY_AFTER,
        header::VARY,
    ];
    KEPT.contains(name)
        || (name.as_str().starts_with("x-")
            && !name.as_str().starts_with("x-content-")
            && !name.as_str().starts_with("x-frame"))
}
