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
    (
        "triggers",
        "guichet-triggers",
        "plugins/automations/triggers",
    ),
    ("hostile", "guichet-hostile", "tests/guests/hostile"),
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
    // A folder of their own: the host's build and the plugins' would otherwise throw out each other's.
    for (name, package, folder) in GUESTS {
        // A component is a dynamic library. Its package is a plain one, so that its logic is tested natively, where the names of WIT exports do not link.
        let build = Tool::new("cargo").args([
            "rustc",
            "--quiet",
            "--lib",
            "--crate-type",
            "cdylib",
            "--profile",
            "plugin",
        ]);
        build
            .args([
                "--target",
                "wasm32-wasip2",
                "--target-dir",
                "target/guests",
                "--package",
                package,
            ])
            .run()?;
        let to = Path::new(FOLDER).join(name);
        fs::create_dir_all(to.join("dist"))?;
        let made = format!(
            "target/guests/wasm32-wasip2/plugin/{}.wasm",
            package.replace('-', "_")
        );
        fs::copy(&made, to.join("dist/plugin.wasm")).with_context(|| made)?;
        let manifest = Path::new(folder).join("plugin.toml");
        fs::copy(&manifest, to.join("plugin.toml"))
            .with_context(|| manifest.display().to_string())?;
    }
    Ok(())
}
