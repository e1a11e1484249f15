//! Programs that are run. Each either works or ends everything with what it was.

use anyhow::{Context, bail};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    sync::OnceLock,
    time::Instant,
};

/// A program to be run, its output shown as it comes.
pub(crate) struct Tool {
    command: Command,
    name: String,
}

impl Tool {
    pub(crate) fn new(program: &str) -> Self {
        Self {
            command: Command::new(program),
            name: program.to_owned(),
        }
    }

    pub(crate) fn args<S: AsRef<str>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        for arg in args {
            self.name.push(' ');
            self.name.push_str(arg.as_ref());
            self.command.arg(arg.as_ref());
        }
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn within(mut self, folder: &str) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Its output only where it fails.
    pub(crate) fn run_quietly(mut self) -> anyhow::Result<String> {
        let output = self
            .command
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("`{}` cannot be started: is it installed?", self.name))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        bail!(
            "`{}` failed ({}):\n{}{}",
            self.name,
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    }

    /// Its output into a file.
    pub(crate) fn run_into(mut self, path: &Path) -> anyhow::Result<()> {
        let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
        self.command.stdout(file);
        self.run()
    }

    /// All that it says into a file.
    pub(crate) fn run_silently_into(mut self, path: &Path) -> anyhow::Result<()> {
        let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
        self.command.stdin(Stdio::null()).stderr(file.try_clone()?);
        self.command.stdout(file);
        self.run()
    }

    pub(crate) fn run(mut self) -> anyhow::Result<()> {
        let status = self
            .command
            .status()
            .with_context(|| format!("`{}` cannot be started: is it installed?", self.name))?;
        if status.success() {
            return Ok(());
        }
        bail!("`{}` failed ({status})", self.name)
    }
}

/// Tells what is being done, and how long everything has taken so far.
pub(crate) fn step(what: &str) {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let seconds = BEGUN.get_or_init(Instant::now).elapsed().as_secs();
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let _ = writeln!(std::io::stderr(), "\n▸ {minutes}:{seconds:02} {what}");
}

/// Whether one of the sources is newer than what is made of them.
pub(crate) fn is_stale(made: &Path, sources: &[&Path]) -> bool {
    let time = |path: &Path| path.metadata().and_then(|data| data.modified()).ok();
    let Some(made) = time(made) else { return true };
    sources
        .iter()
        .any(|source| newest(source).is_none_or(|newest| newest > made))
}

fn newest(path: &Path) -> Option<std::time::SystemTime> {
    let own = path.metadata().ok()?.modified().ok()?;
    let Ok(entries) = std::fs::read_dir(path) else {
        return Some(own);
    };
    let inner = entries
        .flatten()
        .filter(|entry| entry.file_name() != "node_modules" && entry.file_name() != "dist")
        .filter_map(|entry| newest(&entry.path()));
    inner.chain([own]).max()
}
