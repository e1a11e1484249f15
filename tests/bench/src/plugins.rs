//! Tickets with plugins at work behind: how many a second, how late, and what one more plugin costs whoever creates them.

use crate::{
    picture::{Line, Picture},
    results::{Measure, median, percentile},
    served::{ROUNDS, Served, serve},
};
use anyhow::ensure;
use guichet::{admin::operator, desk::Desk, dispatch::Dispatch, plugins::lifecycle};
use guichet_core::id::TenantId;
use serde_json::json;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// The rate at which the lag of dispatch is looked at: the one that must be sustained.
const OFFERED_PER_S: u32 = 600;

/// The rate at which the cost of one more plugin is looked at.
const COST_PER_S: u32 = 200;
const PAIRS: usize = 7;

/// How many plugins the picture shows.
const SHOWN: [usize; 6] = [0, 1, 5, 10, 25, 50];

/// A desk with ten plugins that each tag each ticket.
async fn with_ten(root: &Path, data: &Path) -> anyhow::Result<Served> {
    let served = serve(data).await?;
    for number in 0..10 {
        let deed = json!({ "tag": format!("seen by {number}") });
        served
            .install(root, &format!("tag{number}"), deed, "")
            .await?;
    }
    Ok(served)
}

pub(crate) async fn look(root: &Path, data: &Path) -> anyhow::Result<()> {
    let served = with_ten(root, &data.join("plugins")).await?;
    for _ in 0..ROUNDS {
        served.create().await?;
        Dispatch::settled(&served.desk, served.tenant).await;
    }
    Ok(())
}

pub(crate) async fn measure(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let served = with_ten(root, &data.join("plugins")).await?;
    Dispatch::settled(&served.desk, served.tenant).await;
    let (mut rates, mut floors) = (Vec::new(), Vec::new());
    let (mut lags, mut commits) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let floor = served.commit().await?;
        Dispatch::settled(&served.desk, served.tenant).await;
        let begun = Instant::now();
        let own = served.create().await?;
        // Sustained: what was created counts once all its effects are committed.
        Dispatch::settled(&served.desk, served.tenant).await;
        let seconds = begun.elapsed().as_secs_f64();
        let over = Arc::new(AtomicBool::new(false));
        let watching = tokio::spawn(lag(served.desk.clone(), served.tenant, over.clone()));
        served.create_at(OFFERED_PER_S).await?;
        over.store(true, Ordering::Relaxed);
        let seen = watching.await??;
        if round > 0 {
            rates.push(own.latencies_ms.len() as f64 / seconds);
            floors.push(floor.per_s);
            commits.push(floor.p99_ms());
            lags.push(percentile(seen, 99.0));
        }
    }
    exactly_once(&served).await?;
    Ok(vec![
        Measure {
            name: "create_10_plugins_per_s",
            value: median(rates),
            unit: "/s",
            target: "≥ 600/s",
            floor: Some(median(floors)),
            note: "created over HTTP and handled by ten plugins, all effects committed, each ticket's ten tags counted; floor: commits without HTTP, with the ten plugins at work behind",
        },
        Measure {
            name: "dispatch_lag_p99_ms",
            value: median(lags),
            unit: "ms",
            target: "≤ 1,000 ms",
            floor: Some(median(commits)),
            note: "floor: one commit, with ten plugins at work behind; from an event's commit until it and all before it are handled by ten plugins, while 600 tickets a second are offered; looked at every 5 ms",
        },
    ])
}

