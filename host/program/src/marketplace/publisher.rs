//! Who may publish.

use super::Place;
use crate::say;
use clap::Subcommand;
use guichet_package::PublicKey;

/// Publishers of a marketplace.
#[derive(Debug, Subcommand)]
pub(crate) enum Publisher {
    /// Let a publisher in.
    Add {
        #[command(flatten)]
        place: Place,
        /// The part of its plugins' ids before the slash.
        name: String,
        /// Its public key, `ed25519:…`.
        key: PublicKey,
        /// For people; the name, where none is said.
        #[arg(long)]
        title: Option<String>,
    },
    /// Give a publisher another key, or retire one.
    #[command(subcommand)]
    Key(Key),
    /// Print all publishers and their keys.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Print who asks to be let in.
    Requests {
        #[command(flatten)]
        place: Place,
    },
    /// Let in who asked. Compare the fingerprint with what the publisher says by another way first.
    Accept {
        #[command(flatten)]
        place: Place,
        name: String,
        /// Which of several who ask for that name.
        #[arg(long)]
        key: Option<PublicKey>,
    },
    /// Forget who asked for a name.
    Decline {
        #[command(flatten)]
        place: Place,
        name: String,
    },
}

/// Keys of a publisher.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Give a publisher another key.
    Add {
        #[command(flatten)]
        place: Place,
        name: String,
        key: PublicKey,
    },
    /// Retire a key: what it signed stays on offer, and nothing new that it signs is taken. Where it was stolen, revoke what it signed, too.
    Retire {
        #[command(flatten)]
        place: Place,
        name: String,
        key: PublicKey,
    },
}

pub(super) async fn run(command: Publisher) -> anyhow::Result<()> {
    match command {
        Publisher::Add {
            place,
            name,
            key,
            title,
        } => {
            let title = title.unwrap_or_else(|| name.clone());
            place
                .open()
                .await?
                .add_publisher(&name, &title, &key)
                .await?;
            say(&format!(
                "{name} may publish, with the key {}",
                key.fingerprint()
            ));
        }
        Publisher::Key(command) => keys(command).await?,
        Publisher::List { place } => list(&place).await?,
        Publisher::Requests { place } => requests(&place).await?,
        Publisher::Accept { place, name, key } => {
            let accepted = place.open().await?.accept(&name, key.as_ref()).await?;
            say(&format!(
                "{name} ({}) may publish, with the key {}",
                accepted.title,
                accepted.key.fingerprint()
            ));
        }
        Publisher::Decline { place, name } => {
            place.open().await?.decline(&name).await?;
            say(&format!("the requests for {name} are forgotten"));
        }
    }
    Ok(())
}

async fn keys(command: Key) -> anyhow::Result<()> {
    match command {
        Key::Add { place, name, key } => {
            place.open().await?.add_key(&name, &key).await?;
            say(&format!("{name} may sign with {}, too", key.fingerprint()));
        }
        Key::Retire { place, name, key } => {
            let left = place.open().await?.retire_key(&name, &key).await?;
            say(&format!(
                "{} signs nothing new for {name}; {}",
                key.fingerprint(),
                match left {
                    0 => "it has no present key, and can publish nothing until it gets one"
                        .to_owned(),
                    left => format!("present keys: {left}"),
                }
            ));
        }
    }
    Ok(())
}

async fn list(place: &Place) -> anyhow::Result<()> {
    let publishers = place.open().await?.publishers().await?;
    if publishers.is_empty() {
        say("no publisher was let in yet");
    }
    for publisher in publishers {
        say(&format!("{}  {}", publisher.name, publisher.title));
        for kept in publisher.keys {
            let state = match kept.retired_at {
                None => "present".to_owned(),
                Some(at) => format!("retired {at}"),
            };
            say(&format!(
                "  {}  {}  {state}",
                kept.key,
                kept.key.fingerprint()
            ));
        }
    }
    Ok(())
}

async fn requests(place: &Place) -> anyhow::Result<()> {
    let requests = place.open().await?.requests().await?;
    if requests.is_empty() {
        say("nobody waits");
    }
    for request in requests {
        say(&format!(
            "{}  {}  {}  since {}\n  {}\n  {}",
            request.name,
            request.title,
            request.contact,
            request.requested_at,
            request.key,
            request.key.fingerprint()
        ));
    }
    Ok(())
}
