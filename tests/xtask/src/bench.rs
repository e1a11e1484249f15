//! `cargo xtask bench`: what is measured, and what it is measured against.

use crate::{
    console, guests, installed, mail_servers,
    tool::{Tool, step},
};

/// The same as the host stands upon.
const WASMTIME: &str = "48.0.8";

pub(crate) fn run(options: &[String]) -> anyhow::Result<()> {
    console::build()?;
    guests::build()?;
    guests::hello()?;
    mail_servers::ensure()?;
    let features = "--features=run,serve,cranelift,parallel-compilation,pooling-allocator";
    installed::program(
        "wasmtime",
        "wasmtime-cli",
        WASMTIME,
        &["--no-default-features", features],
    )?;
    build()?;
    step("measuring");
    Tool::new("target/release/guichet-bench")
        .args(options)
        .run()
}

/// The program and the benches, as they are released.
pub(crate) fn build() -> anyhow::Result<()> {
    step("building for speed (the first time takes some minutes)");
    Tool::new("cargo")
        .args(["build", "--release", "--package", "guichet-program"])
        .args(["--package", "guichet-bench"])
        .run()
}
