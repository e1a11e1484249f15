//! What a version does, as its manifest says: what it hears, checks, serves, adds.

use crate::plugins::manifest::{self, ActsAs, FieldType, Manifest, OnFailure, Texts, Unknown};
use serde::Serialize;
use utoipa::ToSchema;

/// What a version does beside calling the host.
#[derive(Serialize, ToSchema)]
pub struct OfferShown {
    /// By language.
    summary: Texts,
    events: Vec<EventShown>,
    guard: Option<GuardShown>,
    routes: Vec<RouteShown>,
    channel: Option<ChannelShown>,
    schedules: Vec<ScheduleShown>,
    collections: Vec<CollectionShown>,
    reports: Vec<NamedShown>,
    views: Vec<ViewOffered>,
    actions: Vec<NamedShown>,
    fields: Vec<FieldShown>,
    /// What it needs more of than is usual.
    limits: Option<LimitsShown>,
}

/// More of a machine.
#[derive(Serialize, ToSchema)]
pub struct LimitsShown {
    /// Mebibytes of memory of one call.
    memory_mib: Option<u32>,
    /// Milliseconds of a processor for a request, a job or a report.
    cpu_ms: Option<u32>,
}

/// What it listens to.
#[derive(Serialize, ToSchema)]
pub struct EventShown {
    kind: String,
    filter: Option<String>,
}

/// What it checks before it is written.
#[derive(Serialize, ToSchema)]
pub struct GuardShown {
    kinds: Vec<String>,
    reason: Texts,
    /// `open` or `closed`: what becomes of a change when the check fails.
    on_failure: &'static str,
}

/// A path that it serves.
#[derive(Serialize, ToSchema)]
pub struct RouteShown {
    path: String,
    methods: Vec<String>,
    /// `token`, `agent` or `public`.
    access: &'static str,
    /// `viewer` or `plugin`.
    acts_as: &'static str,
    durable: bool,
}

/// What it carries to the people who ask.
#[derive(Serialize, ToSchema)]
pub struct ChannelShown {
    /// Tickets of this channel are answered through it…
    name: String,
    /// …and whoever has an identity of one of these schemes can be written to.
    reaches: Vec<String>,
    /// `resend` or `ask`: what becomes of a message of which nobody knows whether it went out; `setting` where a setting of the plugin says so.
    on_unknown: &'static str,
    window: Option<WindowShown>,
}

/// Within which time it may answer.
#[derive(Serialize, ToSchema)]
pub struct WindowShown {
    /// After the person's last message.
    minutes: u32,
    /// How many messages; null: any number.
    messages: Option<u32>,
}

/// A job by the clock.
#[derive(Serialize, ToSchema)]
pub struct ScheduleShown {
    name: String,
    cron: String,
    zone: Option<String>,
}

/// A collection of its records.
#[derive(Serialize, ToSchema)]
pub struct CollectionShown {
    name: String,
    version: u32,
    /// The name under which other plugins may read it, where they are granted that.
    publish: Option<String>,
}

/// Something that it shows.
#[derive(Serialize, ToSchema)]
pub struct ViewOffered {
    name: String,
    title: Texts,
    /// Where it stands.
    location: &'static str,
}

/// A report or an action.
#[derive(Serialize, ToSchema)]
pub struct NamedShown {
    name: String,
    title: Texts,
}

/// A field of tickets.
#[derive(Serialize, ToSchema)]
pub struct FieldShown {
    name: String,
    title: Texts,
    #[serde(rename = "type")]
    kind: &'static str,
    indexed: bool,
}

/// What the manifest says; `closed` is the admin's choice for its guard, where there is one.
pub(super) fn of(manifest: &Manifest, closed: Option<bool>) -> OfferShown {
    OfferShown {
        summary: manifest.summary.clone(),
        events: manifest
            .events
            .iter()
            .map(|event| EventShown {
                kind: event.kind.clone(),
                filter: event.filter.clone(),
            })
            .collect(),
        guard: manifest.guard.as_ref().map(|guard| GuardShown {
            kinds: guard.kinds.clone(),
            reason: guard.reason.clone(),
            on_failure: match closed.unwrap_or(guard.on_failure == OnFailure::Closed) {
                true => "closed",
                false => "open",
            },
        }),
        routes: routes(manifest),
        channel: manifest.channel.as_ref().map(|channel| ChannelShown {
            name: channel.name.clone(),
            reaches: channel.reaches.clone(),
            on_unknown: match channel.on_unknown {
                Unknown::Always(on_unknown) => on_unknown.name(),
                Unknown::Setting { .. } => "setting",
            },
            window: channel.window.map(|window| WindowShown {
                minutes: window.minutes,
                messages: window.messages,
            }),
        }),
        limits: manifest.limits.map(|limits| LimitsShown {
            memory_mib: limits.memory_mib,
            cpu_ms: limits.cpu_ms,
        }),
        schedules: manifest
            .schedules
            .iter()
            .map(|schedule| ScheduleShown {
                name: schedule.name.clone(),
                cron: schedule.cron.clone(),
                zone: schedule.zone.clone(),
            })
            .collect(),
        collections: manifest
            .collections
            .iter()
            .map(|collection| CollectionShown {
                name: collection.name.clone(),
                version: collection.version,
                publish: collection.publish.clone(),
            })
            .collect(),
        reports: manifest
            .reports
            .iter()
            .map(|report| named(&report.name, &report.title))
            .collect(),
        views: manifest
            .views
            .iter()
            .map(|view| ViewOffered {
                name: view.name.clone(),
                title: view.title.clone(),
                location: view.location.name(),
            })
            .collect(),
        actions: manifest
            .actions
            .iter()
            .map(|action| named(&action.name, &action.title))
            .collect(),
        fields: manifest
            .fields
            .iter()
            .map(|field| FieldShown {
                name: format!("{}/{}", manifest.id, field.name),
                title: field.title.clone(),
                kind: field_type(field.kind),
                indexed: field.indexed,
            })
            .collect(),
    }
}

fn routes(manifest: &Manifest) -> Vec<RouteShown> {
    let shown = manifest.routes.iter().map(|route| RouteShown {
        path: route.path.clone(),
        methods: route.methods.clone(),
        access: match route.access {
            manifest::Access::Token => "token",
            manifest::Access::Agent => "agent",
            manifest::Access::Public => "public",
        },
        acts_as: match route.acts_as {
            ActsAs::Viewer => "viewer",
            ActsAs::Plugin => "plugin",
        },
        durable: route.durable.is_some(),
    });
    shown.collect()
}

fn named(name: &str, title: &Texts) -> NamedShown {
    NamedShown {
        name: name.to_owned(),
        title: title.clone(),
    }
}

/// As manifests write it.
fn field_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::Integer => "integer",
        FieldType::Number => "number",
        FieldType::Boolean => "boolean",
        FieldType::Instant => "instant",
        FieldType::Texts => "texts",
    }
}
