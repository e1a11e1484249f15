//! The server as a process of its own: how long it takes to start, and how much memory it rests in.

use crate::{
    process::Server,
    results::{Measure, median},
    served::{ROUNDS, guest, milliseconds, open, tenant},
};
use anyhow::ensure;
use guichet::{admin::operator, dispatch::Dispatch, plugins::lifecycle};
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, Instant},
};

const PLUGINS: u8 = 25;

pub(crate) async fn measure(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let (empty, full) = (data.join("start-empty"), data.join("start-full"));
    prepare(root, &empty, 0).await?;
    let token = prepare(root, &full, PLUGINS).await?;
    let (mut times, mut floors, mut sizes, mut bare_sizes) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (server, answered_ms) = start(&empty, "").await?;
        floors.push(answered_ms);
        bare_sizes.push(server.resident_mib().await?);
        drop(server);
        let (server, answered_ms) = start(&full, &token).await?;
        times.push(answered_ms);
        use_plugins(&server, &token).await?;
        sizes.push(server.resident_mib().await?);
    }
    Ok(vec![
        Measure {
            name: "start_ms",
            value: median(times),
            unit: "ms",
            target: "≤ 500 ms",
            floor: Some(median(floors)),
            note: "from the start of the process to the first answer of the API, 25 plugins installed, compiled cache warm; floor: an empty desk",
        },
        Measure {
            name: "idle_rss_mib",
            value: median(sizes),
            unit: "MiB",
            target: "≤ 120",
            floor: Some(median(bare_sizes)),
            note: "resident memory, one tenant, 25 different plugins, each loaded and used once; floor: an empty desk",
        },
    ])
}

/// A data folder with one tenant and so many different plugins; an agent's token.
async fn prepare(root: &Path, data: &Path, plugins: u8) -> anyhow::Result<String> {
    let desk = open(data).await?;
    let (tenant, token) = tenant(&desk).await?;
    let operator = operator(&desk, tenant).await?;
    let (manifest, component) = guest(root)?;
    for number in 0..plugins {
        let manifest = manifest.replace("tests/hostile", &format!("tests/tag{number}"));
        // A custom section makes each a component of its own, compiled and loaded by itself.
        let component = [component.as_slice(), &[0, 3, 1, b'n', number]].concat();
        let settings = json!({ "deed": { "tag": format!("seen by {number}") } });
        lifecycle::install(&desk, &operator, &manifest, &component, settings).await?;
    }
    Dispatch::settled(&desk, tenant).await;
    Ok(token)
}

/// A server, and the milliseconds from the start of its process to its first answer.
async fn start(data: &Path, token: &str) -> anyhow::Result<(Server, f64)> {
    let begun = Instant::now();
    let server = Server::start(data).await?;
    let url = format!("{}/t/bench/api/v1/tickets", server.address);
    let request = reqwest::Client::new().get(url).bearer_auth(token);
    let status = request.send().await?.status();
    ensure!(status == if token.is_empty() { 401 } else { 200 });
    Ok((server, milliseconds(begun)))
}

/// One ticket, handled by all of them.
async fn use_plugins(server: &Server, token: &str) -> anyhow::Result<()> {
    let client = reqwest::Client::new();
    let url = format!("{}/t/bench/api/v1/tickets", server.address);
    let wish =
        json!({ "subject": "For all", "text": "x", "requester": { "email": "ana@trade.example" } });
    let made = client
        .post(&url)
        .bearer_auth(token)
        .json(&wish)
        .send()
        .await?;
    ensure!(made.status() == 201);
    let number = made.json::<serde_json::Value>().await?["number"].clone();
    for _ in 0..1_000 {
        let ticket = client
            .get(format!("{url}/{number}"))
            .bearer_auth(token)
            .send()
            .await?;
        let ticket: serde_json::Value = ticket.json().await?;
        if ticket["tags"].as_array().map(Vec::len) == Some(PLUGINS.into()) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    anyhow::bail!("the plugins did not handle the ticket")
}
