//! What is refused, at its edge.

use crate::world::{World, code, key, manifest, package, problem, signed};
use guichet_marketplace::{
    limits::{
        JSON_BODY_BYTES_MAX, KEYS_OF_A_PUBLISHER_MAX, PLATFORM_BYTES_MAX, UPLOADS_AT_ONCE_MAX,
        VERSION_BYTES_MAX, VERSION_INDEX_BYTES_MAX,
    },
    refusal::Code,
};
use guichet_package::{Package, PublisherKey, index::IndexedVersion, limits::PACKAGE_BYTES_MAX};
use reqwest::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends a head, and reads what comes back without sending a body.
async fn answer_to_head(world: &World, head: &str) -> String {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

fn head(bytes: u64) -> String {
    format!("POST /v1/packages HTTP/1.1\r\nhost: market\r\ncontent-length: {bytes}\r\n\r\n")
}

#[tokio::test]
async fn a_package_that_says_it_is_too_large_is_refused_before_its_first_byte() {
    let world = World::new().await;
    let answer = answer_to_head(&world, &head(PACKAGE_BYTES_MAX + 1)).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("\"code\":\"too-large\""), "{answer}");
}

#[tokio::test]
async fn a_package_that_does_not_say_its_size_is_refused_at_the_byte_after_the_last() {
    let world = World::new().await;
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let head = "POST /v1/packages HTTP/1.1\r\nhost: market\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mebibyte = vec![0; 1 << 20];
    for _ in 0..PACKAGE_BYTES_MAX >> 20 {
        stream.write_all(b"100000\r\n").await.unwrap();
        stream.write_all(&mebibyte).await.unwrap();
        stream.write_all(b"\r\n").await.unwrap();
    }
    // So far it is as large as a package may be; its sender goes on, and does not end.
    stream.write_all(b"1\r\n0\r\n").await.unwrap();
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn a_body_as_large_as_a_package_may_be_is_looked_at() {
    let world = World::new().await;
    let bytes = vec![0; usize::try_from(PACKAGE_BYTES_MAX).unwrap()];
    let (status, found, _) = problem(world.upload(bytes).await).await;
    assert_eq!(
        (status, found.as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "package")
    );
}

#[tokio::test]
async fn who_comes_while_all_places_are_taken_is_told_to_come_again() {
    let world = World::new().await;
    let mut senders = Vec::new();
    for _ in 0..UPLOADS_AT_ONCE_MAX {
        let mut stream = TcpStream::connect(world.address).await.unwrap();
        let head = head(1_000).replace("\r\n\r\n", "\r\nexpect: 100-continue\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server asks for the body only once a place is taken.
        let mut asked = [0; 25];
        stream.read_exact(&mut asked).await.unwrap();
        assert!(asked.starts_with(b"HTTP/1.1 100"));
        senders.push(stream);
    }
    let tar = package("1.0.0").write_tar().unwrap();
    let refused = world.upload(tar.clone()).await;
    assert_eq!(refused.headers()["retry-after"], "10");
    let (status, found, _) = problem(refused).await;
    assert_eq!(
        (status, found.as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "busy")
    );
    // One of them gives up: its place is free once the server has seen it.
    let mut last = senders.pop().unwrap();
    last.write_all(&[0; 1_000]).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = last.read(&mut answer).await.unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 422"));
    assert_eq!(world.upload(tar).await.status(), StatusCode::CREATED);
}

#[tokio::test]
async fn a_version_may_be_so_long_and_not_longer() {
    let world = World::new().await;
    let long = |bytes: usize| format!("1.0.0-{}", "a".repeat(bytes - 6));
    let longest = package(&long(VERSION_BYTES_MAX));
    world.client().publish(&longest).await.unwrap();
    let (found, detail) = world.refusal(&package(&long(VERSION_BYTES_MAX + 1))).await;
    assert_eq!(found, Code::Package, "{detail}");
}

#[tokio::test]
async fn a_plugin_says_for_which_platforms_it_is_made() {
    let world = World::new().await;
    let made_for = |range: &str| {
        let text = manifest("acme/parcels", "1.0.0", "").replace("^0.1", range);
        signed(&text, &[], 1)
    };
    let range = |bytes: usize| format!("^0.1, <0.2.0-{}", "a".repeat(bytes - 13));
    assert_eq!(range(PLATFORM_BYTES_MAX).len(), PLATFORM_BYTES_MAX);
    for refused in ["*", range(PLATFORM_BYTES_MAX + 1).as_str()] {
        let (found, detail) = world.refusal(&made_for(refused)).await;
        assert_eq!(found, Code::Package);
        assert!(detail.contains("platform"), "{detail}");
    }
    let longest = made_for(&range(PLATFORM_BYTES_MAX));
    world.client().publish(&longest).await.unwrap();
}

/// A package whose entry in the index is of so many bytes: reasons in many languages, and one that fills up what is left.
fn entry_of(id: &str, version: &str, bytes: usize, seed: u8) -> Package {
    let reasons: String = (0..(bytes - 1_500) / 1_010)
        .map(|n| format!("a{n:03} = \"{}\"\n", "x".repeat(1_000)))
        .collect();
    let made = |rest: usize| {
        let asks = format!(
            "[[permissions]]\nname = \"records\"\n[permissions.reason]\n{reasons}en = \"{}\"\n",
            "y".repeat(rest)
        );
        signed(&manifest(id, version, &asks), &["records"], seed)
    };
    let least = indexed_bytes(&made(1), seed);
    let package = made(1 + bytes - least);
    assert_eq!(indexed_bytes(&package, seed), bytes);
    package
}

fn indexed_bytes(package: &Package, seed: u8) -> usize {
    let manifest = package.manifest();
    let version = IndexedVersion {
        version: manifest.version.clone(),
        platform: manifest.platform.clone(),
        digest: package.digest(),
        size_bytes: package.write_tar().unwrap().len() as u64,
        published_at: "2026-11-25T08:00:00.123456Z".parse().unwrap(),
        signed_by: key(seed).public(),
        permissions: manifest.asks().collect(),
    };
    serde_json::to_vec(&(version, &manifest.title, &manifest.summary))
        .unwrap()
        .len()
}

#[tokio::test]
async fn what_a_version_says_in_the_index_has_a_bound() {
    let world = World::new().await;
    let most = usize::try_from(VERSION_INDEX_BYTES_MAX).unwrap();
    // The time of day has up to six digits after its point, so the edge is met from both sides with a little room.
    let fits = entry_of("acme/parcels", "1.0.0", most - 10, 1);
    world.client().publish(&fits).await.unwrap();
    let beyond = entry_of("acme/parcels", "1.0.1", most + 10, 1);
    let (found, detail) = world.refusal(&beyond).await;
    assert_eq!(found, Code::Package);
    assert!(detail.contains("shorten reasons"), "{detail}");
}

#[tokio::test]
async fn no_publisher_fills_the_index_and_a_full_index_is_still_sealed() {
    let world = World::new().await;
    let most = usize::try_from(VERSION_INDEX_BYTES_MAX).unwrap();
    let client = world.client();
    let (mut seed, mut published, mut full_publishers) = (1, Vec::new(), 0);
    let full = loop {
        let publisher = format!("p{seed}");
        world.let_in(&publisher, seed).await;
        let mut version = 0;
        let stopped = loop {
            let (id, number) = (format!("{publisher}/large"), format!("1.0.{version}"));
            let package = entry_of(&id, &number, most - 20, seed);
            match client.publish(&package).await {
                Ok(told) => published.push((told, seed)),
                Err(error) => break code(error),
            }
            version += 1;
            assert!(version < 100, "{publisher} is never full");
        };
        assert_eq!(stopped.0, Code::Full);
        match stopped.1.contains("the index of this marketplace is full") {
            true => break stopped.1,
            false => full_publishers += 1,
        }
        seed += 1;
        assert!(seed < 20, "the index is never full");
    };
    assert!(full.contains("operator"), "{full}");
    assert!(full_publishers >= 4, "{full_publishers}");
    // There is room for taking every single one of them back, with the longest reason.
    let operator = world.operator().await;
    let reason = "\"".repeat(guichet_marketplace::limits::REASON_BYTES_MAX);
    for (told, _) in &published {
        let exact = format!("{}@{}", told.id, told.version).parse().unwrap();
        operator.revoke_exact(&exact, &reason).await.unwrap();
    }
    let index = world.index().await;
    assert_eq!(index.revocations.len(), published.len());
}

#[tokio::test]
async fn a_publisher_has_so_many_keys_and_not_one_more() {
    let world = World::new().await;
    let operator = world.operator().await;
    let other = |n: i64| PublisherKey::from_random([100 + u8::try_from(n).unwrap(); 32]).public();
    for n in 1..KEYS_OF_A_PUBLISHER_MAX {
        operator.add_key("acme", &other(n)).await.unwrap();
    }
    let error = operator
        .add_key("acme", &other(KEYS_OF_A_PUBLISHER_MAX))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("no room"), "{error}");
    world.client().publish(&package("1.0.0")).await.unwrap();
    let keys = &world.index().await.plugins[0].keys;
    assert_eq!(keys.len() as i64, KEYS_OF_A_PUBLISHER_MAX);
}

#[tokio::test]
async fn a_json_request_has_a_bound() {
    let world = World::new().await;
    for (bytes, expected) in [
        (JSON_BODY_BYTES_MAX, StatusCode::BAD_REQUEST),
        (JSON_BODY_BYTES_MAX + 1, StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let answer = reqwest::Client::new()
            .post(world.url("/v1/publishers"))
            .header("content-type", "application/json")
            .body(" ".repeat(bytes))
            .send()
            .await
            .unwrap();
        assert_eq!(problem(answer).await.0, expected);
    }
}
