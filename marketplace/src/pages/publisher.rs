//! A publisher: its keys, and its plugins.

use super::{
    frame::{BACK, Frame, Place, day},
    list::cards,
    missing, page,
};
use crate::{
    doors::{Doors, Problem},
    search::line,
    shown::{Snapshot, publisher_of},
    wire::PublisherShown,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use maud::{Markup, html};

/// How many slashes the address of a publisher has.
const DEPTH: usize = 2;

pub(super) async fn show(
    State(doors): State<Doors>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = doors.snapshot().await?;
    let place = Place::of(query.as_deref(), &headers, DEPTH);
    let Some(publisher) = snapshot.publishers.get(&name) else {
        return missing(&doors, query.as_deref(), &headers, DEPTH).await;
    };
    let frame = Frame {
        snapshot: &snapshot,
        place: &place,
        title: &publisher.title,
    };
    let markup = frame.around(content(&snapshot, &place, publisher));
    Ok(page(StatusCode::OK, place.language, markup))
}

fn content(snapshot: &Snapshot, place: &Place, publisher: &PublisherShown) -> Markup {
    let words = place.words();
    let mut plugins: Vec<_> = snapshot
        .index
        .plugins
        .iter()
        .filter(|plugin| publisher_of(&plugin.id) == publisher.name)
        .map(|plugin| line(snapshot, plugin))
        .collect();
    plugins.sort_by_key(|line| line.version.is_none());
    html! {
        p.back { a href=(place.link("", &[])) { (BACK) (words.all_plugins) } }
        div.lead {
            h1 dir="auto" { (publisher.title) }
            p.id { code { (publisher.name) } }
            p { (words.publisher_lead) }
        }
        section {
            h2 { (words.keys) }
            p.quiet { (words.keys_lead) }
            ul.keys {
                @for key in &publisher.keys {
                    li {
                        code.fingerprint { (key.fingerprint) }
                        @match key.retired_at {
                            None => { span.tag { (words.key_present) } }
                            Some(at) => { span.quiet { ((words.key_retired)(&day(at))) } }
                        }
                    }
                }
            }
        }
        section {
            h2 dir="auto" { ((words.publishers_plugins)(&publisher.title)) }
            @if plugins.is_empty() {
                p.empty { (words.no_plugins) }
            } @else {
                (cards(snapshot, place, &plugins))
            }
        }
    }
}
