//! Tickets created over the REST API, durable, with and without plugins; against the same statements without HTTP, in turns.

use crate::results::{Measure, median, percentile};
use anyhow::{Context, ensure};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    dispatch::Dispatch,
    inbound::http,
    plugins::lifecycle,
};
use guichet_core::{
    actor::Actor,
    customer::Identity,
    directory::AgentRole,
    effect::Effect,
    event::Origin,
    id::{CustomerId, MessageId, TenantId, TicketId},
    message::{MessageDraft, Visibility},
    overlay::Overlay,
    ticket::{verbs::TicketDraft, work::Stamp},
};
use serde_json::json;
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

const CLIENTS: usize = 32;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);
/// The rate at which the lag of dispatch is looked at: the one that must be sustained.
const OFFERED_PER_S: u32 = 600;

/// A desk that is served on loopback, and who asks it.
struct Served {
    desk: Arc<Desk>,
    tenant: TenantId,
    url: String,
    token: String,
}

async fn serve(data: &Path) -> anyhow::Result<Served> {
    let settings = DeskSettings::at(Place {
        database: None,
        data: data.to_owned(),
        master_key_file: None,
    });
    let desk = Desk::start(settings, Clock::default()).await?;
    let tenant = admin::ensure_tenant(&desk, "bench", "Bench", "UTC")
        .await?
        .id;
    let password = "a long password";
    let role = AgentRole::Admin;
    let agent =
        admin::create_agent(&desk, tenant, "Bo", "bo@bench.example", role, password).await?;
    let scopes = ["api".to_owned()];
    let token = admin::create_token(&desk, tenant, "bench", Some(agent.id), &scopes).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/t/bench/api/v1", listener.local_addr()?);
    let routes = http::router(desk.clone());
    tokio::spawn(async move { http::serve(listener, routes).await });
    Ok(Served {
        desk,
        tenant,
        url,
        token,
    })
}

/// What a round of clients saw.
struct Round {
    per_s: f64,
    latencies_ms: Vec<f64>,
}

