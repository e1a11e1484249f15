//! What the API shows of an install.

use super::super::{context::Ctx, error::Problem};
use crate::{
    clock::rfc3339,
    plugins::{
        lifecycle::version,
        manifest::{self, ActsAs, Ask, FieldType, Manifest, OnFailure, Texts},
    },
};
use guichet_core::install::{Install, Source, Version};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// An install.
#[derive(Serialize, ToSchema)]
pub struct InstallShown {
    id: Uuid,
    plugin: String,
    /// By language.
    title: Texts,
    version: String,
    /// Of the component.
    digest: String,
    package_digest: Option<String>,
    /// `staged`, `enabled` or `disabled`.
    state: &'static str,
    epoch: u64,
    position: i64,
    permissions: Vec<PermissionShown>,
    source: SourceShown,
    /// A newer version that the marketplace has.
    offered: Option<VersionAhead>,
    /// A version that waits for consent.
    pending: Option<VersionAhead>,
    revoked: Option<RevokedShown>,
}

/// What it may do, and why it asked.
#[derive(Serialize, ToSchema)]
pub struct PermissionShown {
    name: String,
    /// By language.
    reason: Texts,
    granted: bool,
    /// Whether it runs without.
    optional: bool,
}

/// Where its package came from.
#[derive(Serialize, ToSchema)]
pub struct SourceShown {
    /// `folder`, `upload` or `marketplace`.
    kind: &'static str,
    /// The fingerprint of the publisher's key, where its signature was checked.
    signed_by: Option<String>,
}

/// A version that may come next.
#[derive(Serialize, ToSchema)]
pub struct VersionAhead {
    version: String,
    digest: Option<String>,
    package_digest: Option<String>,
    new_required: Vec<String>,
    new_optional: Vec<String>,
    /// All that it asks, with reasons; empty where only its name is known yet.
    permissions: Vec<PermissionShown>,
}

/// Why its marketplace took it back.
#[derive(Serialize, ToSchema)]
pub struct RevokedShown {
    reason: String,
    at: String,
}

/// An install, all of it.
#[derive(Serialize, ToSchema)]
pub struct InstallDetail {
    #[serde(flatten)]
    install: InstallShown,
    summary: Texts,
    egress: Vec<EgressShown>,
    events: Vec<EventShown>,
    guard: Option<GuardShown>,
    routes: Vec<RouteShown>,
    schedules: Vec<ScheduleShown>,
    collections: Vec<CollectionShown>,
    reports: Vec<NamedShown>,
    actions: Vec<NamedShown>,
    fields: Vec<FieldShown>,
    settings_schema: Option<Value>,
    /// Without the secrets.
    settings: Value,
    secrets_set: Vec<String>,
    versions: Vec<VersionShown>,
    standing: Standing,
}

