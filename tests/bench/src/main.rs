//! `cargo xtask bench`: what the product does a second, and what the machine would do without it. Load goes to loopback only.
//!
//! Rates are medians of rounds that take turns with their floor: machines drift, ratios in one run do not. What stands on very many tickets or tenants is
//! measured once.

/// Results as they are written.
mod results;

/// Cost against quantity, to be looked at.
mod picture;

/// A desk on loopback, and who asks it.
mod served;

/// The server as a process.
mod process;

/// An event to a plugin, without a database.
mod deliver;

/// Tickets over the API.
mod create;

/// The same with plugins at work.
mod plugins;

/// A plugin's route.
mod route;

/// A plugin that is enabled.
mod enable;

/// A change, told to all who look.
mod push;

/// Mails, until they are tickets.
mod mail_in;

/// Very many tickets.
mod tickets;

/// Very many tenants.
mod tenants;

/// Start, and memory at rest.
mod start;

use anyhow::bail;
use picture::Picture;
use results::Measure;
use std::path::{Path, PathBuf};

const ALL: [&str; 11] = [
    "deliver", "create", "plugins", "cost", "route", "enable", "push", "mail_in", "tickets",
    "tenants", "start",
];

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut arguments = std::env::args().skip(1);
    let wanted = arguments.next();
    let data = Data::new()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    if wanted.as_deref() == Some("look") {
        let name = arguments.next().unwrap_or_default();
        return runtime.block_on(look(&name, &root, &data.0));
    }
    let chosen: Vec<_> = ALL
        .into_iter()
        .filter(|name| wanted.as_deref().is_none_or(|wanted| wanted == *name))
        .collect();
    if chosen.is_empty() {
        bail!("there is no such bench: {}", ALL.join(", "));
    }
    for name in chosen {
        let (measures, pictures) = runtime.block_on(measure(name, &root, &data.0))?;
        results::write(&root.join("target/bench"), &measures)?;
        for picture in pictures {
            picture.write(&root.join("host/docs/pictures"))?;
        }
    }
    results::publish(&root.join("target/bench"), &root.join("README.md"))
}

async fn measure(
    name: &str,
    root: &Path,
    data: &Path,
) -> anyhow::Result<(Vec<Measure>, Vec<Picture>)> {
    let none = Vec::new;
    Ok(match name {
        "deliver" => (deliver::measure(root, data).await?, none()),
        "create" => (create::measure(data).await?, none()),
        "plugins" => {
            let measures = plugins::measure(root, data).await?;
            (measures, vec![plugins::picture(root, data).await?])
        }
        "cost" => (plugins::cost(root, data).await?, none()),
        "route" => (route::measure(root, data).await?, none()),
        "enable" => (enable::measure(root, data).await?, none()),
        "push" => (push::measure(data).await?, none()),
        "mail_in" => (mail_in::measure(root, data).await?, none()),
        "tickets" => {
            let (measures, picture) = tickets::measure(data).await?;
            (measures, vec![picture])
        }
        "tenants" => tenants::measure(root, data).await?,
        _ => (start::measure(root, data).await?, none()),
    })
}

/// What a bench measures, without its floor and without results: for a profiler to look at.
async fn look(name: &str, root: &Path, data: &Path) -> anyhow::Result<()> {
    match name {
        "deliver" => deliver::look(root, data).await,
        "create" => create::look(data).await,
        "plugins" => plugins::look(root, data).await,
        "route" => route::look(root, data).await,
        _ => bail!("there is nothing to look at: deliver, create, plugins, route"),
    }
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
