//! What people browse: pages made here, without a script, in English and Chinese, light and dark.
//!
//! All that a publisher wrote is escaped by the templates. Links are relative, so that a proxy may put the marketplace below any path.

/// Which language a reader gets.
mod language;

/// What the pages say, in each language.
mod words;

/// What permissions mean, in plain words.
mod permissions;

/// What is around every page.
mod frame;

/// The list, with search.
mod list;

/// A plugin.
mod plugin;

/// The versions of a plugin.
mod versions;

/// A publisher.
mod publisher;

use crate::doors::{Doors, Problem};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use frame::{Frame, Place};
use language::Language;
use maud::{Markup, html};

const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Slashes of an address that are counted: links of a page that is not there grow with them.
const DEPTH_MAX: usize = 16;

/// The pages' addresses.
pub(crate) fn router() -> Router<Doors> {
    let file = |kind: &'static str, content: &'static str| {
        get(move || async move {
            let headers = [
                (header::CONTENT_TYPE, kind),
                (header::CACHE_CONTROL, "public, max-age=3600"),
            ];
            (headers, content)
        })
    };
    Router::new()
        .route("/", get(list::show))
        .route("/plugins/{publisher}/{name}", get(plugin::show))
        .route("/publishers/{name}", get(publisher::show))
        .route("/style.css", file("text/css; charset=utf-8", STYLE))
        .route("/icon.svg", file("image/svg+xml", ICON))
        .fallback(not_found)
}

/// A page as it is sent.
fn page(status: StatusCode, language: Language, markup: Markup) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CONTENT_LANGUAGE, language.tag()),
        (header::VARY, "accept-language"),
    ];
    (status, headers, markup.into_string()).into_response()
}

async fn not_found(
    State(doors): State<Doors>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let depth = uri.path().matches('/').take(DEPTH_MAX).count();
    missing(&doors, uri.query(), &headers, depth).await
}

/// The page of an address that there is not, so many slashes deep.
async fn missing(
    doors: &Doors,
    query: Option<&str>,
    headers: &HeaderMap,
    depth: usize,
) -> Result<Response, Problem> {
    let snapshot = doors.snapshot().await?;
    let place = Place::of(query, headers, depth);
    let words = place.words();
    let frame = Frame {
        snapshot: &snapshot,
        place: &place,
        title: words.missing_title,
    };
    let markup = frame.around(html! {
        div.lead {
            h1 { (words.missing_title) }
            p { (words.missing) }
            p { a href=(place.link("", &[])) { (words.all_plugins) } }
        }
    });
    Ok(page(StatusCode::NOT_FOUND, place.language, markup))
}
