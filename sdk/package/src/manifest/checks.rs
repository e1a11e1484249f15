//! What can be said of a manifest without its component.

use super::{
    Channel, Egress, Host, Manifest, ManifestError, REPORT_PARAMETERS_RESERVED, ReplyWindow,
    Report, Route, Texts, Unknown, collections::check_indexes, fields::check_fields, unknown,
};
use crate::{
    limits,
    schema::{Budget, Schema},
    settings,
};
use guichet_view::is_name;
use std::collections::BTreeSet;

pub(super) fn check(manifest: &Manifest) -> Result<(), ManifestError> {
    if !manifest
        .id
        .split_once('/')
        .is_some_and(|(publisher, name)| is_name(publisher) && is_name(name))
    {
        return Err(ManifestError::Id(manifest.id.clone()));
    }
    said("the plugin", "title", &manifest.title)?;
    short("the plugin", "summary", &manifest.summary)?;
    check_asks(manifest)?;
    let mut budget = Budget::default();
    check_points(manifest, &mut budget)?;
    check_data(manifest)?;
    if let Some(channel) = &manifest.channel {
        check_channel(channel, manifest.settings.as_ref())?;
    }
    for schedule in &manifest.schedules {
        schedule.check()?;
    }
    if let Some(limits) = &manifest.limits
        && let Some(memory_mib) = limits.memory_mib
        && !(1..=limits::MEMORY_MIB_MAX).contains(&memory_mib)
    {
        return Err(ManifestError::Memory(memory_mib));
    }
    if let Some(limits) = &manifest.limits
        && let Some(cpu_ms) = limits.cpu_ms
        && !(1..=limits::CPU_MS_MAX).contains(&cpu_ms)
    {
        return Err(ManifestError::Processor(cpu_ms));
    }
    if let Some(schema) = &manifest.settings {
        Schema::within(schema, &mut budget).map_err(ManifestError::Settings)?;
        if let Some(place) = settings::misplaced_secret(schema) {
            return Err(ManifestError::Secret(place));
        }
    }
    Ok(())
}

/// Permissions, hosts and the guard: what an admin reads before consenting.
fn check_asks(manifest: &Manifest) -> Result<(), ManifestError> {
    let names = || manifest.permissions.iter().map(|entry| entry.name.as_str());
    named("permissions", names())?;
    distinct("permissions", names())?;
    for permission in &manifest.permissions {
        let place = format!("[[permissions]] `{}`", permission.name);
        said(&place, "reason", &permission.reason)?;
    }
    let shared = || manifest.shared.iter().map(|entry| entry.name.as_str());
    named("shared", shared())?;
    distinct("shared", shared())?;
    for shared in &manifest.shared {
        let place = format!("[[shared]] `{}`", shared.name);
        said(&place, "reason", &shared.reason)?;
    }
    distinct("egress", manifest.egress.iter().map(Egress::permission))?;
    for egress in &manifest.egress {
        said(
            &format!("[[egress]] `{}`", egress.host),
            "reason",
            &egress.reason,
        )?;
        if let Host::Setting { path } = &egress.host
            && !settings::has_path(manifest.settings.as_ref(), path)
        {
            return Err(ManifestError::HostSetting(path.clone()));
        }
        if egress.lacks_port() {
            return Err(ManifestError::NoPort(egress.host.to_string()));
        }
    }
    if let Some(guard) = &manifest.guard {
        said("[guard]", "reason", &guard.reason)?;
        if guard.kinds.is_empty() {
            return Err(ManifestError::GuardWithoutKinds);
        }
        kinds("guard", guard.kinds.iter().map(String::as_str))?;
    }
    Ok(())
}

