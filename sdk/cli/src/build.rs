//! From sources to `dist/plugin.wasm`: by cargo, for wasm32-wasip2. Plugins that stand in a workspace are built by the same command as those that
//! stand alone.

use crate::{
    project::{Project, ProjectError},
    terminal::Terminal,
};
use serde::Deserialize;
use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// What plugins are built for.
pub const TARGET: &str = "wasm32-wasip2";

/// The profile of plugins: small, and quick to load.
const PROFILE: &str = "plugin";

/// What the profile says where the author's workspace says nothing of it.
const PROFILE_DEFAULTS: [&str; 6] = [
    "inherits = \"release\"",
    "opt-level = \"s\"",
    "lto = true",
    "codegen-units = 1",
    "panic = \"abort\"",
    "strip = true",
];

/// A component that was built.
#[derive(Debug, Clone)]
pub struct Built {
    pub component: PathBuf,
    pub bytes: usize,
    pub took: Duration,
}

/// Why there is no component.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(
        "{} has no Cargo.toml: a plugin in Rust has one beside its plugin.toml; a component that was built otherwise is put to dist/plugin.wasm",
        .0.display()
    )]
    NoSources(PathBuf),
    #[error("`{0}` cannot be started: install Rust from https://rustup.rs")]
    Start(String, #[source] io::Error),
    #[error("`{command}` failed: {told}")]
    Tool { command: String, told: String },
    #[error(
        "Rust cannot build for {TARGET} here, and `rustup target add {TARGET}` failed: {told}\n\
         Where rustup's server cannot be reached: Debian's packages rustc-web, cargo-web and rust-web-src build for wasm32-unknown-unknown with \
         `RUSTC_BOOTSTRAP=1 cargo build -Z build-std=std,panic_abort`, linked by rustup's rust-lld; the crate wit-component makes the module a component, \
         to be put to dist/plugin.wasm"
    )]
    Target { told: String },
    #[error("the plugin does not compile: see cargo's messages above")]
    Compile,
    #[error("cargo built no component of `{0}`: is it a library, with src/lib.rs?")]
    NoComponent(String),
    #[error("{} cannot be written", path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// How it is built.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where cargo keeps what it makes; by default where it always does.
    pub target_folder: Option<PathBuf>,
}

/// Builds the plugin.
///
/// # Errors
/// [`BuildError`]; what the compiler has to say goes to standard error.
pub fn build(
    project: &Project,
    options: &Options,
    terminal: Terminal,
) -> Result<Built, BuildError> {
    let begun = Instant::now();
    let folder = project.folder();
    let cargo_toml = folder.join("Cargo.toml");
    if !cargo_toml.is_file() {
        return Err(BuildError::NoSources(folder.to_owned()));
    }
    ensure_target(folder, terminal)?;
    let metadata = metadata(folder)?;
    let package = metadata.package_at(&cargo_toml)?;
    let made = compile(folder, &metadata, package, options)?;
    let component = project.component_path();
    let written = |path: &Path, result: io::Result<()>| {
        result.map_err(|source| BuildError::Write {
            path: path.to_owned(),
            source,
        })
    };
    if let Some(dist) = component.parent() {
        written(dist, fs::create_dir_all(dist))?;
    }
    // Beside and renamed: whoever watches the file sees it whole.
    let beside = component.with_extension("tmp");
    written(&beside, fs::copy(&made, &beside).map(drop))?;
    written(&component, fs::rename(&beside, &component))?;
    let bytes = project.component()?.len();
    Ok(Built {
        component,
        bytes,
        took: begun.elapsed(),
    })
}

/// What cargo knows of the workspace.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<CargoPackage>,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct CargoPackage {
    name: String,
    manifest_path: PathBuf,
}

impl Metadata {
    fn package_at(&self, cargo_toml: &Path) -> Result<&str, BuildError> {
        let wanted = cargo_toml.canonicalize().ok();
        self.packages
            .iter()
            .find(|package| package.manifest_path.canonicalize().ok() == wanted)
            .map(|package| package.name.as_str())
            .ok_or_else(|| BuildError::NoSources(cargo_toml.to_owned()))
    }

