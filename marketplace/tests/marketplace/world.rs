//! A served marketplace, publishers, packages.

use guichet_marketplace::{
    Marketplace, Settings,
    client::{Client, ClientError},
    clock::Clock,
    doors,
    market::Review,
    refusal::Code,
};
use guichet_package::{Index, Package, PublicKey, PublisherKey, tar::Files};
use reqwest::{Response, StatusCode};
use std::{net::SocketAddr, path::Path};
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// A marketplace that is served.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    pub(crate) clock: Clock,
    pub(crate) address: SocketAddr,
    pub(crate) key: PublicKey,
    server: JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    /// One that trusts the publishers that it let in, and knows `acme` by the key 1.
    pub(crate) async fn new() -> Self {
        let world = Self::with(Review::Nothing).await;
        world.let_in("acme", 1).await;
        world
    }

    pub(crate) async fn with(review: Review) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::default();
        let settings = Settings {
            name: Some("Test Market".to_owned()),
            review,
        };
        let market = Marketplace::start(folder.path(), settings, clock.clone())
            .await
            .unwrap();
        let key = market.public_key();
        let (address, server) = serve(doors::marketplace(market)).await;
        Self {
            folder,
            clock,
            address,
            key,
            server,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url("/")).unwrap()
    }

    /// The operator's commands: another process on the same folder, as far as the server can tell.
    pub(crate) async fn operator(&self) -> Marketplace {
        Marketplace::open(self.folder.path(), self.clock.clone())
            .await
            .unwrap()
    }

    pub(crate) async fn let_in(&self, publisher: &str, seed: u8) {
        let title = format!("{publisher} Ltd");
        let operator = self.operator().await;
        operator
            .add_publisher(publisher, &title, &key(seed).public())
            .await
            .unwrap();
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        reqwest::get(self.url(path)).await.unwrap()
    }

    /// Sends these bytes as a package.
    pub(crate) async fn upload(&self, bytes: Vec<u8>) -> Response {
        reqwest::Client::new()
            .post(self.url("/v1/packages"))
            .body(bytes)
            .send()
            .await
            .unwrap()
    }

    /// The index as a host sees it that saw none before.
    pub(crate) async fn index(&self) -> Index {
        let signed = self.client().signed_index().await.unwrap();
        signed.open(&self.key, self.clock.now(), 0).unwrap()
    }

    /// Why a package is refused.
    pub(crate) async fn refusal(&self, package: &Package) -> (Code, String) {
        let error = self.client().publish(package).await.unwrap_err();
        code(error)
    }

    pub(crate) fn packages(&self) -> Vec<String> {
        names(&self.folder.path().join("packages"))
    }
}

pub(crate) async fn serve(routes: axum::Router) -> (SocketAddr, JoinHandle<()>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        axum::serve(listener, routes).await.unwrap();
    });
    (address, server)
}

pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// What a marketplace says of a refusal.
pub(crate) fn code(error: ClientError) -> (Code, String) {
    match error {
        ClientError::Problem { code, detail, .. } => (code, detail),
        other => panic!("no problem of the marketplace: {other:?}"),
    }
}

/// What an answer says of a refusal.
pub(crate) async fn problem(response: Response) -> (StatusCode, String, String) {
    let status = response.status();
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert_eq!(kind, "application/problem+json");
    let problem: serde_json::Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status.as_u16());
    let text = |key: &str| problem[key].as_str().unwrap().to_owned();
    (status, text("code"), text("detail"))
}

pub(crate) fn key(seed: u8) -> PublisherKey {
    PublisherKey::from_random([seed; 32])
}

/// A small component, with what its imports say.
pub(crate) fn component(imports: &[&str]) -> Vec<u8> {
    let imports: String = imports
        .iter()
        .map(|name| format!("(import \"guichet:platform/{name}@0.1.0\" (instance))"))
        .collect();
    wat::parse_str(format!("(component {imports})")).unwrap()
}

/// A package's manifest, with whatever follows.
pub(crate) fn manifest(id: &str, version: &str, more: &str) -> String {
    format!(
        "id = \"{id}\"\nversion = \"{version}\"\nplatform = \"^0.1\"\n[title]\nen = \"Parcel Tracker\"\nzh-CN = \"包裹跟踪\"\n[summary]\nen = \"Shows where parcels are.\"\nzh-CN = \"显示包裹的位置。\"\n{more}"
    )
}

/// A package of that text, signed by that key.
pub(crate) fn signed(text: &str, imports: &[&str], seed: u8) -> Package {
    let mut package = Package::build(text, &component(imports), Files::new()).unwrap();
    package.sign(&key(seed));
    package
}

/// A small package of `acme`, signed by the key 1.
pub(crate) fn package(version: &str) -> Package {
    signed(&manifest("acme/parcels", version, ""), &[], 1)
}
