//! # Scenarios
//! - A **scenario** is a folder in `tests/scenarios/` with a `scenario.toml`: what there is, what happens, and what is so then.
//! - A **world** is the desk that it is played on: the real host, a database in memory, a clock that is moved, servers outside that it declares.
//! - A **difference** is something that is not as the scenario expects.
//!
//! What is played here is played by the host's own code: what works here, works on a server.

/// As its author writes it.
pub mod format;

/// How it speaks of people and tickets.
mod names;

/// How far its clock goes.
mod duration;

/// The desk.
mod world;

/// Servers outside.
mod servers;

/// What there is before.
mod given;

/// What happens.
mod acting;

/// Requests.
mod http;

/// What is so then.
pub mod compare;

/// What it cost.
pub mod cost;

/// As people read it.
mod show;

/// Why it cannot go on.
mod trouble;

pub use show::show;

use crate::project::{Project, ProjectError};
use acting::Came;
use compare::{Difference, Seen};
use cost::Cost;
use format::{Expect, Source, Step};
use guichet::plugins::runs::Run;
use guichet_package::Package;
use serde_json::Value as Json;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use trouble::Trouble;
use world::World;

/// Where scenarios lie, below the plugin's folder.
pub const FOLDER: &str = "tests/scenarios";

/// Lines of the plugin's log that are shown where a step fails.
const LOG_LINES_SHOWN: usize = 20;

/// A scenario that was played.
#[derive(Debug, Clone)]
pub struct Played {
    /// Its folder's name.
    pub name: String,
    pub title: String,
    /// Where it was not as expected; absent: it was.
    pub failed: Option<Failed>,
    pub cost: Cost,
    pub took: Duration,
}

/// Where a scenario was not as expected. The steps after it are not taken.
#[derive(Debug, Clone)]
pub struct Failed {
    /// Such as `step 2 (reply)`.
    pub place: String,
    /// Why it could not go on; where there are differences, none.
    pub reason: Option<String>,
    pub differences: Vec<Difference>,
    /// The plugin's log at that step, its last lines.
    pub log: Vec<String>,
}

/// Why nothing is played.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(
        "there are no scenarios in {}: write one, as a folder with a scenario.toml",
        .0.display()
    )]
    None(PathBuf),
    #[error("there is no scenario `{name}`; there are: {}", known.join(", "))]
    Unknown { name: String, known: Vec<String> },
    #[error("{} cannot be read", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{}: {reason}", path.display())]
    Form { path: PathBuf, reason: String },
    #[error("no folder for compiled code can be made")]
    Folder(#[source] io::Error),
}

/// Plays the plugin's scenarios, or the one of that name, and tells of each as it ends.
///
/// # Errors
/// [`ScenarioError`]: where there is nothing to play, or a scenario cannot be read. One that fails is no error.
pub async fn play(
    project: &Project,
    only: Option<&str>,
    mut tell: impl FnMut(&Played),
) -> Result<Vec<Played>, ScenarioError> {
    let package = project.package()?;
    let scenarios = find(project, only)?;
    // Read before anything is played: a slip of the pen in the last is told at once.
    let mut read = Vec::with_capacity(scenarios.len());
    for path in scenarios {
        read.push((load(&path)?, path));
    }
    // Compiled once, for all of them.
    let compiled = tempfile::tempdir().map_err(ScenarioError::Folder)?;
    let mut played = Vec::with_capacity(read.len());
    for (source, path) in read {
        let begun = Instant::now();
        let folder = path.parent().unwrap_or(&path);
        let mut runs = Vec::new();
        let failed = one(&package, &source, folder, compiled.path(), &mut runs).await;
        let name = folder.file_name().unwrap_or_default();
        let ended = Played {
            name: name.to_string_lossy().into_owned(),
            title: source.scenario.title.clone(),
            failed,
            cost: Cost::of(&runs),
            took: begun.elapsed(),
        };
        tell(&ended);
        played.push(ended);
    }
    Ok(played)
}

fn find(project: &Project, only: Option<&str>) -> Result<Vec<PathBuf>, ScenarioError> {
    let folder = project.folder().join(FOLDER);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().join("scenario.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    if names.is_empty() {
        return Err(ScenarioError::None(folder));
    }
    if let Some(only) = only {
        if !names.iter().any(|name| name == only) {
            let name = only.to_owned();
            return Err(ScenarioError::Unknown { name, known: names });
        }
        names.retain(|name| name == only);
    }
    let path = |name: String| folder.join(name).join("scenario.toml");
    Ok(names.into_iter().map(path).collect())
}

fn load(path: &Path) -> Result<Source, ScenarioError> {
    let text = fs::read_to_string(path).map_err(|source| ScenarioError::Read {
        path: path.to_owned(),
        source,
    })?;
    Source::parse(&text).map_err(|reason| ScenarioError::Form {
        path: path.to_owned(),
        reason,
    })
}

