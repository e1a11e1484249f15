//! A package comes in. A new plugin is staged and waits for consent; another version of a present one waits beside it, and the one that runs runs on.

use super::{
    LifecycleError, Step, consent, switch,
    version::{copies, migrations},
};
use crate::{
    desk::Desk,
    lane::Asker,
    plugins::{
        expressions,
        manifest::{Manifest, ManifestError},
    },
};
use guichet_core::{
    id::InstallId,
    install::{Install, InstallHistory, InstallState, Source, Version},
    refusal::Refusal,
};
use guichet_package::{layout::Package, tar::Files};
use std::path::Path;

/// What comes in.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The text of `plugin.toml`.
    pub manifest: String,
    pub component: Vec<u8>,
    /// sha-256 of the package.
    pub package: Option<String>,
    pub source: Source,
}

/// Takes a version in: checked against its manifest, compiled, kept. What is there already is not taken in twice.
///
/// # Errors
/// [`LifecycleError`]: what is wrong with manifest or component; [`Refusal::Conflict`] for a version below the one that runs.
pub async fn take_in(
    desk: &Desk,
    asker: &Asker,
    incoming: Incoming,
) -> Result<Install, LifecycleError> {
    let manifest = Manifest::parse(&incoming.manifest)?;
    expressions::check(&manifest)?;
    let inspection = guichet_package::component::inspect(&incoming.component)
        .map_err(guichet_runtime::InstallError::from)?;
    manifest.check(&inspection)?;
    let digest = desk.runtime.install(&incoming.component).await?.digest;
    let version = Version {
        version: manifest.version.to_string(),
        digest,
        package: incoming.package,
        manifest: serde_json::to_value(&manifest)
            .map_err(|error| ManifestError::Form(error.to_string()))?,
        grants: Vec::new(),
        source: incoming.source,
        at: desk.clock.now(),
    };
    let installs = desk.store.tenant(asker.tenant).installs().await?;
    let last = installs.iter().map(|install| install.position).max();
    let present = installs
        .into_iter()
        .find(|install| install.plugin == manifest.id);
    match present {
        Some(present) if matches!(present.state, InstallState::Staged | InstallState::Removed) => {
            stage_again(desk, asker, present, version).await
        }
        Some(present) => offer(desk, asker, present, &manifest, version).await,
        None => {
            let mut install = Install {
                id: InstallId(desk.clock.new_id()),
                plugin: manifest.id.clone(),
                version: String::new(),
                digest: String::new(),
                epoch: 0,
                state: InstallState::Staged,
                position: last.unwrap_or(0) + 1,
                from_sequence: 0,
                apart: false,
                manifest: serde_json::Value::Null,
                settings: serde_json::json!({}),
                grants: Vec::new(),
                history: InstallHistory::default(),
            };
            install.become_version(version);
            Ok(Step::of(install, "install.staged")
                .commit(desk, asker)
                .await?)
        }
    }
}

/// Nobody has consented to it yet, or it was removed and is wanted again: what is new takes its place. Data that is kept of it is its own again.
async fn stage_again(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    version: Version,
) -> Result<Install, LifecycleError> {
    if install.state == InstallState::Staged && install.digest == version.digest {
        return Ok(install);
    }
    let before = install.current();
    let was_removed = install.state == InstallState::Removed;
    install.state = InstallState::Staged;
    install.become_version(version);
    install.history.removed_at = None;
    install.history.revoked = None;
    install.history.pending = None;
    let mut step = Step::of(install, "install.staged");
    if was_removed {
        let install = &step.write.install;
        let manifest = crate::plugins::manifest::of(install)?;
        let copies = copies(&before, &install.current());
        step.jobs = migrations(desk, install, &manifest, &copies);
        step.write.copies = copies;
    }
    Ok(step.commit(desk, asker).await?)
}

/// The next version of a plugin that is there.
async fn offer(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    manifest: &Manifest,
    version: Version,
) -> Result<Install, LifecycleError> {
    let pending = install.history.pending.as_ref();
    if version.digest == install.digest
        || pending.is_some_and(|pending| pending.digest == version.digest)
    {
        return Ok(install);
    }
    let runs: semver::Version = install
        .version
        .parse()
        .map_err(|_| Refusal::Invalid(format!("{} is no version", install.version)))?;
    if manifest.version < runs {
        return Err(Refusal::Conflict(format!(
            "{} {} is below the version {runs} that is installed: to go back, roll back to a version that was here before",
            install.plugin, manifest.version
        ))
        .into());
    }
    let tells = serde_json::json!({ "offered": { "version": version.version, "digest": version.digest, "package": version.package } });
    install.history.pending = Some(version);
    let mut step = Step::of(install, "install.offered");
    step.tells = tells;
    Ok(step.commit(desk, asker).await?)
}

/// What an operator does at one stroke: takes in a folder with `plugin.toml` and `dist/plugin.wasm`, consents to all that it asks, and enables it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn install_folder(
    desk: &Desk,
    asker: &Asker,
    folder: &Path,
    settings: serde_json::Value,
) -> Result<Install, LifecycleError> {
    let file = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path)
            .map_err(|error| LifecycleError::File(path.display().to_string(), error))
    };
    let manifest = String::from_utf8(file("plugin.toml")?)
        .map_err(|_| ManifestError::Form("it is not UTF-8".to_owned()))?;
    install(desk, asker, &manifest, &file("dist/plugin.wasm")?, settings).await
}

/// The same from a manifest and a component.
///
/// # Errors
/// [`LifecycleError`].
pub async fn install(
    desk: &Desk,
    asker: &Asker,
    manifest: &str,
    component: &[u8],
    settings: serde_json::Value,
) -> Result<Install, LifecycleError> {
    // As it would be packed: so its digest names manifest and component both.
    let package = Package::build(manifest, component, Files::new())?;
    let incoming = Incoming {
        manifest: package.manifest_text().to_owned(),
        component: package.component().to_vec(),
        package: Some(package.digest().to_string()),
        source: Source::Folder,
    };
    at_one_stroke(desk, asker, incoming, settings).await
}

/// Takes a version in, consents to all that it asks, and enables it.
///
/// # Errors
/// [`LifecycleError`].
pub async fn at_one_stroke(
    desk: &Desk,
    asker: &Asker,
    incoming: Incoming,
    settings: serde_json::Value,
) -> Result<Install, LifecycleError> {
    let text = incoming.manifest.clone();
    let install = take_in(desk, asker, incoming).await?;
    let manifest = Manifest::parse(&text)?;
    let asks = manifest.asks();
    let waiting = install
        .history
        .pending
        .as_ref()
        .map(|pending| &pending.digest);
    let consent = consent::Consent {
        digest: waiting.unwrap_or(&install.digest).clone(),
        grants: asks.map(|ask| ask.name).collect(),
        settings: Some(settings),
    };
    let install = consent::consent(desk, asker, install, consent).await?;
    Ok(switch::enable(desk, asker, install, None).await?)
}
