//! Plugins and test guests: compiled for WebAssembly, and laid beside their manifests as `target/plugins/<name>/plugin.toml` and `…/dist/plugin.wasm`.

use crate::tool::{Tool, step};
use anyhow::Context;
use std::{fs, path::Path};

pub(crate) const FOLDER: &str = "target/plugins";

/// Name, package, folder.
const GUESTS: &[(&str, &str, &str)] = &[
    ("email", "guichet-email", "plugins/channels/email"),
    ("web-form", "guichet-web-form", "plugins/channels/web-form"),
    ("overview", "guichet-overview", "plugins/reports/overview"),
    ("catalog", "guichet-catalog", "plugins/apps/catalog"),
    ("desks", "guichet-desks", "plugins/automations/desks"),
    ("sla", "guichet-sla", "plugins/automations/sla"),
    (
        "triggers",
        "guichet-triggers",
        "plugins/automations/triggers",
    ),
    ("hostile", "guichet-hostile", "tests/guests/hostile"),
    ("puppet", "guichet-puppet", "tests/guests/puppet"),
];

pub(crate) fn build() -> anyhow::Result<()> {
    step("building the plugins");
    if !Tool::new("rustup")
        .args(["target", "list", "--installed"])
        .run_quietly()?
        .contains("wasm32-wasip2")
    {
        Tool::new("rustup")
            .args(["target", "add", "wasm32-wasip2"])
            .run()?;
    }
    for (name, package, folder) in GUESTS {
        let made = compile(package)?;
        let to = Path::new(FOLDER).join(name);
        fs::create_dir_all(to.join("dist"))?;
        fs::copy(&made, to.join("dist/plugin.wasm")).with_context(|| made)?;
        let manifest = Path::new(folder).join("plugin.toml");
        fs::copy(&manifest, to.join("plugin.toml"))
            .with_context(|| manifest.display().to_string())?;
    }
    Ok(())
}

/// What `wasmtime serve` is measured with.
pub(crate) fn hello() -> anyhow::Result<()> {
    compile("guichet-hello").map(drop)
}

/// A component, in a folder of their own: the host's build and the plugins' would otherwise throw out each other's. Answers where it is.
fn compile(package: &str) -> anyhow::Result<String> {
    // A component is a dynamic library. Its package is a plain one, so that its logic is tested natively, where the names of WIT exports do not link.
    Tool::new("cargo")
        .args([
            "rustc",
            "--quiet",
            "--lib",
            "--crate-type",
            "cdylib",
            "--profile",
            "plugin",
            "--target",
            "wasm32-wasip2",
            "--target-dir",
            "target/guests",
            "--package",
            package,
        ])
        .run()?;
    let name = package.replace('-', "_");
    Ok(format!("target/guests/wasm32-wasip2/plugin/{name}.wasm"))
}
