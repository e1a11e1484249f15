//! A PostgreSQL of the tests' own: a fresh cluster in a temporary folder, on loopback, gone when the tests end.

use crate::tool::{Tool, step};
use anyhow::{Context, bail};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Server {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let programs = programs()?;
        let folder = std::env::temp_dir().join(format!("guichet-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if is_root() {
            // PostgreSQL refuses to run as root; Debian's package brings a user for it.
            Tool::new("chown")
                .args(["postgres", &folder.display().to_string()])
                .run_quietly()?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self {
            programs,
            folder,
            port,
        };
        let data = server.data();
        server
            .program("initdb")
            .args([
                "--pgdata",
                &data,
                "--username",
                "postgres",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
            ])
            .run_quietly()?;
        // The tests kill our processes, not the machine: what PostgreSQL has written survives that without fsync.
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c max_connections=300"
        );
        let log = server.folder.join("log").display().to_string();
        server
            .program("pg_ctl")
            .args([
                "--pgdata",
                &data,
                "--log",
                &log,
                "--options",
                &options,
                "--wait",
                "start",
            ])
            .run_quietly()?;
        Ok(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    fn program(&self, name: &str) -> Tool {
        let program = self.programs.join(name).display().to_string();
        if is_root() {
            Tool::new("runuser").args(["-u", "postgres", "--", &program])
        } else {
            Tool::new(&program)
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(
            self.program("pg_ctl")
                .args(["--pgdata", &self.data(), "--mode", "immediate", "stop"])
                .run_quietly(),
        );
        drop(fs::remove_dir_all(&self.folder));
    }
}

pub(crate) fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Where `initdb` and its kin are; installed where that is ours to do.
fn programs() -> anyhow::Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if is_root() && Path::new("/usr/bin/apt-get").exists() {
        step("installing PostgreSQL");
        Tool::new("apt-get").args(["update"]).run_quietly()?;
        Tool::new("apt-get")
            .args(["install", "--yes", "postgresql"])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .run_quietly()?;
    }
    match find() {
        Some(found) => Ok(found),
        None => bail!(
            "the tests need PostgreSQL 15 or later: install it, for instance with `apt-get install postgresql`"
        ),
    }
}

fn find() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    let on_path = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    versions
        .chain(on_path)
        .find(|folder| folder.join("initdb").exists())
        .context("not found")
        .ok()
}
