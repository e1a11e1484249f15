//! The sealed index.

use crate::world::{World, package, serve};
use guichet_marketplace::{
    Marketplace, Settings,
    client::Client,
    doors,
    limits::{INDEX_RENEWED_AFTER_HOURS, INDEX_VALID_HOURS},
    wire::Introduction,
};
use guichet_package::{SignedIndex, index::IndexError};
use reqwest::StatusCode;

async fn signed(world: &World) -> SignedIndex {
    world.client().signed_index().await.unwrap()
}

#[tokio::test]
async fn each_change_raises_the_sequence_and_nothing_else_does() {
    let world = World::new().await;
    let first = world.index().await.sequence;
    assert_eq!(world.index().await.sequence, first);
    world.client().publish(&package("1.0.0")).await.unwrap();
    let second = world.index().await.sequence;
    world.client().publish(&package("1.1.0")).await.unwrap();
    let third = world.index().await.sequence;
    assert!(first < second && second < third);
}

#[tokio::test]
async fn a_host_that_saw_a_newer_index_refuses_the_older_one() {
    let world = World::new().await;
    let older = signed(&world).await;
    world.client().publish(&package("1.0.0")).await.unwrap();
    let newer = signed(&world).await;
    let now = world.clock.now();
    let seen = newer.open(&world.key, now, 0).unwrap().sequence;
    assert!(matches!(
        older.open(&world.key, now, seen),
        Err(IndexError::Replayed { .. })
    ));
    assert!(newer.open(&world.key, now, seen).is_ok());
}

#[tokio::test]
async fn an_index_is_sealed_anew_before_it_expires_although_nothing_changes() {
    let world = World::new().await;
    world.client().publish(&package("1.0.0")).await.unwrap();
    let first = world.index().await;
    let valid = first.expires_at.duration_since(first.issued_at);
    assert_eq!(valid.as_hours(), INDEX_VALID_HOURS);
    world
        .clock
        .advance_seconds(INDEX_RENEWED_AFTER_HOURS * 3600 - 60);
    assert_eq!(world.index().await, first, "not before its time");
    for _ in 0..20 {
        world.clock.advance_seconds(INDEX_VALID_HOURS * 3600 / 2);
        let index = world.index().await;
        assert_eq!(index.sequence, first.sequence, "nothing changed");
        assert_eq!(index.plugins, first.plugins);
        let left = index.expires_at.duration_since(world.clock.now());
        assert!(left.as_hours() >= INDEX_VALID_HOURS - INDEX_RENEWED_AFTER_HOURS);
    }
}

#[tokio::test]
async fn an_index_of_tomorrow_is_sealed_anew_when_the_clock_is_set_right() {
    let world = World::new().await;
    world.clock.advance_seconds(86_400);
    signed(&world).await;
    world.clock.advance_seconds(-86_400);
    let index = signed(&world).await;
    assert!(index.open(&world.key, world.clock.now(), 0).is_ok());
}

#[tokio::test]
async fn who_has_the_index_already_is_told_so() {
    let world = World::new().await;
    let first = world.get("/v1/index").await;
    let tag = first.headers()["etag"].clone();
    let ask = || {
        let request = reqwest::Client::new()
            .get(world.url("/v1/index"))
            .header("if-none-match", tag.clone());
        async move { request.send().await.unwrap() }
    };
    let again = ask().await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert!(again.bytes().await.unwrap().is_empty());
    world.client().publish(&package("1.0.0")).await.unwrap();
    assert_eq!(ask().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn two_servers_on_one_folder_say_the_same() {
    let world = World::new().await;
    let beside = world.operator().await;
    let (address, server) = serve(doors::marketplace(beside)).await;
    let other = Client::new(&format!("http://{address}")).unwrap();
    for (n, client) in [world.client(), other.clone(), world.client(), other.clone()]
        .iter()
        .enumerate()
    {
        client.publish(&package(&format!("1.{n}.0"))).await.unwrap();
        let one = world.index().await;
        let two = other.signed_index().await.unwrap();
        let two = two
            .open(&world.key, world.clock.now(), one.sequence)
            .unwrap();
        assert_eq!((one.sequence, &one.plugins), (two.sequence, &two.plugins));
        assert_eq!(one.plugins[0].versions.len(), n + 1);
    }
    server.abort();
}

#[tokio::test]
async fn after_a_backup_is_restored_hosts_believe_the_next_index() {
    let world = World::new().await;
    let backup = tempfile::tempdir().unwrap();
    copy(world.folder.path(), backup.path()).await;
    for n in 0..3 {
        world
            .client()
            .publish(&package(&format!("1.{n}.0")))
            .await
            .unwrap();
    }
    let seen = world.index().await.sequence;
    world.clock.advance_seconds(3_600);
    let settings = Settings::default();
    let restored = Marketplace::start(backup.path(), settings, world.clock.clone())
        .await
        .unwrap();
    let (address, server) = serve(doors::marketplace(restored)).await;
    let client = Client::new(&format!("http://{address}")).unwrap();
    let signed = client.signed_index().await.unwrap();
    let index = signed.open(&world.key, world.clock.now(), seen).unwrap();
    assert!(index.plugins.is_empty() && index.sequence > seen);
    server.abort();
}

/// As an operator copies a folder that nobody writes to just now: the log of the database with it.
async fn copy(from: &std::path::Path, to: &std::path::Path) {
    for name in crate::world::names(from) {
        let path = from.join(&name);
        if path.is_file() && !name.ends_with("-shm") {
            std::fs::copy(&path, to.join(&name)).unwrap();
        }
    }
}

#[tokio::test]
async fn the_marketplace_says_who_it_is() {
    let world = World::new().await;
    let told: Introduction = world.get("/v1/key").await.json().await.unwrap();
    assert_eq!(told.key, world.key);
    assert_eq!(told.fingerprint, world.key.fingerprint());
    assert_eq!(told.name, "Test Market");
    assert_eq!(world.client().introduction().await.unwrap(), told);
    assert_eq!(world.get("/health").await.text().await.unwrap(), "ok");
}

#[tokio::test]
async fn a_marketplace_that_is_renamed_says_so_in_its_index() {
    let world = World::new().await;
    let before = world.index().await;
    let settings = Settings {
        name: Some("新市场".to_owned()),
        ..Settings::default()
    };
    Marketplace::start(world.folder.path(), settings, world.clock.clone())
        .await
        .unwrap();
    let after = world.index().await;
    assert_eq!(after.marketplace, "新市场");
    assert!(after.sequence > before.sequence);
    let settings = Settings {
        name: Some("two\nlines".to_owned()),
        ..Settings::default()
    };
    assert!(
        Marketplace::start(world.folder.path(), settings, world.clock.clone())
            .await
            .is_err()
    );
}
