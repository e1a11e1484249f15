//! What waits for the operator.

use super::Place;
use crate::say;
use clap::Subcommand;
use guichet_marketplace::exact::Exact;

/// Versions that wait.
#[derive(Debug, Subcommand)]
pub(crate) enum Review {
    /// Print what waits, and where its package lies.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Put a version on offer.
    Approve {
        #[command(flatten)]
        place: Place,
        /// Such as `acme/triage@1.2.0`.
        version: Exact,
    },
    /// Refuse a version. Its publisher reads the reason when the same package comes again.
    Reject {
        #[command(flatten)]
        place: Place,
        /// Such as `acme/triage@1.2.0`.
        version: Exact,
        /// One line.
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(command: Review) -> anyhow::Result<()> {
    match command {
        Review::List { place } => {
            let market = place.open().await?;
            let waiting = market.waiting().await?;
            if waiting.is_empty() {
                say("nothing waits");
            }
            for known in waiting {
                say(&format!(
                    "{}@{}  since {}\n  {}\n  {}",
                    known.id,
                    known.version,
                    known.uploaded_at,
                    known.digest,
                    market.file_of(&known).display()
                ));
            }
        }
        Review::Approve { place, version } => {
            let known = place.open().await?.approve(&version).await?;
            say(&format!("{version} is on offer as {}", known.digest));
        }
        Review::Reject {
            place,
            version,
            reason,
        } => {
            place.open().await?.reject(&version, &reason).await?;
            say(&format!("{version} is refused: {reason}"));
        }
    }
    Ok(())
}
