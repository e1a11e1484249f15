//! A desk with very many tickets: its newest page, its search, and what creating another one costs.

use crate::{
    picture::{Line, Picture},
    results::{Measure, percentile},
    served::{Served, Writer, milliseconds, serve},
};
use anyhow::{Context, ensure};
use guichet::dispatch::Dispatch;
use std::{path::Path, sync::Arc, time::Instant};

/// How many tickets are looked at.
const SHOWN: [usize; 3] = [10_000, 100_000, 1_000_000];

/// Requests of each kind.
const LOOKS: usize = 1_000;

/// Tickets that are on their way to the writer at once while the desk is filled.
const AT_ONCE: usize = 512;

/// What tickets are about: a word of many tickets, one of some, one of few.
const THINGS: [&str; 8] = [
    "Printer",
    "VPN",
    "Keyboard",
    "打印机",
    "Invoice",
    "Password",
    "网络",
    "Laptop",
];
const TROUBLES: [&str; 10] = [
    "on fire",
    "slow",
    "lost",
    "broken",
    "无法连接",
    "expired",
    "refused",
    "too hot",
    "noisy",
    "故障",
];

/// Words of which each ticket has one: so many tickets have it as there are tickets for one.
const PLACES: usize = 5_000;

fn subject(number: usize) -> String {
    let thing = THINGS[number % THINGS.len()];
    let trouble = TROUBLES[number / THINGS.len() % TROUBLES.len()];
    format!("{thing} {trouble} in room{}", number * 7 % PLACES)
}

/// What people type: words that are common, words that are rare, both; always of some ticket that there is.
fn words(number: usize) -> String {
    let of = number * 7_919 % SHOWN[0];
    let (thing, trouble) = (
        THINGS[of % THINGS.len()],
        TROUBLES[of / THINGS.len() % TROUBLES.len()],
    );
    let room = of * 7 % PLACES;
    match number % 4 {
        0 => thing.to_owned(),
        1 => format!("room{room}"),
        2 => format!("{thing} {trouble}"),
        _ => format!("{thing} room{room}"),
    }
}

/// Fills the desk from one number of tickets to another.
async fn fill(served: &Served, from: usize, to: usize) -> anyhow::Result<()> {
    let writer = Writer::of(&served.desk, served.tenant).await?;
    let mut running = tokio::task::JoinSet::new();
    for number in from..to {
        if running.len() >= AT_ONCE {
            let done = running.join_next().await.context("nothing runs")?;
            ensure!(done?, "a ticket was not written");
        }
        let changes = writer.ticket(&served.desk, &subject(number))?;
        let store = served.desk.store.clone();
        running.spawn(async move { store.commit(changes).await.is_ok() });
    }
    while let Some(done) = running.join_next().await {
        ensure!(done?, "a ticket was not written");
    }
    served.desk.store.tenant(served.tenant).findable().await?;
    Dispatch::settled(&served.desk, served.tenant).await;
    Ok(())
}

/// Latencies of lists, one after the other, as one who asks sees them.
async fn look(served: &Served, query: impl Fn(usize) -> String) -> anyhow::Result<Vec<f64>> {
    let client = reqwest::Client::new();
    let mut latencies = Vec::with_capacity(LOOKS);
    for number in 0..LOOKS + LOOKS / 10 {
        let query = [("limit", "50".to_owned()), ("q", query(number))];
        let request = client
            .get(format!("{}/tickets", served.url))
            .query(
                &query
                    .iter()
                    .filter(|(_, value)| !value.is_empty())
                    .collect::<Vec<_>>(),
            )
            .bearer_auth(&served.token);
        let sent = Instant::now();
        let answer = request.send().await?;
        ensure!(answer.status() == 200, "{}", answer.text().await?);
        let list = answer.bytes().await?;
        // The first ones only warm up.
        if number >= LOOKS / 10 {
            latencies.push(milliseconds(sent));
        }
        ensure!(list.len() > 200, "an empty list was quick");
    }
    Ok(latencies)
}

/// The newest page as the store reads it, without HTTP: the floor of the list.
async fn bare(served: &Served) -> anyhow::Result<Vec<f64>> {
    let store = served.desk.store.tenant(served.tenant);
    let mut latencies = Vec::with_capacity(LOOKS);
    for _ in 0..LOOKS {
        let begun = Instant::now();
        let query = guichet_store::ListQuery {
            limit: 50,
            ..guichet_store::ListQuery::default()
        };
        ensure!(store.list(query).await?.len() == 50);
        latencies.push(milliseconds(begun));
    }
    Ok(latencies)
}

pub(crate) async fn measure(data: &Path) -> anyhow::Result<(Vec<Measure>, Picture)> {
    let served = Arc::new(serve(&data.join("tickets")).await?);
    let p99 = |latencies: &[f64]| percentile(latencies.to_vec(), 99.0);
    let (mut lists, mut searches, mut creates) = (Vec::new(), Vec::new(), Vec::new());
    let mut filled = 0;
    let mut floor = 0.0;
    for count in SHOWN {
        fill(&served, filled, count).await?;
        filled = count;
        lists.push((count as f64, p99(&look(&served, |_| String::new()).await?)));
        floor = p99(&bare(&served).await?);
        searches.push((count as f64, p99(&look(&served, words).await?)));
        creates.push((count as f64, served.create_at(200).await?.p99_ms()));
        Dispatch::settled(&served.desk, served.tenant).await;
    }
    let last = |line: &[(f64, f64)]| line.last().map_or(f64::NAN, |(_, value)| *value);
    let measures = vec![
        Measure {
            name: "list_1m_p99_ms",
            value: last(&lists),
            unit: "ms",
            target: "≤ 5 ms",
            floor: Some(floor),
            note: "newest 50 of 1,000,000 tickets over HTTP on loopback, one after the other; floor: the same from the store",
        },
        Measure {
            name: "search_1m_p99_ms",
            value: last(&searches),
            unit: "ms",
            target: "≤ 50 ms",
            floor: None,
            note: "words of an eighth, an eightieth and a five-thousandth of 1,000,000 tickets, alone and together, Chinese and English, over HTTP on loopback",
        },
    ];
    let picture = Picture {
        name: "tickets",
        title: "99th percentiles against the tickets of a desk",
        x: "tickets",
        y: "ms",
        log_x: true,
        lines: vec![
            Line::new("newest 50", lists),
            Line::new("search", searches),
            Line::new("create, 200 offered a second", creates),
        ],
    };
    Ok((measures, picture))
}
