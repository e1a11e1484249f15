//! The server as a whole: one store, one runtime, one clock, and what is kept in memory of each tenant.

use crate::{
    clock::Clock,
    config::Place,
    dispatch::Dispatch,
    due::{Due, holder::Holder},
    in_flight::InFlight,
    inbound::http::{guesses::Guesses, plugin_route::Places},
    live::Live,
    plugins::{
        Ready,
        breaker::Breakers,
        market::{self, Market, MarketSettings},
        runs::Runs,
        secrets::{KeyError, Keys},
    },
};
use guichet_core::{
    changeset::{ChangeSet, Committed},
    id::TenantId,
    install::{Install, InstallState},
    job::JobWrite,
};
use guichet_outside::{Outside, OutsideSettings, SettingsError, SystemResolver};
use guichet_runtime::{Compiler, Runtime, RuntimeSettings};
use guichet_store::{CommitError, MEMORY, Store, StoreError};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// Everything that a running server has.
pub struct Desk {
    pub store: Store,
    pub runtime: Arc<Runtime>,
    pub clock: Clock,
    pub runs: Runs,
    pub(crate) breakers: Breakers,
    pub secrets: Keys,
    /// The one way out for plugins.
    pub outside: Outside,
    pub market: Option<Market>,
    pub settings: DeskSettings,
    pub(crate) places: Places,
    pub(crate) guesses: Guesses,
    pub(crate) dispatch: Dispatch,
    pub(crate) due: Arc<Due>,
    pub(crate) live: Live,
    pub(crate) in_flight: InFlight,
    /// In whose name jobs run here, where they do.
    pub(crate) holder: Option<Holder>,
    /// Grows with each change of installs.
    generation: AtomicU64,
    installs: RwLock<HashMap<TenantId, Arc<Vec<Arc<Ready>>>>>,
    keys: RwLock<HashMap<TenantId, [u8; 32]>>,
}

/// How a desk is run.
#[derive(Debug, Clone)]
pub struct DeskSettings {
    pub place: Place,
    /// The program that compiles components when started with `compile-component`; absent compiles in this process (the tests' own).
    pub compiler: Option<PathBuf>,
    /// Seconds that compiling a component may take; [`guichet_runtime::limits::COMPILE_SECONDS_MAX`] but where a test wants less.
    pub compile_seconds_max: u64,
    /// Whether it dispatches and does what is due; one of a tenant's desks does. What operators run beside a server does not.
    pub works: bool,
    /// A small pool of instances, for many desks in one process.
    pub small: bool,
    /// Milliseconds of a lane's turn; [`crate::limits::TURN_MS`] but where a test wants another.
    pub turn_ms: u64,
    /// Requests to one plugin's routes that may begin at once; [`crate::limits::ROUTE_BURST`] but where a test wants another.
    pub route_burst: f64,
    /// Milliseconds that the database may work for one call of a plugin, at most; what the point allows but where a test wants less.
    pub database_ms_max: u64,
    /// Bytes that an install's records may take; [`guichet_core::limits::RECORDS_BYTES_MAX`] but where a test wants less.
    pub record_bytes_max: u64,
    /// Which certificates plugins' calls trust, and where they may not go.
    pub outside: OutsideSettings,
    /// Where plugins come from.
    pub market: Option<MarketSettings>,
    /// As the world writes this server's address, such as `https://desk.example.com`; absent: `http://` and a request's host.
    pub public_address: Option<String>,
}

impl DeskSettings {
    /// A desk at a place that works, as a server of its own would.
    pub fn at(place: Place) -> Self {
        Self {
            place,
            compiler: None,
            compile_seconds_max: guichet_runtime::limits::COMPILE_SECONDS_MAX,
            works: true,
            small: false,
            turn_ms: crate::limits::TURN_MS,
            route_burst: crate::limits::ROUTE_BURST,
            database_ms_max: u64::MAX,
            record_bytes_max: guichet_core::limits::RECORDS_BYTES_MAX,
            outside: OutsideSettings::default(),
            market: None,
            public_address: None,
        }
    }
}

