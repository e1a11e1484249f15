//! Somebody stands between a marketplace and its host, and alters what passes. What he sends is refused with its reason, and what runs, runs on.

use crate::{
    desk::{TestDesk, on_both_databases},
    package::package_of,
};
use axum::{Router, body::Body, extract::Request, response::Response, routing::any};
use futures::StreamExt;
use guichet::plugins::market::{MarketSettings, refresh};
use guichet_marketplace::{
    Marketplace, Settings, client::Client, clock::Clock, doors, market::Review,
};
use guichet_package::{Package, PublicKey, PublisherKey};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

const MEBIBYTE: usize = 1 << 20;

/// What the one between does to what passes.
#[derive(Clone)]
enum Deed {
    Nothing,
    /// Every index is this one.
    Index(Vec<u8>),
    /// Every package is these bytes.
    Package(Vec<u8>),
    /// One bit of every package is another.
    Flip,
    /// Every package has a gibibyte, which he counts as it is taken.
    Gibibyte(Arc<AtomicUsize>),
}

/// A marketplace, and the one between.
struct World {
    /// As its operator's commands open it.
    market: Marketplace,
    honest: String,
    between: String,
    deed: Arc<Mutex<Deed>>,
}

async fn serve(routes: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    address
}

fn publisher_key() -> PublisherKey {
    PublisherKey::from_random([7; 32])
}

fn package(version: &str) -> Package {
    let mut package = package_of("acme", "parcels", version, "");
    package.sign(&publisher_key());
    package
}

impl World {
    /// With the version 0.1.0 of `acme/parcels`.
    async fn new(folder: &Path) -> Self {
        let settings = Settings {
            name: Some("Market".to_owned()),
            review: Review::Nothing,
        };
        let folder = folder.join("market");
        let market = Marketplace::start(&folder, settings, Clock::default())
            .await
            .unwrap();
        market
            .add_publisher("acme", "Acme", &publisher_key().public())
            .await
            .unwrap();
        let honest = serve(doors::marketplace(market)).await;
        let market = Marketplace::open(&folder, Clock::default()).await.unwrap();
        let deed = Arc::new(Mutex::new(Deed::Nothing));
        let (to, his) = (honest.clone(), deed.clone());
        let pass = move |request: Request| {
            let (to, deed) = (to.clone(), his.lock().unwrap().clone());
            async move { pass(&to, deed, request).await }
        };
        let world = Self {
            market,
            honest,
            between: serve(Router::new().fallback(any(pass))).await,
            deed,
        };
        world.publish("0.1.0").await;
        world
    }

    async fn publish(&self, version: &str) {
        let client = Client::new(&self.honest).unwrap();
        client.publish(&package(version)).await.unwrap();
    }

    fn does(&self, deed: Deed) {
        *self.deed.lock().unwrap() = deed;
    }

    fn as_believed_by(&self, key: PublicKey) -> MarketSettings {
        MarketSettings {
            address: self.between.clone(),
            key,
        }
    }
}

