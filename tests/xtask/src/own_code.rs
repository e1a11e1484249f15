//! The compiler for fuzz targets: only our own code tells libFuzzer where it has been. What comes from the registry is not ours to fuzz, costs most of the time
//! where it is watched, and draws the search into itself.

use anyhow::Context;
use std::{
    ffi::OsString,
    process::{Command, ExitCode},
};

/// Says that this program is called in place of the compiler.
pub(crate) const IS_ASKED: &str = "GUICHET_OWN_CODE";

/// What watches a crate.
const WATCHES: &str = "-Cpasses=sancov-module";

/// Calls the compiler as cargo would: its path comes first, then what it is to do.
pub(crate) fn compile() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let compiler = arguments.next().context("cargo names the compiler")?;
    let arguments = watched(arguments.collect());
    let status = Command::new(&compiler)
        .args(arguments)
        .status()
        .with_context(|| compiler.display().to_string())?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

fn watched(arguments: Vec<OsString>) -> Vec<OsString> {
    let is_from_registry = |one: &OsString| one.to_string_lossy().contains("/registry/src/");
    if !arguments.iter().any(is_from_registry) {
        return arguments;
    }
    let is_kept = |one: &OsString| one.as_os_str() != WATCHES;
    arguments.into_iter().filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_crates_are_watched_and_those_of_the_registry_are_not() {
        let of = |source: &str| -> Vec<OsString> {
            let all = ["--crate-name", "x", source, WATCHES, "-Copt-level=3"];
            watched(all.map(OsString::from).to_vec())
        };
        assert!(of("host/core/src/lib.rs").contains(&WATCHES.into()));
        let theirs = of("/home/ana/.cargo/registry/src/index/serde-1.0.0/src/lib.rs");
        assert!(!theirs.contains(&WATCHES.into()));
        assert_eq!(theirs.len(), 4);
    }
}
