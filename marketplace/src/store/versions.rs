//! Packages as rows.

use super::{Store, StoreError, Writing, instant, micros, parsed, text_of};
use guichet_package::{
    Digest,
    index::IndexedVersion,
    manifest::{Ask, Texts},
};
use jiff::Timestamp;
use semver::Version;

/// How far a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The operator looks at it first.
    Waiting,
    /// On offer, or taken back after it was.
    Listed,
    /// The operator refused it.
    Rejected,
    /// The operator took it off.
    Unlisted,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Listed => "listed",
            Self::Rejected => "rejected",
            Self::Unlisted => "unlisted",
        }
    }
}

impl std::str::FromStr for State {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        [Self::Waiting, Self::Listed, Self::Rejected, Self::Unlisted]
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or(())
    }
}

/// What is asked about a version before anything is done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub id: String,
    pub version: Version,
    pub digest: Digest,
    pub state: State,
    /// Why it was rejected.
    pub reason: Option<String>,
    pub uploaded_at: Timestamp,
    /// Why it was taken back.
    pub revoked: Option<String>,
    /// The name of its tar.
    pub file: Digest,
}

/// A version to be written.
pub(crate) struct New<'a> {
    pub(crate) publisher: &'a str,
    pub(crate) id: &'a str,
    pub(crate) title: &'a Texts,
    pub(crate) summary: &'a Texts,
    /// As the index will have it.
    pub(crate) indexed: &'a IndexedVersion,
    pub(crate) file: &'a Digest,
    pub(crate) index_bytes: i64,
    pub(crate) state: State,
}

/// A version without its build metadata, which makes no difference to what a range takes.
pub(crate) fn release(version: &Version) -> String {
    Version {
        build: semver::BuildMetadata::EMPTY,
        ..version.clone()
    }
    .to_string()
}

const KNOWN: &str =
    "select v.plugin, v.version, v.digest, v.state, v.reason, v.uploaded_at, r.reason, v.file
    from versions v left join revocations r on r.digest = v.digest";

type KnownRow = (
    String,
    String,
    String,
    String,
    Option<String>,
    i64,
    Option<String>,
    String,
);

fn known(row: KnownRow) -> Result<Known, StoreError> {
    let (id, version, digest, state, reason, uploaded_at, revoked, file) = row;
    Ok(Known {
        id,
        version: parsed("version", &version)?,
        digest: parsed("digest", &digest)?,
        state: parsed("state", &state)?,
        reason,
        uploaded_at: instant(uploaded_at)?,
        revoked,
        file: parsed("digest", &file)?,
    })
}

/// The package of that digest.
pub(crate) async fn by_digest(
    tx: &mut Writing,
    digest: &Digest,
) -> Result<Option<Known>, StoreError> {
    let row: Option<KnownRow> =
        sqlx::query_as(sqlx::AssertSqlSafe(format!("{KNOWN} where v.digest = $1")))
            .bind(digest.as_str())
            .fetch_optional(&mut **tx)
            .await?;
    row.map(known).transpose()
}

/// The packages of that version: at most one that was not rejected, and it comes first.
pub(crate) async fn by_release(
    tx: &mut Writing,
    id: &str,
    version: &Version,
) -> Result<Vec<Known>, StoreError> {
    let rows: Vec<KnownRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{KNOWN} where v.plugin = $1 and v.release = $2 order by v.state = 'rejected', v.uploaded_at desc"
    )))
    .bind(id)
    .bind(release(version))
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(known).collect()
}

/// Whether anything of the plugin was ever on offer.
pub(crate) async fn was_offered(tx: &mut Writing, id: &str) -> Result<bool, StoreError> {
    let one: Option<i64> = sqlx::query_scalar(
        "select 1 from versions where plugin = $1 and published_at is not null limit 1",
    )
    .bind(id)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(one.is_some())
}

