//! Components that are ready to run, and the runtime that keeps them. Compiled code is cached by digest and by what made it; it is never taken from outside.

use crate::{
    bindings::{
        Imports, channel_point::ChannelPointPre, event_point::EventPointPre,
        guard_point::GuardPointPre, job_point::JobPointPre, report_point::ReportPointPre,
        request_point::RequestPointPre, view_point::ViewPointPre,
    },
    compile::{self, Compiler},
    engine,
    limits::{INSTANCES_MAX, INSTANCES_MAX_SMALL},
    state::{State, link_wasi},
};
use guichet_package::component::{ComponentError, Inspection, inspect};
use std::{
    collections::HashMap,
    fs,
    hash::{Hash, Hasher},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{Arc, Mutex},
};
use tokio::sync::Semaphore;
use wasmtime::{
    Engine,
    component::{Component, HasSelf, InstancePre, Linker},
};

/// How the runtime is set up.
#[derive(Debug, Clone)]
pub struct RuntimeSettings {
    /// Where components and their compiled form are kept. Whoever can write here can run anything: it is made 0700.
    pub cache_dir: PathBuf,
    pub compiler: Compiler,
    /// Threads that run plugins.
    pub threads: usize,
    /// A small pool, where many runtimes share a process.
    pub small: bool,
}

/// Why the runtime cannot start.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    #[error("the engine: {0}")]
    Engine(String),
    #[error("the folder of compiled plugins, or the plugins' threads")]
    System(#[from] std::io::Error),
}

