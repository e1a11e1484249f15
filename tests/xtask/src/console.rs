//! The console, by npm.

use crate::tool::{Tool, is_stale, step};
use std::path::Path;

const FOLDER: &str = "host/console";

/// Drawn by one of its pages.
const GALLERY: &str = "sdk/view/gallery.json";

pub(crate) fn build() -> anyhow::Result<()> {
    let folder = Path::new(FOLDER);
    let (lock, installed) = (
        folder.join("package-lock.json"),
        folder.join("node_modules/.package-lock.json"),
    );
    if is_stale(&installed, &[&lock]) {
        step("fetching what the console is built with");
        Tool::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .within(FOLDER)
            .run()?;
    }
    if is_stale(
        &folder.join("dist/index.html"),
        &[
            &folder.join("src"),
            &folder.join("index.html"),
            Path::new(GALLERY),
            &lock,
        ],
    ) {
        step("building the console");
        Tool::new("npm")
            .args(["run", "build"])
            .within(FOLDER)
            .run()?;
    }
    Ok(())
}
