//! A desk with life in it, and a marketplace beside it from which its plugins come: packed, signed, published and installed as anybody's are.

use crate::{
    say,
    serve::{listen, open_to_serve},
};
use anyhow::Context;
use guichet::{config::Demo, demo, ending::until_told, inbound::http};
use guichet_cli::{pack::pack, project::Project, publish::publish, sign};
use guichet_marketplace::{Marketplace, Settings, clock::Clock, doors, market::Review};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// The publisher of the plugins that come with the host.
const PUBLISHER: &str = "guichet";

pub(crate) async fn demo(settings: &Demo) -> anyhow::Result<()> {
    let step = |what: &str| say(&format!("  · {what}"));
    let data = &settings.serve.place.data;
    std::fs::create_dir_all(data).with_context(|| data.display().to_string())?;
    step("a marketplace");
    let key_file = data.join("publisher.key");
    let market = marketplace(data, &key_file).await?;
    let marketplace_key = market.public_key().to_string();
    let listen_at = settings.marketplace_listen;
    let listener = tokio::net::TcpListener::bind(listen_at)
        .await
        .with_context(|| {
            format!("cannot listen on {listen_at}: choose another with --marketplace-listen")
        })?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(http::serve(listener, doors::marketplace(market)));
    publish_all(data, &key_file, &settings.plugins, &url, step).await?;
    let mut serve = settings.serve.clone();
    serve.doors.market.marketplace = Some(url.clone());
    serve.doors.market.marketplace_key = Some(marketplace_key);
    let desk = open_to_serve(&serve).await?;
    let ready = tokio::select! {
        ready = demo::set_up(&desk, step) => ready?,
        // What is half set up goes on at the next start no better than a fresh one: the folder is to be deleted.
        () = until_told() => anyhow::bail!("ended before the demo was set up: delete {}", data.display()),
    };
    let welcome = |address: SocketAddr| {
        say(&format!("{}  plugins   {url}/\n", ready.welcome(address)));
    };
    if settings.only_set_up {
        welcome(serve.listen);
        return Ok(());
    }
    listen(desk, &serve, welcome).await
}

/// A marketplace of the demo's own, with the key of its one publisher.
async fn marketplace(data: &Path, key_file: &Path) -> anyhow::Result<Marketplace> {
    let chosen = Settings {
        name: Some("Demo marketplace · 示例市场".to_owned()),
        review: Review::Nothing,
    };
    let market = Marketplace::start(&data.join("marketplace"), chosen, Clock::default()).await?;
    let key = match key_file.exists() {
        true => sign::public_key(key_file)?,
        false => sign::new_key(key_file)?,
    };
    let known = market.publishers().await?;
    if !known.iter().any(|publisher| publisher.name == PUBLISHER) {
        market.add_publisher(PUBLISHER, "Guichet", &key).await?;
    }
    Ok(market)
}

/// Packs, signs and publishes each plugin of the folder that is its publisher's.
async fn publish_all(
    data: &Path,
    key_file: &Path,
    plugins: &Path,
    url: &str,
    step: impl Fn(&str),
) -> anyhow::Result<()> {
    for folder in folders(plugins)? {
        let project = Project::at(&folder)?;
        let manifest = project.manifest()?;
        if manifest.publisher() != PUBLISHER {
            continue;
        }
        step(&format!(
            "{} {}: packed, signed, published",
            manifest.id, manifest.version
        ));
        pack(&project)?;
        sign::sign(Some(&project), None, key_file)?;
        publish(Some(&project), None, url).await.with_context(|| {
            format!(
                "{} {} of an earlier demo is kept in {}: remove that folder to begin anew",
                manifest.id,
                manifest.version,
                data.display()
            )
        })?;
    }
    Ok(())
}

/// Folders of plugins, by name.
fn folders(plugins: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(plugins).with_context(|| plugins.display().to_string())? {
        let path = entry?.path();
        if path.join("plugin.toml").is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
