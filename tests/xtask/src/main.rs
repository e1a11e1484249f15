//! `cargo xtask`: everything that a newcomer needs, with all the set-up it takes.

/// Programs that are run, and how they fail.
mod tool;

/// The console, by npm.
mod console;

/// Plugins and test guests, for WebAssembly.
mod guests;

/// Programs from the registry.
mod installed;

/// Licences of dependencies.
mod deny;

/// A PostgreSQL of the tests' own.
mod postgres;

/// Real mail servers.
mod mail_servers;

/// Stories in a real browser.
mod stories;

/// What the product does a second.
mod bench;

/// Where its time goes.
mod profile;

/// And to which part of us.
mod shares;

/// Whatever may be handed in.
mod fuzz;

/// The compiler for that.
mod own_code;

/// The suite's hardest sentences, for as long as one likes.
mod soak;

use anyhow::bail;
use tool::{Tool, step};

const HELP: &str = "cargo xtask <command>

  demo [options]   build everything and serve a tenant with life in it (options go to `guichet demo`, such as --listen 127.0.0.1:8090)
  test             format, lints, and every test on SQLite and on PostgreSQL, skipping nothing
  build            console, plugins and host
  stories          what people do with the product, told to it in a real browser (GUICHET_STORIES=pattern names the sentences)
  screenshots [page]   pictures of every page, in both languages, for a desk and for a phone, in target/screenshots
  soak [--minutes N] [--kills N] [--fuzz-runs N]   servers killed under load so often a database, hostile guests, plugins held back and catching up,
                   again and again until the time is over (30 minutes and 200 kills by default); after it, every fuzz target so many times (10 million by default)
  fuzz [name…] [--runs N]   whatever may be handed in: boundary, manifest, mail, package, expression (all of them, a million runs each, by default);
                   --minimise writes what was found, reduced, into tests/fuzz/corpus
  profile <name>   a flame graph of what a bench measures (deliver, create, plugins, route), in host/docs/pictures, and its parts
  bench [name]     what the product does a second, beside its floors: deliver, create, plugins, cost, route, enable, push, mail_in, tickets, tenants, start
                   (all of them by default, which takes half an hour); writes target/bench/results.json, README's table and host/docs/pictures
";

fn main() -> std::process::ExitCode {
    if std::env::var_os(own_code::IS_ASKED).is_some() {
        return own_code::compile().unwrap_or_else(|error| {
            step(&format!("the compiler: {error:#}"));
            std::process::ExitCode::FAILURE
        });
    }
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            step(&format!("stopped: {error:#}"));
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))?;
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("demo") => demo(&arguments.collect::<Vec<_>>()),
        Some("test") => test(),
        Some("build") => build(),
        Some("stories") => {
            build()?;
            stories::run("test", &[])
        }
        Some("screenshots") => {
            build()?;
            stories::run("screenshots", &arguments.collect::<Vec<_>>())
        }
        Some("fuzz") => fuzz::run(&arguments.collect::<Vec<_>>()),
        Some("soak") => soak::run(&arguments.collect::<Vec<_>>()),
        Some("profile") => profile::run(&arguments.collect::<Vec<_>>()),
        Some("bench") => bench::run(&arguments.collect::<Vec<_>>()),
        _ => bail!("{HELP}"),
    }
}

fn build() -> anyhow::Result<()> {
    console::build()?;
    guests::build()?;
    step("building the host (the first time takes some minutes)");
    Tool::new("cargo")
        .args(["build", "--package", "guichet-program"])
        .run()
}

fn demo(options: &[String]) -> anyhow::Result<()> {
    build()?;
    step("starting the demo; Ctrl-C ends it, its data stays in target/demo");
    Tool::new("target/debug/guichet")
        .args(["demo", "--data", "target/demo", "--plugins", guests::FOLDER])
        .args(options)
        .run()
}

fn test() -> anyhow::Result<()> {
    step("format");
    Tool::new("cargo").args(["fmt", "--all", "--check"]).run()?;
    deny::check()?;
    console::build()?;
    guests::build()?;
    step("building, with lints");
    // All at once, as the tests are built: packages chosen one by one have other features, and what they stand upon would be built twice.
    linted(&["build", "--workspace", "--all-targets"]).run()?;
    step("a PostgreSQL for the tests");
    let postgres = postgres::Server::start()?;
    mail_servers::ensure()?;
    step("tests, on SQLite and on PostgreSQL");
    linted(&["test", "--workspace"])
        .env("GUICHET_TEST_POSTGRES", &postgres.url())
        .run()?;
    stories::run("test", &[])
}

/// Cargo, with clippy as the compiler of our own packages. `cargo clippy` and then `cargo build` would go through everything that we stand upon twice, which takes ten minutes more on two cores.
fn linted(arguments: &[&str]) -> Tool {
    Tool::new("cargo")
        .args(arguments)
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        // As cargo-clippy hands over what follows its `--`.
        .env(
            "CLIPPY_ARGS",
            "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
        )
}
