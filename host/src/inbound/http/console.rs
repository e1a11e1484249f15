//! The console's pages, embedded in the program. One page for every address below `/t/{tenant}/` that is nothing else.

use super::error::Problem;
use crate::desk::Desk;
use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use rust_embed::RustEmbed;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "console/dist"]
struct Files;

const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The console's routes.
pub fn router() -> Router<Arc<Desk>> {
    Router::new()
        .route(
            "/t/{tenant}",
            get(|Path(tenant): Path<String>| async move {
                Redirect::permanent(&format!("/t/{tenant}/"))
            }),
        )
        .route("/t/{tenant}/", get(page))
        .route("/t/{tenant}/{*path}", get(page))
        .route("/console/{*path}", get(file))
}

async fn page() -> Response {
    match Files::get("index.html") {
        Some(page) => (
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, POLICY),
            ],
            page.data,
        )
            .into_response(),
        None => Problem::new(
            StatusCode::NOT_FOUND,
            "this program was built without the console: build it with `cargo xtask build`",
        )
        .into_response(),
    }
}

async fn file(Path(path): Path<String>) -> Response {
    match Files::get(&path) {
        // Their names change with their content.
        Some(file) => {
            let headers = [
                (header::CONTENT_TYPE, file.metadata.mimetype().to_owned()),
                (
                    header::CACHE_CONTROL,
                    "public, max-age=31536000, immutable".to_owned(),
                ),
            ];
            (headers, file.data).into_response()
        }
        None => Problem::not_found("the file").into_response(),
    }
}
