//! From the moment that an admin enables a plugin, until it has handled its first event; against an event of a plugin that was enabled before.

use crate::{
    results::{Measure, median},
    served::{Served, Writer, milliseconds, serve},
};
use anyhow::Context;
use guichet::{admin::operator, dispatch::Dispatch, plugins::lifecycle};
use serde_json::json;
use std::{path::Path, time::Instant};

const TIMES: usize = 31;

/// Writes a ticket, and waits until the plugin's effect is in the log.
async fn until_handled(served: &Served, writer: &Writer) -> anyhow::Result<()> {
    let mut signals = served.desk.store.subscribe();
    let changes = writer.ticket(&served.desk, "Printer on fire")?;
    let committed = served.desk.store.commit(changes).await?;
    let own = committed.events.last().map_or(0, |event| event.sequence);
    while signals.recv().await?.sequence <= own {}
    Ok(())
}

pub(crate) async fn measure(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let served = serve(&data.join("enable")).await?;
    let operator = operator(&served.desk, served.tenant).await?;
    let id = served
        .install(root, "tags", json!({ "tag": "seen" }), "")
        .await?;
    let writer = Writer::of(&served.desk, served.tenant).await?;
    let store = served.desk.store.tenant(served.tenant);
    let (mut times, mut floors) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        Dispatch::settled(&served.desk, served.tenant).await;
        let begun = Instant::now();
        until_handled(&served, &writer).await?;
        floors.push(milliseconds(begun));
        Dispatch::settled(&served.desk, served.tenant).await;
        let install = store.install(id).await?.context("the plugin is gone")?;
        let keeps = lifecycle::switch::KeepPlace::No;
        let disabled = lifecycle::switch::disable(&served.desk, &operator, install, keeps).await?;
        Dispatch::settled(&served.desk, served.tenant).await;
        let begun = Instant::now();
        lifecycle::switch::enable(&served.desk, &operator, disabled, None).await?;
        until_handled(&served, &writer).await?;
        times.push(milliseconds(begun));
    }
    Ok(vec![Measure {
        name: "enable_to_first_event_ms",
        value: median(times),
        unit: "ms",
        target: "≤ 50 ms",
        floor: Some(median(floors)),
        note: "a plugin whose compiled form is cached is enabled, a ticket written, its effect committed; floor: the ticket and the effect of one that was enabled before",
    }])
}
