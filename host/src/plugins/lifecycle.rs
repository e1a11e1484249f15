//! Install, enable, disable: each a commit with its event, so that the log knows since when a plugin listened, and as what.

use super::{
    manifest::{Manifest, ManifestError},
    schedule, settings,
};
use crate::{
    desk::Desk,
    lane::{Asker, LaneError, into_lane_error},
};
use guichet_core::{
    changeset::{ChangeSet, InstallWrite},
    id::InstallId,
    install::{Install, InstallState},
    refusal::Refusal,
    ticket::verbs::tell,
};
use std::path::Path;

/// Why a plugin was not installed.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    #[error("{0} cannot be read")]
    File(String, #[source] std::io::Error),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Component(#[from] guichet_runtime::InstallError),
    #[error(transparent)]
    Lane(#[from] LaneError),
}

/// Installs a plugin from a folder with `plugin.toml` and `plugin.wasm`, grants all that its manifest asks, and enables it.
/// Where the tenant has the plugin already, it is upgraded: same place in the order, new epoch.
///
/// # Errors
/// [`LifecycleError`]; nothing is changed then.
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
    install(desk, asker, &manifest, &file("plugin.wasm")?, settings).await
}

/// The same from a manifest and a component.
///
/// # Errors
/// [`LifecycleError`]; nothing is changed then.
pub async fn install(
    desk: &Desk,
    asker: &Asker,
    manifest: &str,
    component: &[u8],
    settings: serde_json::Value,
) -> Result<Install, LifecycleError> {
    let manifest = Manifest::parse(manifest)?;
    let inspection = desk.runtime.install(component).await?;
    manifest.check(&inspection)?;
    let installs = desk
        .store
        .tenant(asker.tenant)
        .installs()
        .await
        .map_err(LaneError::from)?;
    let present = installs
        .iter()
        .find(|install| install.plugin == manifest.id);
    let last = installs
        .iter()
        .map(|install| install.position)
        .max()
        .unwrap_or(0);
    let id = present.map_or_else(|| InstallId(desk.clock.new_id()), |install| install.id);
    let kept = match present {
        Some(present) => desk
            .store
            .tenant(asker.tenant)
            .secret_names(present.id)
            .await
            .map_err(LaneError::from)?,
        None => Vec::new(),
    };
    let settings = settings::check(&manifest, &desk.secrets, id, settings, &kept)?;
    let install = Install {
        id,
        plugin: manifest.id.clone(),
        version: manifest.version.to_string(),
        digest: inspection.digest,
        epoch: present.map_or(1, |install| install.epoch + 1),
        state: InstallState::Enabled,
        position: present.map_or(last + 1, |install| install.position),
        from_sequence: present.map_or(0, |install| install.from_sequence),
        grants: manifest
            .permissions
            .iter()
            .map(|permission| permission.name.clone())
            .collect(),
        manifest: serde_json::to_value(&manifest)
            .map_err(|error| ManifestError::Form(error.to_string()))?,
        settings: settings.open,
    };
    let kind = if present.is_some() {
        "install.upgraded"
    } else {
        "install.enabled"
    };
    let write = InstallWrite {
        expected: present.map_or(0, |install| install.epoch),
        starts_here: present.is_none(),
        secrets: settings.sealed,
        install,
    };
    let install = write.install.clone();
    commit(desk, asker, write, kind).await?;
    if manifest.indexed_fields().next().is_some() {
        let installs = desk.installs(asker.tenant).await.map_err(LaneError::from)?;
        let indexed = installs
            .iter()
            .flat_map(|ready| ready.manifest.indexed_fields())
            .collect();
        desk.store
            .index_fields(asker.tenant, &indexed)
            .await
            .map_err(LaneError::from)?;
    }
    Ok(install)
}

/// Grants an install one of the permissions that its manifest asks for. Done twice it changes nothing.
///
/// # Errors
/// [`Refusal::NotFound`] where the tenant has no such plugin, [`Refusal::Invalid`] where the manifest does not ask for it.
pub async fn grant(
    desk: &Desk,
    asker: &Asker,
    plugin: &str,
    permission: &str,
) -> Result<(), LaneError> {
    let installs = desk.store.tenant(asker.tenant).installs().await?;
    let mut install = installs
        .into_iter()
        .find(|install| install.plugin == plugin)
        .ok_or_else(|| Refusal::NotFound(format!("the plugin {plugin}")))?;
    let manifest: Manifest = serde_json::from_value(install.manifest.clone())
        .map_err(|error| Refusal::Invalid(error.to_string()))?;
    let asked: Vec<_> = manifest
        .permissions
        .iter()
        .map(|permission| permission.name.as_str())
        .collect();
    if !asked.contains(&permission) {
        return Err(Refusal::Invalid(format!(
            "the manifest of {plugin} does not ask for `{permission}`, but for {}",
            asked.join(", ")
        ))
        .into());
    }
    if install.grants.iter().any(|granted| granted == permission) {
        return Ok(());
    }
    install.grants.push(permission.to_owned());
    let expected = install.epoch;
    install.epoch += 1;
    let write = InstallWrite {
        expected,
        starts_here: false,
        secrets: Vec::new(),
        install,
    };
    commit(desk, asker, write, "install.granted").await
}

/// Enables or disables an install. Done twice it changes nothing. Enabled again, it sees the events from then on.
///
/// # Errors
/// [`Refusal::Conflict`] where somebody else changed it.
pub async fn set_state(
    desk: &Desk,
    asker: &Asker,
    mut install: Install,
    state: InstallState,
) -> Result<(), LaneError> {
    if install.state == state {
        return Ok(());
    }
    let before = install.epoch;
    install.state = state;
    install.epoch += 1;
    let kind = match state {
        InstallState::Enabled => "install.enabled",
        InstallState::Disabled => "install.disabled",
    };
    let write = InstallWrite {
        expected: before,
        starts_here: state == InstallState::Enabled,
        secrets: Vec::new(),
        install,
    };
    commit(desk, asker, write, kind).await
}

async fn commit(
    desk: &Desk,
    asker: &Asker,
    write: InstallWrite,
    kind: &str,
) -> Result<(), LaneError> {
    let stamp = asker.stamp(desk);
    let install = &write.install;
    let secrets: Vec<_> = write.secrets.iter().map(|(name, _)| name).collect();
    let mut changes = ChangeSet::new(asker.tenant);
    // Of secrets, the log knows that they were set.
    let data = serde_json::json!({
        "install": install.id, "plugin": install.plugin, "version": install.version, "digest": install.digest, "epoch": install.epoch,
        "grants": install.grants, "settings": install.settings, "secrets": secrets,
    });
    changes.events.push(tell(kind, data, &stamp));
    changes.jobs = schedule::jobs(desk, asker.tenant, install).await?;
    changes.installs.push(write);
    desk.commit(changes).await.map_err(into_lane_error)?;
    desk.forget_installs(asker.tenant);
    Ok(())
}

impl From<Refusal> for LifecycleError {
    fn from(refusal: Refusal) -> Self {
        Self::Lane(refusal.into())
    }
}
