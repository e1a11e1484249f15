//! Whoever is slow to take what he is told misses nothing, and holds up no end of the server.

use crate::{
    desk::{PASSWORD, on_both_databases},
    live::Followed,
    place::{Database, Folder, place},
    process::Server,
};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
};
use guichet_core::{
    changeset::ChangeSet,
    directory::AgentRole,
    event::EventDraft,
    id::{CustomerId, TenantId},
};
use serde_json::json;
use std::time::Duration;
use tokio::{net::TcpStream, time::timeout};
use uuid::Uuid;

/// Nearly as many as are told to whoever comes back, and far more than are kept for whoever is slow.
const CHANGES: u16 = 900;

/// Bytes of each: together they are far more than what stands between the server and whoever does not read.
const CHANGE_BYTES: usize = 16 << 10;

const WITHIN: Duration = Duration::from_secs(60);

/// So much happens at once, of which all agents may know.
async fn flood(desk: &Desk, tenant: TenantId) {
    let stamp = operator(desk, tenant).await.unwrap().stamp(desk);
    let kind = format!("customer.{}", "x".repeat(CHANGE_BYTES));
    let event = EventDraft {
        customer: Some(CustomerId(Uuid::from_u128(1))),
        ..EventDraft::of_tenant(&kind, &stamp)
    };
    let mut changes = ChangeSet::new(tenant);
    changes.events = vec![event; CHANGES.into()];
    desk.commit(changes).await.unwrap();
}

/// He is told of each after the one and up to the other, once and in order.
async fn hears_all(followed: &mut Followed, after: u64, to: u64) {
    for sequence in after + 1..=to {
        assert_eq!(followed.next().await.unwrap().id, Some(sequence));
    }
}

on_both_databases! {
    async fn whoever_does_not_read_for_a_while_misses_nothing_and_hears_on_or_comes_back(desk) {
        let number = desk.ticket("Printer").await;
        let (mut slow, begin) = desk.followed(&desk.token, "live", None).await;
        let (mut cut, _) = desk.followed(&desk.token, "live", None).await;
        let (mut quick, _) = desk.followed(&desk.token, "live", None).await;
        let from = begin.id.unwrap();
        let (half, to) = (from + u64::from(CHANGES) / 2, from + u64::from(CHANGES));
        flood(&desk.desk, desk.tenant.id).await;
        // What one has read was told to all: to those who have not read, it was more than is kept for them.
        hears_all(&mut quick, from, to).await;
        hears_all(&mut slow, from, to).await;
        hears_all(&mut cut, from, half).await;
        drop(cut);
        let (mut back, begin) = desk.followed(&desk.token, "live", Some(&half.to_string())).await;
        assert_eq!((begin.id, &begin.data["resumed"]), (Some(half), &json!(true)));
        hears_all(&mut back, half, to).await;
        desk.tag(number, "paper").await;
        for followed in [&mut quick, &mut slow, &mut back] {
            assert_eq!(followed.change().await, ("ticket.changed".to_owned(), json!(number)));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_ends_in_time_while_somebody_is_told_what_he_missed_on_sqlite() {
    end_in_the_middle(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_ends_in_time_while_somebody_is_told_what_he_missed_on_postgres() {
    end_in_the_middle(Database::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_ends_all_the_same_where_somebody_takes_nothing_of_what_he_is_told_on_sqlite() {
    end_unheard(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_ends_all_the_same_where_somebody_takes_nothing_of_what_he_is_told_on_postgres() {
    end_unheard(Database::Postgres).await;
}

/// A tenant in which much has happened: its admin's token, and where that began.
async fn prepare(place: &Place) -> (String, u64) {
    let settings = DeskSettings {
        small: true,
        works: false,
        ..DeskSettings::at(place.clone())
    };
    let desk = Desk::start(settings, Clock::default()).await.unwrap();
    let tenant = admin::ensure_tenant(&desk, "acme", "Acme", "UTC").await;
    let tenant = tenant.unwrap().id;
    let (role, email) = (AgentRole::Admin, "bo@acme.example");
    let agent = admin::create_agent(&desk, tenant, "Bo", email, role, PASSWORD).await;
    let scopes = ["api".to_owned()];
    let token = admin::create_token(&desk, tenant, "t", Some(agent.unwrap().id), &scopes).await;
    let from = desk.store.tenant(tenant).sequence().await.unwrap();
    flood(&desk, tenant).await;
    (token.unwrap(), from)
}

/// A server that was told to end while it tells somebody what he missed, who reads no further: it lets nobody in any more.
async fn in_the_middle(database: Database, folder: &Folder) -> (Server, Followed, u64) {
    let place = place(database, folder).await;
    let (token, from) = prepare(&place).await;
    let server = Server::start(&place);
    let url = format!("{}/t/acme/api/v1/live?after={from}", server.address);
    let client = reqwest::Client::new();
    let asked = client.get(url).bearer_auth(token).send().await;
    let (followed, begin) = Followed::of(asked.unwrap()).await;
    assert_eq!(begin.data["resumed"], true);
    server.tell_to_end();
    let address = server.address.replace("http://", "");
    let heard = async { while TcpStream::connect(&address).await.is_ok() {} };
    timeout(WITHIN, heard).await.unwrap();
    (server, followed, from)
}

async fn end_in_the_middle(database: Database) {
    let folder = Folder::new();
    let (server, mut followed, from) = in_the_middle(database, &folder).await;
    let ended = tokio::task::spawn_blocking(move || server.ended_within(WITHIN));
    let mut last = from;
    while let Some(event) = followed.next().await {
        last += 1;
        assert_eq!(
            event.id,
            Some(last),
            "what he is told until then is in order"
        );
    }
    assert!(
        ended.await.unwrap(),
        "it does not wait for more than he was to be told"
    );
}

async fn end_unheard(database: Database) {
    let folder = Folder::new();
    let (server, followed, _) = in_the_middle(database, &folder).await;
    let ended = tokio::task::spawn_blocking(move || server.ended_within(WITHIN));
    assert!(ended.await.unwrap(), "it does not wait for him for ever");
    drop(followed);
}
