//! Programs written in Rust that are installed into the target folder, once.

use crate::tool::{Tool, step};
use std::path::Path;

/// Under which they are.
const ROOT: &str = "target/tools";

/// A program of a package, at exactly that version; answers its path.
pub(crate) fn program(
    name: &str,
    package: &str,
    version: &str,
    more: &[&str],
) -> anyhow::Result<String> {
    let program = format!("{ROOT}/bin/{name}");
    if Path::new(&program).exists() {
        return Ok(program);
    }
    step(&format!("installing {package} {version} into {ROOT}"));
    let install = |offline: &[&str]| {
        Tool::new("cargo")
            .args(["install", package, "--quiet", "--locked", "--root", ROOT])
            .args(["--version", version])
            .args(more)
            .args(offline)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .run()
    };
    // Without a network, perhaps from what was downloaded before.
    install(&[]).or_else(|_| install(&["--offline"]))?;
    Ok(program)
}
