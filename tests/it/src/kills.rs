//! Killed at any instant, nothing acknowledged is lost and no effect is doubled.

use crate::{
    desk::{Database, Folder, PASSWORD, place, root},
    process::Server,
};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    dispatch::Dispatch,
    plugins::lifecycle,
};
use guichet_core::{directory::AgentRole, message::Visibility, ticket::Ticket};
use serde_json::json;
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

const KILLS: u64 = 20;

/// Long: on a busy machine a plugin would be parked for being slow, and speak after the next one.
const TURN_MS: u64 = 20_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_under_load_lose_nothing_and_double_nothing_on_sqlite() {
    kill_and_count(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_under_load_lose_nothing_and_double_nothing_on_postgres() {
    kill_and_count(Database::Postgres).await;
}

async fn open(place: &Place) -> Arc<Desk> {
    let settings = DeskSettings {
        small: true,
        turn_ms: TURN_MS,
        ..DeskSettings::at(place.clone())
    };
    Desk::start(settings, Clock::default()).await.unwrap()
}

async fn kill_and_count(database: Database) {
    let folder = Folder::new();
    let place = place(database, &folder).await;
    let (tenant, token) = {
        let desk = open(&place).await;
        let tenant = admin::ensure_tenant(&desk, "acme", "Acme", "UTC")
            .await
            .unwrap();
        let agent = admin::create_agent(
            &desk,
            tenant.id,
            "Bo",
            "bo@acme.example",
            AgentRole::Admin,
            PASSWORD,
        )
        .await
        .unwrap();
        let token = admin::create_token(
            &desk,
            tenant.id,
            "load",
            Some(agent.id),
            &["api".to_owned()],
        )
        .await
        .unwrap();
        let guest = root().join("target/plugins/hostile");
        let manifest = std::fs::read_to_string(guest.join("plugin.toml")).unwrap();
        let component = std::fs::read(guest.join("dist/plugin.wasm")).unwrap();
        for name in ["one", "two"] {
            let manifest = manifest.replace("tests/hostile", &format!("tests/{name}"));
            lifecycle::install(
                &desk,
                &operator(&desk, tenant.id).await.unwrap(),
                &manifest,
                &component,
                json!({ "deed": { "note": name } }),
            )
            .await
            .unwrap();
        }
        Dispatch::settled(&desk, tenant.id).await;
        (tenant, token)
    };

    let load = Load::default();
    for round in 0..KILLS {
        let server = Server::start_with(&place, &["--turn-ms", &TURN_MS.to_string()]);
        load.run_until_killed(server, &token, round).await;
    }

    let acknowledged = load.acknowledged.lock().unwrap().clone();
    assert!(
        acknowledged.len() as u64 >= KILLS,
        "the load was no load: {} tickets",
        acknowledged.len()
    );
    let desk = open(&place).await;
    Dispatch::settled(&desk, tenant.id).await;
    let store = desk.store.tenant(tenant.id);
    for (number, subject) in &acknowledged {
        let ticket = store.ticket_by_number(*number).await.unwrap();
        assert_eq!(
            ticket.map(|ticket| ticket.subject).as_ref(),
            Some(subject),
            "ticket {number} was acknowledged"
        );
    }
    // Every ticket there is, acknowledged or not, has each plugin's note once, in their order, and a log without a gap.
    let cursor = store.cursor().await.unwrap();
    let events = store.events_after(0, u32::MAX >> 1).await.unwrap();
    assert!(
        events
            .iter()
            .map(|event| event.sequence)
            .eq(1..=cursor.sequence),
        "the log has no gap"
    );
    let mut number = 0;
    while let Some(ticket) = store.ticket_by_number(number + 1).await.unwrap() {
        number += 1;
        assert_eq!(
            notes(&store, &ticket).await,
            ["one", "two"],
            "ticket {number}"
        );
    }
    assert!(number >= acknowledged.len() as u64);
    let parked = store.parked().await.unwrap();
    assert!(parked.is_empty(), "{parked:?}");
}

async fn notes(store: &guichet::TenantStore, ticket: &Ticket) -> Vec<String> {
    let messages = store.messages(ticket.id, None, 100).await.unwrap();
    messages
        .into_iter()
        .filter(|message| message.draft.visibility == Visibility::Internal)
        .map(|message| message.draft.text)
        .collect()
}

#[derive(Default)]
struct Load {
    acknowledged: Arc<Mutex<Vec<(u64, String)>>>,
    offered: Arc<AtomicU64>,
}

impl Load {
    /// Eight clients create tickets; after a number of acknowledgements that differs from round to round, in the middle of whatever happens, the kill.
    async fn run_until_killed(&self, server: Server, token: &str, round: u64) {
        let client = reqwest::Client::new();
        let over = Arc::new(AtomicBool::new(false));
        let answers = Arc::new(AtomicU64::new(0));
        let url = format!("{}/t/acme/api/v1/tickets", server.address);
        let clients: Vec<_> = (0..8).map(|_| {
            let (client, over, answers, url, token) = (client.clone(), over.clone(), answers.clone(), url.clone(), token.to_owned());
            let (acknowledged, offered) = (self.acknowledged.clone(), self.offered.clone());
            tokio::spawn(async move {
                while !over.load(Ordering::Relaxed) {
                    let subject = format!("load {}", offered.fetch_add(1, Ordering::Relaxed));
                    let wish = json!({ "subject": subject, "text": "x", "requester": { "email": format!("c{}@load.example", subject.len()) } });
                    let Ok(response) = client.post(&url).bearer_auth(&token).json(&wish).send().await else { return };
                    if response.status() != 201 {
                        continue;
                    }
                    let Ok(ticket) = response.json::<serde_json::Value>().await else { return };
                    acknowledged.lock().unwrap().push((ticket["number"].as_u64().unwrap(), subject));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            })
        }).collect();
        let wanted = 1 + (round * 7) % 23;
        let enough = async {
            while answers.load(Ordering::Relaxed) < wanted {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), enough)
            .await
            .expect("the server answers");
        server.kill();
        over.store(true, Ordering::Relaxed);
        for client in clients {
            client.await.unwrap();
        }
    }
}
