//! Serve a desk, or a demo of one.

use crate::say;
use anyhow::Context;
use guichet::{
    clock::Clock,
    config::{Demo, Place, Serve},
    demo,
    desk::{Desk, DeskSettings},
    inbound::http,
    limits,
};
use guichet_outside::OutsideSettings;
use std::sync::Arc;

pub(crate) async fn serve(serve: &Serve) -> anyhow::Result<()> {
    let desk = open(&serve.place, true).await?;
    listen(desk, serve, |address| {
        say(&format!("Guichet listens on http://{address}/"))
    })
    .await
}

pub(crate) async fn demo(settings: &Demo) -> anyhow::Result<()> {
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

/// With `works`, it dispatches and does what is due; beside a server only the server does.
pub(crate) async fn open(place: &Place, works: bool) -> anyhow::Result<Arc<Desk>> {
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
