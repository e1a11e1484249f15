//! The marketplace that this host trusts, by its key: what it offers, what it took back, and packages from it.
//!
//! Its signed index is kept as it was last seen. An index that is older than one seen before is refused; while none newer can be had, plugins run on.

use super::lifecycle::{LifecycleError, switch, take_in::Incoming};
use crate::{
    admin,
    desk::Desk,
    lane::LaneError,
    limits::{MARKET_CHECK_EVERY_MS, MARKET_FRESH_MS},
};
use guichet_core::{
    install::{Install, Source, Version},
    refusal::Refusal,
    time::Timestamp,
};
use guichet_marketplace::client::{Client, ClientError};
use guichet_package::{
    Digest, Index, Package, PluginRef, PublicKey, SignedIndex, index::IndexError,
    index::ResolveError, manifest::PLATFORM,
};
use guichet_store::{KeptIndex, StoreError};
use std::{
    sync::{
        Arc, RwLock, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Which marketplace is trusted.
#[derive(Debug, Clone)]
pub struct MarketSettings {
    /// Such as `https://plugins.example.com`.
    pub address: String,
    pub key: PublicKey,
}

/// The marketplace, as far as it is known here.
pub struct Market {
    settings: MarketSettings,
    client: Client,
    seen: RwLock<Option<Seen>>,
    /// The last index for whose revocations all tenants were gone through.
    gone_through: AtomicU64,
}

#[derive(Clone)]
struct Seen {
    index: Arc<Index>,
    at: Timestamp,
}

/// Why the marketplace is of no help.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    #[error(
        "no marketplace is configured: start the server with --marketplace and --marketplace-key"
    )]
    None,
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error(transparent)]
    Resolve(#[from] ResolveError),
    #[error("{0}")]
    Reference(String),
    #[error("{0}")]
    Untrusted(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Lane(#[from] LaneError),
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
}

/// A newer version of what is installed.
pub struct Offered {
    pub version: String,
    /// The package's digest.
    pub package: String,
}

impl Market {
    /// Nothing is sent yet.
    ///
    /// # Errors
    /// Where the address is none.
    pub fn new(settings: MarketSettings) -> Result<Self, ClientError> {
        Ok(Self {
            client: Client::new(&settings.address)?,
            settings,
            seen: RwLock::default(),
            gone_through: AtomicU64::new(0),
        })
    }

    fn seen(&self) -> Option<Seen> {
        self.seen
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// Remembers an index, unless a newer one came meanwhile; answers the one that counts.
    fn see(&self, index: Index, at: Timestamp) -> Arc<Index> {
        let mut seen = self
            .seen
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(newer) = seen.as_ref().map(|seen| &seen.index)
            && newer.sequence > index.sequence
        {
            return newer.clone();
        }
        let index = Arc::new(index);
        *seen = Some(Seen {
            index: index.clone(),
            at,
        });
        index
    }
}

fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::MAX)
}

/// The index as it was last seen, in memory or in the database; absent where there is none, or none that is still to be believed.
async fn last_seen(desk: &Desk) -> Result<Option<Arc<Index>>, MarketError> {
    let Some(market) = &desk.market else {
        return Ok(None);
    };
    if let Some(seen) = market.seen() {
        return Ok(Some(seen.index));
    }
    let Some(kept) = desk
        .store
        .marketplace(&market.settings.key.to_string())
        .await?
    else {
        return Ok(None);
    };
    let opened = serde_json::from_str::<SignedIndex>(&kept.document)
        .ok()
        .and_then(|signed| {
            let now = instant(desk.clock.now());
            signed.open(&market.settings.key, now, kept.sequence).ok()
        });
    Ok(opened.map(|index| market.see(index, kept.fetched_at)))
}

/// Asks the marketplace for its index now. What it took back is disabled in every tenant.
///
/// # Errors
/// [`MarketError`]: it cannot be reached, or its index is not to be believed, and why.
pub async fn refresh(desk: &Arc<Desk>) -> Result<Arc<Index>, MarketError> {
    let market = desk.market.as_ref().ok_or(MarketError::None)?;
    let key = market.settings.key.to_string();
    let kept = desk.store.marketplace(&key).await?;
    let signed = market.client.signed_index().await?;
    let now = desk.clock.now();
    let last = kept.map_or(0, |kept| kept.sequence);
    let index = signed.open(&market.settings.key, instant(now), last)?;
    let document = serde_json::to_string(&signed)
        .map_err(|error| MarketError::Reference(error.to_string()))?;
    let kept = KeptIndex {
        sequence: index.sequence,
        document,
        fetched_at: now,
    };
    desk.store
        .keep_marketplace(&key, &market.settings.address, &kept)
        .await?;
    let index = market.see(index, now);
    // What is taken in later is looked up in the index before it runs: so each is gone through once.
    if market.gone_through.load(Ordering::SeqCst) < index.sequence {
        disable_revoked(desk, &index).await?;
        market
            .gone_through
            .fetch_max(index.sequence, Ordering::SeqCst);
    }
    Ok(index)
}

/// The index, asked for where what is known is old.
async fn fresh(desk: &Arc<Desk>) -> Result<Arc<Index>, MarketError> {
    let market = desk.market.as_ref().ok_or(MarketError::None)?;
    let old = desk.clock.now().plus_milliseconds(-MARKET_FRESH_MS);
    match market.seen().filter(|seen| seen.at > old) {
        Some(seen) => Ok(seen.index),
        None => refresh(desk).await,
    }
}

/// Disables what was taken back, in every tenant. One that cannot be disabled just now keeps no other from it, and is tried again.
async fn disable_revoked(desk: &Arc<Desk>, index: &Index) -> Result<(), MarketError> {
    if index.revocations.is_empty() {
        return Ok(());
    }
    let mut failed = None;
    for tenant in desk.store.tenants().await? {
        for install in desk.store.tenant(tenant.id).installs().await? {
            let revoked = install
                .history
                .package
                .as_ref()
                .and_then(|package| package.parse::<Digest>().ok())
                .and_then(|digest| index.revocation(&digest));
            let Some(revoked) = revoked.filter(|_| install.is_here()) else {
                continue;
            };
            let operator = admin::operator(desk, tenant.id).await?;
            let plugin = install.plugin.clone();
            if let Err(error) = switch::revoke(desk, &operator, install, &revoked.reason).await {
                tracing::error!(
                    tenant = tenant.slug,
                    plugin,
                    error = &error as &dyn std::error::Error,
                    "what its marketplace took back could not be disabled"
                );
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// What the marketplace offers, for people to search.
///
/// # Errors
/// [`MarketError`].
pub async fn index(desk: &Arc<Desk>) -> Result<Arc<Index>, MarketError> {
    fresh(desk).await
}

/// The newer version of an install that came from the marketplace, as far as is known without asking.
///
/// # Errors
/// Where the database fails.
pub async fn offered(desk: &Desk, install: &Install) -> Result<Option<Offered>, LaneError> {
    if !matches!(install.history.source, Source::Marketplace { .. }) {
        return Ok(None);
    }
    let index = match last_seen(desk).await {
        Ok(Some(index)) => index,
        Ok(None) => return Ok(None),
        Err(MarketError::Store(error)) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    let Ok(best) = index.resolve(&install.plugin, &semver::VersionReq::STAR, &PLATFORM) else {
        return Ok(None);
    };
    let package = best.digest.to_string();
    let is_newer = install
        .version
        .parse::<semver::Version>()
        .is_ok_and(|runs| best.version > runs);
    let waits = install
        .history
        .pending
        .as_ref()
        .is_some_and(|pending| pending.package.as_ref() == Some(&package));
    Ok((is_newer && !waits).then(|| Offered {
        version: best.version.to_string(),
        package,
    }))
}

/// The keys of a publisher, as the marketplace says; none where it does not know him.
///
/// # Errors
/// Where the database fails.
pub async fn keys_of(desk: &Desk, publisher: &str) -> Result<Vec<PublicKey>, MarketError> {
    let Some(index) = last_seen(desk).await? else {
        return Ok(Vec::new());
    };
    let begins = format!("{publisher}/");
    let mut keys: Vec<_> = index
        .plugins
        .iter()
        .filter(|plugin| plugin.id.starts_with(&begins))
        .flat_map(|plugin| plugin.keys.iter().cloned())
        .collect();
    keys.dedup();
    Ok(keys)
}

/// Refuses a package that the marketplace took back.
///
/// # Errors
/// [`Refusal::Conflict`] with its reason.
pub async fn refuse_revoked(desk: &Desk, digest: &Digest) -> Result<(), MarketError> {
    let index = last_seen(desk).await?;
    match index.as_ref().and_then(|index| index.revocation(digest)) {
        None => Ok(()),
        Some(revoked) => Err(MarketError::Lane(
            Refusal::Conflict(format!(
                "{} {} was taken back by its marketplace: {}",
                revoked.id, revoked.version, revoked.reason
            ))
            .into(),
        )),
    }
}

/// The same of a version that is here already, before it comes to run. Where no marketplace is known, nothing was taken back.
///
/// # Errors
/// [`Refusal::Conflict`] with its reason.
pub async fn refuse_revoked_version(desk: &Desk, version: &Version) -> Result<(), LaneError> {
    let digest = version
        .package
        .as_ref()
        .and_then(|package| package.parse::<Digest>().ok());
    let Some(digest) = digest else { return Ok(()) };
    match refuse_revoked(desk, &digest).await {
        Err(MarketError::Lane(error)) => Err(error),
        Err(MarketError::Store(error)) => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A package that somebody brings: signed by its publisher, where the marketplace knows him; where not, taken only `unsigned`, on the word of who brings it.
///
/// # Errors
/// [`MarketError::Untrusted`], and [`MarketError::Lane`] for what was taken back.
pub async fn brought(
    desk: &Desk,
    package: &Package,
    unsigned: bool,
) -> Result<Incoming, MarketError> {
    let publisher = package.manifest().publisher();
    let keys = keys_of(desk, publisher).await?;
    let signed_by = match (package.verify(&keys), keys.is_empty()) {
        (Ok(key), _) => Some(key.fingerprint()),
        (Err(_), true) if unsigned => None,
        (Err(error), true) => {
            return Err(MarketError::Untrusted(format!(
                "no marketplace here knows the publisher `{publisher}` ({error}): to take the package all the same, on your own word, bring it with `unsigned`"
            )));
        }
        (Err(error), false) => return Err(MarketError::Untrusted(error.to_string())),
    };
    refuse_revoked(desk, &package.digest()).await?;
    Ok(Incoming {
        manifest: package.manifest_text().to_owned(),
        component: package.component().to_vec(),
        package: Some(package.digest().to_string()),
        source: Source::Upload { signed_by },
    })
}

/// A package from the marketplace: the highest version that a reference such as `acme/parcels@^1` lets be. Its digest and signature are checked.
///
/// # Errors
/// [`MarketError`], which says what there is where there is no such version.
pub async fn fetch(desk: &Arc<Desk>, reference: &str) -> Result<Incoming, MarketError> {
    let wanted: PluginRef =
        reference
            .parse()
            .map_err(|error: guichet_package::PluginRefError| {
                MarketError::Reference(error.to_string())
            })?;
    let market = desk.market.as_ref().ok_or(MarketError::None)?;
    // Asked anew: somebody waits for this very plugin, perhaps published a moment ago.
    let index = refresh(desk).await?;
    let version = index.resolve(&wanted.id, &wanted.version, &PLATFORM)?;
    let package = market.client.download(version).await?;
    Ok(Incoming {
        manifest: package.manifest_text().to_owned(),
        component: package.component().to_vec(),
        package: Some(package.digest().to_string()),
        source: Source::Marketplace {
            marketplace: index.marketplace.clone(),
            signed_by: version.signed_by.fingerprint(),
        },
    })
}

/// Looks from time to time, so that what was taken back does not run on.
pub fn follow(desk: &Arc<Desk>) {
    if desk.market.is_none() {
        return;
    }
    let desk: Weak<Desk> = Arc::downgrade(desk);
    tokio::spawn(async move {
        while let Some(desk) = desk.upgrade() {
            if let Err(error) = refresh(&desk).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the marketplace's index cannot be had: what is installed runs on"
                );
            }
            drop(desk);
            tokio::time::sleep(Duration::from_millis(MARKET_CHECK_EVERY_MS)).await;
        }
    });
}