/// A server outside.
#[derive(Serialize, ToSchema)]
pub struct EgressShown {
    host: String,
    reason: Texts,
    granted: bool,
    optional: bool,
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

/// A version that is or was here.
#[derive(Serialize, ToSchema)]
pub struct VersionShown {
    version: String,
    digest: String,
    installed_at: String,
    /// `current`, `previous` or `pending`.
    state: &'static str,
}

/// How far it is.
#[derive(Serialize, ToSchema)]
pub struct Standing {
    /// Events up to here were handled, but for what is parked.
    low: u64,
    last_sequence: u64,
    parked: Vec<ParkedShown>,
    waiting_jobs: usize,
    dead_jobs: usize,
    dead_letters: usize,
}

/// A lane in which it waits.
#[derive(Serialize, ToSchema)]
pub struct ParkedShown {
    lane: Uuid,
    ticket_number: Option<u64>,
    sequence: u64,
    attempts: u32,
    due_at: String,
    reason: String,
}

fn permissions(asks: impl Iterator<Item = Ask>, grants: &[String]) -> Vec<PermissionShown> {
    asks.map(|ask| PermissionShown {
        granted: grants
            .iter()
            .any(|grant| manifest::asked_name(grant) == ask.name),
        name: ask.name,
        reason: ask.reason,
        optional: ask.optional,
    })
    .collect()
}

fn ahead(install: &Install, next: &Version) -> VersionAhead {
    let (new_required, new_optional) = version::new_asks(install, next);
    let manifest = version::manifest(next).ok();
    VersionAhead {
        version: next.version.clone(),
        digest: Some(next.digest.clone()),
        package_digest: next.package.clone(),
        new_required,
        new_optional,
        permissions: manifest
            .map(|manifest| permissions(manifest.asks(), &install.grants))
            .unwrap_or_default(),
    }
}

/// As the list shows it.
pub(super) async fn shown(ctx: &Ctx, install: Install) -> Result<InstallShown, Problem> {
    let manifest = manifest::of(&install).ok();
    let offered = crate::plugins::market::offered(&ctx.desk, &install).await?;
    let (kind, signed_by) = match &install.history.source {
        Source::Folder => ("folder", None),
        Source::Upload { signed_by } => ("upload", signed_by.clone()),
        Source::Marketplace { signed_by, .. } => ("marketplace", Some(signed_by.clone())),
    };
    Ok(InstallShown {
        id: install.id.0,
        title: manifest
            .as_ref()
            .map(|manifest| manifest.title.clone())
            .unwrap_or_default(),
        permissions: manifest
            .map(|manifest| permissions(manifest.asks(), &install.grants))
            .unwrap_or_default(),
        package_digest: install.history.package.clone(),
        state: install.state.name(),
        epoch: install.epoch,
        position: install.position,
        source: SourceShown { kind, signed_by },
        offered: offered.map(|offered| VersionAhead {
            version: offered.version,
            digest: None,
            package_digest: Some(offered.package),
            new_required: Vec::new(),
            new_optional: Vec::new(),
            permissions: Vec::new(),
        }),
        pending: install
            .history
            .pending
            .as_ref()
            .map(|pending| ahead(&install, pending)),
        revoked: install
            .history
            .revoked
            .as_ref()
            .map(|revoked| RevokedShown {
                reason: revoked.reason.clone(),
                at: rfc3339(revoked.at),
            }),
        plugin: install.plugin,
        version: install.version,
        digest: install.digest,
    })
}

/// All of it.
pub(super) async fn detail(ctx: &Ctx, install: Install) -> Result<InstallDetail, Problem> {
    let manifest = manifest::of(&install)
        .map_err(|error| guichet_core::refusal::Refusal::Invalid(error.to_string()))?;
    let standing = standing(ctx, &install).await?;
    let secrets_set = ctx.store().secret_names(install.id).await?;
    let closed = install.history.guard_fails_closed;
    let guard = manifest.guard.as_ref().map(|guard| GuardShown {
        kinds: guard.kinds.clone(),
        reason: guard.reason.clone(),
        on_failure: match closed.unwrap_or(guard.on_failure == OnFailure::Closed) {
            true => "closed",
            false => "open",
        },
    });
    Ok(InstallDetail {
        summary: manifest.summary.clone(),
        egress: egress(&manifest, &install),
        events: manifest
            .events
            .iter()
            .map(|event| EventShown {
                kind: event.kind.clone(),
                filter: event.filter.clone(),
            })
            .collect(),
        guard,
        routes: routes(&manifest),
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
            })
            .collect(),
        reports: manifest
            .reports
            .iter()
            .map(|report| named(&report.name, &report.title))
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
        settings_schema: manifest.settings.clone(),
        settings: install.settings.clone(),
        secrets_set,
        versions: versions(&install),
        standing,
        install: shown(ctx, install).await?,
    })
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

fn egress(manifest: &Manifest, install: &Install) -> Vec<EgressShown> {
    let shown = manifest.egress.iter().map(|egress| {
        let name = egress.permission();
        EgressShown {
            host: egress.host.to_string(),
            reason: egress.reason.clone(),
            granted: install
                .grants
                .iter()
                .any(|grant| manifest::asked_name(grant) == name),
            optional: egress.optional,
        }
    });
    shown.collect()
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

fn versions(install: &Install) -> Vec<VersionShown> {
    let shown = |version: &Version, state| VersionShown {
        version: version.version.clone(),
        digest: version.digest.clone(),
        installed_at: rfc3339(version.at),
        state,
    };
    let history = &install.history;
    let pending = history
        .pending
        .iter()
        .map(|version| shown(version, "pending"));
    let previous = history
        .previous
        .iter()
        .map(|version| shown(version, "previous"));
    pending
        .chain([shown(&install.current(), "current")])
        .chain(previous)
        .collect()
}

async fn standing(ctx: &Ctx, install: &Install) -> Result<Standing, Problem> {
    let store = ctx.store();
    let cursor = store.cursor().await?;
    let mut parked = Vec::new();
    for row in store.parked().await? {
        if row.install != install.id {
            continue;
        }
        let ticket = store.ticket(guichet_core::id::TicketId(row.lane.0)).await?;
        parked.push(ParkedShown {
            lane: row.lane.0,
            ticket_number: ticket.and_then(|ticket| ticket.number),
            sequence: row.sequence,
            attempts: row.attempts,
            due_at: rfc3339(row.due_at),
            reason: row.reason,
        });
    }
    let jobs = store.jobs(install.id, 1_000).await?;
    let dead_jobs = jobs.iter().filter(|job| job.state == "dead").count();
    let letters = store.dead_letters(1_000).await?;
    Ok(Standing {
        low: cursor.low,
        last_sequence: cursor.sequence,
        parked,
        waiting_jobs: jobs.len() - dead_jobs,
        dead_jobs,
        dead_letters: letters
            .iter()
            .filter(|letter| letter.install == install.id)
            .count(),
    })
}
