//! What is there now, of all that a group touches: loaded with one statement a kind, kept up to date as members are accepted.

use crate::{
    db::{Arg, Row, Tx, placeholders},
    error::StoreError,
    limits::PARAMETERS_MAX,
    rows,
};
use guichet_core::{
    changeset::{ChangeSet, Check, RecordKey},
    delivery::DeliveryMark,
    event::Lane,
    id::{CustomerId, InstallId, JobId, MessageId, TenantId, TicketId},
    job::JobState,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// How far a cursor is: all up to `low`, and these above it.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    pub(super) low: u64,
    pub(super) done: BTreeSet<u64>,
}

impl Place {
    fn of(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            low: row.count("low")?,
            done: rows::from_json(&row.text("done")?)?,
        })
    }

    pub(super) fn is_done(&self, sequence: u64) -> bool {
        sequence <= self.low || self.done.contains(&sequence)
    }

    /// The same with all before that event done.
    pub(super) fn from(&self, first: u64) -> Self {
        let mut place = self.clone();
        place.low = place.low.max(first.saturating_sub(1));
        place.done.retain(|sequence| *sequence > place.low);
        place.take(std::iter::empty());
        place
    }

    pub(super) fn take(&mut self, done: impl Iterator<Item = u64>) {
        let low = self.low;
        self.done.extend(done.filter(|sequence| *sequence > low));
        while self.done.remove(&(self.low + 1)) {
            self.low += 1;
        }
    }
}

/// A record that is there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kept {
    pub(super) version: u64,
    /// What it takes of its install's share; nothing once it is deleted.
    pub(super) bytes: u64,
}

/// The present of one tenant.
pub(super) struct Present {
    pub(super) sequence: u64,
    pub(super) number: u64,
    /// Of the tenant.
    pub(super) place: Place,
    /// Of installs that have cursors of their own; loaded where the group is about one.
    pub(super) own: HashMap<InstallId, Place>,
    epoch: u64,
    pub(super) changed: bool,
    pub(super) tickets: HashMap<TicketId, u64>,
    pub(super) customers: HashMap<CustomerId, u64>,
    pub(super) records: HashMap<RecordKey, Kept>,
    pub(super) identities: HashSet<String>,
    /// Epoch, and whether it is enabled.
    pub(super) installs: HashMap<InstallId, (u64, bool)>,
    /// Sequence and attempts.
    pub(super) parked: HashMap<(InstallId, Lane), (u64, u32)>,
    /// Of jobs that run, or were given up.
    pub(super) attempts: HashMap<JobId, (JobState, u32)>,
    /// What is known of messages on their way, of those whose way is asked about.
    pub(super) deliveries: HashMap<MessageId, Option<DeliveryMark>>,
    /// The version of people and groups, and whether this group makes another.
    pub(super) directory: u64,
    pub(super) people_changed: bool,
}

impl Present {
    /// Locks the tenant's row, so that nobody else numbers meanwhile, and loads.
    pub(super) async fn load(
        tx: &mut Tx,
        tenant: TenantId,
        members: &[&ChangeSet],
    ) -> Result<Self, StoreError> {
        let lock = if tx.is_postgres() { " for update" } else { "" };
        let sql = format!(
            "select sequence, number, low, done, epoch, directory from tenants where id = $1{lock}"
        );
        let found = tx.rows(&sql, vec![Arg::bytes(tenant.0)]).await?;
        let row = found
            .first()
            .ok_or_else(|| StoreError::Invalid("there is no such tenant".to_owned()))?;
        let mut present = Self {
            sequence: row.count("sequence")?,
            number: row.count("number")?,
            place: Place::of(row)?,
            own: HashMap::new(),
            epoch: row.count("epoch")?,
            changed: false,
            tickets: HashMap::new(),
            customers: HashMap::new(),
            records: HashMap::new(),
            identities: HashSet::new(),
            installs: HashMap::new(),
            parked: HashMap::new(),
            attempts: HashMap::new(),
            deliveries: HashMap::new(),
            directory: row.count("directory")?,
            people_changed: false,
        };
        present.load_versions(tx, tenant, members).await?;
        present.load_installs(tx, tenant, members).await?;
        present.load_cursors(tx, tenant, members).await?;
        Ok(present)
    }