/// Why a desk cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error("the database")]
    Store(#[from] StoreError),
    #[error("the plugin runtime")]
    Runtime(#[from] guichet_runtime::RuntimeError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Market(#[from] guichet_marketplace::client::ClientError),
    #[error("certificates for calls to the outside")]
    Outside(#[from] SettingsError),
    #[error("the folder {0}")]
    Folder(String, #[source] std::io::Error),
}

impl Desk {
    /// Opens the database, starts the runtime, and begins to dispatch what is waiting in the log.
    ///
    /// # Errors
    /// [`DeskError`], with its cause.
    pub async fn start(settings: DeskSettings, clock: Clock) -> Result<Arc<Self>, DeskError> {
        let data = settings.place.data.clone();
        let places = Places::new(settings.route_burst);
        let failed = |error| DeskError::Folder(data.display().to_string(), error);
        std::fs::create_dir_all(&data).map_err(failed)?;
        let (holder, in_flight) = match settings.works {
            true => {
                let holder = match settings.place.database.as_deref() {
                    Some(MEMORY) => Holder::of_memory(),
                    _ => Holder::take(&data).await.map_err(failed)?,
                };
                (Some(holder), InFlight::open(&data).map_err(failed)?)
            }
            false => (None, InFlight::elsewhere()),
        };
        let secrets = Keys::open(&settings.place)?;
        let outside = Outside::new(
            settings.outside.clone(),
            Arc::new(SystemResolver::default()),
        )?;
        let market = settings.market.clone().map(Market::new).transpose()?;
        let store = Store::open(&settings.place.database_url(), data.join("files")).await?;
        let runtime = Runtime::start(RuntimeSettings {
            cache_dir: data.join("plugins"),
            compiler: settings
                .compiler
                .clone()
                .map_or(Compiler::Here, |program| Compiler::Child {
                    program,
                    seconds_max: settings.compile_seconds_max,
                }),
            threads: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            small: settings.small,
        })?;
        let desk = Arc::new(Self {
            store,
            runtime,
            clock,
            runs: Runs::default(),
            breakers: Breakers::default(),
            secrets,
            outside,
            market,
            settings,
            places,
            guesses: Guesses::default(),
            dispatch: Dispatch::default(),
            due: Arc::default(),
            live: Live::default(),
            in_flight,
            holder,
            generation: AtomicU64::new(0),
            installs: RwLock::default(),
            keys: RwLock::default(),
        });
        Live::start(&desk);
        if let Some(holder) = &desk.holder {
            let suspects = desk.in_flight.suspected_jobs();
            desk.store.release_jobs(holder.id, &suspects).await?;
            Dispatch::start(&desk).await?;
            Due::start(&desk);
            market::follow(&desk);
        }
        Ok(desk)
    }

    /// Commits a change-set, and wakes whoever looks after what it makes due.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn commit(&self, mut changes: ChangeSet) -> Result<Committed, CommitError> {
        if changes.tickets.iter().any(|write| write.fields_changed) {
            let installs = self.installs(changes.tenant).await?;
            changes.indexed = installs
                .iter()
                .flat_map(|ready| ready.manifest.indexed_fields())
                .collect();
        }
        let makes_due = changes
            .jobs
            .iter()
            .any(|write| matches!(write, JobWrite::Enqueue(_)))
            || changes
                .tickets
                .iter()
                .any(|write| write.ticket.pending_until.is_some());
        let committed = self.store.commit(changes).await?;
        if makes_due {
            self.due.wake();
        }
        Ok(committed)
    }

    /// The key of a tenant's derived ids.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key(&self, tenant: TenantId) -> Result<[u8; 32], StoreError> {
        if let Some(key) = read(&self.keys).get(&tenant) {
            return Ok(*key);
        }
        let key = self.store.tenant(tenant).key().await?;
        write(&self.keys).insert(tenant, key);
        Ok(key)
    }

    /// The installs of a tenant, in their order. One whose component cannot be loaded now has none: what comes for it waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn installs(&self, tenant: TenantId) -> Result<Arc<Vec<Arc<Ready>>>, StoreError> {
        if let Some(installs) = read(&self.installs).get(&tenant) {
            return Ok(installs.clone());
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let mut ready = Vec::new();
        let installs = self.store.tenant(tenant).installs().await?;
        for install in installs.into_iter().filter(Install::is_here) {
            ready.extend(self.make_ready(install).await.map(Arc::new));
        }
        ready.sort_by_key(|ready| (ready.install.position, ready.install.id));
        let ready = Arc::new(ready);
        // What changed while it was loaded is not kept: the next one asks again.
        let mut installs = write(&self.installs);
        if self.generation.load(Ordering::SeqCst) == generation {
            installs.insert(tenant, ready.clone());
        }
        drop(installs);
        Ok(ready)
    }

    /// The installs of a tenant, where they are known just now: nothing is looked up.
    pub fn known_installs(&self, tenant: TenantId) -> Option<Arc<Vec<Arc<Ready>>>> {
        read(&self.installs).get(&tenant).cloned()
    }

    /// Forgets what is known of a tenant's installs: they have changed.
    pub fn forget_installs(&self, tenant: TenantId) {
        let mut installs = write(&self.installs);
        self.generation.fetch_add(1, Ordering::SeqCst);
        installs.remove(&tenant);
    }

    /// Forgets all tenants' installs: another process may have changed them.
    pub(crate) fn forget_all_installs(&self) {
        let mut installs = write(&self.installs);
        self.generation.fetch_add(1, Ordering::SeqCst);
        installs.clear();
    }

    async fn make_ready(&self, install: Install) -> Option<Ready> {
        let plugin = match self.runtime.load(&install.digest).await {
            Ok(plugin) => Some(plugin),
            Err(error) => {
                if install.state == InstallState::Enabled {
                    tracing::error!(plugin = install.plugin, digest = install.digest, %error, "a plugin cannot be loaded");
                }
                None
            }
        };
        Ready::new(install, plugin)
    }
}

fn read<T>(lock: &RwLock<T>) -> std::sync::RwLockReadGuard<'_, T> {
    lock.read()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> std::sync::RwLockWriteGuard<'_, T> {
    lock.write()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}
