//! Serve a marketplace or a mirror of one.

use super::Place;
use crate::say;
use anyhow::Context;
use clap::Args;
use guichet::inbound::http;
use guichet_marketplace::{
    Marketplace, Settings, clock::Clock, doors, market::Review, mirror::Mirror,
};
use guichet_package::PublicKey;
use std::{net::SocketAddr, path::PathBuf};

/// How a marketplace is served.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen. Put a TLS proxy in front of anything but loopback.
    #[arg(
        long,
        env = "GUICHET_MARKETPLACE_LISTEN",
        default_value = "127.0.0.1:8090"
    )]
    listen: SocketAddr,
    /// The marketplace's name for people; the one it has, where none is said.
    #[arg(long, env = "GUICHET_MARKETPLACE_NAME")]
    name: Option<String>,
    /// Let the versions of a new plugin wait for the operator, until one of it was approved.
    #[arg(long, env = "GUICHET_MARKETPLACE_REVIEW")]
    review: bool,
    /// Serve the copy in this folder instead of a marketplace of one's own.
    #[arg(long, conflicts_with_all = ["name", "review"])]
    mirror: Option<PathBuf>,
}

pub(super) async fn serve(settings: &Serve) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(settings.listen)
        .await
        .with_context(|| {
            format!(
                "cannot listen on {}: choose another with --listen",
                settings.listen
            )
        })?;
    let address = listener.local_addr()?;
    let routes = match &settings.mirror {
        Some(folder) => {
            let mirror = Mirror::open(folder)?;
            let (name, key, until) = mirror.origin().await?;
            say(&format!(
                "A copy of the marketplace “{name}”, good until {until}, listens on http://{address}/"
            ));
            tell_key(address, &key);
            doors::mirror(mirror)
        }
        None => {
            let market = start(settings).await?;
            let introduction = market.introduction().await?;
            say(&format!(
                "The marketplace “{}” listens on http://{address}/",
                introduction.name
            ));
            tell_key(address, &introduction.key);
            doors::marketplace(market)
        }
    };
    http::serve(listener, routes).await?;
    Ok(())
}

async fn start(settings: &Serve) -> anyhow::Result<Marketplace> {
    let review = match settings.review {
        true => Review::FirstVersions,
        false => Review::Nothing,
    };
    let chosen = Settings {
        name: settings.name.clone(),
        review,
    };
    Ok(Marketplace::start(&settings.place.data, chosen, Clock::default()).await?)
}

fn tell_key(address: SocketAddr, key: &PublicKey) {
    say(&format!("Its key is {key}"));
    say(&format!("  fingerprint {}", key.fingerprint()));
    say("Hosts trust it when they are started so:");
    say(&format!(
        "  guichet serve --marketplace http://{address} --marketplace-key {key}"
    ));
}
