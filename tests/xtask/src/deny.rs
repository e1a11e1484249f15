//! Bans, licences and sources of what is built upon: cargo-deny, installed into the target folder where it is not on the path.

use crate::tool::{Tool, step};
use std::path::Path;

const VERSION: &str = "0.20.2";
const ROOT: &str = "target/tools";

/// Fails where `deny.toml` is not kept.
pub(crate) fn check() -> anyhow::Result<()> {
    step("licences, bans and sources of dependencies");
    let arguments = [
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ];
    if Tool::new("cargo")
        .args(["deny", "--version"])
        .run_quietly()
        .is_ok()
    {
        return Tool::new("cargo").args(["deny"]).args(arguments).run();
    }
    let program = format!("{ROOT}/bin/cargo-deny");
    if !Path::new(&program).exists() {
        let install = |more: &[&str]| {
            Tool::new("cargo")
                .args([
                    "install",
                    "cargo-deny",
                    "--quiet",
                    "--locked",
                    // It reads one graph: to be built quickly matters more than to run fast.
                    "--debug",
                    "--root",
                    ROOT,
                ])
                .args(["--version", VERSION])
                .args(more)
                .env("CARGO_PROFILE_DEV_DEBUG", "0")
                .run()
        };
        // Without a network, perhaps from what was downloaded before.
        install(&[]).or_else(|_| install(&["--offline"]))?;
    }
    Tool::new(&program).args(arguments).run()
}
