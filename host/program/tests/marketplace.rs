//! A marketplace as its operator runs it: the program itself, as a server and as commands beside it.
#![cfg(test)]

use guichet_marketplace::client::Client;
use guichet_package::{Index, Package, PublicKey, PublisherKey, tar::Files};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_guichet");

/// The program, serving; killed when it is dropped.
struct Server {
    child: Child,
    client: Client,
    address: String,
    key: PublicKey,
}

impl Drop for Server {
    fn drop(&mut self) {
        // As the machine's power would end it: nothing is said before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["marketplace", "serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // What it prints is what an operator copies into the command of a host.
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines
            .map(Result::unwrap)
            .find(|line| line.contains("guichet serve --marketplace"))
            .unwrap();
        let words: Vec<_> = line.split_whitespace().collect();
        let after = |flag: &str| words[words.iter().position(|word| *word == flag).unwrap() + 1];
        let address = after("--marketplace").to_owned();
        Self {
            child,
            client: Client::new(&address).unwrap(),
            key: after("--marketplace-key").parse().unwrap(),
            address,
        }
    }

    async fn index(&self) -> Index {
        let signed = self.client.signed_index().await.unwrap();
        let issued_at = guichet_marketplace::clock::Clock::default().now();
        signed.open(&self.key, issued_at, 0).unwrap()
    }
}

/// Runs a command beside the server; what it prints.
fn run(data: &Path, arguments: &[&str]) -> String {
    let output = Command::new(PROGRAM)
        .arg("marketplace")
        .args(arguments)
        .env("GUICHET_MARKETPLACE_DATA", data)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    told
}

fn key() -> PublisherKey {
    PublisherKey::from_random([1; 32])
}

fn package(version: &str) -> Package {
    let text = format!(
        "id = \"acme/parcels\"\nversion = \"{version}\"\nplatform = \"^0.1\"\n[title]\nen = \"Parcels\"\n"
    );
    let component = wat::parse_str("(component)").unwrap();
    let mut package = Package::build(&text, &component, Files::new()).unwrap();
    package.sign(&key());
    package
}

#[tokio::test]
async fn an_operator_runs_a_marketplace_beside_its_server() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let server = Server::start(&["--data", data.to_str().unwrap(), "--name", "Acme's"]);
    assert_eq!(run(&data, &["key"]).trim(), server.key.to_string());
    let public = key().public().to_string();
    run(&data, &["publisher", "add", "acme", &public]);
    assert!(run(&data, &["publisher", "list"]).contains(&public));
    for version in ["1.0.0", "1.1.0", "1.2.0"] {
        server.client.publish(&package(version)).await.unwrap();
    }
    let revoke = [
        "revoke",
        "acme/parcels@1.0.0",
        "--reason",
        "It loses parcels.",
    ];
    assert!(run(&data, &revoke).contains("It loses parcels."));
    run(&data, &["unlist", "acme/parcels@1.1.0"]);
    let index = server.index().await;
    assert_eq!(index.marketplace, "Acme's");
    assert_eq!(index.plugins[0].versions.len(), 2);
    assert_eq!(index.revocations[0].reason, "It loses parcels.");
    assert!(run(&data, &["review", "list"]).contains("nothing waits"));
    assert!(run(&data, &["publisher", "requests"]).contains("nobody waits"));

    let to = copy.to_str().unwrap();
    let (from, trusted) = (server.address.clone(), server.key.to_string());
    run(
        &data,
        &["mirror", "--from", &from, "--key", &trusted, "--to", to],
    );
    drop(server);
    let mirror = Server::start(&["--mirror", to]);
    assert_eq!(mirror.key.to_string(), trusted);
    let copied = mirror.index().await;
    assert_eq!(copied, index);
    let version = &copied.plugins[0].versions[0];
    assert_eq!(
        mirror.client.download(version).await.unwrap(),
        package("1.2.0")
    );
}

#[tokio::test]
async fn a_server_that_is_killed_while_packages_come_in_has_what_it_promised() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let place = ["--data", data.to_str().unwrap()];
    run(&data, &["init", "--name", "Acme's"]);
    run(
        &data,
        &["publisher", "add", "acme", &key().public().to_string()],
    );
    let mut promised = Vec::new();
    for round in 0..3 {
        let server = Server::start(&place);
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        let senders: Vec<_> = (0..4)
            .map(|sender| {
                let (client, told) = (server.client.clone(), told.clone());
                tokio::spawn(async move {
                    for n in 0..1_000 {
                        let package = package(&format!("{round}.{sender}.{n}"));
                        match client.publish(&package).await {
                            Ok(published) => told.send(published.digest).unwrap(),
                            Err(_) => return,
                        }
                    }
                })
            })
            .collect();
        for _ in 0..10 {
            promised.push(heard.recv().await.unwrap());
        }
        drop(server);
        for sender in senders {
            sender.await.unwrap();
        }
        drop(told);
        while let Some(digest) = heard.recv().await {
            promised.push(digest);
        }
    }
    let server = Server::start(&place);
    let versions = server.index().await.plugins.remove(0).versions;
    for version in &versions {
        server.client.download(version).await.unwrap();
    }
    for digest in &promised {
        assert!(versions.iter().any(|version| version.digest == *digest));
    }
}
