//! People and groups of a tenant, kept in memory as long as they are true: each use names the version that the database has now.

use crate::{
    Store,
    db::{Arg, Db},
    error::StoreError,
    limits::LIST_DATABASE_MS,
    rows,
    tenant::{Read, TenantStore},
};
use guichet_core::{
    directory::{Agent, Directory},
    id::{AgentId, CustomerId, TenantId},
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use uuid::Uuid;

/// The directories of the tenants that were asked for.
#[derive(Clone, Default)]
pub(crate) struct Directories(Arc<RwLock<HashMap<TenantId, Arc<Directory>>>>);

impl Store {
    /// The people and groups of a tenant, where the version of them is known already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn directory_at(
        &self,
        tenant: TenantId,
        version: u64,
    ) -> Result<Arc<Directory>, StoreError> {
        at(&self.db, &self.directories, tenant, version).await
    }
}

impl TenantStore {
    /// The people and groups, as they are now.
    ///
    /// # Errors
    /// [`StoreError`], as all of these.
    pub async fn directory(&self) -> Read<Arc<Directory>> {
        let version = self
            .one_of("select directory from tenants where id = $1", [], |row| {
                row.count("directory")
            })
            .await?;
        at(&self.db, &self.directories, self.id, version.unwrap_or(0)).await
    }

    /// All agents, by name.
    pub async fn agents(&self) -> Read<Vec<Agent>> {
        let mut agents: Vec<_> = self.directory().await?.agents().cloned().collect();
        agents.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Ok(agents)
    }

    /// An agent.
    pub async fn agent(&self, id: AgentId) -> Read<Option<Agent>> {
        Ok(self.directory().await?.agent(id).cloned())
    }

    /// The hash of the request with which an agent sent an idempotency key, and the id of what it made.
    pub async fn answered(&self, agent: AgentId, key: &str) -> Read<Option<(Vec<u8>, Uuid)>> {
        let sql = "select request, made from answered_requests where tenant_id = $1 and agent_id = $2 and key = $3";
        self.one_of(sql, [Arg::bytes(agent.0), Arg::text(key)], |row| {
            Ok((row.bytes("request")?, row.id("made")?))
        })
        .await
    }

    /// Customers after the given one in the order of their ids, at most `limit`; those whose name or identity has the text in it, if there is one.
    pub async fn list_customers(
        &self,
        text: Option<&str>,
        after: Option<CustomerId>,
        limit: u32,
    ) -> Read<Vec<CustomerId>> {
        let mut sql = "select id from customers c where c.tenant_id = $1 and c.id > $2".to_owned();
        let mut args = vec![Arg::bytes(after.unwrap_or(CustomerId::NOBODY).0)];
        if let Some(text) = text {
            let escaped = text
                .to_lowercase()
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            args.push(Arg::text(format!("%{escaped}%")));
            sql.push_str(
                " and (lower(c.name) like $3 escape '\\' or exists (select 1 from identities i where i.tenant_id = c.tenant_id and i.customer_id = c.id \
                 and i.name like $3 escape '\\'))",
            );
        }
        args.push(Arg::int(limit.into()));
        sql.push_str(&format!(" order by c.id limit ${}", args.len() + 1));
        // A part of a name is found by looking at all of them.
        let within = Duration::from_millis(LIST_DATABASE_MS);
        self.list_within(&sql, args, within, |row| row.id("id").map(CustomerId))
            .await
    }
}

async fn at(
    db: &Db,
    directories: &Directories,
    tenant: TenantId,
    version: u64,
) -> Result<Arc<Directory>, StoreError> {
    let known = directories
        .0
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&tenant)
        .filter(|directory| directory.version == version)
        .cloned();
    if let Some(directory) = known {
        return Ok(directory);
    }
    // One connection and one snapshot would be needed to be sure of the version: instead, a change while these are read is seen by reading it again.
    loop {
        let all = |sql: &'static str| db.rows(sql, vec![Arg::bytes(tenant.0)]);
        let before = version_of(db, tenant).await?;
        let agents = all("select * from agents where tenant_id = $1").await?;
        let groups = all("select * from agent_groups where tenant_id = $1").await?;
        let members = all("select * from members where tenant_id = $1").await?;
        let customer_groups = all("select * from customer_groups where tenant_id = $1").await?;
        if version_of(db, tenant).await? != before {
            continue;
        }
        let directory = Arc::new(Directory::new(
            before,
            agents.iter().map(rows::agent).collect::<Result<_, _>>()?,
            groups.iter().map(rows::group).collect::<Result<_, _>>()?,
            &members
                .iter()
                .map(rows::membership)
                .collect::<Result<Vec<_>, _>>()?,
            customer_groups
                .iter()
                .map(rows::customer_group)
                .collect::<Result<_, _>>()?,
        ));
        directories
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(tenant, directory.clone());
        return Ok(directory);
    }
}

async fn version_of(db: &Db, tenant: TenantId) -> Result<u64, StoreError> {
    let rows = db
        .rows(
            "select directory from tenants where id = $1",
            vec![Arg::bytes(tenant.0)],
        )
        .await?;
    rows.first().map_or(Ok(0), |row| row.count("directory"))
}
