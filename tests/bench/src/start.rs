//! The server as a process of its own: how long it takes to start, and how much memory it rests in.

use crate::results::{Measure, median};
use anyhow::{Context, ensure};
use guichet::{
    admin::{self, operator},
    clock::Clock,
    config::Place,
    desk::{Desk, DeskSettings},
    dispatch::Dispatch,
    plugins::lifecycle,
};
use guichet_core::directory::AgentRole;
use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const PLUGINS: u8 = 25;

pub(crate) async fn measure(root: &Path, data: &Path) -> anyhow::Result<Vec<Measure>> {
    let (empty, full) = (data.join("start-empty"), data.join("start-full"));
    prepare(root, &empty, 0).await?;
    let token = prepare(root, &full, PLUGINS).await?;
    let program = std::env::current_exe()?.with_file_name("guichet");
    ensure!(program.exists(), "{} is not built", program.display());
    let (mut times, mut floors, mut sizes, mut bare_sizes) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start(&program, &empty, "").await?;
        floors.push(server.answered_ms);
        bare_sizes.push(server.resident_mib().await?);
        drop(server);
        let server = Server::start(&program, &full, &token).await?;
        times.push(server.answered_ms);
        server.use_plugins(&token).await?;
        sizes.push(server.resident_mib().await?);
    }
    Ok(vec![
        Measure {
            name: "start_ms",
            value: median(times),
            unit: "ms",
            target: "≤ 500 ms",
            floor: Some(median(floors)),
            note: "from the start of the process to the first answer of the API, 25 plugins installed, compiled cache warm; floor: an empty desk",
        },
        Measure {
            name: "idle_rss_mib",
            value: median(sizes),
            unit: "MiB",
            target: "≤ 120",
            floor: Some(median(bare_sizes)),
            note: "resident memory, one tenant, 25 different plugins, each loaded and used once; floor: an empty desk",
        },
    ])
}

/// A data folder with one tenant and so many different plugins; an agent's token.
async fn prepare(root: &Path, data: &Path, plugins: u8) -> anyhow::Result<String> {
    let place = Place {
        database: None,
        data: data.to_owned(),
        master_key_file: None,
    };
    let settings = DeskSettings::at(place);
    let desk = Desk::start(settings, Clock::default()).await?;
    let tenant = admin::ensure_tenant(&desk, "bench", "Bench", "UTC")
        .await?
        .id;
    let (role, password) = (AgentRole::Admin, "a long password");
    let agent =
        admin::create_agent(&desk, tenant, "Bo", "bo@bench.example", role, password).await?;
    let scopes = ["api".to_owned()];
    let token = admin::create_token(&desk, tenant, "bench", Some(agent.id), &scopes).await?;
    let operator = operator(&desk, tenant).await?;
    let folder = root.join("target/plugins/hostile");
    let manifest = std::fs::read_to_string(folder.join("plugin.toml"))?;
    let component = std::fs::read(folder.join("dist/plugin.wasm"))?;
    for number in 0..plugins {
        let manifest = manifest.replace("tests/hostile", &format!("tests/tag{number}"));
        // A custom section makes each a component of its own, compiled and loaded by itself.
        let component = [component.as_slice(), &[0, 3, 1, b'n', number]].concat();
        let settings = json!({ "deed": { "tag": format!("seen by {number}") } });
        lifecycle::install(&desk, &operator, &manifest, &component, settings).await?;
    }
    Dispatch::settled(&desk, tenant).await;
    Ok(token)
}

struct Server {
    child: Child,
    address: String,
    answered_ms: f64,
}

impl Server {
    async fn start(program: &PathBuf, data: &Path, token: &str) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().context("the server has no output")?;
        let line = BufReader::new(out)
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("http://"))
            .context("the server does not say where it listens")?;
        let address = line[line.find("http://").unwrap_or(0)..]
            .trim_end_matches('/')
            .to_owned();
        let url = format!("{address}/t/bench/api/v1/tickets");
        let answer = reqwest::Client::new()
            .get(url)
            .bearer_auth(token)
            .send()
            .await?;
        ensure!(answer.status() == if token.is_empty() { 401 } else { 200 });
        Ok(Self {
            child,
            address,
            answered_ms: begun.elapsed().as_secs_f64() * 1_000.0,
        })
    }

    /// One ticket, handled by all of them.
    async fn use_plugins(&self, token: &str) -> anyhow::Result<()> {
        let client = reqwest::Client::new();
        let url = format!("{}/t/bench/api/v1/tickets", self.address);
        let wish = json!({ "subject": "For all", "text": "x", "requester": { "email": "ana@trade.example" } });
        let made = client
            .post(&url)
            .bearer_auth(token)
            .json(&wish)
            .send()
            .await?;
        ensure!(made.status() == 201);
        let number = made.json::<serde_json::Value>().await?["number"].clone();
        for _ in 0..1_000 {
            let ticket = client
                .get(format!("{url}/{number}"))
                .bearer_auth(token)
                .send()
                .await?;
            let ticket: serde_json::Value = ticket.json().await?;
            if ticket["tags"].as_array().map(Vec::len) == Some(PLUGINS.into()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        anyhow::bail!("the plugins did not handle the ticket")
    }

    /// Resident memory once it rests.
    async fn resident_mib(&self) -> anyhow::Result<f64> {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .context("the system does not tell resident memory")?;
        Ok(kib.parse::<f64>()? / 1_024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
