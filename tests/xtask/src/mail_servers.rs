//! A Dovecot and an Exim for the tests, which start them by themselves: installed where that is ours to do.

use crate::{
    postgres::is_root,
    tool::{Tool, step},
};
use anyhow::bail;
use std::path::Path;

/// What the tests run, and the Debian packages that bring it.
const PROGRAMS: [(&str, &str); 2] = [
    ("/usr/sbin/dovecot", "dovecot-imapd"),
    ("/usr/sbin/exim4", "exim4-daemon-light"),
];

/// Sees to it that they are there.
pub(crate) fn ensure() -> anyhow::Result<()> {
    let missing: Vec<_> = PROGRAMS
        .iter()
        .filter(|(program, _)| !Path::new(program).exists())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !(is_root() && Path::new("/usr/bin/apt-get").exists()) {
        bail!(
            "the tests need mail servers: install them, for instance with `apt-get install {}`",
            missing.join(" ")
        );
    }
    step("installing mail servers");
    Tool::new("apt-get").args(["update"]).run_quietly()?;
    Tool::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(&missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run_quietly()?;
    // Theirs would listen on the machine's own ports; the tests' own are started by them.
    for service in ["dovecot", "exim4"] {
        drop(Tool::new("service").args([service, "stop"]).run_quietly());
    }
    Ok(())
}
