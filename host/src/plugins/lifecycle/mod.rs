//! # The life of a plugin in a tenant
//! taken in → consented to → enabled ⇄ disabled → upgraded → rolled back → removed.
//!
//! Each step is a commit with its event, so that the log knows since when a plugin listened, and as what. Each makes the install's epoch grow:
//! nothing of an older epoch commits. Calls that run meanwhile end on the version that they began with.

/// A package comes in: as a new install, or as the next version of one.
pub mod take_in;

/// An admin says what a version may do.
pub mod consent;

/// From one version to another, forth and back.
pub mod version;

/// Enabled, disabled, set, put in order.
pub mod switch;

/// Paused because it failed too often, and tried again.
pub mod pause;

/// Uninstalled, and its data in the end.
pub mod removal;

pub use consent::grant;
pub use take_in::{install, install_folder};

use super::{
    manifest::{self, ManifestError},
    schedule,
};
use crate::{
    desk::Desk,
    lane::{Asker, LaneError, into_lane_error},
};
use guichet_core::{
    changeset::{ChangeSet, CursorWrite, InstallWrite},
    install::Install,
    job::JobWrite,
    refusal::Refusal,
    ticket::verbs::tell,
};

/// Why a step was not taken; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    #[error("{0} cannot be read")]
    File(String, #[source] std::io::Error),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Package(#[from] guichet_package::PackageError),
    #[error(transparent)]
    Component(#[from] guichet_runtime::InstallError),
    #[error(transparent)]
    Lane(#[from] LaneError),
}

impl From<Refusal> for LifecycleError {
    fn from(refusal: Refusal) -> Self {
        Self::Lane(refusal.into())
    }
}

impl From<guichet_store::StoreError> for LifecycleError {
    fn from(error: guichet_store::StoreError) -> Self {
        Self::Lane(error.into())
    }
}

/// A step, ready to be committed.
struct Step {
    write: InstallWrite,
    kind: &'static str,
    /// What its event tells beside what it always tells.
    tells: serde_json::Value,
    jobs: Vec<JobWrite>,
    /// Whether its schedules are reckoned anew.
    schedules: bool,
}

impl Step {
    /// A step of an install that is there, as `install` says; its epoch grows.
    fn of(mut install: Install, kind: &'static str) -> Self {
        let expected = install.epoch;
        install.epoch += 1;
        Self {
            write: InstallWrite {
                expected,
                starts_here: false,
                cursor: CursorWrite::Stays,
                secrets: Vec::new(),
                indexes: Vec::new(),
                copies: Vec::new(),
                forgets: false,
                install,
            },
            kind,
            tells: serde_json::json!({}),
            jobs: Vec::new(),
            schedules: true,
        }
    }

    /// Commits it; answers the install as it is then.
    async fn commit(mut self, desk: &Desk, asker: &Asker) -> Result<Install, LaneError> {
        let stamp = asker.stamp(desk);
        let install = self.write.install.clone();
        if let Ok(manifest) = manifest::of(&install) {
            let collections = manifest.collections.into_iter();
            self.write.indexes = collections
                .map(|collection| (manifest::kept_as(&collection), collection.indexes))
                .collect();
        }
        let secrets: Vec<_> = self.write.secrets.iter().map(|(name, _)| name).collect();
        let mut changes = ChangeSet::new(asker.tenant);
        // Of secrets, the log knows that they were set.
        let mut data = serde_json::json!({
            "install": install.id, "plugin": install.plugin, "version": install.version, "digest": install.digest, "epoch": install.epoch,
            "state": install.state, "grants": install.grants, "settings": install.settings, "secrets": secrets,
        });
        if let (Some(data), Some(tells)) = (data.as_object_mut(), self.tells.as_object()) {
            data.extend(tells.clone());
        }
        changes.events.push(tell(self.kind, data, &stamp));
        if self.schedules {
            changes.jobs = schedule::jobs(desk, asker.tenant, &install).await?;
        }
        changes.jobs.extend(self.jobs);
        changes.installs.push(self.write);
        desk.commit(changes).await.map_err(into_lane_error)?;
        desk.forget_installs(asker.tenant);
        Ok(install)
    }
}

/// Has records and tickets be found by what a version declares that was not here before.
async fn index(desk: &Desk, asker: &Asker, install: &Install) -> Result<(), LaneError> {
    index_records(desk, asker, install).await;
    index_fields(desk, asker, install).await
}

/// Of records that were there before, each is gone through. The version runs, whatever comes of it: what cannot be made now is made later.
async fn index_records(desk: &Desk, asker: &Asker, install: &Install) {
    // On its own: whoever asked for it may go away meanwhile.
    let (store, tenant, install) = (desk.store.clone(), asker.tenant, install.id);
    let made = tokio::spawn(async move { store.index_records(tenant, install).await });
    if let Err(error) = made.await {
        tracing::error!(%error, "indexes of records are not made");
    }
}

/// An install that is not removed.
///
/// # Errors
/// [`Refusal::NotFound`] where the tenant has none of that name.
pub async fn known(desk: &Desk, asker: &Asker, plugin: &str) -> Result<Install, LaneError> {
    let installs = desk.store.tenant(asker.tenant).installs().await?;
    installs
        .into_iter()
        .find(|install| install.plugin == plugin && install.is_here())
        .ok_or_else(|| Refusal::NotFound(format!("the plugin {plugin}")).into())
}

/// Has tickets be found by the fields that the tenant's plugins declare: a plugin that comes to declare one has it on tickets already, perhaps.
async fn index_fields(desk: &Desk, asker: &Asker, install: &Install) -> Result<(), LaneError> {
    let declares =
        manifest::of(install).is_ok_and(|manifest| manifest.indexed_fields().next().is_some());
    if !declares {
        return Ok(());
    }
    let installs = desk.installs(asker.tenant).await?;
    let indexed = installs
        .iter()
        .flat_map(|ready| ready.manifest.indexed_fields())
        .collect();
    // On its own: whoever asked for it may go away meanwhile.
    let (store, tenant) = (desk.store.clone(), asker.tenant);
    tokio::spawn(async move { store.index_fields(tenant, &indexed).await })
        .await
        .map_err(|_| guichet_store::StoreError::Closed)??;
    Ok(())
}
