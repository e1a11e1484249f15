//! From one version to another, forth and back. A pointer is swapped: components stay compiled, and records stay where they are.
//!
//! A version that keeps a collection in another form (`version` of its `[[collections]]`) gets a copy of it and a job `migrate`; the collection as it
//! was stays untouched. So rolling back returns to it, and what was written since is still there to be exported.

use super::{LifecycleError, Step, index};
use crate::{
    desk::Desk,
    lane::Asker,
    plugins::{
        manifest::{self, Manifest, ManifestError},
        market, settings,
    },
};
use guichet_core::{
    id::JobId,
    install::{Install, InstallState, Version},
    job::{Job, JobWrite},
    limits::VERSIONS_KEPT,
    refusal::Refusal,
};

/// The job by which a version brings a collection into its own form.
const MIGRATE: &str = "migrate";

/// The manifest of a version.
///
/// # Errors
/// Where it cannot be read.
pub fn manifest(version: &Version) -> Result<Manifest, ManifestError> {
    serde_json::from_value(version.manifest.clone())
        .map_err(|error| ManifestError::Form(error.to_string()))
}

/// What a version asks for beyond what was granted: required, optional.
pub fn new_asks(install: &Install, version: &Version) -> (Vec<String>, Vec<String>) {
    let asks = manifest(version).map(|manifest| manifest.asks().collect::<Vec<_>>());
    let (optional, required): (Vec<_>, Vec<_>) = asks
        .unwrap_or_default()
        .into_iter()
        .filter(|ask| {
            !install
                .grants
                .iter()
                .any(|grant| manifest::asked_name(grant) == ask.name)
        })
        .partition(|ask| ask.optional);
    let names = |asks: Vec<manifest::Ask>| asks.into_iter().map(|ask| ask.name).collect();
    (names(required), names(optional))
}

/// The pending version becomes the one that runs, if it asks for nothing new that it needs; what it asks beside is denied until an admin grants it.
/// Otherwise it goes on waiting for consent.
///
/// # Errors
/// [`LifecycleError`]; [`Refusal::Invalid`] where the settings no longer fit.
pub async fn upgrade(
    desk: &Desk,
    asker: &Asker,
    install: Install,
) -> Result<Install, LifecycleError> {
    let Some(mut pending) = install.history.pending.clone() else {
        return Ok(install);
    };
    let (required, _) = new_asks(&install, &pending);
    if !required.is_empty() || install.state == InstallState::Staged {
        return Ok(install);
    }
    let asks: Vec<_> = manifest(&pending)?.asks().collect();
    let still = |grant: &&String| {
        asks.iter()
            .any(|ask| ask.name == manifest::asked_name(grant))
    };
    pending.grants = install.grants.iter().filter(still).cloned().collect();
    switch_to(desk, asker, install, pending, None).await
}

/// Another version runs from now on.
pub(super) async fn switch_to(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    next: Version,
    wished: Option<serde_json::Value>,
) -> Result<Install, LifecycleError> {
    market::refuse_revoked_version(desk, &next).await?;
    let before = install.current();
    let next = Version {
        at: desk.clock.now(),
        ..next
    };
    let tells =
        serde_json::json!({ "before": { "version": before.version, "digest": before.digest } });
    let copies = copies(&before, &next);
    install.become_version(next);
    install.history.pending = None;
    install.history.revoked = None;
    // A build of the same version takes the place of the one before: to roll back leads to another version, however often one is built.
    if before.version != install.version {
        install.history.previous.insert(0, before);
        install.history.previous.truncate(VERSIONS_KEPT);
    }
    let manifest = manifest::of(&install)?;
    let secrets = settings::set(desk, asker, &manifest, &mut install, wished).await?;
    let mut step = Step::of(install, "install.upgraded");
    step.tells = tells;
    step.jobs = migrations(desk, &step.write.install, &manifest, &copies);
    step.write.secrets = secrets;
    step.write.copies = copies;
    let install = step.commit(desk, asker).await?;
    index(desk, asker, &install).await?;
    Ok(install)
}

/// Collections that the next version keeps in another form: from, to. An older version keeps what it left, as it left it.
pub(super) fn copies(before: &Version, next: &Version) -> Vec<(String, String)> {
    let number = |version: &Version| version.version.parse::<semver::Version>().ok();
    if number(next) < number(before) {
        return Vec::new();
    }
    let collections = |version: &Version| {
        manifest(version)
            .map(|manifest| manifest.collections)
            .unwrap_or_default()
    };
    let old = collections(before);
    collections(next)
        .iter()
        .filter_map(|new| {
            let old = old.iter().find(|old| old.name == new.name)?;
            (old.version != new.version).then(|| (manifest::kept_as(old), manifest::kept_as(new)))
        })
        .collect()
}

/// Jobs by which the version brings those copies into its own form.
pub(super) fn migrations(
    desk: &Desk,
    install: &Install,
    manifest: &Manifest,
    copies: &[(String, String)],
) -> Vec<JobWrite> {
    let form = |kept: &str| match kept.rsplit_once('@') {
        Some((_, version)) => version.parse::<u32>().unwrap_or(1),
        None => 1,
    };
    let migrates = manifest
        .schedules
        .iter()
        .all(|schedule| schedule.name != MIGRATE);
    copies
        .iter()
        .filter(|_| migrates)
        .map(|(from, to)| {
            let collection = to.split('@').next().unwrap_or(to);
            JobWrite::Enqueue(Job {
                id: JobId(desk.clock.new_id()),
                install: install.id,
                name: MIGRATE.to_owned(),
                key: Some(format!("{MIGRATE}/{to}")),
                payload: serde_json::json!({ "collection": collection, "from": form(from), "to": form(to) }).to_string(),
                due_at: desk.clock.now(),
                attempt: 0,
                cause: None,
                root: None,
                depth: 0,
                ticket: None,
            })
        })
        .collect()
}

/// The version before runs again, with its grants, and its records as it left them where the newer one kept them in another form.
///
/// # Errors
/// [`Refusal::Conflict`] where there is none.
pub async fn roll_back(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
) -> Result<Install, LifecycleError> {
    if install.history.previous.is_empty() {
        return Err(Refusal::Conflict(format!(
            "no version of {} was here before {}",
            install.plugin, install.version
        ))
        .into());
    }
    let left = install.current();
    let back = install.history.previous.remove(0);
    market::refuse_revoked_version(desk, &back).await?;
    let other_forms = copies(&back, &left);
    install.become_version(back);
    install.history.pending = None;
    install.history.revoked = None;
    let manifest = manifest::of(&install)?;
    let secrets = settings::set(desk, asker, &manifest, &mut install, None).await?;
    let mut step = Step::of(install, "install.rolled-back");
    // Nothing is copied back: what was written in the newer form stays there, and is part of the export.
    let kept: Vec<_> = other_forms.into_iter().map(|(_, newer)| newer).collect();
    step.tells = serde_json::json!({ "before": { "version": left.version, "digest": left.digest }, "kept_collections": kept });
    step.write.secrets = secrets;
    let install = step.commit(desk, asker).await?;
    index(desk, asker, &install).await?;
    Ok(install)
}
