//! Uninstalled: it runs no more and is shown nowhere; its data is kept for a while, for whoever wants it back, and then goes for good.

use super::Step;
use crate::{
    clock::rfc3339,
    desk::Desk,
    lane::{Asker, LaneError},
    limits::REMOVED_INSTALL_KEPT_MS,
};
use guichet_core::{
    changeset::CursorWrite,
    install::{Install, InstallState},
};
use guichet_store::KeptRecord;

/// Removes an install.
///
/// # Errors
/// Where somebody else changed it.
pub async fn remove(desk: &Desk, asker: &Asker, mut install: Install) -> Result<(), LaneError> {
    install.state = InstallState::Removed;
    install.history.pending = None;
    install.history.removed_at = Some(desk.clock.now());
    let mut step = Step::of(install, "install.removed");
    // Installed again, it sees what comes from then on.
    step.write.cursor = CursorWrite::Goes;
    step.commit(desk, asker).await.map(drop)
}

/// Forgets what was removed long enough ago; answers how many installs.
///
/// # Errors
/// Where the database fails.
pub async fn forget_removed(desk: &Desk, asker: &Asker) -> Result<usize, LaneError> {
    let before = desk.clock.now().plus_milliseconds(-REMOVED_INSTALL_KEPT_MS);
    let installs = desk.store.tenant(asker.tenant).installs().await?;
    let mut forgotten = 0;
    for install in installs {
        if install.state == InstallState::Removed
            && install.history.removed_at.is_some_and(|at| at <= before)
        {
            let mut step = Step::of(install, "install.forgotten");
            step.write.forgets = true;
            step.commit(desk, asker).await?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}

/// A record as it is exported: one JSON, one line. Collections that another version keeps in another form are named `name@version`.
pub fn exported_line(record: &KeptRecord) -> String {
    let body: serde_json::Value = serde_json::from_str(&record.body).unwrap_or_default();
    serde_json::json!({
        "collection": record.collection, "key": record.key, "version": record.version,
        "updated_at": rfc3339(record.updated_at), "body": body,
    })
    .to_string()
}