    /// Whether the workspace says itself how plugins are built.
    fn has_profile(&self) -> bool {
        fs::read_to_string(self.workspace_root.join("Cargo.toml"))
            .ok()
            .and_then(|text| text.parse::<toml::Table>().ok())
            .and_then(|table| table.get("profile")?.get(PROFILE).cloned())
            .is_some()
    }
}

fn metadata(folder: &Path) -> Result<Metadata, BuildError> {
    let told = run(
        folder,
        "cargo",
        &["metadata", "--no-deps", "--format-version", "1"],
    )?;
    serde_json::from_str(&told).map_err(|error| BuildError::Tool {
        command: "cargo metadata".to_owned(),
        told: error.to_string(),
    })
}

fn compile(
    folder: &Path,
    metadata: &Metadata,
    package: &str,
    options: &Options,
) -> Result<PathBuf, BuildError> {
    // A component is a dynamic library. Its package is a plain one, so that its logic is tested natively, where the names of the contract do not link.
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(folder)
        .args(["rustc", "--package", package, "--lib"])
        .args(["--crate-type", "cdylib", "--target", TARGET])
        .args(["--profile", PROFILE])
        .arg("--message-format=json-render-diagnostics");
    if !metadata.has_profile() {
        for line in PROFILE_DEFAULTS {
            cargo
                .arg("--config")
                .arg(format!("profile.{PROFILE}.{line}"));
        }
    }
    if let Some(target_folder) = &options.target_folder {
        cargo.arg("--target-dir").arg(target_folder);
    }
    let output = cargo
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| BuildError::Start("cargo".to_owned(), source))?;
    if !output.status.success() {
        return Err(BuildError::Compile);
    }
    artifact(&output.stdout, package).ok_or_else(|| BuildError::NoComponent(package.to_owned()))
}

/// The last `.wasm` that cargo says it made of the package's library.
fn artifact(messages: &[u8], package: &str) -> Option<PathBuf> {
    #[derive(Deserialize)]
    struct Message {
        target: Option<CargoTarget>,
        #[serde(default)]
        filenames: Vec<PathBuf>,
    }
    #[derive(Deserialize)]
    struct CargoTarget {
        name: String,
    }
    let library = package.replace('-', "_");
    String::from_utf8_lossy(messages)
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| {
            message
                .target
                .as_ref()
                .is_some_and(|target| target.name.replace('-', "_") == library)
        })
        .flat_map(|message| message.filenames)
        .rfind(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wasm")
        })
}

/// Adds the target, where it is not there.
fn ensure_target(folder: &Path, terminal: Terminal) -> Result<(), BuildError> {
    let place = run(
        folder,
        "rustc",
        &["--print", "target-libdir", "--target", TARGET],
    )?;
    if Path::new(place.trim()).is_dir() {
        return Ok(());
    }
    terminal.step(&format!(
        "adding the target {TARGET}, once: rustup target add {TARGET}"
    ));
    match run(folder, "rustup", &["target", "add", TARGET]) {
        Ok(_) => Ok(()),
        Err(error) => Err(BuildError::Target {
            told: error.to_string(),
        }),
    }
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<String, BuildError> {
    let command = format!("{program} {}", arguments.join(" "));
    let output = Command::new(program)
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|source| BuildError::Start(command.clone(), source))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(BuildError::Tool {
            command,
            told: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_component_is_what_cargo_made_last_of_the_package() {
        let messages = [
            r#"{"reason":"compiler-artifact","target":{"name":"serde"},"filenames":["/t/libserde.rlib"]}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"other"},"filenames":["/t/other.wasm"]}"#,
            r#"{"reason":"compiler-artifact","target":{"name":"acme_triage"},"filenames":["/t/acme_triage.wasm"]}"#,
            r#"{"reason":"build-finished","success":true}"#,
        ]
        .join("\n");
        assert_eq!(
            artifact(messages.as_bytes(), "acme-triage"),
            Some(PathBuf::from("/t/acme_triage.wasm"))
        );
        assert_eq!(artifact(messages.as_bytes(), "serde"), None);
    }
}
