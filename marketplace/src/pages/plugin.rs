//! A plugin: what it does, what it asks for, whose it is, and how to install it.

use super::{
    frame::{BACK, Frame, Place, told},
    missing, page,
    permissions::{Asked, Shown},
    versions,
};
use crate::{
    doors::{Doors, Problem},
    shown::Snapshot,
    wire::PluginDetail,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use guichet_package::index::IndexedVersion;
use maud::{Markup, html};
use semver::Version;

/// How many slashes the address of a plugin has.
const DEPTH: usize = 3;

pub(super) async fn show(
    State(doors): State<Doors>,
    Path((publisher, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let snapshot = doors.snapshot().await?;
    let place = Place::of(query.as_deref(), &headers, DEPTH);
    let id = format!("{publisher}/{name}");
    let (Some(detail), Some(plugin)) = (snapshot.plugin(&id), snapshot.index.plugin(&id)) else {
        return missing(&doors, query.as_deref(), &headers, DEPTH).await;
    };
    let newest = snapshot.newest(plugin);
    let title = place.language.pick(&detail.title).1;
    let frame = Frame {
        snapshot: &snapshot,
        place: &place,
        title,
    };
    let markup = frame.around(content(&snapshot, &place, &detail, newest));
    Ok(page(StatusCode::OK, place.language, markup))
}

fn content(
    snapshot: &Snapshot,
    place: &Place,
    detail: &PluginDetail,
    newest: Option<&IndexedVersion>,
) -> Markup {
    let words = place.words();
    html! {
        p.back { a href=(place.link("", &[])) { (BACK) (words.all_plugins) } }
        div.lead {
            h1 { (told(place.language, &detail.title)) }
            p.id {
                code { (detail.id) }
                @if let Some(version) = newest { " · " (version.version) }
                " · " (words.by) " "
                a href=(place.link(&format!("publishers/{}", detail.publisher.name), &[])) dir="auto" { (detail.publisher.title) }
            }
            p.summary { (told(place.language, &detail.summary)) }
        }
        (install(place, &detail.id, newest))
        @if let Some(version) = newest { (asks(place, version)) }
        (versions::table(place, &detail.versions))
        (publisher(snapshot, place, detail, newest))
    }
}

fn install(place: &Place, id: &str, newest: Option<&IndexedVersion>) -> Markup {
    let words = place.words();
    html! {
        section {
            h2 { (words.install) }
            @match newest {
                Some(version) => {
                    p { (words.install_how) }
                    pre.install { code { (id) "@" (range(&version.version)) } }
                    p.quiet { (words.install_then) }
                }
                None => { p.warning role="note" { (words.all_revoked) } }
            }
        }
    }
}

/// The range that takes this version and what comes after it without a break.
fn range(version: &Version) -> String {
    match (version.major, version.minor) {
        _ if !version.pre.is_empty() => format!("={version}"),
        (0, 0) => format!("^{version}"),
        (0, minor) => format!("^0.{minor}"),
        (major, _) => format!("^{major}"),
    }
}

fn asks(place: &Place, version: &IndexedVersion) -> Markup {
    let words = place.words();
    let asked = Asked::of(&version.permissions, words, place.is_chinese());
    html! {
        section {
            h2 { (words.asks) }
            @if asked.interfaces.is_empty() && asked.hosts.is_empty() {
                p { (words.asks_nothing) }
            } @else {
                p.quiet { (words.asks_lead) }
                @if asked.may_leave { p.warning role="note" { (words.may_leave) } }
                (shown(place, &asked.interfaces))
                @if !asked.hosts.is_empty() {
                    h3 { (words.hosts) }
                    p.quiet { (words.hosts_lead) }
                    (shown(place, &asked.hosts))
                }
            }
        }
    }
}

fn shown(place: &Place, list: &[Shown<'_>]) -> Markup {
    let words = place.words();
    html! {
        ul.asks {
            @for shown in list {
                li {
                    p.ask {
                        span class=(shown.risk.class()) { span.unseen { (words.risk) } (shown.risk.word(words)) }
                        code { (shown.name) }
                        @if shown.ask.optional { span.tag { (words.optional) } }
                    }
                    p { (shown.meaning) }
                    @if !shown.ask.reason.is_empty() {
                        p.reason { span.quiet { (words.reason) } q { (told(place.language, &shown.ask.reason)) } }
                    }
                }
            }
        }
    }
}

fn publisher(
    snapshot: &Snapshot,
    place: &Place,
    detail: &PluginDetail,
    newest: Option<&IndexedVersion>,
) -> Markup {
    let words = place.words();
    let name = &detail.publisher.name;
    html! {
        section {
            h2 { (words.publisher) }
            p {
                @if snapshot.publishers.contains_key(name) {
                    a href=(place.link(&format!("publishers/{name}"), &[])) dir="auto" { (detail.publisher.title) }
                } @else {
                    (detail.publisher.title)
                }
                " " code { (name) }
            }
            p.quiet { (words.publisher_lead) }
            @if let Some(version) = newest {
                p { (words.signed_by) " " code.fingerprint { (version.signed_by.fingerprint()) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_to_install_takes_fixes_and_no_breaks() {
        for (version, wanted) in [
            ("1.4.2", "^1"),
            ("0.3.1", "^0.3"),
            ("0.0.7", "^0.0.7"),
            ("2.0.0-beta.1", "=2.0.0-beta.1"),
        ] {
            let version = version.parse().unwrap();
            let range = range(&version);
            assert_eq!(range, wanted);
            assert!(
                range
                    .parse::<semver::VersionReq>()
                    .unwrap()
                    .matches(&version)
            );
        }
    }
}
