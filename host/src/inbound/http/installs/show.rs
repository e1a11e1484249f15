//! What the API shows of an install.

use super::{
    super::{context::Ctx, error::Problem},
    offer::{self, OfferShown},
};
use crate::{
    clock::rfc3339,
    limits::PAGE_ROWS_MAX,
    plugins::{
        lifecycle::version,
        manifest::{self, Ask, Manifest, Texts},
    },
};
use guichet_core::install::{Install, InstallState, Source, Version};
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
    /// It failed too often.
    paused: Option<PausedShown>,
    /// Whether it has a place of its own in the log: it is paused, disabled with its place kept, or catching up.
    apart: bool,
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

/// Why nothing is handed to it.
#[derive(Serialize, ToSchema)]
pub struct PausedShown {
    /// Its last failure.
    reason: String,
    /// How often within a day.
    times: usize,
    /// When it is tried again; null where it was disabled, and waits for an admin.
    until: Option<String>,
}

/// An install, all of it.
#[derive(Serialize, ToSchema)]
pub struct InstallDetail {
    #[serde(flatten)]
    install: InstallShown,
    #[serde(flatten)]
    offer: OfferShown,
    egress: Vec<EgressShown>,
    /// As consented to: a host may be let be at a private address, `http:<host>@<address>`.
    grants: Vec<String>,
    settings_schema: Option<Value>,
    /// Without the secrets.
    settings: Value,
    secrets_set: Vec<String>,
    versions: Vec<VersionShown>,
    standing: Standing,
    /// What the version that waits does; null where none waits.
    pending_offer: Option<OfferShown>,
}

/// A server outside.
#[derive(Serialize, ToSchema)]
pub struct EgressShown {
    host: String,
    reason: Texts,
    granted: bool,
    optional: bool,
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
    /// Those that are due first.
    parked: Vec<ParkedShown>,
    /// In how many it waits in all.
    parked_lanes: u64,
    waiting_jobs: u64,
    dead_jobs: u64,
    dead_letters: u64,
    /// What its records take, keys and bodies, and what they may take at most.
    record_bytes: u64,
    record_bytes_max: u64,
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
        paused: paused(ctx, &install),
        apart: install.apart,
        plugin: install.plugin,
        version: install.version,
        digest: install.digest,
    })
}

fn paused(ctx: &Ctx, install: &Install) -> Option<PausedShown> {
    let until = install.paused_until(ctx.desk.clock.now());
    let breaker = install.history.breaker.as_ref()?;
    let was_disabled = install.state == InstallState::Disabled && breaker.until.is_none();
    (until.is_some() || was_disabled).then(|| PausedShown {
        reason: breaker.reason.clone(),
        times: breaker.opened.len(),
        until: until.map(rfc3339),
    })
}

/// All of it.
pub(super) async fn detail(ctx: &Ctx, install: Install) -> Result<InstallDetail, Problem> {
    let manifest = manifest::of(&install)
        .map_err(|error| guichet_core::refusal::Refusal::Invalid(error.to_string()))?;
    let standing = standing(ctx, &install).await?;
    let secrets_set = ctx.store().secret_names(install.id).await?;
    let closed = install.history.guard_fails_closed;
    let pending_offer = install
        .history
        .pending
        .as_ref()
        .and_then(|pending| version::manifest(pending).ok())
        .map(|manifest| offer::of(&manifest, closed));
    Ok(InstallDetail {
        offer: offer::of(&manifest, closed),
        egress: egress(&manifest, &install),
        grants: install.grants.clone(),
        settings_schema: manifest.settings.clone(),
        settings: install.settings.clone(),
        secrets_set,
        versions: versions(&install),
        standing,
        pending_offer,
        install: shown(ctx, install).await?,
    })
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
    let own = match install.apart {
        true => store.own_cursor(install.id).await?,
        false => None,
    };
    let cursor = match own {
        Some(own) => own,
        None => store.cursor().await?,
    };
    let (parked, parked_lanes) = store.parked_of(install.id, PAGE_ROWS_MAX).await?;
    let parked = parked
        .into_iter()
        .map(|(row, ticket_number)| ParkedShown {
            lane: row.lane.0,
            ticket_number,
            sequence: row.sequence,
            attempts: row.attempts,
            due_at: rfc3339(row.due_at),
            reason: row.reason,
        })
        .collect();
    let (waiting_jobs, dead_jobs) = store.count_jobs(install.id).await?;
    Ok(Standing {
        low: cursor.low,
        last_sequence: cursor.sequence,
        parked,
        parked_lanes,
        waiting_jobs,
        dead_jobs,
        dead_letters: store.count_dead_letters(install.id).await?,
        record_bytes: store.record_bytes(install.id).await?,
        record_bytes_max: ctx.desk.settings.record_bytes_max,
    })
}
