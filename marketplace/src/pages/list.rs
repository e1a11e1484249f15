//! The list, with search.

use super::{
    frame::{Frame, LANGUAGE, Place, time, told},
    page,
    permissions::Asked,
};
use crate::{
    doors::{Doors, Problem},
    limits::QUERY_BYTES_MAX,
    refusal::Refusal,
    search::{Query, search},
    shown::Snapshot,
    wire::PluginLine,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use maud::{Markup, html};

pub(super) async fn show(
    State(doors): State<Doors>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = doors.snapshot().await?;
    let place = Place::of(query.as_deref(), &headers, 1);
    let typed = place.asked("q").unwrap_or_default();
    let (status, content) = match Query::read(typed, place.asked("cursor")) {
        Ok(query) => (StatusCode::OK, found(&snapshot, &place, typed, &query)),
        Err(refusal) => (StatusCode::BAD_REQUEST, not_understood(&place, &refusal)),
    };
    let title = match typed {
        "" => place.words().plugins.to_owned(),
        typed => (place.words().results_for)(typed),
    };
    let frame = Frame {
        snapshot: &snapshot,
        place: &place,
        title: &title,
    };
    let markup = frame.around(html! {
        div.lead {
            h1 { (place.words().plugins) }
            p { (place.words().lead) }
            (form(&place, typed))
        }
        (content)
    });
    Ok(page(status, place.language, markup))
}

fn form(place: &Place, typed: &str) -> Markup {
    let words = place.words();
    html! {
        form role="search" action=(place.link("", &[])) method="get" {
            label for="q" { (words.search_hint) }
            div.search {
                input #q type="search" name="q" value=(typed) maxlength=(QUERY_BYTES_MAX) autocomplete="off";
                @if let Some(tag) = place.kept_language() {
                    input type="hidden" name=(LANGUAGE) value=(tag);
                }
                button type="submit" { (words.search) }
            }
        }
    }
}

fn found(snapshot: &Snapshot, place: &Place, typed: &str, query: &Query) -> Markup {
    let words = place.words();
    let found = search(snapshot, query);
    html! {
        section {
            @if !typed.is_empty() {
                h2 dir="auto" { ((words.results_for)(typed)) }
            }
            @if found.plugins.is_empty() {
                p.empty { @if typed.is_empty() { (words.none_yet) } @else { (words.none_found) } }
            } @else {
                (cards(snapshot, place, &found.plugins))
            }
            nav.pages aria-label=(words.pages) {
                @if place.asked("cursor").is_some() {
                    a href=(place.link("", &asked(typed, None))) { (words.first_page) }
                }
                @if let Some(next) = &found.next {
                    a rel="next" href=(place.link("", &asked(typed, Some(next)))) { (words.next_page) }
                }
            }
        }
    }
}

fn asked<'a>(typed: &'a str, cursor: Option<&'a str>) -> Vec<(&'static str, &'a str)> {
    let typed = (!typed.is_empty()).then_some(("q", typed));
    let cursor = cursor.map(|cursor| ("cursor", cursor));
    typed.into_iter().chain(cursor).collect()
}

/// Plugins as cards: also on a publisher's page.
pub(super) fn cards(snapshot: &Snapshot, place: &Place, plugins: &[PluginLine]) -> Markup {
    html! {
        ul.cards {
            @for plugin in plugins {
                li.card { (card(snapshot, place, plugin)) }
            }
        }
    }
}

fn card(snapshot: &Snapshot, place: &Place, line: &PluginLine) -> Markup {
    let words = place.words();
    let newest = snapshot
        .index
        .plugin(&line.id)
        .and_then(|plugin| snapshot.newest(plugin));
    let risk =
        newest.map(|version| Asked::of(&version.permissions, words, place.is_chinese()).risk());
    html! {
        h3 {
            a href=(place.link(&format!("plugins/{}", line.id), &[])) { (told(place.language, &line.title)) }
        }
        p.id { code { (line.id) } }
        p.summary { (told(place.language, &line.summary)) }
        p.facts {
            @if let Some(version) = &line.version {
                span { (version) }
                @if let Some(at) = line.published_at { span { (time(at)) } }
                @if let Some(risk) = risk {
                    span { (words.permissions) " " span class=(risk.class()) { (risk.word(words)) } }
                }
            } @else {
                span class="risk high" { (words.revoked_short) }
            }
        }
    }
}

fn not_understood(place: &Place, refusal: &Refusal) -> Markup {
    let words = place.words();
    html! {
        section {
            h2 { (words.wrong_title) }
            p.empty { @if matches!(refusal, Refusal::LongQuery) { (words.long_query) } @else { (words.wrong_cursor) } }
        }
    }
}
