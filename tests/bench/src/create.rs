//! Tickets created over the REST API, durable; against the same statements without HTTP, in turns.

use crate::{
    results::{Measure, median},
    served::{ROUNDS, serve},
};
use guichet::dispatch::Dispatch;
use std::path::Path;

pub(crate) async fn measure(data: &Path) -> anyhow::Result<Vec<Measure>> {
    let served = serve(&data.join("create")).await?;
    let (mut rates, mut floors) = (Vec::new(), Vec::new());
    let (mut latencies, mut floor_latencies) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let floor = served.commit().await?;
        Dispatch::settled(&served.desk, served.tenant).await;
        let own = served.create().await?;
        Dispatch::settled(&served.desk, served.tenant).await;
        if round > 0 {
            floors.push(floor.per_s);
            floor_latencies.push(floor.p99_ms());
            rates.push(own.per_s);
            latencies.push(own.p99_ms());
        }
    }
    let ratios = rates.iter().zip(&floors).map(|(own, floor)| own / floor);
    let ratio = median(ratios.collect());
    let floor = median(floors);
    Ok(vec![
        Measure {
            name: "create_per_s",
            value: median(rates),
            unit: "/s",
            target: "≥ 3,000/s",
            floor: Some(floor),
            note: "over HTTP, signed in by token, 32 clients in the same process on the same cores, SQLite, fsync; the full-text index is fed meanwhile",
        },
        Measure {
            name: "create_floor_ratio",
            value: ratio,
            unit: "",
            target: "≥ 0.3",
            floor: Some(1.0),
            note: "against the same change-sets in grouped commits without HTTP, same run",
        },
        Measure {
            name: "create_p99_ms",
            value: median(latencies),
            unit: "ms",
            target: "≤ 50 ms",
            floor: Some(median(floor_latencies)),
            note: "the median of the rounds' 99th percentiles, at full load; floor: of the same commits without HTTP",
        },
    ])
}

pub(crate) async fn look(data: &Path) -> anyhow::Result<()> {
    let served = serve(&data.join("create")).await?;
    for _ in 0..ROUNDS {
        served.create().await?;
        Dispatch::settled(&served.desk, served.tenant).await;
    }
    Ok(())
}
