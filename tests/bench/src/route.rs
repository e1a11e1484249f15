//! A plugin's route that says hello, against `wasmtime serve` with a component that says the same: a fresh instance for each request in both, in turns.

use crate::{
    results::{Measure, median},
    served::{ROUND, ROUNDS, serve},
};
use anyhow::{Context, bail, ensure};
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Instant,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Connections that ask at once.
const CONNECTIONS: usize = 16;

const ROUTE: &str =
    "[[routes]]\npath = \"/\"\nmethods = [\"GET\"]\naccess = \"public\"\nacts-as = \"plugin\"\n";

const PATH: &str = "/t/bench/plugins/tests/hello/hello";

/// `wasmtime serve`, as it comes.
struct Wasmtime {
    child: Child,
    address: String,
}

impl Wasmtime {
    fn start(root: &Path) -> anyhow::Result<Self> {
        let component = root.join("target/guests/wasm32-wasip2/plugin/guichet_hello.wasm");
        let mut child = Command::new(root.join("target/tools/bin/wasmtime"))
            .args(["serve", "--addr", "127.0.0.1:0"])
            .arg(component)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("`cargo xtask bench` installs wasmtime first")?;
        let said = child.stderr.take().context("wasmtime has no output")?;
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        let line = lines
            .find(|line| line.contains("http://"))
            .context("wasmtime does not say where it listens")?;
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        let (_, address) = line.split_once("http://").unwrap_or_default();
        Ok(Self {
            child,
            address: address.trim_end_matches('/').to_owned(),
        })
    }
}

impl Drop for Wasmtime {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Requests a second, over connections that stay open. Written by hand: a client library would cost as much as what is measured.
async fn rate(address: &str, path: &str) -> anyhow::Result<f64> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let begun = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (address, request) = (address.to_owned(), request.clone());
        running.spawn(async move {
            let mut stream = TcpStream::connect(&address).await?;
            stream.set_nodelay(true)?;
            let mut answered = 0_usize;
            while begun.elapsed() < ROUND {
                stream.write_all(request.as_bytes()).await?;
                read_hello(&mut stream).await?;
                answered += 1;
            }
            anyhow::Ok(answered)
        });
    }
    let mut answered = 0;
    while let Some(one) = running.join_next().await {
        answered += one??;
    }
    Ok(answered as f64 / begun.elapsed().as_secs_f64())
}

/// Reads one answer to its end.
async fn read_hello(stream: &mut TcpStream) -> anyhow::Result<()> {
    let mut answer = Vec::with_capacity(1_024);
    loop {
        ensure!(
            stream.read_buf(&mut answer).await? > 0,
            "the server hung up"
        );
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        if !head.starts_with("HTTP/1.1 200") {
            bail!("{text}");
        }
        if body.ends_with("hello") || body.ends_with("0\r\n\r\n") {
            return Ok(());
        }
    }
}

pub(crate) async fn measure(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let served = serve(&data.join("route")).await?;
    served.install(root, "hello", json!("rest"), ROUTE).await?;
    let wasmtime = Wasmtime::start(root)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let bare = rate(&wasmtime.address, "/").await?;
        let own = rate(&served.address, PATH).await?;
        // The first round only warms up.
        if round > 0 {
            theirs.push(bare);
            ours.push(own);
        }
    }
    let ratios = ours.iter().zip(&theirs).map(|(own, bare)| own / bare);
    let ratio = median(ratios.collect());
    Ok(vec![
        Measure {
            name: "route_vs_wasmtime_serve",
            value: ratio,
            unit: "",
            target: "≥ 0.8",
            floor: Some(1.0),
            note: "requests a second of a plugin's public route against `wasmtime serve` as it comes, a fresh instance each, 16 connections",
        },
        Measure {
            name: "route_per_s",
            value: median(ours),
            unit: "/s",
            target: "",
            floor: Some(median(theirs)),
            note: "the same, as rates",
        },
    ])
}

pub(crate) async fn look(root: &Path, data: &Path) -> anyhow::Result<()> {
    let served = serve(&data.join("route")).await?;
    served.install(root, "hello", json!("rest"), ROUTE).await?;
    for _ in 0..ROUNDS {
        rate(&served.address, PATH).await?;
    }
    Ok(())
}
