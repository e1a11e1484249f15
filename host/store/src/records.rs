//! Plugins' documents: by key, by what they are found by, and all of them.

use crate::{
    db::{Arg, Row, placeholders},
    error::StoreError,
    limits::{CURSOR_BYTES_MAX, RECORD_PAGE_BYTES, RECORD_ROWS_MAX, RECORDS_STEPPED_OVER},
    record_indexes::Stage,
    tenant::{Read, TenantStore},
};
use guichet_core::{
    changeset::{Record, RecordKey},
    id::InstallId,
    time::Timestamp,
};
use std::collections::HashMap;

/// A record as it is kept, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRecord {
    pub collection: String,
    pub key: String,
    pub version: u64,
    /// JSON.
    pub body: String,
    pub updated_at: Timestamp,
}

/// Which records of a collection, and in which order.
#[derive(Debug, Clone)]
pub struct RecordRange {
    pub install: InstallId,
    /// As it is kept.
    pub collection: String,
    /// The JSON Pointer by which they are found; absent: their keys.
    pub index: Option<String>,
    /// By `index::sort_bytes`, included; or a key's bytes.
    pub from: Option<Vec<u8>>,
    /// The same, not included.
    pub to: Option<Vec<u8>>,
    pub descending: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    pub limit: u32,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPage {
    /// Keys, and what is kept there.
    pub records: Vec<(String, Record)>,
    pub next: Option<String>,
}

/// A record's place in a range.
struct Place {
    /// Empty where keys are gone through.
    value: Vec<u8>,
    key: String,
    /// Of its body; absent where the record was deleted.
    bytes: Option<u64>,
}

impl Place {
    fn cursor(&self) -> String {
        format!("{}:{}", hex::encode(&self.value), self.key)
    }
}

fn read_cursor(cursor: &str) -> Read<(Vec<u8>, String)> {
    let none = || {
        StoreError::Invalid(
            "the cursor is none that this range gave: ask for the first page without one"
                .to_owned(),
        )
    };
    if cursor.len() > CURSOR_BYTES_MAX {
        return Err(none());
    }
    let (value, key) = cursor.split_once(':').ok_or_else(none)?;
    Ok((hex::decode(value).map_err(|_| none())?, key.to_owned()))
}

/// A key as a bound tells it.
fn key_of(bound: Vec<u8>) -> Read<String> {
    String::from_utf8(bound).map_err(|_| StoreError::Invalid("a key is a text".to_owned()))
}

impl TenantStore {
    /// A record; one that was deleted has none, but its version stays.
    pub async fn record(&self, key: &RecordKey) -> Read<(u64, Option<Record>)> {
        let sql = "select version, body, updated_at from records where tenant_id = $1 and install_id = $2 and collection = $3 and key = $4";
        let args = [
            Arg::bytes(key.install.0),
            Arg::text(&key.collection),
            Arg::text(&key.key),
        ];
        let found = self.one_of(sql, args, |row| {
            let (version, updated_at) = (row.count("version")?, Timestamp(row.int("updated_at")?));
            Ok((
                version,
                row.opt_text("body")?.map(|body| Record {
                    version,
                    body,
                    updated_at,
                }),
            ))
        });
        Ok(found.await?.unwrap_or((0, None)))
    }

    /// What an install's records take, in bytes.
    pub async fn record_bytes(&self, install: InstallId) -> Read<u64> {
        let sql = "select record_bytes from installs where tenant_id = $1 and id = $2";
        let args = [Arg::bytes(install.0)];
        let found = self.one_of(sql, args, |row| row.count("record_bytes"));
        Ok(found.await?.unwrap_or_default())
    }

    /// Records of an install after this collection and key, in their order; at most 500.
    pub async fn records_after(
        &self,
        install: InstallId,
        (collection, key): (String, String),
    ) -> Read<Vec<KeptRecord>> {
        let sql = "select collection, key, version, body, updated_at from records where tenant_id = $1 and install_id = $2 and (collection, key) > ($3, $4) \
             and body is not null order by collection, key limit 500";
        let args = [Arg::bytes(install.0), Arg::text(collection), Arg::text(key)];
        self.list_of(sql, args, |row| {
            Ok(KeptRecord {
                collection: row.text("collection")?,
                key: row.text("key")?,
                version: row.count("version")?,
                body: row.text("body")?,
                updated_at: Timestamp(row.int("updated_at")?),
            })
        })
        .await
    }

