//! A plugin beside which the server dies again and again: it is tried, tried apart, given up; the others go on.
//!
//! Nothing is known that lets a guest end the process. So it is ended from outside, each time that the guest is seen in flight.

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
    plugins::lifecycle,
};
use guichet_core::{directory::AgentRole, id::InstallId};
use serde_json::{Value, json};
use std::time::Duration;

/// The install's turn, long enough for it to be found in it.
const TURN_MS: &str = "20000";

/// How a slot of the file says that it holds a delivery.
const EVENT: u8 = 1;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_at_which_the_server_died_three_times_is_given_up_on_sqlite() {
    die_three_times(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_at_which_the_server_died_three_times_is_given_up_on_postgres() {
    die_three_times(Database::Postgres).await;
}

/// A tenant with a plugin that notes, and one after it that never ends; the token of its admin, and the latter.
async fn prepare(place: &Place) -> (String, InstallId) {
    let settings = DeskSettings {
        small: true,
        ..DeskSettings::at(place.clone())
    };
    let desk = Desk::start(settings, Clock::default()).await.unwrap();
    let tenant = admin::ensure_tenant(&desk, "acme", "Acme", "UTC").await;
    let tenant = tenant.unwrap().id;
    let (role, email) = (AgentRole::Admin, "bo@acme.example");
    let agent = admin::create_agent(&desk, tenant, "Bo", email, role, PASSWORD).await;
    let scopes = ["api".to_owned()];
    let token = admin::create_token(&desk, tenant, "t", Some(agent.unwrap().id), &scopes).await;
    let asker = operator(&desk, tenant).await.unwrap();
    let guest = root().join("target/plugins/hostile");
    let manifest = std::fs::read_to_string(guest.join("plugin.toml")).unwrap();
    let component = std::fs::read(guest.join("dist/plugin.wasm")).unwrap();
    let install = async |name: &str, deed| {
        let manifest = manifest.replace("tests/hostile", &format!("tests/{name}"));
        let settings = json!({ "deed": deed });
        lifecycle::install(&desk, &asker, &manifest, &component, settings)
            .await
            .unwrap()
            .id
    };
    install("helpful", json!({ "note": "seen" })).await;
    (token.unwrap(), install("deadly", json!("loop")).await)
}

/// A server, as an admin sees it.
struct Seen<'a> {
    server: &'a Server,
    token: &'a str,
}

impl Seen<'_> {
    async fn get(&self, path: &str) -> Value {
        let url = format!("{}/t/acme/api/v1/{path}", self.server.address);
        let request = reqwest::Client::new().get(url).bearer_auth(self.token);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn ticket(&self, subject: &str) {
        let url = format!("{}/t/acme/api/v1/tickets", self.server.address);
        let wish = json!({ "subject": subject, "text": "x", "requester": { "email": "ana@trade.example" } });
        let request = reqwest::Client::new().post(url).bearer_auth(self.token);
        let answer = request.json(&wish).send().await.unwrap();
        assert_eq!(answer.status(), 201);
    }

    async fn is_noted(&self, number: u64) -> bool {
        let messages = self.get(&format!("tickets/{number}/messages")).await;
        messages["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|message| message["text"] == "seen")
    }
}

/// Looks again until it is so.
async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    done.unwrap_or_else(|_| panic!("{what}"));
}

/// Sequences of the install's deliveries in flight.
fn in_flight(place: &Place, install: InstallId) -> Vec<u128> {
    let slots = std::fs::read(place.data.join("in-flight")).unwrap_or_default();
    slots
        .chunks_exact(64)
        .filter(|slot| slot[0] == EVENT && slot[32..48] == *install.0.as_bytes())
        .map(|slot| u128::from_be_bytes(slot[48..].try_into().unwrap()))
        .collect()
}

/// At how many deaths a delivery was in flight, as the server that ran last counted them. A call that ends takes the count away.
fn deaths(place: &Place, install: InstallId, sequence: u128) -> u64 {
    let kept = std::fs::read(place.data.join("suspects.json")).unwrap();
    let suspects: Vec<Value> = serde_json::from_slice(&kept).unwrap();
    suspects
        .iter()
        .find(|suspect| {
            suspect["trace"]["install"] == json!(install.to_string())
                && suspect["trace"]["what"] == json!({ "event": u64::try_from(sequence).unwrap() })
        })
        .map_or(0, |suspect| suspect["deaths"].as_u64().unwrap())
}

/// Ends the server each time that the delivery of a new ticket is in flight; the ticket's number, once it was so three times.
async fn end_it_three_times(place: &Place, token: &str, deadly: InstallId) -> u64 {
    // A machine may be so busy that a call has ended before the end comes, or before anyone looks, and is tried again by the usual way: then with another
    // ticket.
    'tickets: for number in 1..=10 {
        let mut before = Vec::new();
        let mut sequence = None;
        for death in 1..=3 {
            let server = Server::start_with(place, &["--turn-ms", TURN_MS]);
            let seen = Seen {
                server: &server,
                token,
            };
            if death == 1 {
                before = in_flight(place, deadly);
                seen.ticket("Deadly").await;
            }
            let is_called = async || {
                let now = in_flight(place, deadly);
                match sequence {
                    None => now.iter().any(|one| !before.contains(one)),
                    Some(sequence) => now.contains(&sequence),
                }
            };
            until(&format!("it is called before death {death}"), is_called).await;
            let is_noted = death == 3 && seen.is_noted(number).await;
            server.kill();
            let left = in_flight(place, deadly);
            let is_new = |one: &&u128| sequence.map_or(!before.contains(one), |it| it == **one);
            sequence = left.iter().find(is_new).copied();
            if sequence.is_none_or(|it| deaths(place, deadly, it) != death - 1) {
                continue 'tickets;
            }
            assert!(
                death < 3 || is_noted,
                "the turn went on without what is tried apart"
            );
        }
        return number;
    }
    panic!("it was never caught");
}

async fn die_three_times(database: Database) {
    let folder = Folder::new();
    let place = place(database, &folder).await;
    let (token, deadly) = prepare(&place).await;
    let number = end_it_three_times(&place, &token, deadly).await;
    let server = Server::start_with(&place, &["--turn-ms", TURN_MS]);
    let seen = Seen {
        server: &server,
        token: &token,
    };
    let given_up = async || {
        let letters = seen.get("dead-letters").await;
        let mut letters = letters["items"].as_array().unwrap().iter();
        letters.any(|letter| {
            let reason = letter["reason"].as_str().unwrap();
            reason.contains("the server died again and again")
                && letter["install"] == json!(deadly.to_string())
        })
    };
    until("it is given up", given_up).await;
    // Of another ticket nothing is suspected, and the neighbour's work goes on.
    seen.ticket("Another").await;
    until("another ticket is seen", async || {
        seen.is_noted(number + 1).await
    })
    .await;
    let messages = seen.get(&format!("tickets/{number}/messages")).await;
    let notes = messages["items"].as_array().unwrap().iter();
    let notes = notes.filter(|message| message["text"] == "seen").count();
    assert_eq!(notes, 1, "once, for all the deaths");
}