/// Plays one; answers where it was not as expected.
async fn one(
    package: &Package,
    source: &Source,
    folder: &Path,
    compiled: &Path,
    runs: &mut Vec<Run>,
) -> Option<Failed> {
    let stopped = |place: &str, trouble: Trouble| Failed {
        place: place.to_owned(),
        reason: Some(trouble.to_string()),
        differences: Vec::new(),
        log: Vec::new(),
    };
    let mut world = match begin(package, source, compiled).await {
        Ok(world) => world,
        Err(trouble) => return Some(stopped("before the first step", trouble)),
    };
    let steps = source.data["step"].as_array().cloned().unwrap_or_default();
    for (index, step) in steps.iter().enumerate() {
        let place = place(index, step);
        match take(&mut world, step, folder, runs).await {
            Ok(None) => {}
            Ok(Some(failed)) => return Some(Failed { place, ..failed }),
            Err(trouble) => return Some(stopped(&place, trouble)),
        }
    }
    match in_the_end(&world, source, runs).await {
        Ok(failed) => failed,
        Err(trouble) => Some(stopped("in the end", trouble)),
    }
}

/// Such as `step 2 (reply)`.
fn place(index: usize, step: &Json) -> String {
    let deed = step
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .find(|name| *name != "expect");
    format!("step {} ({})", index + 1, deed.unwrap_or("nothing"))
}

/// A desk with all that is given, and the plugin enabled on it.
async fn begin(package: &Package, source: &Source, compiled: &Path) -> Result<World, Trouble> {
    let scenario = &source.scenario;
    let mut world = World::open(compiled, scenario, package.manifest()).await?;
    given::set_up(&mut world, &scenario.given).await?;
    let settings = world.names.fill(&source.data["settings"]);
    let settings = settings.map_err(Trouble::Scenario)?;
    world.take_in(package, settings, &scenario.withheld).await?;
    given::records(&world, &scenario.given).await?;
    world.settle().await?;
    world.note_tickets().await?;
    world.enable().await?;
    Ok(world)
}

/// Takes one step, and compares.
async fn take(
    world: &mut World,
    data: &Json,
    folder: &Path,
    runs: &mut Vec<Run>,
) -> Result<Option<Failed>, Trouble> {
    let after = world.store().cursor().await?.sequence;
    let sent_before = world.servers.sent().len();
    let mut deed = data.clone();
    let expect = deed.as_object_mut().and_then(|step| step.remove("expect"));
    let step: Step = filled(world, &deed)?;
    let (came, refused) = match acting::act(world, &step, folder).await {
        Ok(came) => (came, None),
        Err(Trouble::Refused(reason)) => (Came::default(), Some(reason)),
        Err(trouble) => return Err(trouble),
    };
    world.settle().await?;
    world.note_tickets().await?;
    let new = world.new_runs()?;
    runs.extend(new.iter().cloned());
    // Named by this step, perhaps.
    let expect: Expect = filled(world, &expect.unwrap_or_else(|| serde_json::json!({})))?;
    let seen = Seen {
        world,
        came: &came,
        runs: &new,
        sent: &world.servers.sent()[sent_before..],
        after,
        must_be_well: true,
    };
    let mut differences = compare::compare(&expect, &seen).await?;
    match (&expect.refused, &refused) {
        (Some(wanted), Some(reason)) => differences.within("refused", wanted, reason),
        (Some(wanted), None) => differences.add("refused", wanted, "it was done"),
        (None, Some(reason)) => differences.add("the step", "it is done", reason),
        (None, None) => {}
    }
    Ok(failed(differences.0, &new))
}

async fn in_the_end(
    world: &World,
    source: &Source,
    runs: &[Run],
) -> Result<Option<Failed>, Trouble> {
    let Some(expect) = source.data.get("expect") else {
        return Ok(None);
    };
    let expect: Expect = filled(world, expect)?;
    let came = Came::default();
    let sent = world.servers.sent();
    let seen = Seen {
        world,
        came: &came,
        runs,
        sent: &sent,
        after: 0,
        // Each step has compared its own.
        must_be_well: false,
    };
    let differences = compare::compare(&expect, &seen).await?;
    let place = "in the end".to_owned();
    Ok(failed(differences.0, runs).map(|failed| Failed { place, ..failed }))
}

fn filled<T: serde::de::DeserializeOwned>(world: &World, data: &Json) -> Result<T, Trouble> {
    let data = world.names.fill(data).map_err(Trouble::Scenario)?;
    serde_json::from_value(data).map_err(|error| Trouble::Scenario(error.to_string()))
}

fn failed(differences: Vec<Difference>, runs: &[Run]) -> Option<Failed> {
    if differences.is_empty() {
        return None;
    }
    let log: Vec<_> = runs.iter().flat_map(|run| &run.log).cloned().collect();
    let from = log.len().saturating_sub(LOG_LINES_SHOWN);
    Some(Failed {
        place: String::new(),
        reason: None,
        differences,
        log: log[from..].to_vec(),
    })
}
