//! HTTP: `/v1/…` for hosts, tools and programs, all else for people with a browser.

/// Errors as problem+json; the one table from refusals to status codes.
mod problem;

/// A package comes in.
mod upload;

/// Publishers ask to be let in, and take versions back.
mod publishers;

/// The index, packages, the key.
mod reading;

/// Search and details as JSON.
mod plugins;

pub use problem::Problem;

use crate::{
    limits::{CHECKS_AT_ONCE_MAX, JSON_BODY_BYTES_MAX, UPLOADS_AT_ONCE_MAX},
    market::{MarketError, Marketplace},
    mirror::Mirror,
    pages,
    refusal::Refusal,
    shown::Snapshot,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode},
    routing::get,
};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tower_http::set_header::SetResponseHeaderLayer;

/// What is served: a marketplace, or a copy of one.
#[derive(Debug)]
enum Shelf {
    Own(Box<Marketplace>),
    Mirror(Mirror),
}

/// What every door knows.
#[derive(Debug)]
pub(crate) struct Service {
    shelf: Shelf,
    uploads: Semaphore,
    checks: Semaphore,
}

/// The state of a handler.
pub(crate) type Doors = Arc<Service>;

impl Service {
    fn new(shelf: Shelf) -> Doors {
        Arc::new(Self {
            shelf,
            uploads: Semaphore::new(UPLOADS_AT_ONCE_MAX),
            checks: Semaphore::new(CHECKS_AT_ONCE_MAX),
        })
    }

    /// The marketplace; a mirror is none.
    fn own(&self) -> Result<&Marketplace, Refusal> {
        match &self.shelf {
            Shelf::Own(market) => Ok(market),
            Shelf::Mirror(_) => Err(Refusal::Mirror),
        }
    }

    /// What is on offer now.
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, MarketError> {
        match &self.shelf {
            Shelf::Own(market) => market.snapshot().await,
            Shelf::Mirror(mirror) => Ok(mirror.snapshot().await?),
        }
    }
}

/// All that a marketplace serves.
pub fn marketplace(market: Marketplace) -> Router {
    router(Service::new(Shelf::Own(Box::new(market))))
}

/// All that a mirror serves.
pub fn mirror(mirror: Mirror) -> Router {
    router(Service::new(Shelf::Mirror(mirror)))
}

fn router(doors: Doors) -> Router {
    let header = |name: &'static str, value| {
        SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    let api = Router::new()
        .route("/v1/index", get(reading::index))
        .route("/v1/key", get(reading::key))
        .route("/v1/packages/{digest}", get(reading::package))
        .route("/v1/packages", axum::routing::post(upload::publish))
        .route("/v1/publishers", axum::routing::post(publishers::register))
        .route("/v1/revocations", axum::routing::post(publishers::revoke))
        .route("/v1/plugins", get(plugins::list))
        .route("/v1/plugins/{publisher}/{name}", get(plugins::detail))
        .route("/v1", axum::routing::any(no_such_address))
        .route("/v1/{*rest}", axum::routing::any(no_such_address))
        .route("/health", get(reading::health))
        .method_not_allowed_fallback(no_such_method)
        .layer(DefaultBodyLimit::max(JSON_BODY_BYTES_MAX));
    Router::new()
        .merge(api)
        .merge(pages::router())
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "same-origin"))
        .layer(header("cache-control", "no-cache"))
        // Also over what is no page: nothing that is sent is to be run by a browser.
        .layer(header(
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        ))
        .with_state(doors)
}

/// Addresses below `/v1/` that there are not.
async fn no_such_address() -> Problem {
    Problem::from(Refusal::NotFound(
        "there is no such address here: see the README of the marketplace for its API".to_owned(),
    ))
}

async fn no_such_method() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        crate::refusal::Code::Request,
        "this address does not take that method: see the header `Allow`",
    )
}