async fn pass(to: &str, deed: Deed, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let answer = reqwest::get(format!("{to}{path}")).await.unwrap();
    let mut bytes = answer.bytes().await.unwrap().to_vec();
    let is_package = path.starts_with("/v1/packages/");
    match deed {
        Deed::Index(old) if path == "/v1/index" => bytes = old,
        Deed::Package(other) if is_package => bytes = other,
        Deed::Flip if is_package => {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        Deed::Gibibyte(taken) if is_package => {
            let parts = futures::stream::iter(0..1024).map(move |_| {
                taken.fetch_add(MEBIBYTE, Ordering::Relaxed);
                Ok::<_, std::io::Error>(vec![0_u8; MEBIBYTE])
            });
            return Response::new(Body::from_stream(parts));
        }
        _ => {}
    }
    Response::new(Body::from(bytes))
}

async fn install(desk: &TestDesk) -> (u16, Value) {
    let wanted = json!({ "marketplace": "acme/parcels" });
    desk.call(Method::POST, "plugins", Some(wanted)).await
}

/// Refused for a reason that says so, and nothing of it stays.
async fn is_refused(desk: &TestDesk, why: &str) {
    let (status, answer) = install(desk).await;
    assert_eq!(status, 502, "{why}: {answer}");
    assert!(
        answer["detail"]
            .as_str()
            .is_some_and(|told| told.contains(why)),
        "{why}: {answer}"
    );
    assert_eq!(desk.get("plugins").await["items"], json!([]), "{why}");
}

on_both_databases! {
    async fn what_was_altered_on_its_way_is_refused_with_its_reason(desk) {
        let world = World::new(desk.folder()).await;
        let older = package("0.1.0").write_tar().unwrap();
        world.publish("0.2.0").await;
        let desk = desk.trusting(world.as_believed_by(world.market.public_key())).await;
        world.does(Deed::Flip);
        is_refused(&desk, "the marketplace's package does not hold").await;
        world.does(Deed::Package(older));
        is_refused(&desk, "a package other than the one its index names").await;
        let taken = Arc::new(AtomicUsize::new(0));
        world.does(Deed::Gibibyte(taken.clone()));
        is_refused(&desk, "is larger than 33554432 bytes").await;
        assert!(taken.load(Ordering::Relaxed) < 128 * MEBIBYTE, "no more is taken than what a package may have and what is on the way");
        world.does(Deed::Nothing);
        assert_eq!(install(&desk).await.0, 201);
    }

    async fn an_index_of_another_key_is_refused(desk) {
        let world = World::new(desk.folder()).await;
        let desk = desk.trusting(world.as_believed_by(publisher_key().public())).await;
        is_refused(&desk, "this marketplace's key is").await;
    }

    async fn what_was_taken_back_does_not_come_to_run_by_another_way(desk) {
        let world = World::new(desk.folder()).await;
        let desk = desk.trusting(world.as_believed_by(world.market.public_key())).await;
        let shown = install(&desk).await.1;
        let (status, shown) = desk.consent(&shown, &["tickets-write"], json!({ "deed": "rest" })).await;
        assert_eq!(status, 200, "{shown}");
        assert_eq!(desk.enable(&shown).await.0, 204);
        let path = |step: &str| format!("plugins/{}/{step}", shown["id"].as_str().unwrap());
        for version in ["0.2.0", "0.3.0"] {
            world.publish(version).await;
            assert_eq!(install(&desk).await.0, 201);
            if version == "0.2.0" {
                let (status, upgraded) = desk.call(Method::POST, &path("upgrade"), None).await;
                assert_eq!((status, &upgraded["version"]), (200, &json!("0.2.0")), "{upgraded}");
            }
        }
        for version in ["acme/parcels@0.1.0", "acme/parcels@0.3.0"] {
            world.market.revoke_exact(&version.parse().unwrap(), "It loses parcels.").await.unwrap();
        }
        refresh(&desk.desk).await.unwrap();
        for step in ["upgrade", "rollback"] {
            let (status, answer) = desk.call(Method::POST, &path(step), None).await;
            assert!(status == 409 && answer["detail"].as_str().unwrap().contains("It loses parcels."), "{step}: {answer}");
        }
        assert_eq!(desk.get(&format!("plugins/{}", shown["id"].as_str().unwrap())).await["version"], "0.2.0");
    }

    async fn an_old_index_that_is_replayed_brings_nothing_back(desk) {
        let world = World::new(desk.folder()).await;
        let desk = desk.trusting(world.as_believed_by(world.market.public_key())).await;
        let (status, shown) = install(&desk).await;
        assert_eq!(status, 201, "{shown}");
        let (status, shown) = desk.consent(&shown, &["tickets-write"], json!({ "deed": "rest" })).await;
        assert_eq!(status, 200, "{shown}");
        assert_eq!(desk.enable(&shown).await.0, 204);
        let old = reqwest::get(format!("{}/v1/index", world.honest)).await.unwrap().bytes().await.unwrap();
        world.market.revoke_exact(&"acme/parcels@0.1.0".parse().unwrap(), "It loses parcels.").await.unwrap();
        refresh(&desk.desk).await.unwrap();
        let path = format!("plugins/{}", shown["id"].as_str().unwrap());
        assert_eq!(desk.get(&path).await["state"], "disabled");
        world.does(Deed::Index(old.to_vec()));
        let (status, answer) = install(&desk).await;
        assert!(status == 502 && answer["detail"].as_str().unwrap().contains("the index is an old one"), "{answer}");
        let (status, answer) = desk.enable(&shown).await;
        assert!(status == 409 && answer["detail"].as_str().unwrap().contains("It loses parcels."), "{answer}");
        // A host that starts anew remembers what it saw.
        let desk = desk.trusting(world.as_believed_by(world.market.public_key())).await;
        let (status, answer) = install(&desk).await;
        assert!(status == 502 && answer["detail"].as_str().unwrap().contains("the index is an old one"), "{answer}");
        let (status, answer) = desk.enable(&shown).await;
        assert!(status == 409 && answer["detail"].as_str().unwrap().contains("It loses parcels."), "{answer}");
    }
}
