//! From a component to machine code. Compiling cannot be interrupted from within and a hostile component may make it long: so a server does it in a child
//! process, with limits on its time.

use crate::{engine, limits::COMPILE_BYTES_MAX, plugin::InstallError};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// Where components are compiled.
#[derive(Debug, Clone)]
pub enum Compiler {
    /// In this process: for tests, whose components are their own.
    Here,
    /// By a program, started with `compile-component <component> <compiled>`.
    Child {
        program: PathBuf,
        /// Seconds that it may take, of the processor and of the clock; [`crate::limits::COMPILE_SECONDS_MAX`] but where a test wants less.
        seconds_max: u64,
    },
}

/// Compiles a component; the child process's work.
///
/// # Errors
/// Where the component is not valid, or the disk fails.
pub fn compile_here(component: &Path, compiled: &Path) -> Result<(), InstallError> {
    let bytes = fs::read(component)?;
    let code = engine::compiler()
        .and_then(|engine| engine.precompile_component(&bytes))
        .map_err(|error| InstallError::Invalid(error.to_string()))?;
    write_durably(compiled, &code)
}

/// Compiles by the way that was chosen.
pub(crate) async fn compile(
    compiler: &Compiler,
    component: &Path,
    compiled: &Path,
) -> Result<(), InstallError> {
    match compiler {
        Compiler::Here => {
            let (component, compiled) = (component.to_owned(), compiled.to_owned());
            tokio::task::spawn_blocking(move || compile_here(&component, &compiled))
                .await
                .map_err(|error| InstallError::Compiler(error.to_string()))?
        }
        Compiler::Child {
            program,
            seconds_max,
        } => in_child(program, *seconds_max, component, compiled).await,
    }
}

async fn in_child(
    program: &Path,
    seconds_max: u64,
    component: &Path,
    compiled: &Path,
) -> Result<(), InstallError> {
    // `prlimit` is part of every Linux system; it sets the limit before the program starts, without unsafe code of ours.
    let mut command = tokio::process::Command::new("prlimit");
    command
        .arg(format!("--cpu={seconds_max}"))
        .arg(format!("--as={COMPILE_BYTES_MAX}"))
        .arg("--core=0")
        .arg(program);
    command
        .arg("compile-component")
        .arg(component)
        .arg(compiled);
    command
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(seconds_max), command.output())
        .await
        .map_err(|_| InstallError::Compiler(format!("it took longer than {seconds_max} s")))??;
    if output.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&output.stderr);
    Err(InstallError::Compiler(format!(
        "{}: {}",
        output.status,
        told.trim().chars().take(2_000).collect::<String>()
    )))
}

/// Writes beside, syncs, renames: the file is whole or not there. Two who write the same do not meet.
pub(crate) fn write_durably(path: &Path, content: &[u8]) -> Result<(), InstallError> {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let own = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let beside = path.with_extension(format!("{}-{own}.tmp", std::process::id()));
    let mut file = fs::File::create(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(beside, path)?;
    match path.parent() {
        Some(folder) => Ok(fs::File::open(folder)?.sync_all()?),
        None => Ok(()),
    }
}
