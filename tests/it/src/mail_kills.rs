//! Mail while the host, or a mail server, is killed half-way: each mail becomes one ticket, each answer goes out once, and twice only where the settings
//! say that what nobody knows is sent again.

use crate::{
    desk::PASSWORD,
    mail_real::{SUPPORT, asks, header, mailbox},
    place::{Database, Folder, place, root, show},
    process::Server,
};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    dispatch::Dispatch,
    due::Due,
    plugins::lifecycle,
};
use guichet_core::{delivery::DeliveryState, directory::AgentRole, id::TenantId};
use guichet_mail_servers::MailServers;
use guichet_outside::Roots;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

/// In the suite; `GUICHET_KILLS` says otherwise.
const KILLS: u32 = 6;

/// Mails that come in between two kills.
const MAILS: u32 = 12;

/// Jobs of one plugin that run at a time, each of which may be cut off by a kill.
const CUT_OFF_MAX: u32 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_knows_is_sent_again_and_nothing_else_is() {
    kill_and_count(Database::Sqlite, "resend").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_knows_is_asked_about_and_nothing_is_sent_twice() {
    kill_and_count(Database::Postgres, "ask").await;
}

async fn open(place: &Place, servers: &MailServers) -> Arc<Desk> {
    let mut settings = DeskSettings {
        small: true,
        ..DeskSettings::at(place.clone())
    };
    settings.outside.roots = Roots::ExtraOnly;
    settings.outside.extra_roots_pem = servers.root_pem.clone().into_bytes();
    Desk::start(settings, Clock::default()).await.unwrap()
}

async fn prepare(place: &Place, servers: &MailServers, on_unknown: &str) -> (TenantId, String) {
    let desk = open(place, servers).await;
    let tenant = admin::ensure_tenant(&desk, "acme", "Acme", "UTC")
        .await
        .unwrap()
        .id;
    let bo = admin::create_agent(
        &desk,
        tenant,
        "Bo",
        "bo@acme.example",
        AgentRole::Admin,
        PASSWORD,
    );
    let bo = bo.await.unwrap();
    let scopes = ["api".to_owned()];
    let token = admin::create_token(&desk, tenant, "load", Some(bo.id), &scopes)
        .await
        .unwrap();
    let asker = operator(&desk, tenant).await.unwrap();
    let folder = root().join("target/plugins/email");
    let manifest = std::fs::read_to_string(folder.join("plugin.toml")).unwrap();
    let component = std::fs::read(folder.join("dist/plugin.wasm")).unwrap();
    let settings = json!({ "poll_seconds": 5, "on_unknown": on_unknown, "mailboxes": [mailbox(servers, SUPPORT, json!({}), json!({}))] });
    lifecycle::install(&desk, &asker, &manifest, &component, settings)
        .await
        .unwrap();
    for way in ["incoming", "outgoing"] {
        let grant = format!("net:{{settings.mailboxes[].{way}}}@127.0.0.0/8");
        lifecycle::grant(&desk, &asker, "guichet/email", &grant)
            .await
            .unwrap();
    }
    Dispatch::settled(&desk, tenant).await;
    (tenant, token)
}

/// As if some minutes went by between two starts: what is due later is due, and nobody holds what was under way at two deaths.
async fn let_time_pass(place: &Place) {
    let url = place.database_url();
    for sql in [
        "update jobs set due_at = 0 where state = 'waiting'",
        "update jobs set lease_until = 0 where state = 'running'",
    ] {
        if url.starts_with("sqlite:") {
            let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
            sqlx::query(sql).execute(&pool).await.unwrap();
            pool.close().await;
        } else {
            let pool = sqlx::PgPool::connect(&url).await.unwrap();
            sqlx::query(sql).execute(&pool).await.unwrap();
            pool.close().await;
        }
    }
}

/// Who answers tickets, and what he was told that he said.
struct Agent {
    client: reqwest::Client,
    token: String,
    answered: HashSet<u64>,
    acknowledged: BTreeSet<String>,
}

impl Agent {
    /// Answers tickets that nobody has answered, until so many are, or for a while.
    async fn answer(&mut self, address: &str, wanted: usize) {
        let until = Instant::now() + Duration::from_secs(6);
        let enough = self.acknowledged.len() + wanted;
        while Instant::now() < until && self.acknowledged.len() < enough {
            let url = format!("{address}/t/acme/api/v1/tickets?limit=200");
            let list = self
                .client
                .get(url)
                .bearer_auth(&self.token)
                .send()
                .await
                .unwrap();
            let list: Value = list.json().await.unwrap();
            for ticket in list["items"].as_array().unwrap() {
                let number = ticket["number"].as_u64().unwrap();
                if !self.answered.insert(number) {
                    continue;
                }
                let url = format!("{address}/t/acme/api/v1/tickets/{number}/messages");
                let wish =
                    json!({ "visibility": "public", "text": format!("Answer to {number}.") });
                let said = self.client.post(url).bearer_auth(&self.token).json(&wish);
                let said: Value = said.send().await.unwrap().json().await.unwrap();
                self.acknowledged
                    .insert(said["id"].as_str().unwrap().to_owned());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn kill_and_count(database: Database, on_unknown: &str) {
    let kills = std::env::var_os("GUICHET_KILLS").map_or(KILLS, |kills| {
        kills.to_str().and_then(|kills| kills.parse().ok()).unwrap()
    });
    let folder = Folder::new();
    let place = place(database, &folder).await;
    let mut servers = MailServers::start();
    let roots = folder.0.join("roots.pem");
    std::fs::write(&roots, &servers.root_pem).unwrap();
    let (tenant, token) = prepare(&place, &servers, on_unknown).await;
    let mut agent = Agent {
        client: reqwest::Client::new(),
        token,
        answered: HashSet::new(),
        acknowledged: BTreeSet::new(),
    };
    for round in 0..kills {
        for number in round * MAILS..(round + 1) * MAILS {
            let mail = asks(number).replace("ana@", &format!("ana{number}@"));
            servers.make(&format!("ana{number}@trade.example"));
            servers.put(SUPPORT, &format!("{number:05}"), &mail);
        }
        let_time_pass(&place).await;
        let more = [
            "--turn-ms",
            "20000",
            "--root-certificates",
            roots.to_str().unwrap(),
        ];
        let server = Server::start_with(&place, &more);
        agent
            .answer(&server.address, 1 + (round as usize * 5) % 9)
            .await;
        match round % 3 {
            1 => servers.kill_exim(),
            2 => servers.kill_dovecot(),
            _ => {}
        }
        server.kill();
        match round % 3 {
            1 => servers.start_exim(),
            2 => servers.start_dovecot(),
            _ => {}
        }
    }
    let desk = open(&place, &servers).await;
    for _ in 0..8 {
        desk.clock.advance_milliseconds(3 * 60_000);
        Dispatch::settled(&desk, tenant).await;
        Due::settled(&desk).await.unwrap();
    }
    servers.all_delivered().await;
    balance(&desk, tenant, &servers, &agent, kills, on_unknown).await;
}

async fn balance(
    desk: &Desk,
    tenant: TenantId,
    servers: &MailServers,
    agent: &Agent,
    kills: u32,
    on_unknown: &str,
) {
    let store = desk.store.tenant(tenant);
    let (mut number, mut subjects) = (0, BTreeMap::new());
    let (mut sent, mut unknown, mut twice, mut found) = (0, 0, 0, BTreeSet::new());
    while let Some(ticket) = store.ticket_by_number(number + 1).await.unwrap() {
        number += 1;
        *subjects.entry(ticket.subject.clone()).or_insert(0) += 1;
        let customer = store.customer(ticket.requester).await.unwrap().unwrap();
        let address = customer.identities[0]
            .name
            .strip_prefix("mailto:")
            .unwrap()
            .to_owned();
        let mails = servers.mails(&address, "");
        for message in store.messages(ticket.id, None, 200).await.unwrap() {
            let Some(delivery) = &message.delivery else {
                continue;
            };
            found.insert(message.draft.id.to_string());
            let own_id = delivery.external_id.as_deref();
            let copies = mails
                .iter()
                .filter(|mail| mail.contains(&message.draft.text))
                .inspect(|mail| {
                    let id = header(mail, "Message-ID").map(|id| id.trim_matches(['<', '>']));
                    assert!(own_id.is_none() || id == own_id, "{mail}");
                })
                .count();
            match delivery.state {
                DeliveryState::Sent => {
                    sent += 1;
                    assert!(copies >= 1, "ticket {number}: it is said to be sent");
                    twice += copies - 1;
                }
                DeliveryState::Unknown => {
                    unknown += 1;
                    // What was in flight each of three times that the host died is given up, whatever the manifest says.
                    let is_given_up = delivery.reason.as_deref() == Some("given-up");
                    assert!(
                        copies <= 1 || is_given_up,
                        "ticket {number}: nobody sent it again"
                    );
                    assert!(
                        on_unknown == "ask" || is_given_up,
                        "ticket {number}: somebody is asked"
                    );
                }
                state => panic!("ticket {number}: {state:?} {:?}", delivery.detail),
            }
        }
    }
    let wanted: BTreeMap<_, _> = (0..kills * MAILS)
        .map(|number| (format!("Question {number}"), 1))
        .collect();
    assert_eq!(subjects, wanted, "each mail is one ticket");
    assert!(
        agent.acknowledged.is_subset(&found),
        "what was said was carried"
    );
    assert!(sent > kills, "the load was no load: {sent} answers");
    match on_unknown {
        "ask" => {
            assert_eq!(twice, 0, "nothing is sent twice");
            assert!(unknown <= kills * CUT_OFF_MAX, "{unknown}");
        }
        _ => {
            assert!(twice <= (kills * CUT_OFF_MAX) as usize, "{twice}");
        }
    }
    show(&format!(
        "{kills} kills, {number} mails, {sent} answers sent, {unknown} of which nobody knows, {twice} sent again ({on_unknown})"
    ));
}