    async fn load_versions(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        members: &[&ChangeSet],
    ) -> Result<(), StoreError> {
        let wanted = Wanted::of(members);
        for row in by_args(
            tx,
            tenant,
            "select id, version from tickets",
            "id",
            wanted.tickets,
        )
        .await?
        {
            self.tickets
                .insert(TicketId(row.id("id")?), row.count("version")?);
        }
        for row in by_args(
            tx,
            tenant,
            "select id, version from customers",
            "id",
            wanted.customers,
        )
        .await?
        {
            self.customers
                .insert(CustomerId(row.id("id")?), row.count("version")?);
        }
        for row in by_args(
            tx,
            tenant,
            "select name from identities",
            "name",
            wanted.identities,
        )
        .await?
        {
            self.identities.insert(row.text("name")?);
        }
        self.load_records(tx, tenant, &wanted.records).await?;
        for row in by_args(
            tx,
            tenant,
            "select id, state, attempt from jobs",
            "state <> 'waiting' and id",
            wanted.jobs,
        )
        .await?
        {
            let attempt = u32::try_from(row.int("attempt")?).unwrap_or(u32::MAX);
            let state = rows::job_state(&row)?;
            self.attempts.insert(JobId(row.id("id")?), (state, attempt));
        }
        for row in by_args(
            tx,
            tenant,
            "select id, delivery from messages",
            "id",
            wanted.messages,
        )
        .await?
        {
            let mark = rows::delivery(&row)?.map(|delivery| delivery.mark());
            self.deliveries.insert(MessageId(row.id("id")?), mark);
        }
        Ok(())
    }

    pub(super) fn record_version(&self, key: &RecordKey) -> Option<&u64> {
        self.records.get(key).map(|kept| &kept.version)
    }

    /// By their whole names, one look-up each: an install may have very many.
    async fn load_records(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        wanted: &HashSet<&RecordKey>,
    ) -> Result<(), StoreError> {
        let names: Vec<_> = wanted
            .iter()
            .map(|key| {
                [
                    Arg::bytes(key.install.0),
                    Arg::text(&key.collection),
                    Arg::text(&key.key),
                ]
            })
            .collect();
        for some in names.chunks(PARAMETERS_MAX / 8) {
            let some = to_power_of_two(some);
            let sql = records_named(some.len());
            let mut args = some.concat();
            args.push(Arg::bytes(tenant.0));
            for row in tx.rows(&sql, args).await? {
                let key = RecordKey {
                    install: InstallId(row.id("install_id")?),
                    collection: row.text("collection")?,
                    key: row.text("key")?,
                };
                let body_bytes = row.opt_int("bytes")?.map(i64::cast_unsigned);
                let bytes = body_bytes.map_or(0, |bytes| key.bytes_with(bytes));
                let version = row.count("version")?;
                self.records.insert(key, Kept { version, bytes });
            }
        }
        Ok(())
    }

    async fn load_installs(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        members: &[&ChangeSet],
    ) -> Result<(), StoreError> {
        let checks = || members.iter().flat_map(|member| &member.checks);
        let epochs = checks().any(|check| matches!(check, Check::Epoch(..)))
            || members
                .iter()
                .any(|member| !member.installs.is_empty() || member.rejoins.is_some());
        let parked = checks().any(|check| matches!(check, Check::Parked(..)));
        if epochs {
            for row in tx
                .rows(
                    "select id, epoch, state from installs where tenant_id = $1",
                    vec![Arg::bytes(tenant.0)],
                )
                .await?
            {
                self.installs.insert(
                    InstallId(row.id("id")?),
                    (row.count("epoch")?, row.text("state")? == "enabled"),
                );
            }
        }
        if parked {
            for row in tx
                .rows(
                    "select * from parked where tenant_id = $1",
                    vec![Arg::bytes(tenant.0)],
                )
                .await?
            {
                let row = rows::parked(&row)?;
                self.parked
                    .insert((row.install, row.lane), (row.sequence, row.attempts));
            }
        }
        Ok(())
    }

    async fn load_cursors(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        members: &[&ChangeSet],
    ) -> Result<(), StoreError> {
        let is_about_one = |member: &&ChangeSet| {
            member.cursor.is_some() || member.rejoins.is_some() || !member.installs.is_empty()
        };
        if !members.iter().any(is_about_one) {
            return Ok(());
        }
        let sql = "select install_id, low, done from cursors where tenant_id = $1";
        for row in tx.rows(sql, vec![Arg::bytes(tenant.0)]).await? {
            let install = InstallId(row.id("install_id")?);
            self.own.insert(install, Place::of(&row)?);
        }
        Ok(())
    }

    /// Writes the tenant's counters and cursor.
    pub(super) async fn write(&self, tx: &mut Tx, tenant: TenantId) -> Result<(), StoreError> {
        if !self.changed && !self.people_changed {
            return Ok(());
        }
        let args = vec![
            Arg::bytes(tenant.0),
            Arg::int(self.sequence),
            Arg::int(self.number),
            Arg::int(self.place.low),
            rows::json(&self.place.done)?,
            Arg::int(self.epoch),
            Arg::int(self.directory + u64::from(self.people_changed)),
        ];
        let sql = "update tenants set sequence = $2, number = $3, low = $4, done = $5, directory = $7 where id = $1 and epoch = $6";
        match tx.execute(sql, args).await? {
            1 => Ok(()),
            _ => Err(StoreError::Invalid(
                "the tenant has another owner now".to_owned(),
            )),
        }
    }
}

