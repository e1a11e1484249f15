//! The store: loads by id, commits change-sets. All SQL is in this crate, one source of it for SQLite and PostgreSQL.
//!
//! A tenant's data is reached through [`Store::tenant`] alone: there is no way to it without naming the tenant. Change-sets are committed in groups:
//! whatever waits is checked, numbered and written with a few multi-row statements and one commit. Events exist only as part of such a commit.

/// The seam between us and the two databases.
mod db;

/// Columns to types and back.
mod rows;

/// Tables, and how they came to be.
mod migrate;

/// What can go wrong.
mod error;

/// Grouped commits.
mod commit;

/// Where installs stand.
mod standing;

/// What is read of one tenant.
mod tenant;

/// Plugins' documents.
mod records;

/// The ways to them.
mod record_indexes;

/// Tickets' rows: their documents, and copies of what they are found by.
mod tickets;

/// Plugins' indexed fields.
mod fields;

/// Lists of tickets.
mod list;

/// Questions about tickets: pages, counts, aggregates.
mod query;

/// People and groups, kept in memory as long as they are true.
mod people;

/// Saved views.
mod views;

/// Jobs to be done.
mod jobs;

/// What the host is to do by itself.
mod due;

/// Backup and restore.
mod backup;

/// Content beside the database.
mod files;

/// Full text, in Chinese and in languages with blanks.
mod search;

/// The log as admins read it.
mod audit;

/// Marketplaces as they were last seen.
mod marketplaces;

/// Who is signed in, and with what.
mod access;

/// Bounds of the store.
pub mod limits;

pub use access::{KeptToken, Session, SignedIn, Token};
pub use audit::AuditQuery;
pub use backup::{backup, restore};
pub use commit::{CommitError, Signal};
pub use db::MEMORY;
pub use error::StoreError;
pub use fields::FieldIs;
pub use jobs::{DueJob, JobRow};
pub use list::{ListQuery, SeenBy};
pub use marketplaces::KeptIndex;
pub use query::{Eyes, Group, Measure, Page, Selection, SortKey, Unit};
pub use records::{KeptRecord, RecordPage, RecordRange};
pub use standing::DeadLetter;
pub use tenant::{Cursor, TenantStore};

use db::{Arg, Db};
use guichet_core::{
    changeset::{ChangeSet, Committed},
    directory::Tenant,
    id::TenantId,
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::broadcast;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) db: Db,
    queue: commit::Queue,
    signals: broadcast::Sender<Signal>,
    deliveries: Arc<AtomicU64>,
    directories: people::Directories,
    index: search::Index,
    folder: files::Folder,
}

impl Store {
    /// Opens `sqlite:///path/to/file.db`, `postgres://…` or a fresh database in memory ([`MEMORY`]), with a folder for large files, brings its tables up to date, and starts the committer.
    ///
    /// # Errors
    /// Where the database cannot be reached, or is of a later or altered version.
    pub async fn open(url: &str, files: PathBuf) -> Result<Self, StoreError> {
        let db = Db::open(url).await?;
        migrate::run(&db).await?;
        let index = search::Index::open(url, &db).await?;
        let (queue, waiting) = commit::Queue::new();
        let (signals, _) = broadcast::channel(1_024);
        let deliveries = Arc::new(AtomicU64::new(0));
        tokio::spawn(commit::serve(
            db.clone(),
            waiting,
            signals.clone(),
            deliveries.clone(),
        ));
        let folder = files::Folder::new(files);
        folder.clone().keep_swept(db.clone());
        record_indexes::resume(db.clone());
        search::start(db.clone(), index.clone(), signals.subscribe());
        Ok(Self {
            db,
            index,
            folder,
            queue,
            signals,
            deliveries,
            directories: people::Directories::default(),
        })
    }

    /// Commits a change-set: all of it, or nothing.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] where something it read or writes has changed, [`CommitError::AlreadyDone`] where its delivery was committed before.
    pub async fn commit(&self, changes: ChangeSet) -> Result<Committed, CommitError> {
        for file in changes.files.iter().filter(|file| files::is_large(file)) {
            self.folder.put(changes.tenant, file).await?;
        }
        self.queue.commit(changes).await
    }

    /// Sweeps out files that no commit named, of that age at least. Answers how many went.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sweep_files(&self, older_than: Duration) -> Result<u64, StoreError> {
        self.folder.sweep(&self.db, older_than).await
    }

    /// Tells after a commit that a tenant's log has grown. A signal only: losing one costs latency, never data.
    pub fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.signals.subscribe()
    }

    /// Deliveries ended by a commit since the start.
    pub fn deliveries(&self) -> u64 {
        self.deliveries.load(Ordering::Relaxed)
    }

    /// The data of one tenant.
    pub fn tenant(&self, id: TenantId) -> TenantStore {
        TenantStore {
            db: self.db.clone(),
            id,
            directories: self.directories.clone(),
            index: self.index.clone(),
            folder: self.folder.clone(),
        }
    }

    /// All tenants.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        self.db
            .rows(
                "select id, slug, name, zone from tenants order by slug",
                vec![],
            )
            .await?
            .iter()
            .map(rows::tenant)
            .collect()
    }

    /// Tenants whose log has events that nobody has handled, or that have deliveries to be tried again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tenants_with_work(&self) -> Result<Vec<TenantId>, StoreError> {
        let sql = "select id from tenants where low < sequence or exists (select 1 from parked where parked.tenant_id = tenants.id) \
             or exists (select 1 from cursors c join installs i on i.tenant_id = c.tenant_id and i.id = c.install_id \
             where c.tenant_id = tenants.id and i.state = 'enabled')";
        let found = self.db.rows(sql, vec![]).await?;
        found.iter().map(|row| row.id("id").map(TenantId)).collect()
    }

    /// Tenants with installs that were removed and whose data is still kept.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tenants_with_removed_installs(&self) -> Result<Vec<TenantId>, StoreError> {
        let sql = "select distinct tenant_id from installs where state = 'removed'";
        let found = self.db.rows(sql, vec![]).await?;
        let read = found.iter().map(|row| row.id("tenant_id").map(TenantId));
        read.collect()
    }

    /// The tenant of that name in addresses.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tenant_by_slug(&self, slug: &str) -> Result<Option<Tenant>, StoreError> {
        if slug.contains('\0') {
            return Ok(None);
        }
        self.db
            .rows(
                "select id, slug, name, zone from tenants where slug = $1",
                vec![Arg::text(slug)],
            )
            .await?
            .first()
            .map(rows::tenant)
            .transpose()
    }

    /// Makes a tenant. `key` is secret, and makes its derived ids.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where there is one of that name.
    pub async fn create_tenant(&self, tenant: &Tenant, key: [u8; 32]) -> Result<(), StoreError> {
        let args = vec![
            Arg::bytes(tenant.id.0),
            Arg::text(&tenant.slug),
            Arg::text(&tenant.name),
            Arg::Bytes(Some(key.to_vec())),
            Arg::text(&tenant.zone),
        ];
        self.db
            .execute("insert into tenants (id, slug, name, key, zone, sequence, number, low, done, epoch) values ($1, $2, $3, $4, $5, 0, 0, 0, '[]', 1)", args)
            .await
            .map(drop)
    }
}
