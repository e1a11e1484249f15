//! Very many tenants, each with plugins, most of them idle: what they cost in memory, and those that work.

use crate::{
    picture::{Line, Picture},
    process::Server,
    results::Measure,
    served::{self, ROUND, Writer, guest, milliseconds},
};
use anyhow::{Context, ensure};
use guichet::{
    admin::{self, operator},
    desk::Desk,
    dispatch::Dispatch,
    plugins::lifecycle,
};
use guichet_core::{
    changeset::{ChangeSet, CursorWrite, InstallWrite},
    id::{InstallId, TenantId},
    install::Install,
};
use serde_json::json;
use std::{path::Path, sync::Arc, time::Instant};

/// How many tenants are looked at.
const SHOWN: [usize; 5] = [1, 10, 100, 1_000, 10_000];

/// Of each.
const PLUGINS: usize = 20;

/// Tenants that are made at once.
const AT_ONCE: usize = 64;

/// Writers at work, each for a tenant of its own as far as there are so many.
const WRITERS: usize = 32;

/// A tenant's installs, as they would be after each was installed by hand.
fn installs(of: &Install, tenant: TenantId, desk: &Desk) -> ChangeSet {
    let mut changes = ChangeSet::new(tenant);
    changes
        .installs
        .extend((0..PLUGINS).map(|number| InstallWrite {
            install: Install {
                id: InstallId(desk.clock.new_id()),
                plugin: format!("tests/idle{number}"),
                epoch: 1,
                from_sequence: 1,
                ..of.clone()
            },
            expected: 0,
            starts_here: false,
            cursor: CursorWrite::Stays,
            secrets: Vec::new(),
            indexes: Vec::new(),
            copies: Vec::new(),
            forgets: false,
        }));
    changes
}

/// Makes tenants from one number to another.
async fn fill(
    desk: &Arc<Desk>,
    of: &Install,
    from: usize,
    to: usize,
) -> anyhow::Result<Vec<TenantId>> {
    let mut made = Vec::with_capacity(to - from);
    let mut running = tokio::task::JoinSet::new();
    for number in from..to {
        if running.len() >= AT_ONCE {
            made.push(running.join_next().await.context("nothing runs")???);
        }
        let (desk, of) = (desk.clone(), of.clone());
        running.spawn(async move {
            let slug = format!("tenant-{number}");
            let tenant = admin::ensure_tenant(&desk, &slug, "Idle", "UTC").await?.id;
            desk.store.commit(installs(&of, tenant, &desk)).await?;
            anyhow::Ok(tenant)
        });
    }
    while let Some(one) = running.join_next().await {
        made.push(one??);
    }
    Ok(made)
}

/// Tickets a second, each writer on through the tenants.
async fn rate(desk: &Arc<Desk>, tenants: &[TenantId]) -> anyhow::Result<f64> {
    let mut writers = Vec::new();
    for tenant in tenants.iter().take(WRITERS) {
        writers.push(Arc::new(Writer::of(desk, *tenant).await?));
    }
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for number in 0..WRITERS {
        let writer = writers[number % writers.len()].clone();
        let desk = desk.clone();
        running.spawn(async move {
            let mut written = 0_usize;
            while begun.elapsed() < ROUND {
                desk.store
                    .commit(writer.ticket(&desk, "Printer on fire")?)
                    .await?;
                written += 1;
            }
            anyhow::Ok(written)
        });
    }
    let mut written = 0;
    while let Some(one) = running.join_next().await {
        written += one??;
    }
    Ok(written as f64 / begun.elapsed().as_secs_f64())
}

pub(crate) async fn measure(
    root: &Path,
    data: &Path,
) -> anyhow::Result<(Vec<Measure>, Vec<Picture>)> {
    let data = data.join("tenants");
    let (manifest, component) = guest(root)?;
    let (mut rates, mut starts, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    let mut tenants = Vec::new();
    for count in SHOWN {
        let desk = served::open(&data).await?;
        let (bench, _) = match tenants.is_empty() {
            true => served::tenant(&desk).await?,
            false => (
                admin::ensure_tenant(&desk, "bench", "Bench", "UTC")
                    .await?
                    .id,
                String::new(),
            ),
        };
        let operator = operator(&desk, bench).await?;
        let of = match desk.store.tenant(bench).installs().await?.pop() {
            Some(of) => of,
            None => {
                let settings = json!({ "deed": "rest" });
                lifecycle::install(&desk, &operator, &manifest, &component, settings).await?
            }
        };
        tenants.extend(fill(&desk, &of, tenants.len(), count).await?);
        rates.push((count as f64, rate(&desk, &tenants).await?));
        for tenant in tenants.iter().take(WRITERS) {
            Dispatch::settled(&desk, *tenant).await;
        }
        drop(desk);
        let begun = Instant::now();
        let server = Server::start(&data).await?;
        starts.push((count as f64, milliseconds(begun)));
        sizes.push((count as f64, server.resident_mib().await?));
    }
    ensure!(tenants.len() == SHOWN[SHOWN.len() - 1]);
    let (first, last) = (sizes[0].1, sizes[sizes.len() - 1].1);
    let measures = vec![Measure {
        name: "idle_10k_tenants_rss_mib",
        value: last,
        unit: "MiB",
        target: "≤ 300",
        floor: Some(first),
        note: "resident memory of a server that has started, 10,000 tenants with 20 installs each, idle; floor: one such tenant",
    }];
    let picture = |name, title, y, lines| Picture {
        name,
        title,
        x: "tenants",
        y,
        log_x: true,
        lines,
    };
    let pictures = vec![
        picture(
            "tenants",
            "Tickets a second against tenants with 20 plugins each, 32 of them at work",
            "tickets/s",
            vec![Line::new("committed", rates)],
        ),
        picture(
            "tenants-idle",
            "A server at rest against tenants with 20 plugins each",
            "ms, MiB",
            vec![
                Line::new("start, ms", starts),
                Line::new("resident memory, MiB", sizes),
            ],
        ),
    ];
    Ok((measures, pictures))
}
