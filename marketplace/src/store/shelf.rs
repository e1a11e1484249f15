//! All that the index shows, at one moment.

use super::{
    Store, StoreError, document, instant, parsed,
    publishers::{self, Publisher},
};
use guichet_package::{
    Digest, PublicKey,
    index::{IndexedPlugin, IndexedVersion, Revocation},
    manifest::Texts,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is on offer and what was taken back, as of a change.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) name: String,
    pub(crate) sequence: u64,
    /// By id; versions with the newest first.
    pub(crate) plugins: Vec<IndexedPlugin>,
    pub(crate) revocations: Vec<Revocation>,
    pub(crate) publishers: Vec<Publisher>,
}

type VersionRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    String,
);

struct Listed {
    title: Texts,
    summary: Texts,
    version: IndexedVersion,
}

fn listed(row: VersionRow) -> Result<(String, Listed), StoreError> {
    let (id, version, platform, title, summary, permissions, digest, size, published_at, signed_by) =
        row;
    let version = IndexedVersion {
        version: parsed("version", &version)?,
        platform: parsed("range", &platform)?,
        digest: parsed("digest", &digest)?,
        size_bytes: u64::try_from(size)
            .map_err(|_| StoreError::Damaged(format!("{size} is no size")))?,
        published_at: instant(published_at)?,
        signed_by: parsed("key", &signed_by)?,
        permissions: document(&permissions)?,
    };
    let listed = Listed {
        title: document(&title)?,
        summary: document(&summary)?,
        version,
    };
    Ok((id, listed))
}

impl Store {
    /// Reads all of it in one transaction: what is of the sequence that it says, and nothing else.
    pub(crate) async fn shelf(&self) -> Result<Shelf, StoreError> {
        let mut tx = self.read().await?;
        let (name, sequence): (String, i64) =
            sqlx::query_as("select name, sequence from marketplace")
                .fetch_one(&mut *tx)
                .await?;
        let publishers = publishers::all(&mut tx).await?;
        let rows: Vec<(String, String, String, String, i64)> = sqlx::query_as(
            "select r.digest, v.plugin, v.version, r.reason, r.revoked_at from revocations r join versions v on v.digest = r.digest
             order by r.revoked_at, r.digest",
        )
        .fetch_all(&mut *tx)
        .await?;
        let revocations = rows
            .into_iter()
            .map(|(digest, id, version, reason, at)| {
                Ok(Revocation {
                    digest: parsed("digest", &digest)?,
                    id,
                    version: parsed("version", &version)?,
                    reason,
                    at: instant(at)?,
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        let rows: Vec<VersionRow> = sqlx::query_as(
            "select plugin, version, platform, title, summary, permissions, digest, size_bytes, published_at, signed_by
             from versions where state = 'listed' and published_at is not null",
        )
        .fetch_all(&mut *tx)
        .await?;
        let mut by_plugin: BTreeMap<String, Vec<Listed>> = BTreeMap::new();
        for row in rows {
            let (id, listed) = listed(row)?;
            by_plugin.entry(id).or_default().push(listed);
        }
        let revoked = revocations
            .iter()
            .map(|revocation| &revocation.digest)
            .collect();
        let plugins = by_plugin
            .into_iter()
            .map(|(id, versions)| plugin(id, versions, &revoked, &publishers))
            .collect();
        Ok(Shelf {
            name,
            sequence: u64::try_from(sequence)
                .map_err(|_| StoreError::Damaged(format!("{sequence} is no sequence")))?,
            plugins,
            revocations,
            publishers,
        })
    }
}

fn plugin(
    id: String,
    mut versions: Vec<Listed>,
    revoked: &BTreeSet<&Digest>,
    publishers: &[Publisher],
) -> IndexedPlugin {
    versions.sort_by(|one, other| other.version.version.cmp(&one.version.version));
    let good: Vec<_> = versions
        .iter()
        .filter(|listed| !revoked.contains(&listed.version.digest))
        .collect();
    let newest = good
        .iter()
        .find(|listed| listed.version.version.pre.is_empty())
        .or(good.first())
        .copied()
        .or(versions.first());
    let (title, summary) = newest
        .map(|listed| (listed.title.clone(), listed.summary.clone()))
        .unwrap_or_default();
    let keys = keys(&id, &good, publishers);
    IndexedPlugin {
        id,
        title,
        summary,
        keys,
        versions: versions.into_iter().map(|listed| listed.version).collect(),
    }
}

/// The publisher's present keys, and retired ones as long as something that they signed is still to be run. A key that was stolen is retired, what it
/// signed is taken back, and then no host sees it here.
fn keys(id: &str, good: &[&Listed], publishers: &[Publisher]) -> Vec<PublicKey> {
    let name = id.split('/').next().unwrap_or(id);
    let Ok(at) = publishers.binary_search_by(|publisher| publisher.name.as_str().cmp(name)) else {
        return Vec::new();
    };
    publishers[at]
        .keys
        .iter()
        .filter(|kept| {
            kept.retired_at.is_none()
                || good
                    .iter()
                    .any(|listed| listed.version.signed_by == kept.key)
        })
        .map(|kept| kept.key.clone())
        .collect()
}