/// What a group names, each once.
struct Wanted<'a> {
    tickets: Vec<Arg>,
    customers: Vec<Arg>,
    identities: Vec<Arg>,
    records: HashSet<&'a RecordKey>,
    jobs: Vec<Arg>,
    messages: Vec<Arg>,
}

impl<'a> Wanted<'a> {
    fn of(members: &[&'a ChangeSet]) -> Self {
        let (mut tickets, mut customers, mut identities, mut records, mut jobs, mut messages) = (
            HashSet::new(),
            HashSet::new(),
            HashSet::new(),
            HashSet::new(),
            HashSet::new(),
            HashSet::new(),
        );
        for member in members {
            tickets.extend(
                // New ones, too: an id that is there already is no new ticket.
                member.tickets.iter().map(|write| write.ticket.id.0),
            );
            customers.extend(member.customers.iter().map(|write| write.customer.id.0));
            records.extend(member.records.iter().map(|write| &write.key));
            for check in &member.checks {
                match check {
                    Check::Ticket(id, _) => drop(tickets.insert(id.0)),
                    Check::Record(key, _) => drop(records.insert(key)),
                    Check::IdentityIsFree(name) => drop(identities.insert(name.as_str())),
                    Check::Customer(id, _) => drop(customers.insert(id.0)),
                    Check::Attempt(job, _) | Check::GivenUp(job, _) => drop(jobs.insert(job.0)),
                    Check::Delivery(message, _) => drop(messages.insert(message.0)),
                    Check::Epoch(..) | Check::Parked(..) => {}
                }
            }
        }
        let ids = |ids: HashSet<Uuid>| ids.into_iter().map(Arg::bytes).collect();
        let texts = |texts: HashSet<&str>| texts.into_iter().map(Arg::text).collect();
        Self {
            tickets: ids(tickets),
            customers: ids(customers),
            identities: texts(identities),
            records,
            jobs: ids(jobs),
            messages: ids(messages),
        }
    }
}

/// Grown to a power of two by repeating the last, so that few texts are prepared.
fn to_power_of_two<T: Clone>(some: &[T]) -> Vec<T> {
    let last = some.last().into_iter().cycle();
    let count = some.len().next_power_of_two();
    some.iter().chain(last).take(count).cloned().collect()
}

/// Rows whose column is one of these.
async fn by_args(
    tx: &mut Tx,
    tenant: TenantId,
    select: &str,
    column: &str,
    all: Vec<Arg>,
) -> Result<Vec<Row>, StoreError> {
    let mut found = Vec::new();
    for some in all.chunks(PARAMETERS_MAX / 2) {
        let mut args = vec![Arg::bytes(tenant.0)];
        args.extend(to_power_of_two(some));
        let sql = format!(
            "{select} where tenant_id = $1 and {column} in ({})",
            placeholders(1, args.len() - 1)
        );
        found.extend(tx.rows(&sql, args).await?);
    }
    Ok(found)
}

/// Records by their whole names, each one look-up in their index.
fn records_named(count: usize) -> String {
    let values: Vec<_> = (0..count)
        .map(|place| {
            let first = 1 + 3 * place;
            format!("(${first}, ${}, ${})", first + 1, first + 2)
        })
        .collect();
    // A cross join, so that the database begins with the names.
    format!(
        "with wanted (install_id, collection, key) as (values {}) \
         select r.install_id, r.collection, r.key, r.version, cast(octet_length(r.body) as bigint) as bytes from wanted w cross join records r \
         where r.tenant_id = ${} and r.install_id = w.install_id and r.collection = w.collection and r.key = w.key",
        values.join(", "),
        3 * count + 1
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MEMORY, Store};

    #[tokio::test]
    async fn records_are_looked_up_in_their_index_however_many_there_are() {
        let store = Store::open(MEMORY, std::env::temp_dir()).await.unwrap();
        let sql = format!("explain query plan {}", records_named(2));
        let args = (0..7).map(|_| Arg::text("x")).collect();
        let rows = store.db.rows(&sql, args).await.unwrap();
        let plan: Vec<_> = rows.iter().map(|row| row.text("detail").unwrap()).collect();
        let look_up = "SEARCH r USING INDEX sqlite_autoindex_records_1 (tenant_id=? AND install_id=? AND collection=? AND key=?)";
        assert!(plan.iter().any(|line| line == look_up), "{plan:?}");
    }
}