impl Served {
    /// As many tickets as the clients can make in a round.
    async fn create(&self) -> anyhow::Result<Round> {
        let client = reqwest::Client::builder()
            .pool_max_idle_per_host(CLIENTS)
            .build()?;
        let begun = Instant::now();
        let latencies = Arc::new(Mutex::new(Vec::new()));
        let refused = Arc::new(AtomicU64::new(0));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (client, url, token) = (client.clone(), format!("{}/tickets", self.url), self.token.clone());
                let (latencies, refused) = (latencies.clone(), refused.clone());
                tokio::spawn(async move {
                    let mut own = Vec::new();
                    while begun.elapsed() < ROUND {
                        let wish = json!({
                            "subject": format!("Printer {} on fire", own.len()), "text": "Please help: it burns since this morning, and the paper is gone.",
                            "requester": { "name": "Ana", "email": format!("ana{}@trade.example", number * 100 + own.len() % 100) },
                        });
                        let sent = Instant::now();
                        let is_made = match client.post(&url).bearer_auth(&token).json(&wish).send().await {
                            Ok(answer) => answer.status() == 201 && answer.bytes().await.is_ok(),
                            Err(_) => false,
                        };
                        match is_made {
                            true => own.push(sent.elapsed().as_secs_f64() * 1_000.0),
                            false => drop(refused.fetch_add(1, Ordering::Relaxed)),
                        }
                    }
                    latencies.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(own);
                })
            })
            .collect();
        for client in clients {
            client.await?;
        }
        let seconds = begun.elapsed().as_secs_f64();
        ensure!(
            refused.load(Ordering::Relaxed) == 0,
            "requests were refused"
        );
        let latencies_ms = std::mem::take(
            &mut *latencies
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        Ok(Round {
            per_s: latencies_ms.len() as f64 / seconds,
            latencies_ms,
        })
    }

    /// So many tickets a second, whatever the answers take, for a round; whether all were made.
    async fn create_at(&self, per_s: u32) -> anyhow::Result<()> {
        let client = reqwest::Client::new();
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / per_s);
        let begun = Instant::now();
        let mut running = tokio::task::JoinSet::new();
        while begun.elapsed() < ROUND {
            ticks.tick().await;
            let wish = json!({ "subject": "Printer on fire", "text": "Please help.", "requester": { "name": "Ana", "email": "ana@trade.example" } });
            let request = client
                .post(format!("{}/tickets", self.url))
                .bearer_auth(&self.token)
                .json(&wish);
            running.spawn(async move { request.send().await.map(|answer| answer.status() == 201) });
        }
        while let Some(made) = running.join_next().await {
            ensure!(made??, "a request was refused");
        }
        Ok(())
    }

    /// The same change-sets, straight into the store's grouped commits.
    async fn commit(&self) -> anyhow::Result<Round> {
        let store = self.desk.store.tenant(self.tenant);
        let directory = store.directory().await?;
        let clock = self.desk.clock.clone();
        let stamp = |actor: Actor| Stamp {
            at: clock.now(),
            principal: actor.into(),
            origin: Origin::default(),
            because: None,
        };
        let id = CustomerId(clock.new_id());
        let mut overlay = Overlay::new(self.tenant, directory.clone());
        let identity = Identity {
            name: format!("mailto:{id}@trade.example"),
            verified: false,
        };
        overlay.create_customer(id, "Ana", vec![identity], &stamp(Actor::SYSTEM));
        self.desk.store.commit(overlay.finish()).await?;
        let customer = store.customer(id).await?.context("the customer is gone")?;
        let begun = Instant::now();
        let latencies = Arc::new(Mutex::new(Vec::new()));
        let writers: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (desk, tenant, directory) = (self.desk.clone(), self.tenant, directory.clone());
                let (customer, latencies) = (customer.clone(), latencies.clone());
                tokio::spawn(async move {
                    let mut own = Vec::new();
                    while begun.elapsed() < ROUND {
                        let sent = Instant::now();
                        let mut overlay = Overlay::new(tenant, directory.clone());
                        overlay.load_customer(customer.clone());
                        let stamp = Stamp {
                            at: desk.clock.now(),
                            principal: Actor::SYSTEM.into(),
                            origin: Origin::default(),
                            because: None,
                        };
                        overlay.apply(&ticket(&desk, &customer.id), &stamp)?;
                        desk.store.commit(overlay.finish()).await?;
                        own.push(sent.elapsed().as_secs_f64() * 1_000.0);
                    }
                    latencies
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .extend(own);
                    anyhow::Ok(())
                })
            })
            .collect();
        for writer in writers {
            writer.await??;
        }
        let seconds = begun.elapsed().as_secs_f64();
        let latencies_ms = std::mem::take(
            &mut *latencies
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        Ok(Round {
            per_s: latencies_ms.len() as f64 / seconds,
            latencies_ms,
        })
    }
}

fn ticket(desk: &Desk, requester: &CustomerId) -> Effect {
    Effect::CreateTicket(TicketDraft {
        id: TicketId(desk.clock.new_id()),
        subject: "Printer on fire".to_owned(),
        requester: *requester,
        channel: "api".to_owned(),
        first_message: Some(MessageDraft {
            id: MessageId(desk.clock.new_id()),
            author: Actor::customer(*requester),
            visibility: Visibility::Public,
            text: "Please help: it burns since this morning, and the paper is gone.".to_owned(),
            html: None,
            attachments: Vec::new(),
            fields: Vec::new(),
        }),
        fields: Vec::new(),
    })
}

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
            floor_latencies.push(percentile(floor.latencies_ms, 99.0));
            rates.push(own.per_s);
            latencies.push(percentile(own.latencies_ms, 99.0));
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

/// Ten plugins that each tag each ticket.
pub(crate) async fn measure_with_plugins(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let served = serve(&data.join("plugins")).await?;
    let operator = operator(&served.desk, served.tenant).await?;
    let folder = root.join("target/plugins/hostile");
    let manifest = std::fs::read_to_string(folder.join("plugin.toml"))?;
    let component = std::fs::read(folder.join("dist/plugin.wasm"))?;
    for number in 0..10 {
        let manifest = manifest.replace("tests/hostile", &format!("tests/tag{number}"));
        let settings = json!({ "deed": { "tag": format!("seen by {number}") } });
        lifecycle::install(&served.desk, &operator, &manifest, &component, settings).await?;
    }
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
            commits.push(percentile(floor.latencies_ms, 99.0));
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
