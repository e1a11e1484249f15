//! `cargo xtask bench`: what the product does a second, and what the machine would do without it. Load goes to loopback only.
//!
//! Each number is a median of rounds that take turns with their floor: machines drift, ratios in one run do not.

/// Results as they are written.
mod results;

/// An event to a plugin, without a database.
mod deliver;

/// Tickets over the API.
mod create;

/// Start, and memory at rest.
mod start;

use anyhow::bail;
use std::path::{Path, PathBuf};

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let wanted = std::env::args().nth(1);
    let data = Data::new()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mut measures = Vec::new();
    let all = ["deliver", "create", "plugins", "start"];
    let chosen: Vec<_> = all
        .into_iter()
        .filter(|name| wanted.as_deref().is_none_or(|wanted| wanted == *name))
        .collect();
    if chosen.is_empty() {
        bail!("there is no such bench: {}", all.join(", "));
    }
    for name in chosen {
        measures.extend(match name {
            "deliver" => runtime.block_on(deliver::measure(&root, &data.0))?,
            "create" => runtime.block_on(create::measure(&data.0))?,
            "plugins" => runtime.block_on(create::measure_with_plugins(&root, &data.0))?,
            _ => runtime.block_on(start::measure(&root, &data.0))?,
        });
    }
    results::write(&root.join("target/bench"), &measures)
}

/// A folder for the databases, on the disk that the target folder is on: memory knows no fsync.
struct Data(PathBuf);

impl Data {
    fn new() -> anyhow::Result<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../target/bench")
            .join(format!("data-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path.canonicalize()?))
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
