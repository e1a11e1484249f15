//! What the operator does with versions: look at what waits, let it pass or not, take off what should not be found any more.

use super::{MarketError, Marketplace, publish::has_room};
use crate::{
    exact::Exact,
    refusal::Refusal,
    store::{
        self, Writing, files,
        versions::{self, Known, State},
    },
    wire::check_reason,
};
use std::path::PathBuf;

impl Marketplace {
    /// What waits, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn waiting(&self) -> Result<Vec<Known>, MarketError> {
        Ok(self.store().waiting().await?)
    }

    /// Where the package of a version lies, to be looked at.
    pub fn file_of(&self, known: &Known) -> PathBuf {
        files::path(&self.folder().packages(), &known.file)
    }

    /// Puts on offer what waits, or what was rejected in error. What is on offer stays so.
    ///
    /// # Errors
    /// [`Refusal`]; [`MarketError::Store`].
    pub async fn approve(&self, exact: &Exact) -> Result<Known, MarketError> {
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        let known = known(&mut tx, exact).await?;
        match known.state {
            State::Listed => return Ok(known),
            State::Unlisted => {
                return Err(Refusal::Unlisted {
                    id: known.id,
                    version: known.version.to_string(),
                }
                .into());
            }
            State::Waiting => {}
            // What waits has its room; what was rejected gave it back.
            State::Rejected => {
                let publisher = known.id.split('/').next().unwrap_or_default();
                let bytes = versions::index_bytes(&mut tx, &known.digest).await?;
                has_room(&mut tx, publisher, bytes, State::Listed).await?;
            }
        }
        versions::list(&mut tx, &known.digest, now).await?;
        store::changed(&mut tx, now).await?;
        tx.commit().await?;
        Ok(known)
    }

    /// Refuses what waits. Its number is free for other content.
    ///
    /// # Errors
    /// [`Refusal`]; [`MarketError::Store`].
    pub async fn reject(&self, exact: &Exact, reason: &str) -> Result<Known, MarketError> {
        check_reason(reason).map_err(Refusal::from)?;
        let mut tx = self.store().write().await?;
        let known = known(&mut tx, exact).await?;
        if known.state != State::Waiting {
            return Err(Refusal::NotFound(format!(
                "{exact} does not wait for review; what is on offer is taken back with `guichet marketplace revoke`"
            ))
            .into());
        }
        versions::reject(&mut tx, &known.digest, reason).await?;
        tx.commit().await?;
        Ok(known)
    }

    /// Takes a version off: it is not found and not sent any more, and where it is installed it runs on. Not for what is dangerous: that is revoked.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`MarketError::Store`].
    pub async fn unlist(&self, exact: &Exact) -> Result<Known, MarketError> {
        let now = self.clock().now();
        let mut tx = self.store().write().await?;
        let known = known(&mut tx, exact).await?;
        match known.state {
            State::Unlisted => return Ok(known),
            State::Listed => {}
            State::Waiting | State::Rejected => {
                return Err(Refusal::NotFound(format!("{exact} is not on offer")).into());
            }
        }
        versions::unlist(&mut tx, &known.digest).await?;
        store::changed(&mut tx, now).await?;
        tx.commit().await?;
        Ok(known)
    }
}

async fn known(tx: &mut Writing, exact: &Exact) -> Result<Known, MarketError> {
    versions::by_release(tx, &exact.id, &exact.version)
        .await?
        .into_iter()
        .find(|known| known.version == exact.version)
        .ok_or_else(|| Refusal::NotFound(format!("there is no {exact} here")).into())
}
