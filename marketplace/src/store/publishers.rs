//! Publishers, their keys, and who asks to be one.

use super::{Store, StoreError, Writing, instant, micros, parsed};
use guichet_package::PublicKey;
use jiff::{SignedDuration, Timestamp};

/// A publisher that was let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    pub name: String,
    /// For people.
    pub title: String,
    pub added_at: Timestamp,
    /// The oldest first.
    pub keys: Vec<KeptKey>,
}

/// A key of a publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptKey {
    pub key: PublicKey,
    pub added_at: Timestamp,
    /// From then on nothing that it signs is taken; what it signed before stays.
    pub retired_at: Option<Timestamp>,
}

/// Somebody who asks to be a publisher.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub name: String,
    pub key: PublicKey,
    pub title: String,
    pub contact: String,
    pub requested_at: Timestamp,
}

type KeyRow = (String, i64, Option<i64>);
type RequestRow = (String, String, String, String, i64);

fn key((key, added_at, retired_at): KeyRow) -> Result<KeptKey, StoreError> {
    Ok(KeptKey {
        key: parsed("key", &key)?,
        added_at: instant(added_at)?,
        retired_at: retired_at.map(instant).transpose()?,
    })
}

fn request((name, key, title, contact, requested_at): RequestRow) -> Result<Request, StoreError> {
    Ok(Request {
        name,
        key: parsed("key", &key)?,
        title,
        contact,
        requested_at: instant(requested_at)?,
    })
}

/// The keys of a publisher; absent where it is not known.
pub(crate) async fn keys(
    tx: &mut Writing,
    publisher: &str,
) -> Result<Option<Vec<KeptKey>>, StoreError> {
    let known: Option<i64> = sqlx::query_scalar("select 1 from publishers where name = $1")
        .bind(publisher)
        .fetch_optional(&mut **tx)
        .await?;
    if known.is_none() {
        return Ok(None);
    }
    let rows: Vec<KeyRow> = sqlx::query_as(
        "select key, added_at, retired_at from keys where publisher = $1 order by added_at, key",
    )
    .bind(publisher)
    .fetch_all(&mut **tx)
    .await?;
    Ok(Some(rows.into_iter().map(key).collect::<Result<_, _>>()?))
}

/// Writes a publisher, and that its requests are answered.
pub(crate) async fn add(
    tx: &mut Writing,
    name: &str,
    title: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("insert into publishers (name, title, added_at) values ($1, $2, $3)")
        .bind(name)
        .bind(title)
        .bind(micros(now))
        .execute(&mut **tx)
        .await?;
    forget_requests(tx, name).await?;
    Ok(())
}

/// Writes a key.
pub(crate) async fn add_key(
    tx: &mut Writing,
    publisher: &str,
    key: &PublicKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("insert into keys (publisher, key, added_at) values ($1, $2, $3)")
        .bind(publisher)
        .bind(key.to_string())
        .bind(micros(now))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Retires a key; one that is retired stays so since when it was.
pub(crate) async fn retire_key(
    tx: &mut Writing,
    publisher: &str,
    key: &PublicKey,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("update keys set retired_at = max($1, added_at) where publisher = $2 and key = $3 and retired_at is null")
        .bind(micros(now))
        .bind(publisher)
        .bind(key.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Writes a request; the same again takes the place of the one before.
pub(crate) async fn ask(tx: &mut Writing, asked: &Request) -> Result<(), StoreError> {
    sqlx::query(
        "insert into requests (name, key, title, contact, requested_at) values ($1, $2, $3, $4, $5)
         on conflict (name, key) do update set title = $3, contact = $4, requested_at = $5",
    )
    .bind(&asked.name)
    .bind(asked.key.to_string())
    .bind(&asked.title)
    .bind(&asked.contact)
    .bind(micros(asked.requested_at))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many other requests wait, after those that nobody answered for long were forgotten.
pub(crate) async fn other_requests(
    tx: &mut Writing,
    asked: &Request,
    days_max: i64,
) -> Result<i64, StoreError> {
    let since = asked
        .requested_at
        .saturating_sub(SignedDuration::from_hours(24 * days_max))
        .map_err(|error| StoreError::Damaged(error.to_string()))?;
    sqlx::query("delete from requests where requested_at < $1")
        .bind(micros(since))
        .execute(&mut **tx)
        .await?;
    Ok(
        sqlx::query_scalar("select count(*) from requests where not (name = $1 and key = $2)")
            .bind(&asked.name)
            .bind(asked.key.to_string())
            .fetch_one(&mut **tx)
            .await?,
    )
}

/// The requests for a name.
pub(crate) async fn requests_for(tx: &mut Writing, name: &str) -> Result<Vec<Request>, StoreError> {
    let rows: Vec<RequestRow> = sqlx::query_as(
        "select name, key, title, contact, requested_at from requests where name = $1 order by requested_at, key",
    )
    .bind(name)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(request).collect()
}

/// Deletes the requests for a name.
pub(crate) async fn forget_requests(tx: &mut Writing, name: &str) -> Result<u64, StoreError> {
    Ok(sqlx::query("delete from requests where name = $1")
        .bind(name)
        .execute(&mut **tx)
        .await?
        .rows_affected())
}

/// All publishers, by name.
pub(crate) async fn all(
    connection: &mut sqlx::SqliteConnection,
) -> Result<Vec<Publisher>, StoreError> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("select name, title, added_at from publishers order by name")
            .fetch_all(&mut *connection)
            .await?;
    let mut publishers = rows
        .into_iter()
        .map(|(name, title, added_at)| {
            Ok(Publisher {
                name,
                title,
                added_at: instant(added_at)?,
                keys: Vec::new(),
            })
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let rows: Vec<(String, String, i64, Option<i64>)> = sqlx::query_as(
        "select publisher, key, added_at, retired_at from keys order by publisher, added_at, key",
    )
    .fetch_all(&mut *connection)
    .await?;
    for (name, kept, added_at, retired_at) in rows {
        if let Ok(at) = publishers.binary_search_by(|publisher| publisher.name.cmp(&name)) {
            publishers[at].keys.push(key((kept, added_at, retired_at))?);
        }
    }
    Ok(publishers)
}

impl Store {
    /// All publishers, by name.
    pub(crate) async fn publishers(&self) -> Result<Vec<Publisher>, StoreError> {
        all(&mut *self.read().await?).await
    }

    /// Who waits for the operator, the oldest first.
    pub(crate) async fn requests(&self) -> Result<Vec<Request>, StoreError> {
        let rows: Vec<RequestRow> = sqlx::query_as(
            "select name, key, title, contact, requested_at from requests order by requested_at, name, key",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter().map(request).collect()
    }
}
