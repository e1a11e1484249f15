//! What operators do beside a running server.

use crate::{say, serve::open};
use anyhow::{Context, bail};
use guichet::{admin, backup, config::Admin, desk::Desk, plugins::lifecycle};
use guichet_core::directory::AgentRole;
use std::io::Read;

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