/// How long the log's newest event waits until all up to it is handled, looked at again and again.
async fn lag(desk: Arc<Desk>, tenant: TenantId, over: Arc<AtomicBool>) -> anyhow::Result<Vec<f64>> {
    let store = desk.store.tenant(tenant);
    let (mut waiting, mut lags) = (Vec::<(u64, Instant)>::new(), Vec::new());
    while !over.load(Ordering::Relaxed) || !waiting.is_empty() {
        let (cursor, now) = (store.cursor().await?, Instant::now());
        waiting.retain(|(sequence, since)| {
            let is_done = *sequence <= cursor.low;
            if is_done {
                lags.push(now.duration_since(*since).as_secs_f64() * 1_000.0);
            }
            !is_done
        });
        if waiting
            .last()
            .is_none_or(|(last, _)| *last < cursor.sequence)
            && cursor.low < cursor.sequence
        {
            waiting.push((cursor.sequence, now));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(lags)
}

/// Every ticket has each plugin's tag, in one event each.
async fn exactly_once(served: &Served) -> anyhow::Result<()> {
    let store = served.desk.store.tenant(served.tenant);
    let (mut number, mut checked) = (1, 0);
    while let Some(ticket) = store.ticket_by_number(number).await? {
        ensure!(
            ticket.tags.len() == 10,
            "ticket {number} has {} tags of ten",
            ticket.tags.len()
        );
        if number % 100 == 0 {
            let history = store.history(ticket.id).await?;
            ensure!(
                history.len() == 11,
                "ticket {number} has {} events, not one and ten",
                history.len()
            );
        }
        checked += 1;
        number += 1;
    }
    ensure!(checked > 0, "there is no ticket to check");
    Ok(())
}

/// What one more plugin that listens, and does nothing, costs whoever creates tickets: in pairs, with it and without.
pub(crate) async fn cost(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let served = serve(&data.join("cost")).await?;
    let operator = operator(&served.desk, served.tenant).await?;
    let id = served.install(root, "rests", json!("rest"), "").await?;
    served.create_at(COST_PER_S).await?;
    let (mut ratios, mut without) = (Vec::new(), Vec::new());
    let store = served.desk.store.tenant(served.tenant);
    for pair in 0..PAIRS {
        let mut measured = [0.0; 2];
        // Each is first as often as the other: a machine drifts.
        for turn in 0..2 {
            let is_enabled = (pair + turn) % 2 == 0;
            let install = store.install(id).await?.ok_or_else(gone)?;
            match is_enabled {
                true => {
                    drop(lifecycle::switch::enable(&served.desk, &operator, install, None).await?)
                }
                false => drop(
                    lifecycle::switch::disable(
                        &served.desk,
                        &operator,
                        install,
                        lifecycle::switch::KeepPlace::No,
                    )
                    .await?,
                ),
            }
            measured[usize::from(is_enabled)] = served.create_at(COST_PER_S).await?.p50_ms();
            Dispatch::settled(&served.desk, served.tenant).await;
        }
        let [off, on] = measured;
        ratios.push(on / off);
        without.push(off);
    }
    // What two rounds differ by without anything between them.
    let drifts = without
        .windows(2)
        .map(|two| (two[0] / two[1] - 1.0).abs() * 100.0);
    Ok(vec![Measure {
        name: "plugin_cost_on_create_pct",
        value: (median(ratios) - 1.0) * 100.0,
        unit: "%",
        target: "≤ 3 %",
        floor: Some(median(drifts.collect())),
        note: "one plugin that listens and writes nothing, on the median latency of a create at 200 offered a second; median of pairs; floor: what two rounds without it differ by",
    }])
}

fn gone() -> anyhow::Error {
    anyhow::anyhow!("the plugin is gone")
}

/// Creates and whole deliveries against the number of plugins.
pub(crate) async fn picture(root: &Path, data: &Path) -> anyhow::Result<Picture> {
    let served = serve(&data.join("picture-plugins")).await?;
    let (mut creates, mut sustained) = (Vec::new(), Vec::new());
    let mut installed = 0;
    for count in SHOWN {
        for number in installed..count {
            let deed = json!({ "tag": format!("seen by {number}") });
            served
                .install(root, &format!("tag{number}"), deed, "")
                .await?;
        }
        installed = count;
        Dispatch::settled(&served.desk, served.tenant).await;
        let begun = Instant::now();
        let own = served.create().await?;
        Dispatch::settled(&served.desk, served.tenant).await;
        let all = own.latencies_ms.len() as f64 / begun.elapsed().as_secs_f64();
        creates.push((count as f64, own.per_s));
        sustained.push((count as f64, all));
    }
    Ok(Picture {
        name: "plugins",
        title: "Tickets a second against plugins that each tag each ticket",
        x: "plugins",
        y: "tickets/s",
        log_x: false,
        lines: vec![
            Line::new("created over the API", creates),
            Line::new("created, and all plugins' effects committed", sustained),
        ],
    })
}