/// Bytes of the index that a version takes.
pub(crate) async fn index_bytes(tx: &mut Writing, digest: &Digest) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("select index_bytes from versions where digest = $1")
            .bind(digest.as_str())
            .fetch_one(&mut **tx)
            .await?,
    )
}

/// How much is there already, to be held against the bounds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// Of the publisher, waiting for review.
    pub(crate) waiting: i64,
    /// Bytes of the index of the publisher's versions.
    pub(crate) publisher_bytes: i64,
    /// Bytes of the index of all versions.
    pub(crate) all_bytes: i64,
}

/// Counts what takes room in the index, or may come to. Per plugin, some bytes beside its versions.
pub(crate) async fn room(
    tx: &mut Writing,
    publisher: &str,
    bytes_beside: i64,
) -> Result<Room, StoreError> {
    let (waiting, publisher_bytes, all_bytes): (i64, i64, i64) = sqlx::query_as(
        "select coalesce(sum(publisher = $1 and state = 'waiting'), 0),
                coalesce(sum(case when publisher = $1 then index_bytes end), 0) + $2 * count(distinct case when publisher = $1 then plugin end),
                coalesce(sum(index_bytes), 0) + $2 * count(distinct plugin)
         from versions where state in ('waiting', 'listed') or digest in (select digest from revocations)",
    )
    .bind(publisher)
    .bind(bytes_beside)
    .fetch_one(&mut **tx)
    .await?;
    Ok(Room {
        waiting,
        publisher_bytes,
        all_bytes,
    })
}

/// Writes a version.
pub(crate) async fn insert(
    tx: &mut Writing,
    new: &New<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let permissions: &Vec<Ask> = &new.indexed.permissions;
    sqlx::query(
        "insert into versions (digest, publisher, plugin, version, release, platform, title, summary, permissions, signed_by, file, size_bytes,
             index_bytes, state, uploaded_at, published_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(new.indexed.digest.as_str())
    .bind(new.publisher)
    .bind(new.id)
    .bind(new.indexed.version.to_string())
    .bind(release(&new.indexed.version))
    .bind(new.indexed.platform.to_string())
    .bind(text_of(new.title)?)
    .bind(text_of(new.summary)?)
    .bind(text_of(permissions)?)
    .bind(new.indexed.signed_by.to_string())
    .bind(new.file.as_str())
    .bind(i64::try_from(new.indexed.size_bytes).unwrap_or(i64::MAX))
    .bind(new.index_bytes)
    .bind(new.state.name())
    .bind(micros(now))
    .bind((new.state == State::Listed).then(|| micros(now)))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Puts a version on offer; one that was before keeps its time.
pub(crate) async fn list(
    tx: &mut Writing,
    digest: &Digest,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("update versions set state = 'listed', reason = null, published_at = coalesce(published_at, $1) where digest = $2")
        .bind(micros(now))
        .bind(digest.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Refuses a version that waits.
pub(crate) async fn reject(
    tx: &mut Writing,
    digest: &Digest,
    reason: &str,
) -> Result<(), StoreError> {
    sqlx::query("update versions set state = 'rejected', reason = $1 where digest = $2")
        .bind(reason)
        .bind(digest.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Takes a version off.
pub(crate) async fn unlist(tx: &mut Writing, digest: &Digest) -> Result<(), StoreError> {
    sqlx::query("update versions set state = 'unlisted' where digest = $1")
        .bind(digest.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

impl Store {
    /// What waits for review, the oldest first.
    pub(crate) async fn waiting(&self) -> Result<Vec<Known>, StoreError> {
        let rows: Vec<KnownRow> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "{KNOWN} where v.state = 'waiting' order by v.uploaded_at, v.digest"
        )))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(known).collect()
    }

    /// The package of that digest.
    pub(crate) async fn version(&self, digest: &Digest) -> Result<Option<Known>, StoreError> {
        let mut tx = self.read().await?;
        by_digest(&mut tx, digest).await
    }
}
