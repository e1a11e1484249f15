//! Serve a desk.

use crate::say;
use anyhow::Context;
use guichet::{
    clock::Clock,
    config::{Market, Place, Serve},
    desk::{Desk, DeskSettings},
    inbound::http,
    plugins::market::MarketSettings,
};
use guichet_outside::OutsideSettings;
use std::sync::Arc;

pub(crate) async fn serve(serve: &Serve) -> anyhow::Result<()> {
    let desk = open_to_serve(serve).await?;
    listen(desk, serve, |address| {
        say(&format!("Guichet listens on http://{address}/"))
    })
    .await
}

/// A desk beside a server: it neither dispatches nor does what is due, which only the server does.
pub(crate) async fn open(place: &Place) -> anyhow::Result<Arc<Desk>> {
    Ok(Desk::start(settings(place)?, Clock::default()).await?)
}

/// The same, with a marketplace.
pub(crate) async fn open_with(place: &Place, market: &Market) -> anyhow::Result<Arc<Desk>> {
    let settings = DeskSettings {
        market: trusted(market)?,
        ..settings(place)?
    };
    Ok(Desk::start(settings, Clock::default()).await?)
}

fn trusted(market: &Market) -> anyhow::Result<Option<MarketSettings>> {
    match (&market.marketplace, &market.marketplace_key) {
        (Some(address), Some(key)) => Ok(Some(MarketSettings {
            address: address.clone(),
            key: key.parse().context("--marketplace-key")?,
        })),
        _ => Ok(None),
    }
}

/// A desk that works.
pub(crate) async fn open_to_serve(serve: &Serve) -> anyhow::Result<Arc<Desk>> {
    let doors = &serve.doors;
    let extra_roots_pem = match &doors.root_certificates {
        Some(path) => std::fs::read(path).with_context(|| path.display().to_string())?,
        None => Vec::new(),
    };
    let settings = DeskSettings {
        works: true,
        turn_ms: doors.turn_ms,
        outside: OutsideSettings {
            extra_roots_pem,
            withheld: doors.withheld_addresses.clone(),
            ..OutsideSettings::default()
        },
        market: trusted(&doors.market)?,
        public_address: doors
            .public_address
            .as_ref()
            .map(|address| address.trim_end_matches('/').to_owned()),
        ..settings(&serve.place)?
    };
    Ok(Desk::start(settings, Clock::default()).await?)
}

fn settings(place: &Place) -> anyhow::Result<DeskSettings> {
    let compiler = std::env::current_exe()
        .context("the program cannot find itself, to compile plugins in a process of their own")?;
    Ok(DeskSettings {
        compiler: Some(compiler),
        works: false,
        ..DeskSettings::at(place.clone())
    })
}

pub(crate) async fn listen(
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
