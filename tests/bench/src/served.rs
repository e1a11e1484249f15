//! A desk that is served on loopback, and who asks it.

use crate::results::{median, percentile};
use anyhow::{Context, ensure};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    inbound::http,
    plugins::lifecycle,
};
use guichet_core::{
    actor::Actor,
    changeset::ChangeSet,
    customer::{Customer, Identity},
    directory::{AgentRole, Directory},
    effect::Effect,
    id::{CustomerId, InstallId, MessageId, TenantId, TicketId},
    message::{MessageDraft, Visibility},
    overlay::Overlay,
    ticket::{verbs::TicketDraft, work::Stamp},
};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

pub(crate) const CLIENTS: usize = 32;
pub(crate) const ROUNDS: usize = 5;
pub(crate) const ROUND: Duration = Duration::from_secs(3);

/// A desk, where it is served, and its admin's token.
pub(crate) struct Served {
    pub(crate) desk: Arc<Desk>,
    pub(crate) tenant: TenantId,
    pub(crate) address: String,
    pub(crate) url: String,
    pub(crate) token: String,
}

/// What a round of clients saw.
pub(crate) struct Round {
    pub(crate) per_s: f64,
    pub(crate) latencies_ms: Vec<f64>,
}

impl Round {
    /// Of latencies since a moment.
    fn since(begun: Instant, latencies_ms: Vec<f64>) -> Self {
        Self {
            per_s: latencies_ms.len() as f64 / begun.elapsed().as_secs_f64(),
            latencies_ms,
        }
    }

    pub(crate) fn p50_ms(&self) -> f64 {
        median(self.latencies_ms.clone())
    }

    pub(crate) fn p99_ms(&self) -> f64 {
        percentile(self.latencies_ms.clone(), 99.0)
    }
}

/// Latencies of many tasks.
#[derive(Clone, Default)]
struct Latencies(Arc<Mutex<Vec<f64>>>);

impl Latencies {
    fn add(&self, own: Vec<f64>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(own);
    }

    fn take(&self) -> Vec<f64> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// A desk on SQLite in that folder.
pub(crate) async fn open(data: &Path) -> anyhow::Result<Arc<Desk>> {
    let place = Place {
        database: None,
        data: data.to_owned(),
        master_key_file: None,
    };
    let settings = DeskSettings {
        // What is measured is the work, not the limit that a tenant's requests have.
        route_burst: 1e12,
        ..DeskSettings::at(place)
    };
    Ok(Desk::start(settings, Clock::default()).await?)
}

/// The tenant `bench`, with an admin; his token.
pub(crate) async fn tenant(desk: &Arc<Desk>) -> anyhow::Result<(TenantId, String)> {
    let tenant = admin::ensure_tenant(desk, "bench", "Bench", "UTC").await?;
    let (role, password) = (AgentRole::Admin, "a long password");
    let agent =
        admin::create_agent(desk, tenant.id, "Bo", "bo@bench.example", role, password).await?;
    let scopes = ["api".to_owned()];
    let token = admin::create_token(desk, tenant.id, "bench", Some(agent.id), &scopes).await?;
    Ok((tenant.id, token))
}

pub(crate) async fn serve(data: &Path) -> anyhow::Result<Served> {
    let desk = open(data).await?;
    let (tenant, token) = tenant(&desk).await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let url = format!("http://{address}/t/bench/api/v1");
    let routes = http::router(desk.clone());
    tokio::spawn(async move { http::serve(listener, routes).await });
    Ok(Served {
        desk,
        tenant,
        address,
        url,
        token,
    })
}

/// Manifest and component of the guest that does what its settings say.
pub(crate) fn guest(root: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let folder = root.join("target/plugins/hostile");
    let manifest = std::fs::read_to_string(folder.join("plugin.toml"))?;
    Ok((manifest, std::fs::read(folder.join("dist/plugin.wasm"))?))
}

impl Served {
    /// Installs the guest under a name of its own.
    pub(crate) async fn install(
        &self,
        root: &Path,
        name: &str,
        deed: Value,
        more_manifest: &str,
    ) -> anyhow::Result<InstallId> {
        let operator = operator(&self.desk, self.tenant).await?;
        let (manifest, component) = guest(root)?;
        let manifest = manifest.replace("tests/hostile", &format!("tests/{name}")) + more_manifest;
        let settings = json!({ "deed": deed });
        let install =
            lifecycle::install(&self.desk, &operator, &manifest, &component, settings).await?;
        Ok(install.id)
    }

