//! Bans, licences and sources of what is built upon: cargo-deny, installed into the target folder where it is not on the path.

use crate::{
    installed,
    tool::{Tool, step},
};

const VERSION: &str = "0.20.2";

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
    // It reads one graph: to be built quickly matters more than to run fast.
    let program = installed::program("cargo-deny", "cargo-deny", VERSION, &["--debug"])?;
    Tool::new(&program).args(arguments).run()
}
