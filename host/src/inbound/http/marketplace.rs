//! What the marketplace offers, for admins to choose from. Installing is in `installs::arrival`.

use super::{context::Ctx, error::Problem};
use crate::plugins::{manifest::Texts, market};
use axum::{
    Json,
    extract::{Query, rejection::QueryRejection},
    http::StatusCode,
};
use guichet_package::{Index, index::IndexedPlugin, manifest::PLATFORM};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Words that stand in the id, the title or the summary, in any language. Left out: everything.
    #[serde(default)]
    q: String,
}

/// What the marketplace has.
#[derive(Serialize, ToSchema)]
pub struct Offers {
    /// Its name for people.
    marketplace: String,
    items: Vec<Offer>,
}

/// A plugin on offer.
#[derive(Serialize, ToSchema)]
pub struct Offer {
    /// `publisher/name`.
    id: String,
    publisher: String,
    /// By language.
    title: Texts,
    summary: Texts,
    /// The newest first.
    versions: Vec<OfferedVersion>,
    /// The install of it in this tenant.
    installed: Option<InstalledHere>,
}

/// A version on offer.
#[derive(Serialize, ToSchema)]
pub struct OfferedVersion {
    version: String,
    /// Versions of the contract that it runs on.
    platform: String,
    /// Whether it runs on this host.
    runs_here: bool,
    /// Of the package.
    digest: String,
    size_bytes: u64,
    published_at: String,
    /// The fingerprint of the publisher's key.
    signed_by: String,
    permissions: Vec<AskShown>,
    /// Why it was taken back.
    revoked: Option<String>,
}

/// What an admin will be asked.
#[derive(Serialize, ToSchema)]
pub struct AskShown {
    name: String,
    reason: Texts,
    optional: bool,
}

/// An install of it.
#[derive(Serialize, ToSchema)]
pub struct InstalledHere {
    id: Uuid,
    version: String,
    /// `staged`, `enabled` or `disabled`.
    state: &'static str,
}

/// Search the marketplace. For admins.
#[utoipa::path(get, path = "/marketplace/plugins", tag = "plugins", params(Wanted),
    responses((status = 200, body = Offers), (status = 403, body = Problem), (status = 409, body = Problem), (status = 502, body = Problem)))]
pub async fn search(
    ctx: Ctx,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Offers>, Problem> {
    ctx.must_be_admin()?;
    let Query(wanted) =
        wanted.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let index = market::index(&ctx.desk).await?;
    let installs = ctx.store().installs().await?;
    let mut here: HashMap<_, _> = installs
        .into_iter()
        .filter(guichet_core::install::Install::is_here)
        .map(|install| (install.plugin.clone(), install))
        .collect();
    let words: Vec<_> = wanted.q.split_whitespace().map(str::to_lowercase).collect();
    let found = index
        .plugins
        .iter()
        .filter(|plugin| words.iter().all(|word| is_found_by(plugin, word)));
    let items = found.map(|plugin| Offer {
        installed: here.remove(&plugin.id).map(|install| InstalledHere {
            id: install.id.0,
            version: install.version,
            state: install.state.name(),
        }),
        ..offer(&index, plugin)
    });
    Ok(Json(Offers {
        items: items.collect(),
        marketplace: index.marketplace.clone(),
    }))
}

/// `word` in small letters.
fn is_found_by(plugin: &IndexedPlugin, word: &str) -> bool {
    plugin.id.contains(word)
        || plugin
            .title
            .values()
            .chain(plugin.summary.values())
            .any(|text| text.to_lowercase().contains(word))
}

fn offer(index: &Index, plugin: &IndexedPlugin) -> Offer {
    let publisher = plugin.id.split('/').next().unwrap_or_default();
    let versions = plugin.versions.iter().map(|version| OfferedVersion {
        version: version.version.to_string(),
        platform: version.platform.to_string(),
        runs_here: version.platform.matches(&PLATFORM),
        digest: version.digest.to_string(),
        size_bytes: version.size_bytes,
        published_at: version.published_at.to_string(),
        signed_by: version.signed_by.fingerprint(),
        permissions: version
            .permissions
            .iter()
            .map(|ask| AskShown {
                name: ask.name.clone(),
                reason: ask.reason.clone(),
                optional: ask.optional,
            })
            .collect(),
        revoked: index
            .revocation(&version.digest)
            .map(|revoked| revoked.reason.clone()),
    });
    Offer {
        publisher: publisher.to_owned(),
        id: plugin.id.clone(),
        title: plugin.title.clone(),
        summary: plugin.summary.clone(),
        versions: versions.collect(),
        installed: None,
    }
}
