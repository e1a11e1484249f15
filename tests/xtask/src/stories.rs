//! Stories told to the product in a real browser, and pictures of its pages: the npm project in `tests/browser`, and Chromium.

use crate::tool::{Tool, is_stale, step};
use anyhow::bail;
use std::path::Path;

const FOLDER: &str = "tests/browser";

/// Where Chromium usually is; `CHROMIUM` names another.
const CHROMIUM: [&str; 4] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
];

/// Tells them all; `what` is a script of the npm project, with its arguments.
pub(crate) fn run(what: &str, arguments: &[String]) -> anyhow::Result<()> {
    let folder = Path::new(FOLDER);
    let (lock, installed) = (
        folder.join("package-lock.json"),
        folder.join("node_modules/.package-lock.json"),
    );
    if is_stale(&installed, &[&lock]) {
        step("fetching what drives the browser");
        Tool::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .within(FOLDER)
            .run()?;
    }
    browser()?;
    step(match what {
        "test" => "stories, in a real browser, in both languages",
        _ => "pictures of every page, in target/screenshots",
    });
    Tool::new("npm")
        .args(["run", "--silent", what, "--"])
        .args(arguments)
        .within(FOLDER)
        .run()
}

/// Chromium, installed where that is ours to do.
fn browser() -> anyhow::Result<()> {
    if has_browser() {
        return Ok(());
    }
    if crate::postgres::is_root() && Path::new("/usr/bin/apt-get").exists() {
        step("installing Chromium");
        Tool::new("apt-get").args(["update"]).run_quietly()?;
        Tool::new("apt-get")
            .args(["install", "--yes", "chromium", "fonts-noto-cjk"])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run_quietly()?;
    }
    match has_browser() {
        true => Ok(()),
        false => bail!(
            "the stories need Chromium: install it, for instance with `apt-get install chromium`, or name it by CHROMIUM"
        ),
    }
}

fn has_browser() -> bool {
    std::env::var_os("CHROMIUM").is_some_and(|named| Path::new(&named).exists())
        || CHROMIUM.iter().any(|usual| Path::new(usual).exists())
}
