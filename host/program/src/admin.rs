//! What operators do beside a running server.

/// Each step of a plugin's life.
mod plugin;

use crate::{say, serve::open};
use anyhow::{Context, bail};
use clap::Subcommand;
use guichet::{admin, backup, config::Place, desk::Desk, plugins::lifecycle};
use guichet_core::directory::AgentRole;
use std::{io::Read, path::PathBuf};

/// What operators do.
#[derive(Debug, Subcommand)]
pub(crate) enum Admin {
    /// Make the first admin of a tenant, and the tenant if there is none of that name. The password is read from standard input.
    Create {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        tenant: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
        /// The IANA zone in which a new tenant's schedules are read, such as Asia/Shanghai.
        #[arg(long, default_value = "UTC")]
        zone: String,
    },
    /// Make a bearer token and print it, once.
    Token {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        tenant: String,
        #[arg(long)]
        name: String,
        /// What it is good for: `api`, or `plugin:publisher/name` for a plugin's routes.
        #[arg(long, required = true)]
        scope: Vec<String>,
        /// The agent in whose name it acts; needed for `api`.
        #[arg(long)]
        agent: Option<String>,
    },
    /// Install a plugin in a tenant, with all that its manifest asks, and enable it.
    Install {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        tenant: String,
        /// The folder with `plugin.toml` and `dist/plugin.wasm`.
        #[arg(long)]
        plugin: PathBuf,
        /// A JSON file with its settings.
        #[arg(long)]
        settings: Option<PathBuf>,
    },
    /// Plugins of a tenant, step by step.
    #[command(subcommand)]
    Plugin(plugin::Command),
    /// Grant an installed plugin one of the permissions that its manifest asks for.
    Grant {
        #[command(flatten)]
        place: Place,
        /// May be left out where there is only one.
        #[arg(long)]
        tenant: Option<String>,
        /// `publisher/name`.
        plugin: String,
        /// Such as `tickets-write`.
        permission: String,
    },
    /// Write everything into a new folder: rows, files, plugins. The master key is left out: keep it elsewhere.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The folder to be made.
        #[arg(long)]
        to: PathBuf,
    },
    /// Read a backup into an empty database and data folder, of either kind of database.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The folder of the backup.
        #[arg(long)]
        from: PathBuf,
    },
}

pub(crate) async fn administrate(command: Admin) -> anyhow::Result<()> {
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
            let desk = open(&place).await?;
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
            let desk = open(&place).await?;
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
            let desk = open(&place).await?;
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
        Admin::Plugin(command) => plugin::run(command).await?,
        Admin::Grant {
            place,
            tenant,
            plugin,
            permission,
        } => {
            let desk = open(&place).await?;
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
