//! The plugin's records: the key that signs tokens, receipts, counts of posts. What is read here is checked by the host's commit, so that two posts at the
//! same moment never both take themselves for the first.

use crate::{
    limits::SHARDS,
    shelf::{Counts, Full, Receipts},
    token::{Token, pseudonym},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use guichet_sdk::{Error, clock, records};
use serde::{Serialize, de::DeserializeOwned};

const KEYS: &str = "keys";
const KEY: &str = "signing";
const RECEIPTS: &str = "receipts";
const COUNTS: &str = "counts";

/// The key of this install, made at its first page.
pub fn signing_key() -> Result<Vec<u8>, Error> {
    let broken = || {
        Error::Invalid(
            "the record keys/signing is damaged: delete it, and a new key is made".to_owned(),
        )
    };
    if let Some(kept) = records::get(KEYS, KEY)? {
        let text: String = serde_json::from_str(&kept.body).map_err(|_| broken())?;
        return URL_SAFE_NO_PAD.decode(text).map_err(|_| broken());
    }
    let key = clock::random(32);
    let body = serde_json::Value::String(URL_SAFE_NO_PAD.encode(&key));
    records::put(KEYS, KEY, &body.to_string(), Some(0))?;
    Ok(key)
}

/// What became of a token: a ticket's id, or nothing where it rests in the suspended queue. None where it was not used.
pub fn receipt(token: &Token) -> Result<Option<String>, Error> {
    let (receipts, _) = load::<Receipts>(RECEIPTS, &shard(token.nonce[0]))?;
    Ok(receipts.of(&token.name()).map(str::to_owned))
}

/// Keeps what became of a token.
pub fn keep_receipt(token: &Token, now_s: u64, ticket: &str) -> Result<(), Error> {
    let key = shard(token.nonce[0]);
    let (receipts, version) = load::<Receipts>(RECEIPTS, &key)?;
    let receipts = receipts
        .with(now_s, token.name(), ticket.to_owned())
        .map_err(full)?;
    save(RECEIPTS, &key, &receipts, version)
}

/// Somebody whose posts are counted.
pub struct Counted {
    key: String,
    name: String,
    counts: Counts,
    version: u64,
}

/// The posts of one address in this hour. `kind` parts e-mail addresses from network addresses.
pub fn counted(signing_key: &[u8], kind: &str, address: &str) -> Result<Counted, Error> {
    let name = pseudonym(signing_key, kind, address);
    let key = format!("{kind}-{}", shard(name[0]));
    let (counts, version) = load::<Counts>(COUNTS, &key)?;
    Ok(Counted {
        name: URL_SAFE_NO_PAD.encode(name),
        key,
        counts,
        version,
    })
}

impl Counted {
    /// Posts so far.
    pub fn so_far(&self, now_s: u64) -> u32 {
        self.counts.of(now_s, &self.name)
    }

    /// Counts one more.
    pub fn count(self, now_s: u64) -> Result<(), Error> {
        if self.counts.is_of(now_s) && self.version > 0 {
            // Refused by its bound before it grows past it.
            self.counts.with(now_s, self.name.clone()).map_err(full)?;
            return records::add(COUNTS, &self.key, &format!("/counts/{}", self.name), 1.0);
        }
        let counts = self.counts.with(now_s, self.name).map_err(full)?;
        save(COUNTS, &self.key, &counts, self.version)
    }
}

fn shard(byte: u8) -> String {
    format!("{:02}", byte % SHARDS)
}

fn full(_: Full) -> Error {
    Error::Limit("more was posted than is kept: try again later".to_owned())
}

/// A document and its version; an empty one, and 0, where there is none or it cannot be read.
fn load<T: DeserializeOwned + Default>(collection: &str, key: &str) -> Result<(T, u64), Error> {
    let Some(kept) = records::get(collection, key)? else {
        return Ok((T::default(), 0));
    };
    let document = serde_json::from_str(&kept.body).unwrap_or_default();
    Ok((document, kept.version))
}

fn save<T: Serialize>(
    collection: &str,
    key: &str,
    document: &T,
    version: u64,
) -> Result<(), Error> {
    let body =
        serde_json::to_string(document).map_err(|error| Error::Invalid(error.to_string()))?;
    records::put(collection, key, &body, Some(version)).map(drop)
}
