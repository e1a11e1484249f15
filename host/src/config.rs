//! Settings, read once: the command line first, then the environment.

use clap::{Args, Subcommand};
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

/// How the world reaches this server, and where plugins come from.
#[derive(Debug, Clone, Args)]
pub struct Doors {
    /// As browsers and senders write this server's address, behind a proxy too, such as `https://desk.example.com`. Plugins see it in requests, as
    /// signatures are made over it. Left out: `http://` and the request's host.
    #[arg(long, env = "GUICHET_PUBLIC_ADDRESS")]
    pub public_address: Option<String>,
    /// The address of the marketplace from which plugins are installed, such as `https://plugins.example.com`.
    #[arg(long, env = "GUICHET_MARKETPLACE", requires = "marketplace_key")]
    pub marketplace: Option<String>,
    /// Its public key, as `guichet marketplace key` prints it there: its index is believed by this key only.
    #[arg(long, env = "GUICHET_MARKETPLACE_KEY", requires = "marketplace")]
    pub marketplace_key: Option<String>,
    /// A file of further root certificates (PEM) that plugins' calls trust, beside the system's.
    #[arg(long, env = "GUICHET_ROOT_CERTIFICATES")]
    pub root_certificates: Option<PathBuf>,
}

/// How the demo is served.
#[derive(Debug, Clone, Args)]
pub struct Demo {
    #[command(flatten)]
    pub serve: Serve,
    /// A folder of built plugins: `<name>/plugin.toml` and `<name>/plugin.wasm`.
    #[arg(long)]
    pub plugins: PathBuf,
    /// Set up, print the sign-in, and stop.
    #[arg(long)]
    pub only_set_up: bool,
}

/// What operators do.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Make the first admin of a tenant, and the tenant if there is none of that name. The password is read from standard input.
    Create {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        tenant: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        email: String,
        /// The IANA zone in which a new tenant's schedules are read, such as Asia/Shanghai.
        #[arg(long, default_value = "UTC")]
        zone: String,
    },
    /// Make a bearer token and print it, once.
    Token {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        tenant: String,
        #[arg(long)]
        name: String,
        /// What it is good for: `api`, or `plugin:publisher/name` for a plugin's routes.
        #[arg(long, required = true)]
        scope: Vec<String>,
        /// The agent in whose name it acts; needed for `api`.
        #[arg(long)]
        agent: Option<String>,
    },
    /// Install a plugin in a tenant, with all that its manifest asks, and enable it.
    Install {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        tenant: String,
        /// The folder with `plugin.toml` and `plugin.wasm`.
        #[arg(long)]
        plugin: PathBuf,
        /// A JSON file with its settings.
        #[arg(long)]
        settings: Option<PathBuf>,
    },
    /// Grant an installed plugin one of the permissions that its manifest asks for.
    Grant {
        #[command(flatten)]
        place: Place,
        /// May be left out where there is only one.
        #[arg(long)]
        tenant: Option<String>,
        /// `publisher/name`.
        plugin: String,
        /// Such as `tickets-write`.
        permission: String,
    },
    /// Write everything into a new folder: rows, files, plugins. The master key is left out: keep it elsewhere.
    Backup {
        #[command(flatten)]
        place: Place,
        /// The folder to be made.
        #[arg(long)]
        to: PathBuf,
    },
    /// Read a backup into an empty database and data folder, of either kind of database.
    Restore {
        #[command(flatten)]
        place: Place,
        /// The folder of the backup.
        #[arg(long)]
        from: PathBuf,
    },
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
