//! Killed at any instant, the server loses nothing that it acknowledged and doubles no effect.
//!
//! A server of its own, under a load of tickets over the API, mails and jobs, with plugins that write, one that is slow, one that fails now and then and
//! one that always does, is killed again and again; then the books are balanced. `GUICHET_KILLS` says how often, where it is to be more often than in
//! the suite.

use crate::{
    desk::PASSWORD,
    place::{Database, Folder, place, root},
    process::Server,
};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    dispatch::{Dispatch, replay},
    due::Due,
    plugins::lifecycle,
};
use guichet_core::{
    changeset::RecordKey,
    directory::AgentRole,
    id::{InstallId, TenantId, TicketId},
    message::Visibility,
    ticket::Ticket,
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// In the suite.
const KILLS: u64 = 12;

/// Long: on a busy machine a plugin would be parked for being slow, and speak after the next one.
const TURN_MS: u64 = 20_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_under_load_lose_nothing_and_double_nothing_on_sqlite() {
    kill_and_count(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_under_load_lose_nothing_and_double_nothing_on_postgres() {
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

/// What the load is sent with.
struct Tokens {
    api: String,
    mail: String,
}

async fn prepare(place: &Place) -> (TenantId, Tokens, HashMap<&'static str, InstallId>) {
    let desk = open(place).await;
    let tenant = admin::ensure_tenant(&desk, "acme", "Acme", "UTC")
        .await
        .unwrap()
        .id;
    let agent = admin::create_agent(
        &desk,
        tenant,
        "Bo",
        "bo@acme.example",
        AgentRole::Admin,
        PASSWORD,
    )
    .await
    .unwrap();
    let token = async |name: &str, agent, scope: &str| {
        admin::create_token(&desk, tenant, name, agent, &[scope.to_owned()])
            .await
            .unwrap()
    };
    let tokens = Tokens {
        api: token("load", Some(agent.id), "api").await,
        mail: token("mail", None, "plugin:guichet/email").await,
    };
    let asker = operator(&desk, tenant).await.unwrap();
    let email = root().join("target/plugins/email");
    lifecycle::install_folder(&desk, &asker, &email, json!({}))
        .await
        .unwrap();
    let guest = root().join("target/plugins/hostile");
    let manifest = std::fs::read_to_string(guest.join("plugin.toml")).unwrap();
    let component = std::fs::read(guest.join("dist/plugin.wasm")).unwrap();
    let mut installs = HashMap::new();
    for (name, deed) in [
        ("one", json!({ "note": "one" })),
        ("two", json!({ "note": "two" })),
        ("tagger", json!({ "tag": "tagged" })),
        ("counter", json!("count")),
        ("jobber", json!({ "enqueue": { "deed": "work" } })),
        ("slow", json!({ "slow": [5_000_000, "slow"] })),
        ("flaky", json!({ "flaky": [50, "flaky"] })),
        ("broken", json!("trap")),
    ] {
        let manifest = manifest.replace("tests/hostile", &format!("tests/{name}"));
        let settings = json!({ "deed": deed });
        let install = lifecycle::install(&desk, &asker, &manifest, &component, settings)
            .await
            .unwrap();
        installs.insert(name, install.id);
    }
    Dispatch::settled(&desk, tenant).await;
    (tenant, tokens, installs)
}

async fn kill_and_count(database: Database) {
    let kills = std::env::var_os("GUICHET_KILLS").map_or(KILLS, |kills| {
        kills.to_str().and_then(|kills| kills.parse().ok()).unwrap()
    });
    let folder = Folder::new();
    let place = place(database, &folder).await;
    let (tenant, tokens, installs) = prepare(&place).await;
    let (load, mut apart) = (Load::default(), BTreeSet::new());
    for round in 0..kills {
        let server = Server::start_with(&place, &["--turn-ms", &TURN_MS.to_string()]);
        apart.extend(tried_apart(&place));
        load.run_until_killed(server, &tokens, round).await;
    }
    let desk = open(&place).await;
    apart.extend(tried_apart(&place));
    balance(&desk, tenant, &load, kills, &installs, &apart).await;
}

/// Sequences of events that were in flight at two deaths, as the server that started last counts them: those come to some plugins later than to others.
fn tried_apart(place: &Place) -> Vec<u64> {
    // It may be just being written.
    let suspects: Vec<Value> = loop {
        let kept = std::fs::read(place.data.join("suspects.json")).unwrap();
        if let Ok(suspects) = serde_json::from_slice(&kept) {
            break suspects;
        }
    };
    let suspects = suspects
        .iter()
        .filter(|suspect| suspect["deaths"].as_u64() >= Some(2));
    suspects
        .filter_map(|suspect| suspect["trace"]["what"]["event"].as_u64())
        .collect()
}

/// What was acknowledged is there, and every effect is there once.
async fn balance(
    desk: &Arc<Desk>,
    tenant: TenantId,
    load: &Load,
    kills: u64,
    installs: &HashMap<&'static str, InstallId>,
    apart: &BTreeSet<u64>,
) {
    let store = desk.store.tenant(tenant);
    // Parked deliveries and jobs of attempts that were cut off come to their time.
    for _ in 0..8 {
        desk.clock.advance_milliseconds(3 * 60_000);
        Dispatch::settled(desk, tenant).await;
        Due::settled(desk).await.unwrap();
    }
    Dispatch::settled(desk, tenant).await;
    replay_suspects(desk, tenant, installs["broken"]).await;
    let acknowledged = load.acknowledged.lock().unwrap().clone();
    assert!(
        acknowledged.len() as u64 >= kills,
        "the load was no load: {} tickets",
        acknowledged.len()
    );
    // A few kills may come before the first mail.
    let has_mails = acknowledged
        .iter()
        .any(|one| matches!(one.name, Name::Id(_)));
    assert!(has_mails || kills < KILLS, "mails are part of the load");
    for one in &acknowledged {
        let ticket = match one.name {
            Name::Number(number) => store.ticket_by_number(number).await.unwrap(),
            Name::Id(id) => store.ticket(id).await.unwrap(),
        };
        let subject = ticket.map(|ticket| ticket.subject);
        assert_eq!(subject.as_ref(), Some(&one.subject), "it was acknowledged");
    }
    let cursor = store.cursor().await.unwrap();
    let events = store.events_after(0, u32::MAX >> 1).await.unwrap();
    assert!(
        events
            .iter()
            .map(|event| event.sequence)
            .eq(1..=cursor.sequence),
        "the log has no gap"
    );
    let apart: HashSet<_> = events
        .iter()
        .filter(|event| apart.contains(&event.sequence))
        .filter_map(|event| event.draft.ticket)
        .collect();
    // Every ticket there is, acknowledged or not, has each plugin's effect once, those of one turn in their order.
    let (mut number, mut subjects, mut keys) = (0, HashMap::new(), HashMap::new());
    while let Some(ticket) = store.ticket_by_number(number + 1).await.unwrap() {
        number += 1;
        let notes = notes(&store, &ticket).await;
        let mut in_order: Vec<_> = notes.iter().map(String::as_str).collect();
        let wanted = ["one", "two", "slow"];
        in_order.retain(|note| wanted.contains(note));
        if apart.contains(&ticket.id) {
            in_order.sort_by_key(|note| wanted.iter().position(|one| one == note));
        }
        assert_eq!(in_order, wanted, "ticket {number}: {notes:?}");
        let flaky = notes.iter().filter(|note| *note == "flaky").count();
        assert_eq!(flaky, 1, "ticket {number}: {notes:?}");
        let work: Vec<_> = notes
            .iter()
            .filter(|note| note.starts_with("work "))
            .collect();
        assert_eq!(work.len(), 1, "ticket {number}: {notes:?}");
        let key = work[0].rsplit(' ').next().unwrap().to_owned();
        assert_eq!(keys.insert(key, number), None, "a key is of one job alone");
        assert_eq!(notes.len(), 5, "ticket {number}: {notes:?}");
        assert!(ticket.tags.contains("tagged"), "ticket {number}");
        let before = subjects.insert(ticket.subject.clone(), number);
        assert_eq!(
            before, None,
            "{} was asked for once, with its key",
            ticket.subject
        );
    }
    // What rests in the queue has no number.
    let numbered = acknowledged
        .iter()
        .filter(|one| matches!(one.name, Name::Number(_)));
    assert!(number >= numbered.count() as u64);
    let key = RecordKey {
        install: installs["counter"],
        collection: "counts".to_owned(),
        key: "events".to_owned(),
    };
    let (_, record) = store.record(&key).await.unwrap();
    let body: Value = serde_json::from_str(&record.unwrap().body).unwrap();
    assert_eq!(
        body["count"].as_f64(),
        Some(number as f64),
        "each counted once"
    );
    // Of the one that always fails, nothing is forgotten: given up, or waiting where it was held.
    let parked = store.parked().await.unwrap();
    assert!(
        parked.iter().all(|row| row.install == installs["broken"]),
        "{parked:?}"
    );
    for (name, id) in installs {
        let install = store.install(*id).await.unwrap().unwrap();
        assert_eq!(install.apart, *name == "broken", "{name}");
    }
    let (waiting, dead) = store.count_jobs(installs["jobber"]).await.unwrap();
    assert_eq!((waiting, dead), (0, 0), "no job is stuck");
}

/// What was in flight at three kills is given up, and says so: handed out once more, it is done, and done once.
async fn replay_suspects(desk: &Arc<Desk>, tenant: TenantId, broken: InstallId) {
    let letters = desk.store.tenant(tenant).dead_letters(100_000).await;
    let letters = letters.unwrap().into_iter();
    for letter in letters.filter(|letter| letter.install != broken) {
        assert!(
            letter.reason.contains("the server died again and again"),
            "{letter:?}"
        );
        let (outcome, detail) = replay(desk, tenant, letter.install, letter.sequence)
            .await
            .unwrap();
        assert_eq!(outcome, "ok", "{detail:?}");
    }
    Dispatch::settled(desk, tenant).await;
}

async fn notes(store: &guichet::TenantStore, ticket: &Ticket) -> Vec<String> {
    let messages = store.messages(ticket.id, None, 100).await.unwrap();
    messages
        .into_iter()
        .filter(|message| message.draft.visibility == Visibility::Internal)
        .map(|message| message.draft.text)
        .collect()
}

#[derive(Clone)]
struct Acknowledged {
    name: Name,
    subject: String,
}

/// As the answer named the ticket.
#[derive(Clone, Copy)]
enum Name {
    Number(u64),
    Id(TicketId),
}

#[derive(Default)]
struct Load {
    acknowledged: Arc<Mutex<Vec<Acknowledged>>>,
    /// Asked for, and not answered when the server was killed: asked for again, with the same key.
    unanswered: Arc<Mutex<Vec<String>>>,
    offered: Arc<AtomicU64>,
}

/// One who sends, until told to stop.
struct Client {
    client: reqwest::Client,
    address: String,
    token: String,
    is_over: Arc<AtomicBool>,
    answers: Arc<AtomicU64>,
    acknowledged: Arc<Mutex<Vec<Acknowledged>>>,
    unanswered: Arc<Mutex<Vec<String>>>,
    offered: Arc<AtomicU64>,
}

impl Client {
    /// Tickets over the API, each asked for with a key until it is answered.
    async fn asks(self) {
        while !self.is_over.load(Ordering::Relaxed) {
            let again = self.unanswered.lock().unwrap().pop();
            let fresh = || format!("load {}", self.offered.fetch_add(1, Ordering::Relaxed));
            let subject = again.unwrap_or_else(fresh);
            let email = format!("c{}@load.example", subject.len());
            let wish = json!({ "subject": subject, "text": "x", "requester": { "email": email } });
            let url = format!("{}/t/acme/api/v1/tickets", self.address);
            let request = self.client.post(url).bearer_auth(&self.token);
            let request = request.header("idempotency-key", &subject).json(&wish);
            match self.answer(request).await {
                Some(ticket) => {
                    self.keep(ticket["number"].as_u64().map(Name::Number), subject);
                }
                None => self.unanswered.lock().unwrap().push(subject),
            }
        }
    }

    /// Mails, as a relay hands them over: again until they are taken, with the same Message-ID.
    async fn mails(self) {
        while !self.is_over.load(Ordering::Relaxed) {
            let number = self.offered.fetch_add(1, Ordering::Relaxed);
            let subject = format!("mail {number}");
            let mail = format!(
                "From: Ana <ana@m{number}.example>\r\nTo: support@desk.example\r\nSubject: {subject}\r\nMessage-ID: <{number}@m{number}.example>\r\n\r\nHelp.\r\n"
            );
            let url = format!("{}/t/acme/plugins/guichet/email/inbound", self.address);
            let request = self.client.post(url).bearer_auth(&self.token).body(mail);
            if let Some(told) = self.answer(request).await {
                let id = told["ticket"].as_str().and_then(|id| id.parse().ok());
                self.keep(id.map(|id| Name::Id(TicketId(id))), subject);
            }
        }
    }

    fn keep(&self, name: Option<Name>, subject: String) {
        // A mail that is kept for later is acknowledged without a name.
        if let Some(name) = name {
            let one = Acknowledged { name, subject };
            self.acknowledged.lock().unwrap().push(one);
            self.answers.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What a request made; nothing where it was not answered, or not well.
    async fn answer(&self, request: reqwest::RequestBuilder) -> Option<Value> {
        let response = request.send().await.ok()?;
        response.status().is_success().then_some(())?;
        response.json().await.ok()
    }
}

impl Load {
    /// Eight clients send; after a number of answers that differs from round to round, in the middle of whatever happens, the kill.
    async fn run_until_killed(&self, server: Server, tokens: &Tokens, round: u64) {
        let is_over = Arc::new(AtomicBool::new(false));
        let answers = Arc::new(AtomicU64::new(0));
        let client = |token: &str| Client {
            client: reqwest::Client::new(),
            address: server.address.clone(),
            token: token.to_owned(),
            is_over: is_over.clone(),
            answers: answers.clone(),
            acknowledged: self.acknowledged.clone(),
            unanswered: self.unanswered.clone(),
            offered: self.offered.clone(),
        };
        let clients: Vec<_> = (0..8)
            .map(|number| match number % 4 {
                0 => tokio::spawn(client(&tokens.mail).mails()),
                _ => tokio::spawn(client(&tokens.api).asks()),
            })
            .collect();
        let wanted = 1 + (round * 7) % 23;
        let enough = async {
            while answers.load(Ordering::Relaxed) < wanted {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(120), enough)
            .await
            .expect("the server answers");
        server.kill();
        is_over.store(true, Ordering::Relaxed);
        for client in clients {
            client.await.unwrap();
        }
    }
}
