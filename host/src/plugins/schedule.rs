//! When a schedule's job is due: cron in a time zone, so that nine in the morning stays nine in the morning when clocks change.

use super::manifest::{Manifest, Schedule};
use crate::desk::Desk;
use guichet_core::{
    id::{InstallId, JobId, TenantId},
    install::{Install, InstallState},
    job::{Job, JobWrite, SCHEDULE_KEY},
    time::Timestamp,
};
use guichet_store::StoreError;
use std::collections::BTreeSet;

fn key(name: &str) -> String {
    format!("{SCHEDULE_KEY}{name}")
}

/// A schedule's next run, as a job. None where it fits no time to come.
pub fn job(
    schedule: &Schedule,
    id: JobId,
    install: InstallId,
    after: Timestamp,
    zone: &str,
) -> Option<Job> {
    let after = jiff::Timestamp::from_microsecond(after.0).ok()?;
    let due_at = schedule.next_after(after, zone).ok().flatten()?;
    Some(Job {
        id,
        install,
        name: schedule.name.clone(),
        key: Some(key(&schedule.name)),
        payload: "{}".to_owned(),
        due_at: Timestamp(due_at.as_microsecond()),
        attempt: 0,
        cause: None,
        root: None,
        depth: 0,
        ticket: None,
    })
}

/// What becomes of an install's schedules when it changes: those of the enabled one wait for their next time, all others end.
///
/// # Errors
/// Where the database fails.
pub async fn jobs(
    desk: &Desk,
    tenant: TenantId,
    install: &Install,
) -> Result<Vec<JobWrite>, StoreError> {
    let store = desk.store.tenant(tenant);
    let schedules = |manifest: &serde_json::Value| {
        serde_json::from_value::<Manifest>(manifest.clone())
            .map(|manifest| manifest.schedules)
            .unwrap_or_default()
    };
    let before = store.install(install.id).await?;
    let before = before.map_or_else(Vec::new, |before| schedules(&before.manifest));
    let now = match install.state {
        InstallState::Enabled => schedules(&install.manifest),
        InstallState::Staged | InstallState::Disabled | InstallState::Removed => Vec::new(),
    };
    let kept: BTreeSet<_> = now.iter().map(|schedule| &schedule.name).collect();
    let ended = before
        .iter()
        .filter(|schedule| !kept.contains(&schedule.name))
        .map(|schedule| JobWrite::Cancel {
            install: install.id,
            key: key(&schedule.name),
        });
    let mut writes: Vec<_> = ended.collect();
    let zone = store.zone().await?;
    for schedule in &now {
        let id = JobId(desk.clock.new_id());
        let next = job(schedule, id, install.id, desk.clock.now(), &zone);
        writes.extend(next.map(JobWrite::Enqueue));
    }
    Ok(writes)
}
