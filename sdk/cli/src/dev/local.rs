//! A desk of the author's own: data in `.guichet/dev` beside the plugin, served on loopback, with one admin. What is in it stays from one day to the next.

use super::{DevError, data_folder};
use guichet::{
    admin::{self, NewToken},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    inbound::http,
};
use guichet_core::directory::AgentRole;
use std::{net::SocketAddr, path::Path};

const TENANT: &str = "dev";
const EMAIL: &str = "dev@localhost.example";

/// Of the admin. The desk is on loopback, for its author alone.
const PASSWORD: &str = "guichet plugin dev";

/// The name of the tool's own token; there is one at a time.
const TOKEN: &str = "guichet plugin dev";

/// A desk that is served.
pub(super) struct Local {
    /// Of its tenant.
    pub(super) address: String,
    pub(super) token: String,
    /// What to open, and how to sign in.
    pub(super) welcome: String,
}

/// Starts it. It ends with the program.
pub(super) async fn start(folder: &Path, listen: SocketAddr) -> Result<Local, DevError> {
    let failed = |error: &dyn std::fmt::Display| DevError::Desk(error.to_string());
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(|source| DevError::Listen {
            address: listen,
            source,
        })?;
    let address = listener.local_addr().map_err(|error| failed(&error))?;
    let settings = DeskSettings {
        small: true,
        ..DeskSettings::at(Place {
            database: None,
            data: data_folder(folder),
            master_key_file: None,
        })
    };
    let desk = Desk::start(settings, Clock::default())
        .await
        .map_err(|error| DevError::Desk(super::chain(&error)))?;
    let tenant = admin::ensure_tenant(&desk, TENANT, "Development", "UTC")
        .await
        .map_err(|error| failed(&error))?;
    let store = desk.store.tenant(tenant.id);
    let agent = match store.agent_by_email(EMAIL).await {
        Ok(Some(agent)) => agent,
        _ => admin::create_agent(&desk, tenant.id, "Dev", EMAIL, AgentRole::Admin, PASSWORD)
            .await
            .map_err(|error| failed(&error))?,
    };
    let operator = admin::operator(&desk, tenant.id)
        .await
        .map_err(|error| failed(&error))?;
    // Of the last time; nobody has it any more.
    let tokens = store.tokens().await.map_err(|error| failed(&error))?;
    for old in tokens.into_iter().filter(|token| token.token.name == TOKEN) {
        admin::revoke_token(&desk, &operator, old.id)
            .await
            .map_err(|error| failed(&error))?;
    }
    let new = NewToken {
        name: TOKEN.to_owned(),
        agent: Some(agent.id),
        scopes: vec!["api".to_owned()],
        until: None,
    };
    let (_, token) = admin::make_token(&desk, &operator, new)
        .await
        .map_err(|error| failed(&error))?;
    tokio::spawn(http::serve(listener, http::router(desk)));
    Ok(Local {
        address: format!("http://{address}/t/{TENANT}"),
        token,
        welcome: format!(
            "\n  open      http://{address}/t/{TENANT}/\n  sign in   {EMAIL}   password {PASSWORD}\n"
        ),
    })
}
