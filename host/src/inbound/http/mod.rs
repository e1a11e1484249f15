//! HTTP: `/t/{tenant}/api/v1/…` for people and programs, `/t/{tenant}/plugins/{publisher}/{name}/…` for plugins' routes, all else below
//! `/t/{tenant}/` is the console.

/// Errors as problem+json; the one table from refusals to status codes.
pub mod error;

/// Who asks: tenant, agent, right; from a session or a token.
pub mod context;

/// Passwords, session secrets, bearer tokens.
pub mod secret;

/// Requests that are sent again.
mod idempotency;

/// What the API shows.
pub mod show;

/// Guessed passwords.
pub mod guesses;

/// Sign in, sign out.
pub mod session;

/// List and create tickets, look at one.
pub mod tickets;

/// Lists of tickets: by plain parameters, by an expression, by a saved view.
pub mod ticket_list;

/// What expressions may say, and whether one does.
pub mod expressions;
pub mod fields;

/// Saved views.
pub mod views;

/// By which names the caller asks for tickets.
mod asking;

/// What was said on a ticket.
pub mod messages;

/// What changes, as it happens.
pub mod live;

/// Who looks at a ticket.
pub mod presence;

/// What plugins show.
pub mod panels;

/// By which channels an answer may go.
pub mod reply;

/// What people decide of a message on its way out.
pub mod delivery;

/// What happened to a ticket, and why.
pub mod history;

/// Assignment, tags, solution, pending, priority: each a resource of a ticket.
pub mod properties;

/// Links, merges, splits.
pub mod relations;

/// Who takes part.
pub mod participants;

/// Closed, deleted, restored, held.
pub mod removal;

/// The suspended queue.
pub mod suspended;

/// Agents and groups.
pub mod people;

/// Customers and their groups.
pub mod customers;

/// The log as admins read it.
pub mod audit;

/// Attachments.
pub mod files;

/// Installs, their runs, dead letters.
pub mod installs;

/// What the marketplace offers.
pub mod marketplace;

/// Jobs of plugins.
pub mod jobs;

/// Bearer tokens of programs.
pub mod tokens;

/// Reports of plugins.
pub mod reports;

/// Routes of plugins.
pub mod plugin_route;

/// The console's pages.
pub mod console;

use crate::{
    desk::Desk,
    ending::until_told,
    limits::{self, END_WAIT_MS},
};
use axum::{Json, Router, extract::DefaultBodyLimit, http::HeaderValue, routing::get};
use std::{future::IntoFuture, sync::Arc, time::Duration};
use tower_http::{compression::CompressionLayer, set_header::SetResponseHeaderLayer};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(OpenApi)]
#[openapi(info(
    title = "Guichet",
    description = "Tickets, people and plugins of one tenant. Errors are problem+json (RFC 9457).",
    license(name = "Apache-2.0")
))]
struct Api;

