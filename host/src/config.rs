//! Settings, read once: the command line first, then the environment.

use clap::Args;
use std::{net::SocketAddr, path::PathBuf};

/// Where data is kept.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// `sqlite:///path/to/file.db` or `postgres://…`; by default a SQLite file in the data folder.
    #[arg(long, env = "GUICHET_DATABASE")]
    pub database: Option<String>,
    /// Where the database file and compiled plugins are kept.
    #[arg(long, env = "GUICHET_DATA", default_value = "guichet-data")]
    pub data: PathBuf,
    /// The file of the key that seals secrets, 64 hexadecimal digits; by default `master.key` in the data folder, made at the first start.
    #[arg(long, env = "GUICHET_MASTER_KEY_FILE")]
    pub master_key_file: Option<PathBuf>,
}

/// How the desk is served.
#[derive(Debug, Clone, Args)]
pub struct Serve {
    #[command(flatten)]
    pub place: Place,
    /// Where to listen. Put a TLS proxy in front of anything but loopback.
    #[arg(long, env = "GUICHET_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    #[command(flatten)]
    pub doors: Doors,
}

/// Where plugins come from.
#[derive(Debug, Clone, Args)]
pub struct Market {
    /// The address of the marketplace from which plugins are installed, such as `https://plugins.example.com`.
    #[arg(long, env = "GUICHET_MARKETPLACE", requires = "marketplace_key")]
    pub marketplace: Option<String>,
    /// Its public key, as `guichet marketplace key` prints it there: its index is believed by this key only.
    #[arg(long, env = "GUICHET_MARKETPLACE_KEY", requires = "marketplace")]
    pub marketplace_key: Option<String>,
}

/// How the world reaches this server, and where plugins come from.
#[derive(Debug, Clone, Args)]
pub struct Doors {
    /// As browsers and senders write this server's address, behind a proxy too, such as `https://desk.example.com`. Plugins see it in requests, as
    /// signatures are made over it. Left out: `http://` and the request's host.
    #[arg(long, env = "GUICHET_PUBLIC_ADDRESS")]
    pub public_address: Option<String>,
    #[command(flatten)]
    pub market: Market,
    /// A file of further root certificates (PEM) that plugins' calls trust, beside the system's.
    #[arg(long, env = "GUICHET_ROOT_CERTIFICATES")]
    pub root_certificates: Option<PathBuf>,
    /// Addresses or networks that plugins' calls are kept from, such as this server's own public one: `203.0.113.7` or `203.0.113.0/24`, several with
    /// commas. Private ones are refused anyway.
    #[arg(long, env = "GUICHET_WITHHELD_ADDRESSES", value_delimiter = ',')]
    pub withheld_addresses: Vec<guichet_outside::AddressBlock>,
    /// Milliseconds that all plugins of a tenant together may take for one event, in their order; who is not done runs alone, after the others. A slow or
    /// busy machine wants more.
    #[arg(long, env = "GUICHET_TURN_MS", default_value_t = crate::limits::TURN_MS)]
    pub turn_ms: u64,
}

/// How the demo is served.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    #[command(flatten)]
    pub serve: Serve,
    /// A folder of built plugins, `<name>/plugin.toml` and `<name>/dist/plugin.wasm`: published in a marketplace of the demo's own, and installed from it.
    #[arg(long)]
    pub plugins: PathBuf,
    /// Where that marketplace listens.
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub marketplace_listen: SocketAddr,
    /// Set up, print the sign-in, and stop.
    #[arg(long)]
    pub only_set_up: bool,
}

impl Place {
    /// The file of the key that seals secrets.
    pub fn master_key_path(&self) -> PathBuf {
        self.master_key_file
            .clone()
            .unwrap_or_else(|| self.data.join("master.key"))
    }

    /// The database's address.
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data.join("guichet.db").display()))
    }
}