    /// A page of a range: at most so many records, and [`RECORD_PAGE_BYTES`] of them or one; it may have fewer, or none, and a next page all the same. A record that is found by several elements of a list comes
    /// once for each of them in the range.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a cursor of another range, [`StoreError::NotYet`] while the way is made.
    pub async fn query_records(&self, range: &RecordRange) -> Read<RecordPage> {
        if range.index.is_some() {
            self.expect_index(range).await?;
        }
        let most = range.limit.clamp(1, RECORD_ROWS_MAX) as usize;
        // One more tells whether there is a next page. Of deleted records so many are stepped over, and the next page goes on behind them.
        let looked_at = most + 1 + RECORDS_STEPPED_OVER;
        let mut places = self.places(range, looked_at).await?;
        let (mut bytes, mut count) = (0, 0);
        let fits = places
            .iter()
            .take_while(|place| {
                let Some(more) = place.bytes else {
                    return true;
                };
                (bytes, count) = (bytes + more, count + 1);
                count == 1 || (count <= most && bytes <= RECORD_PAGE_BYTES)
            })
            .count();
        let has_more = places.len() > fits || places.len() == looked_at;
        places.truncate(fits);
        let next = places.last().filter(|_| has_more).map(Place::cursor);
        places.retain(|place| place.bytes.is_some());
        let bodies = self.bodies(range, &places).await?;
        let records = places
            .into_iter()
            // What was deleted in between is not there.
            .filter_map(|place| Some((bodies.get(&place.key)?.clone(), place.key)))
            .map(|(record, key)| (key, record))
            .collect();
        Ok(RecordPage { records, next })
    }

    async fn expect_index(&self, range: &RecordRange) -> Read<()> {
        let sql = "select stage from record_indexes where tenant_id = $1 and install_id = $2 and collection = $3";
        let args = [Arg::bytes(range.install.0), Arg::text(&range.collection)];
        let stage = self.one_of(sql, args, |row| row.text("stage")).await?;
        match stage.as_deref().and_then(Stage::parse) {
            Some(Stage::Whole) => Ok(()),
            _ => Err(StoreError::NotYet(format!(
                "the indexes of the collection {} are being made",
                range.collection
            ))),
        }
    }

    async fn places(&self, range: &RecordRange, most: usize) -> Read<Vec<Place>> {
        let mut args = vec![Arg::bytes(range.install.0), Arg::text(&range.collection)];
        let mut push = |arg: Arg| {
            args.push(arg);
            args.len() + 1
        };
        let (beyond, order) = match range.descending {
            true => ("<", "desc"),
            false => (">", "asc"),
        };
        let after = range.cursor.as_deref().map(read_cursor).transpose()?;
        let mut conditions = String::new();
        let sql = match &range.index {
            Some(index) => {
                conditions += &format!(" and e.pointer = ${}", push(Arg::text(index)));
                for (bound, comparison) in [(&range.from, ">="), (&range.to, "<")] {
                    if let Some(bound) = bound {
                        let number = push(Arg::Bytes(Some(bound.clone())));
                        conditions += &format!(" and e.value {comparison} ${number}");
                    }
                }
                if let Some((value, key)) = after {
                    let (value, key) = (push(Arg::Bytes(Some(value))), push(Arg::text(key)));
                    conditions += &format!(" and (e.value, e.key) {beyond} (${value}, ${key})");
                }
                format!(
                    "select e.value, e.key, cast(octet_length(r.body) as bigint) as bytes from record_entries e \
                     join records r on r.tenant_id = e.tenant_id and r.install_id = e.install_id and r.collection = e.collection and r.key = e.key \
                     where e.tenant_id = $1 and e.install_id = $2 and e.collection = $3{conditions} \
                     order by e.value {order}, e.key {order} limit {most}"
                )
            }
            None => {
                for (bound, comparison) in [(&range.from, ">="), (&range.to, "<")] {
                    if let Some(bound) = bound {
                        let number = push(Arg::text(key_of(bound.clone())?));
                        conditions += &format!(" and r.key {comparison} ${number}");
                    }
                }
                if let Some((_, key)) = after {
                    conditions += &format!(" and r.key {beyond} ${}", push(Arg::text(key)));
                }
                format!(
                    "select r.key, cast(octet_length(r.body) as bigint) as bytes from records r \
                     where r.tenant_id = $1 and r.install_id = $2 and r.collection = $3{conditions} order by r.key {order} limit {most}"
                )
            }
        };
        let read = |row: &Row| {
            Ok(Place {
                value: match range.index {
                    Some(_) => row.bytes("value")?,
                    None => Vec::new(),
                },
                key: row.text("key")?,
                bytes: row.opt_int("bytes")?.map(i64::unsigned_abs),
            })
        };
        // As many steps through an index as there are places: such a read waits for nobody's long one.
        self.list_of(&sql, args, read).await
    }

    async fn bodies(&self, range: &RecordRange, places: &[Place]) -> Read<HashMap<String, Record>> {
        if places.is_empty() {
            return Ok(HashMap::new());
        }
        let sql = format!(
            "select key, version, body, updated_at from records where tenant_id = $1 and install_id = $2 and collection = $3 and key in ({}) and body is not null",
            placeholders(3, places.len())
        );
        let keys = places.iter().map(|place| Arg::text(&place.key));
        let args = [Arg::bytes(range.install.0), Arg::text(&range.collection)];
        let records = self.list_of(&sql, args.into_iter().chain(keys), |row| {
            let record = Record {
                version: row.count("version")?,
                body: row.text("body")?,
                updated_at: Timestamp(row.int("updated_at")?),
            };
            Ok((row.text("key")?, record))
        });
        Ok(records.await?.into_iter().collect())
    }
}