/// Events, routes, schedules, actions and reports: what calls the component.
fn check_points(manifest: &Manifest, budget: &mut Budget) -> Result<(), ManifestError> {
    kinds(
        "events",
        manifest.events.iter().map(|entry| entry.kind.as_str()),
    )?;
    if let Some(empty) = manifest
        .events
        .iter()
        .find(|entry| entry.filter.as_ref().is_some_and(|f| f.trim().is_empty()))
    {
        return Err(ManifestError::EmptyFilter(empty.kind.clone()));
    }
    distinct("routes", manifest.routes.iter().map(|entry| &entry.path))?;
    manifest.routes.iter().try_for_each(check_route)?;
    distinct(
        "schedules",
        manifest.schedules.iter().map(|entry| &entry.name),
    )?;
    let actions = || manifest.actions.iter().map(|entry| entry.name.as_str());
    named("actions", actions())?;
    distinct("actions", actions())?;
    for action in &manifest.actions {
        let place = format!("[[actions]] `{}`", action.name);
        short(&place, "title", &action.title)?;
    }
    let views = || manifest.views.iter().map(|entry| entry.name.as_str());
    named("views", views())?;
    distinct("views", views())?;
    for view in &manifest.views {
        let place = format!("[[views]] `{}`", view.name);
        said(&place, "title", &view.title)?;
    }
    let reports = || manifest.reports.iter().map(|entry| entry.name.as_str());
    named("reports", reports())?;
    distinct("reports", reports())?;
    for report in &manifest.reports {
        let place = format!("[[reports]] `{}`", report.name);
        said(&place, "title", &report.title)?;
        short(&place, "summary", &report.summary)?;
        check_parameters(report, budget)?;
    }
    Ok(())
}

fn check_parameters(report: &Report, budget: &mut Budget) -> Result<(), ManifestError> {
    let Some(schema) = &report.parameters else {
        return Ok(());
    };
    let refuse = |reason: String| {
        Err(ManifestError::Parameters {
            report: report.name.clone(),
            reason,
        })
    };
    if let Err(error) = Schema::within(schema, budget) {
        return refuse(error.to_string());
    }
    let properties = schema.get("properties").and_then(|all| all.as_object());
    match REPORT_PARAMETERS_RESERVED
        .iter()
        .find(|name| properties.is_some_and(|all| all.contains_key(**name)))
    {
        Some(name) => refuse(format!("`{name}` is what the host gives to every report")),
        None => Ok(()),
    }
}

/// Fields and collections: what it keeps.
fn check_data(manifest: &Manifest) -> Result<(), ManifestError> {
    check_fields(manifest)?;
    distinct("fields", manifest.fields.iter().map(|entry| &entry.name))?;
    for field in &manifest.fields {
        let place = format!("[[fields]] `{}`", field.name);
        short(&place, "title", &field.title)?;
        for value in &field.values {
            let place = format!("{place}, value `{}`", value.value);
            said(&place, "title", &value.title)?;
        }
    }
    let collections = || manifest.collections.iter().map(|entry| entry.name.as_str());
    named("collections", collections())?;
    distinct("collections", collections())?;
    if let Some(entry) = manifest.collections.iter().find(|entry| entry.version == 0) {
        return Err(ManifestError::CollectionVersion(entry.name.clone()));
    }
    manifest.collections.iter().try_for_each(check_indexes)?;
    let published = || {
        let names = manifest.collections.iter();
        names.filter_map(|entry| entry.publish.as_deref())
    };
    named("collections", published())?;
    distinct("collections.publish", published())
}

fn check_channel(
    channel: &Channel,
    schema: Option<&serde_json::Value>,
) -> Result<(), ManifestError> {
    let refuse = |reason: &str| Err(ManifestError::Channel(reason.to_owned()));
    if !is_name(&channel.name) {
        return refuse("its name is not in small letters, digits and dashes");
    }
    let is_scheme = |scheme: &String| {
        is_name(scheme) && scheme.starts_with(|first: char| first.is_ascii_lowercase())
    };
    if !channel.reaches.iter().all(is_scheme) {
        return refuse("`reaches` holds schemes of identities, such as `mailto`");
    }
    distinct("channel.reaches", channel.reaches.iter())?;
    if channel.text_bytes_max == Some(0) {
        return refuse("a text of no bytes says nothing: leave text-bytes-max out");
    }
    if let Unknown::Setting { key } = &channel.on_unknown
        && !unknown::is_said_by(schema, key)
    {
        return Err(ManifestError::Channel(format!(
            "on-unknown is said by the setting `{key}`, whose schema has to say `enum = [\"resend\", \"ask\"]`"
        )));
    }
    match channel.window {
        Some(
            ReplyWindow { minutes: 0, .. }
            | ReplyWindow {
                messages: Some(0), ..
            },
        ) => refuse("a window in which nothing can be said is none: leave it out"),
        _ => Ok(()),
    }
}

