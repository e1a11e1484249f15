//! A marketplace: serve it, and what its operator does beside the running server.

/// Serve a marketplace or a mirror of one.
mod serve;

/// Who may publish.
mod publisher;

/// What waits for the operator.
mod review;

use crate::say;
use anyhow::Context;
use clap::{Args, Subcommand};
use guichet_marketplace::{
    Marketplace, Settings, client::Client, clock::Clock, exact::Exact, mirror,
};
use guichet_package::PublicKey;
use std::path::PathBuf;

/// Where a marketplace is kept.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The folder with its database, its key and its packages.
    #[arg(
        long,
        env = "GUICHET_MARKETPLACE_DATA",
        default_value = "guichet-marketplace"
    )]
    data: PathBuf,
}

impl Place {
    async fn open(&self) -> anyhow::Result<Marketplace> {
        Ok(Marketplace::open(&self.data, Clock::default()).await?)
    }
}

/// What is done with a marketplace.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a marketplace, made at the first start; or a mirror of one.
    Serve(serve::Serve),
    /// Make the folder of a marketplace, with its key, without serving it.
    Init {
        #[command(flatten)]
        place: Place,
        /// For people.
        #[arg(long)]
        name: Option<String>,
    },
    /// Print the public key that hosts must know.
    Key {
        #[command(flatten)]
        place: Place,
    },
    /// Say who may publish.
    #[command(subcommand)]
    Publisher(publisher::Publisher),
    /// Look at versions that wait, and let them pass or not.
    #[command(subcommand)]
    Review(review::Review),
    /// Take a version back: hosts that look disable it, with the reason. It does not come again.
    Revoke {
        #[command(flatten)]
        place: Place,
        /// Such as `acme/triage@1.2.0`.
        version: Exact,
        /// One line, for the admins who run it.
        #[arg(long)]
        reason: String,
    },
    /// Take a version off the list: where it is installed it runs on. Not for what is dangerous.
    Unlist {
        #[command(flatten)]
        place: Place,
        /// Such as `acme/triage@1.2.0`.
        version: Exact,
    },
    /// Copy a marketplace into a folder, or bring the copy up to date.
    Mirror {
        /// Such as `https://plugins.example.com`.
        #[arg(long)]
        from: String,
        /// The marketplace's public key.
        #[arg(long)]
        key: PublicKey,
        /// The folder of the copy.
        #[arg(long)]
        to: PathBuf,
    },
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(settings) => serve::serve(&settings).await,
        Command::Init { place, name } => {
            let settings = Settings {
                name,
                ..Settings::default()
            };
            let market = Marketplace::start(&place.data, settings, Clock::default()).await?;
            say(&format!(
                "The marketplace is in {}. Keep a copy of {} elsewhere: hosts believe no other key.",
                place.data.display(),
                market.key_path().display()
            ));
            say(&market.public_key().to_string());
            Ok(())
        }
        Command::Key { place } => {
            say(&place.open().await?.public_key().to_string());
            Ok(())
        }
        Command::Publisher(command) => publisher::run(command).await,
        Command::Review(command) => review::run(command).await,
        Command::Revoke {
            place,
            version,
            reason,
        } => {
            let revoked = place.open().await?.revoke_exact(&version, &reason).await?;
            say(&format!(
                "{version} is taken back since {}: {}",
                revoked.at, revoked.reason
            ));
            Ok(())
        }
        Command::Unlist { place, version } => {
            place.open().await?.unlist(&version).await?;
            say(&format!("{version} is not on offer any more"));
            Ok(())
        }
        Command::Mirror { from, key, to } => copy(&from, &key, &to).await,
    }
}

async fn copy(from: &str, key: &PublicKey, to: &std::path::Path) -> anyhow::Result<()> {
    let client = Client::new(from)?;
    let copied = mirror::copy(&client, key, to, &Clock::default())
        .await
        .with_context(|| format!("{from} is not copied; what was there before is untouched"))?;
    say(&format!(
        "{} is a copy of {from} as of change {}: {} packages came, {} were there, {} were deleted",
        to.display(),
        copied.sequence,
        copied.fetched,
        copied.kept,
        copied.deleted
    ));
    Ok(())
}
