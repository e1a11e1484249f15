//! When a schedule's job is due: cron in a time zone, so that nine in the morning stays nine in the morning when clocks change.

use super::manifest::{Manifest, Schedule};
use crate::desk::Desk;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};
use guichet_core::{
    id::{InstallId, JobId, TenantId},
    install::{Install, InstallState},
    job::{Job, JobWrite, SCHEDULE_KEY},
    time::Timestamp,
};
use guichet_store::StoreError;
use jiff::{Zoned, tz::TimeZone};
use std::collections::BTreeSet;

/// What is wrong with a schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("the schedule `{name}`: `{cron}` is no cron expression of five fields: {reason}")]
    Cron {
        name: String,
        cron: String,
        reason: String,
    },
    #[error("the schedule `{name}`: there is no time zone `{zone}`")]
    Zone { name: String, zone: String },
}

impl Schedule {
    /// Checks expression and zone.
    ///
    /// # Errors
    /// [`ScheduleError`], naming the schedule.
    pub fn check(&self) -> Result<(), ScheduleError> {
        self.parsed()?;
        match &self.zone {
            Some(zone) => self.known(zone).map(drop),
            None => Ok(()),
        }
    }

    /// The first time after an instant, in its own zone or else the tenant's. None where the expression fits no time to come.
    ///
    /// # Errors
    /// [`ScheduleError`].
    pub fn next_after(
        &self,
        after: Timestamp,
        tenant_zone: &str,
    ) -> Result<Option<Timestamp>, ScheduleError> {
        let zone = self.known(self.zone.as_deref().unwrap_or(tenant_zone))?;
        let Ok(after) = jiff::Timestamp::from_microsecond(after.0) else {
            return Ok(None);
        };
        let next: Option<Zoned> = self
            .parsed()?
            .find_next_occurrence(&after.to_zoned(zone), false)
            .ok();
        Ok(next.map(|next| Timestamp(next.timestamp().as_microsecond())))
    }

    fn parsed(&self) -> Result<Cron, ScheduleError> {
        CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build()
            .parse(&self.cron)
            .map_err(|error| ScheduleError::Cron {
                name: self.name.clone(),
                cron: self.cron.clone(),
                reason: error.to_string(),
            })
    }

    fn known(&self, zone: &str) -> Result<TimeZone, ScheduleError> {
        TimeZone::get(zone).map_err(|_| ScheduleError::Zone {
            name: self.name.clone(),
            zone: zone.to_owned(),
        })
    }

    fn key(name: &str) -> String {
        format!("{SCHEDULE_KEY}{name}")
    }

    /// Its next run, as a job.
    pub fn job(&self, id: JobId, install: InstallId, after: Timestamp, zone: &str) -> Option<Job> {
        let due_at = self.next_after(after, zone).ok().flatten()?;
        Some(Job {
            id,
            install,
            name: self.name.clone(),
            key: Some(Self::key(&self.name)),
            payload: "{}".to_owned(),
            due_at,
            attempt: 0,
            cause: None,
            root: None,
            depth: 0,
            ticket: None,
        })
    }
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
        InstallState::Disabled => Vec::new(),
    };
    let kept: BTreeSet<_> = now.iter().map(|schedule| &schedule.name).collect();
    let ended = before
        .iter()
        .filter(|schedule| !kept.contains(&schedule.name))
        .map(|schedule| JobWrite::Cancel {
            install: install.id,
            key: Schedule::key(&schedule.name),
        });
    let mut writes: Vec<_> = ended.collect();
    let zone = store.zone().await?;
    for schedule in &now {
        let id = JobId(desk.clock.new_id());
        writes.extend(
            schedule
                .job(id, install.id, desk.clock.now(), &zone)
                .map(JobWrite::Enqueue),
        );
    }
    Ok(writes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{parse_rfc3339, rfc3339};

    fn next(cron: &str, zone: Option<&str>, after: &str) -> String {
        let schedule = Schedule {
            name: "digest".to_owned(),
            cron: cron.to_owned(),
            zone: zone.map(str::to_owned),
        };
        let next = schedule.next_after(parse_rfc3339(after).unwrap(), "Asia/Shanghai");
        next.unwrap().map_or_else(|| "never".to_owned(), rfc3339)
    }

    #[test]
    fn nine_in_the_morning_is_read_in_the_tenants_zone_or_the_schedules_own() {
        assert_eq!(
            next("0 9 * * *", None, "2026-11-25T00:59:00Z"),
            "2026-11-25T01:00:00Z"
        );
        assert_eq!(
            next("0 9 * * *", None, "2026-11-25T01:00:00Z"),
            "2026-11-26T01:00:00Z"
        );
        assert_eq!(
            next("0 9 * * *", Some("UTC"), "2026-11-25T01:00:00Z"),
            "2026-11-25T09:00:00Z"
        );
    }

    #[test]
    fn nine_in_the_morning_stays_so_when_clocks_change() {
        let berlin = Some("Europe/Berlin");
        assert_eq!(
            next("0 9 * * *", berlin, "2026-03-28T12:00:00Z"),
            "2026-03-29T07:00:00Z"
        );
        assert_eq!(
            next("0 9 * * *", berlin, "2026-10-24T12:00:00Z"),
            "2026-10-25T08:00:00Z"
        );
    }

    #[test]
    fn what_is_no_expression_is_told_with_the_schedules_name() {
        let schedule = |cron: &str, zone: Option<&str>| Schedule {
            name: "digest".to_owned(),
            cron: cron.to_owned(),
            zone: zone.map(str::to_owned),
        };
        let error = schedule("every day", None).check().unwrap_err().to_string();
        assert!(
            error.contains("`digest`") && error.contains("`every day`"),
            "{error}"
        );
        assert!(
            schedule("0 0 9 * * *", None).check().is_err(),
            "seconds are not offered"
        );
        assert!(schedule("0 9 * * *", Some("Mars/Olympus")).check().is_err());
        assert_eq!(schedule("0 9 * * 1-5", None).check(), Ok(()));
    }
}