/// Why a component cannot be installed or loaded.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    #[error(transparent)]
    Component(#[from] ComponentError),
    #[error("this is no valid component: {0}")]
    Invalid(String),
    #[error("compiling the component failed: {0}")]
    Compiler(String),
    #[error("there is no component with the digest {0} here")]
    Missing(String),
    #[error("the folder of compiled plugins")]
    Folder(#[from] std::io::Error),
}

impl InstallError {
    /// Whether the host failed and not the component.
    pub fn is_hosts(&self) -> bool {
        matches!(self, Self::Folder(_) | Self::Missing(_))
    }
}

/// Runs plugins.
pub struct Runtime {
    pub(crate) engine: Engine,
    linker: Linker<State>,
    settings: RuntimeSettings,
    code: String,
    compiling: tokio::sync::Mutex<()>,
    loaded: Mutex<HashMap<String, Arc<Plugin>>>,
    threads: Option<tokio::runtime::Runtime>,
    handle: tokio::runtime::Handle,
    slots: Arc<Semaphore>,
}

/// A component that is ready to run.
pub struct Plugin {
    pub(crate) engine: Engine,
    pub(crate) guards: Option<GuardPointPre<State>>,
    pub(crate) events: Option<EventPointPre<State>>,
    pub(crate) jobs: Option<JobPointPre<State>>,
    pub(crate) requests: Option<RequestPointPre<State>>,
    pub(crate) channels: Option<ChannelPointPre<State>>,
    pub(crate) reports: Option<ReportPointPre<State>>,
    pub(crate) views: Option<ViewPointPre<State>>,
    /// For a start without a call.
    pub(crate) instance: InstancePre<State>,
    pub(crate) threads: tokio::runtime::Handle,
    pub(crate) slots: Arc<Semaphore>,
}

impl Drop for Runtime {
    fn drop(&mut self) {
        // May happen on a thread that serves others, which must not wait.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Runtime {
    /// Starts the engine and the plugins' threads.
    ///
    /// # Errors
    /// Where the machine has not the address space for the pool, or the folder cannot be made.
    pub fn start(settings: RuntimeSettings) -> Result<Arc<Self>, RuntimeError> {
        fs::create_dir_all(&settings.cache_dir)?;
        fs::set_permissions(&settings.cache_dir, fs::Permissions::from_mode(0o700))?;
        let engine = engine::start(settings.small)
            .map_err(|error| RuntimeError::Engine(error.to_string()))?;
        let linker = link(&engine).map_err(|error| RuntimeError::Engine(error.to_string()))?;
        let mut hasher = std::hash::DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        // With I/O: what a plugin reads may open a connection to the database from here.
        let threads = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(settings.threads.max(1))
            .thread_name("plugin")
            .enable_all()
            .build()?;
        let instances = if settings.small {
            INSTANCES_MAX_SMALL
        } else {
            INSTANCES_MAX
        };
        Ok(Arc::new(Self {
            engine,
            linker,
            code: format!("{:016x}", hasher.finish()),
            settings,
            compiling: tokio::sync::Mutex::default(),
            loaded: Mutex::default(),
            handle: threads.handle().clone(),
            threads: Some(threads),
            // Below the pool's size: to wait for a slot is better than to be told that there is none. JavaScript guests need three memories each.
            slots: Arc::new(Semaphore::new(instances as usize - 2)),
        }))
    }

    /// The threads that run plugins. What calls several of them in turn runs there, too: from there a call is no hop from one thread to another.
    pub fn threads(&self) -> &tokio::runtime::Handle {
        &self.handle
    }

    /// Takes a component in: looks at it, compiles it unless that was done before, and keeps it.
    ///
    /// # Errors
    /// [`InstallError`], with what is wrong with the component.
    pub async fn install(&self, component: &[u8]) -> Result<Inspection, InstallError> {
        // What is refused is refused before a compiler sees it.
        let inspection = inspect(component)?;
        let kept = self.component_path(&inspection.digest);
        let is_new = !kept.exists();
        if is_new {
            compile::write_durably(&kept, component)?;
        }
        match self.component(&inspection.digest).await {
            Ok(_) => Ok(inspection),
            Err(error) => {
                // What was there before is somebody's who runs it.
                if is_new {
                    drop(fs::remove_file(&kept));
                }
                Err(error)
            }
        }
    }

    /// A component that was taken in before, ready to run.
    ///
    /// # Errors
    /// [`InstallError::Missing`] where it was not.
    pub async fn load(&self, digest: &str) -> Result<Arc<Plugin>, InstallError> {
        let known = |loaded: &Mutex<HashMap<String, Arc<Plugin>>>| {
            loaded
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .get(digest)
                .cloned()
        };
        if let Some(plugin) = known(&self.loaded) {
            return Ok(plugin);
        }
        let component = self.component(digest).await?;
        let instance: InstancePre<State> = self
            .linker
            .instantiate_pre(&component)
            .map_err(|error| InstallError::Invalid(error.to_string()))?;
        let plugin = Arc::new(Plugin {
            engine: self.engine.clone(),
            guards: GuardPointPre::new(instance.clone()).ok(),
            events: EventPointPre::new(instance.clone()).ok(),
            jobs: JobPointPre::new(instance.clone()).ok(),
            requests: RequestPointPre::new(instance.clone()).ok(),
            channels: ChannelPointPre::new(instance.clone()).ok(),
            reports: ReportPointPre::new(instance.clone()).ok(),
            views: ViewPointPre::new(instance.clone()).ok(),
            instance,
            threads: self.handle.clone(),
            slots: self.slots.clone(),
        });
        self.loaded
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(digest.to_owned(), plugin.clone());
        Ok(plugin)
    }

    fn component_path(&self, digest: &str) -> PathBuf {
        self.settings.cache_dir.join(format!("{digest}.wasm"))
    }

    /// Compiled code, made if it is not there.
    pub(crate) async fn component(&self, digest: &str) -> Result<Component, InstallError> {
        if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InstallError::Missing(digest.to_owned()));
        }
        let compiled = self
            .settings
            .cache_dir
            .join(format!("{digest}-{}.cwasm", self.code));
        // One at a time: a compiler takes all processors.
        let _alone = self.compiling.lock().await;
        if !compiled.exists() {
            let component = self.component_path(digest);
            if !component.exists() {
                return Err(InstallError::Missing(digest.to_owned()));
            }
            compile::compile(&self.settings.compiler, &component, &compiled).await?;
        }
        let invalid = |error: wasmtime::Error| InstallError::Invalid(error.to_string());
        #[expect(
            unsafe_code,
            reason = "the file is this program's own work, in a folder that nobody else may write"
        )]
        // SAFETY: `compiled` was written by `compile_here` and nothing else; the folder is 0700.
        let component =
            unsafe { Component::deserialize_file(&self.engine, &compiled) }.map_err(invalid)?;
        component
            .initialize_copy_on_write_image()
            .map_err(invalid)?;
        Ok(component)
    }
}

fn link(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    Imports::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)?;
    link_wasi(&mut linker)?;
    Ok(linker)
}