fn check_route(route: &Route) -> Result<(), ManifestError> {
    let refuse = |reason: &str| {
        Err(ManifestError::Route {
            path: route.path.clone(),
            reason: reason.to_owned(),
        })
    };
    if !route.path.starts_with('/') || route.path.contains(['?', '#']) {
        return refuse("a path starts with a slash, and has no `?` or `#`");
    }
    if route
        .path
        .split('/')
        .any(|part| part == ".." || part == ".")
    {
        return refuse("a path has no `.` or `..`");
    }
    // It serves what is below it: a slash more would make it another's, and longer than that one.
    if route.path != "/" && route.path.split('/').skip(1).any(str::is_empty) {
        return refuse("a path has single slashes, and ends with none");
    }
    if route.methods.is_empty()
        || !route
            .methods
            .iter()
            .all(|method| !method.is_empty() && method.bytes().all(|b| b.is_ascii_uppercase()))
    {
        return refuse("it needs methods, in capitals, such as [\"GET\", \"POST\"]");
    }
    if let Some(durable) = &route.durable {
        if !(200..=299).contains(&durable.status) {
            return refuse(
                "the status of its durable answer must be 200 to 299: the request was kept, and whoever sent it must not send it again",
            );
        }
        if durable.body.len() > limits::DURABLE_BODY_BYTES_MAX {
            return refuse("the body of its durable answer is larger than 4 KiB");
        }
        if durable.content_type.is_empty()
            || !durable
                .content_type
                .bytes()
                .all(|byte| (b' '..=b'~').contains(&byte))
        {
            return refuse("the content-type of its durable answer is not printable ASCII");
        }
    }
    Ok(())
}

/// A text that must be there.
fn said(place: &str, key: &'static str, texts: &Texts) -> Result<(), ManifestError> {
    if texts.is_empty() || texts.values().any(|text| text.trim().is_empty()) {
        return Err(ManifestError::NoText {
            place: place.to_owned(),
            key,
        });
    }
    short(place, key, texts)
}

/// A text that may be missing.
fn short(place: &str, key: &'static str, texts: &Texts) -> Result<(), ManifestError> {
    for (language, text) in texts {
        let is_language = (2..=20).contains(&language.len())
            && language
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_language {
            return Err(ManifestError::Language {
                place: place.to_owned(),
                language: language.clone(),
            });
        }
        if text.len() > limits::TEXT_BYTES_MAX {
            return Err(ManifestError::LongText {
                place: place.to_owned(),
                key,
                language: language.clone(),
            });
        }
    }
    Ok(())
}

fn named<'a>(
    table: &'static str,
    mut names: impl Iterator<Item = &'a str>,
) -> Result<(), ManifestError> {
    match names.find(|name| !is_name(name)) {
        Some(name) => Err(ManifestError::Name {
            table,
            name: name.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Kinds of events: words of small letters with dots, underscores or dashes, or a plugin's own with its name before it.
fn kinds<'a>(
    table: &'static str,
    kinds: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), ManifestError> {
    let is_kind = |kind: &str| {
        (1..=200).contains(&kind.len())
            && kind.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-/:*".contains(&byte)
            })
    };
    if let Some(kind) = kinds.clone().find(|kind| !is_kind(kind)) {
        return Err(ManifestError::Kind {
            table,
            kind: kind.to_owned(),
        });
    }
    distinct(table, kinds)
}

fn distinct<T: Ord + ToString>(
    table: &'static str,
    names: impl Iterator<Item = T>,
) -> Result<(), ManifestError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if seen.len() == limits::ENTRIES_OF_A_LIST_MAX {
            return Err(ManifestError::TooMany { table });
        }
        let text = name.to_string();
        if !seen.insert(name) {
            return Err(ManifestError::Duplicate { table, name: text });
        }
    }
    Ok(())
}
