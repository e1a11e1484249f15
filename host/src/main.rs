//! The program: serve, demo, admin.

use anyhow::{Context, bail};
use clap::Parser;
use guichet::{
    admin, backup,
    clock::Clock,
    config::{Admin, Cli, Command, Place, Serve},
    demo,
    desk::{Desk, DeskSettings},
    inbound::http,
    limits,
    plugins::lifecycle,
};
use guichet_core::directory::AgentRole;
use guichet_outside::OutsideSettings;
use std::{
    io::{Read, Write},
    process::ExitCode,
    sync::Arc,
};
use tracing_subscriber::EnvFilter;

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
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(run(cli.command))
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(serve) => {
            let desk = open(&serve.place, true).await?;
            listen(desk, &serve, |address| {
                say(&format!("Guichet listens on http://{address}/"))
            })
            .await
        }
        Command::Demo(settings) => {
            let desk = open(&settings.serve.place, true).await?;
            let ready =
                demo::set_up(&desk, &settings.plugins, |step| say(&format!("  · {step}"))).await?;
            if settings.only_set_up {
                say(&ready.welcome(settings.serve.listen));
                return Ok(());
            }
            listen(
                desk,
                &settings.serve,
                |address| say(&ready.welcome(address)),
            )
            .await
        }
        Command::Admin(command) => administrate(command).await,
        Command::CompileComponent { .. } => Ok(()),
    }
}

/// With `works`, it dispatches and does what is due; beside a server only the server does.
async fn open(place: &Place, works: bool) -> anyhow::Result<Arc<Desk>> {
    let compiler = std::env::current_exe()
        .context("the program cannot find itself, to compile plugins in a process of their own")?;
    let settings = DeskSettings {
        place: place.clone(),
        compiler: Some(compiler),
        works,
        small: false,
        turn_ms: limits::TURN_MS,
        outside: OutsideSettings::default(),
        market: None,
    };
    Ok(Desk::start(settings, Clock::default()).await?)
}

async fn listen(
    desk: Arc<Desk>,
    serve: &Serve,
    welcome: impl FnOnce(std::net::SocketAddr),
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(serve.listen)
        .await
        .with_context(|| {
            format!(
                "cannot listen on {}: choose another with --listen",
                serve.listen
            )
        })?;
    welcome(listener.local_addr()?);
    http::serve(listener, http::router(desk)).await?;
    Ok(())
}

async fn administrate(command: Admin) -> anyhow::Result<()> {
    match command {
        Admin::Create {
            place,
            tenant,
            name,
            email,
            zone,
        } => {
            let mut password = String::new();
            std::io::stdin()
                .read_to_string(&mut password)
                .context("the password is read from standard input")?;
            let desk = open(&place, false).await?;
            let tenant = admin::ensure_tenant(&desk, &tenant, &tenant, &zone).await?;
            admin::create_agent(
                &desk,
                tenant.id,
                &name,
                &email,
                AgentRole::Admin,
                password.trim_end_matches(['\r', '\n']),
            )
            .await?;
            say(&format!(
                "{email} is an admin of {}: sign in at /t/{}/",
                tenant.name, tenant.slug
            ));
        }
        Admin::Token {
            place,
            tenant,
            name,
            scope,
            agent,
        } => {
            let desk = open(&place, false).await?;
            let tenant = known(&desk, &tenant).await?;
            let agent = match agent {
                Some(email) => match desk
                    .store
                    .tenant(tenant.id)
                    .agent_by_email(&email.to_lowercase())
                    .await?
                {
                    Some(agent) => Some(agent.id),
                    None => bail!("there is no agent {email} at {}", tenant.slug),
                },
                None => None,
            };
            say(&admin::create_token(&desk, tenant.id, &name, agent, &scope).await?);
        }
        Admin::Install {
            place,
            tenant,
            plugin,
            settings,
        } => {
            let desk = open(&place, false).await?;
            let tenant = known(&desk, &tenant).await?;
            let settings = match settings {
                Some(path) => serde_json::from_slice(
                    &std::fs::read(&path).with_context(|| path.display().to_string())?,
                )
                .with_context(|| path.display().to_string())?,
                None => serde_json::json!({}),
            };
            let operator = admin::operator(&desk, tenant.id).await?;
            let install = lifecycle::install_folder(&desk, &operator, &plugin, settings).await?;
            say(&format!(
                "{}@{} is enabled at {} as sha256:{}",
                install.plugin, install.version, tenant.slug, install.digest
            ));
        }
        Admin::Grant {
            place,
            tenant,
            plugin,
            permission,
        } => {
            let desk = open(&place, false).await?;
            let tenant = match tenant {
                Some(tenant) => known(&desk, &tenant).await?,
                None => only_tenant(&desk).await?,
            };
            let operator = admin::operator(&desk, tenant.id).await?;
            lifecycle::grant(&desk, &operator, &plugin, &permission).await?;
            say(&format!("{plugin} may use {permission} at {}", tenant.slug));
        }
        Admin::Backup { place, to } => {
            let rows = backup::backup(&place, &to).await?;
            say(&format!(
                "{rows} rows, with files and plugins, are in {}. Not in it: the master key, {}",
                to.display(),
                place.master_key_path().display()
            ));
        }
        Admin::Restore { place, from } => {
            let rows = backup::restore(&place, &from).await?;
            say(&format!(
                "{rows} rows are restored. Put the master key to {} before the server starts: without it no secret opens",
                place.master_key_path().display()
            ));
        }
    }
    Ok(())
}

async fn only_tenant(desk: &Desk) -> anyhow::Result<guichet_core::directory::Tenant> {
    let mut tenants = desk.store.tenants().await?;
    match (tenants.pop(), tenants.len()) {
        (Some(tenant), 0) => Ok(tenant),
        (None, _) => bail!("there is no tenant yet: make one with `guichet admin create`"),
        _ => bail!("there are several tenants: say which with --tenant"),
    }
}

async fn known(desk: &Desk, slug: &str) -> anyhow::Result<guichet_core::directory::Tenant> {
    desk.store.tenant_by_slug(slug).await?.with_context(|| {
        format!("there is no tenant `{slug}`: make it with `guichet admin create`")
    })
}

/// To standard output; a reader that has gone away is no failure of ours.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