    /// As many tickets as the clients can make in a round.
    pub(crate) async fn create(&self) -> anyhow::Result<Round> {
        let client = reqwest::Client::builder()
            .pool_max_idle_per_host(CLIENTS)
            .build()?;
        let begun = Instant::now();
        let latencies = Latencies::default();
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
                            true => own.push(milliseconds(sent)),
                            false => drop(refused.fetch_add(1, Ordering::Relaxed)),
                        }
                    }
                    latencies.add(own);
                })
            })
            .collect();
        for client in clients {
            client.await?;
        }
        let refused = refused.load(Ordering::Relaxed);
        ensure!(refused == 0, "{refused} requests were refused");
        Ok(Round::since(begun, latencies.take()))
    }

    /// So many tickets a second, whatever the answers take, for a round.
    pub(crate) async fn create_at(&self, per_s: u32) -> anyhow::Result<Round> {
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
            running.spawn(async move {
                let sent = Instant::now();
                let answer = request.send().await?;
                anyhow::ensure!(answer.status() == 201, "a request was refused");
                answer.bytes().await?;
                Ok(milliseconds(sent))
            });
        }
        let mut latencies = Vec::new();
        while let Some(made) = running.join_next().await {
            latencies.push(made??);
        }
        Ok(Round::since(begun, latencies))
    }

    /// The same change-sets, straight into the store's grouped commits, from so many writers.
    pub(crate) async fn commit(&self) -> anyhow::Result<Round> {
        let writer = Arc::new(Writer::of(&self.desk, self.tenant).await?);
        let begun = Instant::now();
        let latencies = Latencies::default();
        let writers: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (desk, writer, latencies) =
                    (self.desk.clone(), writer.clone(), latencies.clone());
                tokio::spawn(async move {
                    let mut own = Vec::new();
                    while begun.elapsed() < ROUND {
                        let sent = Instant::now();
                        let changes = writer.ticket(&desk, "Printer on fire")?;
                        desk.store.commit(changes).await?;
                        own.push(milliseconds(sent));
                    }
                    latencies.add(own);
                    anyhow::Ok(())
                })
            })
            .collect();
        for writer in writers {
            writer.await??;
        }
        Ok(Round::since(begun, latencies.take()))
    }
}

/// Writes tickets of one customer, without HTTP.
pub(crate) struct Writer {
    tenant: TenantId,
    directory: Arc<Directory>,
    customer: Customer,
}

impl Writer {
    pub(crate) async fn of(desk: &Desk, tenant: TenantId) -> anyhow::Result<Self> {
        let store = desk.store.tenant(tenant);
        let directory = store.directory().await?;
        let id = CustomerId(desk.clock.new_id());
        let mut overlay = Overlay::new(tenant, directory.clone());
        let identity = Identity {
            name: format!("mailto:{id}@trade.example"),
            verified: false,
        };
        overlay.create_customer(id, "Ana", vec![identity], &stamp(desk));
        desk.store.commit(overlay.finish()).await?;
        let customer = store.customer(id).await?.context("the customer is gone")?;
        Ok(Self {
            tenant,
            directory,
            customer,
        })
    }

    /// A ticket that is to be written.
    pub(crate) fn ticket(&self, desk: &Desk, subject: &str) -> anyhow::Result<ChangeSet> {
        let mut overlay = Overlay::new(self.tenant, self.directory.clone());
        overlay.load_customer(self.customer.clone());
        let draft = TicketDraft {
            id: TicketId(desk.clock.new_id()),
            subject: subject.to_owned(),
            requester: self.customer.id,
            channel: "api".to_owned(),
            first_message: Some(MessageDraft {
                id: MessageId(desk.clock.new_id()),
                author: Actor::customer(self.customer.id),
                visibility: Visibility::Public,
                text: "Please help: it burns since this morning, and the paper is gone.".to_owned(),
                html: None,
                attachments: Vec::new(),
                fields: Vec::new(),
            }),
            fields: Vec::new(),
        };
        overlay.apply(&Effect::CreateTicket(draft), &stamp(desk))?;
        Ok(overlay.finish())
    }
}

fn stamp(desk: &Desk) -> Stamp {
    Stamp::of_system(desk.clock.now())
}
