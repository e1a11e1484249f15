//! The program: one binary for everything.

/// Serve a desk.
mod serve;

/// Serve a demo of one.
mod demo;

/// What operators do beside a running server.
mod admin;

/// What plugins' authors do.
mod plugin;

/// Serve and run a marketplace.
mod marketplace;

use admin::Admin;
use clap::{Parser, Subcommand};
use guichet::{
    config::{Demo, Serve},
    limits::BLOCKED_WAIT_MS,
};
use std::{io::Write, path::PathBuf, process::ExitCode, time::Duration};
use tracing_subscriber::EnvFilter;

/// Guichet, a helpdesk and IT service desk that is a platform of plugins.
#[derive(Debug, Parser)]
#[command(name = "guichet", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What the program does.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the desk.
    Serve(Serve),
    /// Serve a tenant with life in it, to look around.
    Demo(Demo),
    /// Set up tenants, people, tokens and plugins.
    #[command(subcommand)]
    Admin(Admin),
    /// Write plugins: new, build, check, test, dev, pack, sign, publish.
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    /// Serve a marketplace, and say who may publish there.
    #[command(subcommand)]
    Marketplace(marketplace::Command),
    /// Compile a component; the server starts itself with this, under limits.
    #[command(hide = true)]
    CompileComponent {
        component: PathBuf,
        compiled: PathBuf,
    },
}

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        // The causes, one after the other; a backtrace says nothing to whoever runs the program.
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "guichet: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if let Command::CompileComponent {
        component,
        compiled,
    } = &cli.command
    {
        return Ok(guichet_runtime::compile_here(component, compiled)?);
    }
    // What the databases' drivers have to say below a warning concerns nobody who runs a desk.
    let quiet = match cli.command {
        // An author is told what concerns his plugin, by the tool.
        Command::Plugin(_) => "error",
        _ => "info,sqlx=warn",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(quiet));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(run(cli.command));
    runtime.shutdown_timeout(Duration::from_millis(BLOCKED_WAIT_MS));
    ended
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => serve::serve(&serve).await,
        Command::Demo(demo) => demo::demo(&demo).await,
        Command::Admin(command) => admin::administrate(command).await,
        Command::Plugin(command) => plugin::author(command).await,
        Command::Marketplace(command) => marketplace::run(command).await,
        Command::CompileComponent { .. } => Ok(()),
    }
}

/// To standard output; a reader that has gone away is no failure of ours.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
