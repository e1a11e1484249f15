//! The server as a process of its own.

use anyhow::{Context, ensure};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

pub(crate) struct Server {
    child: Child,
    /// `http://…`
    pub(crate) address: String,
}

impl Server {
    /// Starts the program that stands beside this one, and waits until it says that it listens.
    pub(crate) async fn start(data: &Path) -> anyhow::Result<Self> {
        let program = std::env::current_exe()?.with_file_name("guichet");
        ensure!(program.exists(), "{} is not built", program.display());
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
        Ok(Self { child, address })
    }

    /// Resident memory once it rests.
    pub(crate) async fn resident_mib(&self) -> anyhow::Result<f64> {
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