/// The API's routes and their description.
fn api() -> OpenApiRouter<Arc<Desk>> {
    let tenant = OpenApiRouter::new()
        .routes(routes!(session::show, session::sign_in, session::sign_out))
        .routes(routes!(ticket_list::list, tickets::create))
        .routes(routes!(tickets::show))
        .routes(routes!(expressions::check))
        .routes(routes!(expressions::names))
        .routes(routes!(fields::list))
        .routes(routes!(views::list, views::create))
        .routes(routes!(views::counts))
        .routes(routes!(views::show, views::set, views::delete))
        .routes(routes!(messages::list, messages::add))
        .routes(routes!(reply::channels))
        .routes(routes!(delivery::set))
        .routes(routes!(live::follow))
        .routes(routes!(presence::come, presence::leave))
        .routes(routes!(panels::list))
        .routes(routes!(panels::render))
        .routes(routes!(panels::act))
        .routes(routes!(history::list))
        .routes(routes!(properties::assign))
        .routes(routes!(properties::tag))
        .routes(routes!(properties::solve, properties::reopen))
        .routes(routes!(properties::wait, properties::resume))
        .routes(routes!(properties::judge))
        .routes(routes!(relations::link, relations::unlink))
        .routes(routes!(relations::merge, relations::unmerge))
        .routes(routes!(relations::split))
        .routes(routes!(participants::add, participants::remove))
        .routes(routes!(removal::close))
        .routes(routes!(removal::delete, removal::restore))
        .routes(routes!(removal::hold, removal::lift_hold))
        .routes(routes!(suspended::list))
        .routes(routes!(suspended::show, suspended::reject))
        .routes(routes!(suspended::recover))
        .routes(routes!(suspended::restore))
        .routes(routes!(customers::list))
        .routes(routes!(customers::show, customers::set))
        .routes(routes!(customers::groups, customers::create_group))
        .routes(routes!(customers::set_group))
        .routes(routes!(people::agents, people::create_agent))
        .routes(routes!(people::set_agent))
        .routes(routes!(people::groups, people::create_group))
        .routes(routes!(people::set_group))
        .routes(routes!(people::members))
        .routes(routes!(people::join, people::leave))
        .routes(routes!(audit::list))
        .routes(routes!(files::download))
        .routes(routes!(installs::list, installs::arrival::install))
        .routes(routes!(installs::arrival::upload))
        .routes(routes!(installs::show, installs::version::remove))
        .routes(routes!(installs::consent::give))
        .routes(routes!(installs::switch::enable, installs::switch::disable))
        .routes(routes!(installs::switch::set))
        .routes(routes!(installs::switch::place))
        .routes(routes!(installs::switch::guard))
        .routes(routes!(installs::version::upgrade))
        .routes(routes!(installs::version::roll_back))
        .routes(routes!(installs::version::export))
        .routes(routes!(installs::runs::runs))
        .routes(routes!(installs::runs::dead_letters))
        .routes(routes!(installs::runs::replay))
        .routes(routes!(marketplace::search))
        .routes(routes!(reports::list))
        .routes(routes!(reports::make))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::revive));
    OpenApiRouter::with_openapi(Api::openapi()).nest("/t/{tenant}/api/v1", tenant)
}

/// The API's description, OpenAPI 3.1.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api().split_for_parts().1
}

/// Everything that is served.
pub type Routes = Router;

/// Serves until the process is told to end, and then what has come so far, for a while: who is slow to take his answer holds nothing up.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(listener: tokio::net::TcpListener, routes: Routes) -> std::io::Result<()> {
    let routes = routes.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let serve = axum::serve(listener, routes).with_graceful_shutdown(until_told());
    let late = async {
        until_told().await;
        tokio::time::sleep(Duration::from_millis(END_WAIT_MS)).await;
    };
    tokio::select! {
        served = serve.into_future() => served,
        () = late => {
            tracing::warn!("ends while requests are still being answered");
            Ok(())
        }
    }
}

/// All of it.
pub fn router(desk: Arc<Desk>) -> Routes {
    let (api, description) = api().split_for_parts();
    let header = |name: &'static str, value| {
        SetResponseHeaderLayer::if_not_present(
            axum::http::HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let api = api
        .route("/openapi.json", get(|| async { Json(description) }))
        .route(
            "/t/{tenant}/api/{*rest}",
            axum::routing::any(error::no_such_route),
        )
        .layer(DefaultBodyLimit::max(limits::API_BODY_BYTES_MAX));
    let plugins = Router::new()
        .route(
            "/t/{tenant}/plugins/{publisher}/{name}",
            axum::routing::any(plugin_route::root),
        )
        // Where its own links are relative to.
        .route(
            "/t/{tenant}/plugins/{publisher}/{name}/",
            axum::routing::any(plugin_route::root),
        )
        .route(
            "/t/{tenant}/plugins/{publisher}/{name}/{*path}",
            axum::routing::any(plugin_route::below),
        );
    Router::new()
        .merge(api)
        .merge(plugins)
        .merge(console::router())
        .route("/health", get(|| async { "ok" }))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("cache-control", "no-store"))
        .layer(CompressionLayer::new())
        .with_state(desk)
}
