//! # A desk to try a plugin on
//! - The **door** is a server's API: of a desk of the author's own, served from here, or of one that runs elsewhere. Both are entered alike.
//! - A **swap** brings a new build into the tenant: uploaded, consented to, enabled. Calls that run meanwhile end on the build before.
//! - The **watcher** sees that sources have changed, the **follower** shows what the plugin does.

/// A server's API, as far as it is needed here.
mod door;

/// A desk of the author's own.
mod local;

/// Sources that change.
mod watch;

/// What the plugin does.
mod follow;

pub use door::{DoorError, Swapped};

use crate::{
    build::{self, BuildError, build},
    project::{Project, ProjectError},
    terminal::{Meaning, Terminal, microseconds},
};
use door::Door;
use guichet::ending::until_told;
use guichet_package::Package;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::watch::Sender;

/// How long a swap may take before the author is told that it is slow.
const SWAP_MAX: Duration = Duration::from_secs(2);

/// Where and how the plugin is tried.
#[derive(Debug, Clone)]
pub struct Options {
    /// A server that runs already; absent: a desk of the author's own.
    pub server: Option<Server>,
    /// Where the own desk is served.
    pub listen: SocketAddr,
    /// A JSON file with the plugin's settings; given to it at first, and again whenever the file changes.
    pub settings: Option<PathBuf>,
    /// How it is built; absent: dist/plugin.wasm is taken as it is, whoever makes it.
    pub build: Option<build::Options>,
}

/// A tenant of a running server.
#[derive(Debug, Clone)]
pub struct Server {
    /// Such as `http://localhost:8080/t/demo`.
    pub address: String,
    /// A bearer token of an admin, for the API.
    pub token: String,
}

/// Why it ends.
#[derive(Debug, thiserror::Error)]
pub enum DevError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Build(#[from] BuildError),
    #[error(transparent)]
    Door(#[from] DoorError),
    #[error("the desk cannot be started: {0}")]
    Desk(String),
    #[error("{address} cannot be listened on: choose another with --listen")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("the settings in {} cannot be read: {reason}", path.display())]
    Settings { path: PathBuf, reason: String },
}

/// Builds, swaps, watches and tells, until somebody ends it. What is wrong with a build is told, and the next one waited for.
///
/// # Errors
/// [`DevError`], where there is no plugin, or no desk to try it on.
pub async fn dev(project: &Project, options: &Options, terminal: Terminal) -> Result<(), DevError> {
    let (door, welcome) = match &options.server {
        Some(server) => (Door::to(&server.address, &server.token)?, None),
        None => {
            terminal.step("starting a desk of your own");
            let local = local::start(project.folder(), options.listen).await?;
            (Door::to(&local.address, &local.token)?, Some(local.welcome))
        }
    };
    let door = Arc::new(door);
    let installed = Sender::new(None);
    tokio::spawn(follow::follow(
        door.clone(),
        installed.subscribe(),
        terminal,
    ));
    let mut dev = Dev {
        project,
        options,
        terminal,
        door,
        installed,
        last_digest: None,
        last_settings: None,
    };
    let made = options
        .build
        .is_none()
        .then(|| project.folder().join("dist/plugin.wasm"));
    let also = made.into_iter().chain(options.settings.clone()).collect();
    let mut watcher = watch::Watcher::new(project.folder(), also);
    dev.renew().await;
    if let Some(welcome) = welcome {
        terminal.say(&welcome);
    }
    terminal.step("watching the folder; Ctrl-C ends it");
    let mut told_to_end = std::pin::pin!(until_told());
    loop {
        tokio::select! {
            () = watcher.changed() => dev.renew().await,
            () = &mut told_to_end => return Ok(()),
        }
    }
}

struct Dev<'a> {
    project: &'a Project,
    options: &'a Options,
    terminal: Terminal,
    door: Arc<Door>,
    /// The install's id, once there is one.
    installed: Sender<Option<String>>,
    /// Of the component that runs.
    last_digest: Option<String>,
    last_settings: Option<serde_json::Value>,
}

impl Dev<'_> {
    /// Builds and swaps, and tells how that went.
    async fn renew(&mut self) {
        match self.try_to_renew().await {
            Ok(None) => self.terminal.step("nothing that runs has changed"),
            Ok(Some((swapped, took))) => self.tell(&swapped, took),
            Err(error) => self.terminal.complain(&chain(&error)),
        }
    }

    async fn try_to_renew(&mut self) -> Result<Option<(Swapped, Duration)>, DevError> {
        if let Some(options) = self.options.build.clone() {
            self.terminal.step("building");
            let (project, terminal) = (self.project.clone(), self.terminal);
            let built =
                tokio::task::spawn_blocking(move || build(&project, &options, terminal)).await;
            built.map_err(|error| DevError::Desk(error.to_string()))??;
        }
        // From here on the author waits for the desk.
        let begun = Instant::now();
        let package = self.project.package()?;
        let settings = self.settings()?;
        let digest = package.inspection().digest.clone();
        let new_settings = settings.clone().filter(|_| settings != self.last_settings);
        if self.last_digest.as_ref() == Some(&digest) && new_settings.is_none() {
            return Ok(None);
        }
        let swapped = self.swap(&package, new_settings).await?;
        self.last_digest = Some(digest);
        self.last_settings = settings;
        self.installed.send_replace(Some(swapped.install.clone()));
        Ok(Some((swapped, begun.elapsed())))
    }

    async fn swap(
        &self,
        package: &Package,
        settings: Option<serde_json::Value>,
    ) -> Result<Swapped, DoorError> {
        self.door.swap(package, settings).await
    }

    fn settings(&self) -> Result<Option<serde_json::Value>, DevError> {
        let Some(path) = &self.options.settings else {
            return Ok(None);
        };
        let failed = |reason: String| DevError::Settings {
            path: path.clone(),
            reason,
        };
        let bytes = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| failed(error.to_string()))
    }

    fn tell(&self, swapped: &Swapped, took: Duration) {
        let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let digest: String = swapped.digest.chars().take(12).collect();
        let good = self.terminal.paint(Meaning::Good, "✓");
        self.terminal.say(&format!(
            "{good} {} {} runs as {digest}…, {} after the build",
            swapped.plugin,
            swapped.version,
            microseconds(took_us)
        ));
        if took > SWAP_MAX {
            self.terminal.say(&format!(
                "{} that is slow: `guichet plugin check` tells how large the component is, and how long it takes to compile",
                self.terminal.paint(Meaning::Doubtful, "!")
            ));
        }
    }
}

/// An error and what led to it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Brings one build into a tenant, once, and says how long that took: what a test measures.
///
/// # Errors
/// [`DevError`].
pub async fn swap_once(
    package: &Package,
    server: &Server,
    settings: Option<serde_json::Value>,
) -> Result<(Swapped, Duration), DevError> {
    let begun = Instant::now();
    let door = Door::to(&server.address, &server.token)?;
    let swapped = door.swap(package, settings).await?;
    Ok((swapped, begun.elapsed()))
}

/// Where the own desk keeps its data, below the plugin's folder.
pub(crate) fn data_folder(folder: &Path) -> PathBuf {
    folder.join(".guichet/dev")
}
