//! From a change to all who look: each is told by a connection of its own, as consoles are.

use crate::{
    results::{Measure, percentile},
    served::{Served, milliseconds, serve},
};
use anyhow::{Context, bail, ensure};
use guichet::admin;
use guichet_core::directory::AgentRole;
use serde_json::{Value, json};
use std::{path::Path, time::Instant};
use tokio::sync::mpsc;

/// Agents who look.
const FOLLOWERS: usize = 50;

const CHANGES: usize = 400;

/// Changes before those that count.
const WARM: usize = 40;

/// Somebody who looks: tells when he was told of which change.
async fn follow(
    served: &Served,
    number: usize,
    told: mpsc::UnboundedSender<(u64, Instant)>,
) -> anyhow::Result<()> {
    let (name, email) = (
        format!("Agent {number}"),
        format!("agent{number}@bench.example"),
    );
    let agent = admin::create_agent(
        &served.desk,
        served.tenant,
        &name,
        &email,
        AgentRole::Agent,
        "a long password",
    )
    .await?;
    let scopes = ["api".to_owned()];
    let token =
        admin::create_token(&served.desk, served.tenant, &name, Some(agent.id), &scopes).await?;
    let url = format!("{}/live", served.url);
    let client = reqwest::Client::new();
    let mut response = client.get(url).bearer_auth(token).send().await?;
    ensure!(response.status() == 200, "{}", response.status());
    let mut text = String::new();
    while !text.contains("\n\n") {
        let chunk = response.chunk().await?.context("the server hung up")?;
        text += std::str::from_utf8(&chunk)?;
    }
    text.clear();
    tokio::spawn(async move {
        while let Ok(Some(chunk)) = response.chunk().await {
            let now = Instant::now();
            text += &String::from_utf8_lossy(&chunk);
            while let Some((event, rest)) = text.split_once("\n\n") {
                let id = event.lines().find_map(|line| line.strip_prefix("id: "));
                if let Some(id) = id.and_then(|id| id.parse().ok()) {
                    let _ = told.send((id, now));
                }
                text = rest.to_owned();
            }
        }
    });
    Ok(())
}

pub(crate) async fn measure(data: &Path) -> anyhow::Result<Vec<Measure>> {
    let served = serve(&data.join("push")).await?;
    let client = reqwest::Client::new();
    let wish = json!({ "subject": "Printer on fire", "text": "x", "requester": { "email": "ana@trade.example" } });
    let made = client
        .post(format!("{}/tickets", served.url))
        .bearer_auth(&served.token)
        .json(&wish)
        .send()
        .await?;
    let ticket: Value = serde_json::from_str(&made.text().await?)?;
    let (tell, mut told) = mpsc::unbounded_channel();
    for number in 0..FOLLOWERS {
        follow(&served, number, tell.clone()).await?;
    }
    let url = format!("{}/tickets/{}/tags", served.url, ticket["number"]);
    let store = served.desk.store.tenant(served.tenant);
    let mut before = store.sequence().await?;
    let (mut pushed, mut answered) = (Vec::new(), Vec::new());
    for change in 0..WARM + CHANGES {
        let begun = Instant::now();
        let request = client.put(&url).bearer_auth(&served.token);
        let wish = json!({ "tags": [format!("tag-{change}")] });
        let answer = request.json(&wish).send().await?;
        ensure!(answer.status() == 200, "{}", answer.status());
        drop(answer.bytes().await?);
        let own = milliseconds(begun);
        let mut seen = 0;
        let mut latencies = Vec::with_capacity(FOLLOWERS);
        while seen < FOLLOWERS {
            let Some((sequence, at)) = told.recv().await else {
                bail!("nobody looks any more");
            };
            if sequence > before {
                latencies.push(at.duration_since(begun).as_secs_f64() * 1_000.0);
                seen += 1;
            }
        }
        before = store.sequence().await?;
        if change >= WARM {
            answered.push(own);
            pushed.append(&mut latencies);
        }
    }
    Ok(vec![Measure {
        name: "push_p99_ms",
        value: percentile(pushed, 99.0),
        unit: "ms",
        target: "≤ 1,000 ms",
        floor: Some(percentile(answered, 99.0)),
        note: "from a change's request until each of 50 agents who look is told of it, 99 of 100; floor: until who asked for it has his answer",
    }])
}
