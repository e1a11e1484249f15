//! What the channel remembers, as records of its own: keys, which mail went where, what a ticket's conversation looks like, how often something happened.

use crate::{
    limits::SUCCESSORS_MAX,
    marks::Keys,
    rates::{Counted, Counts, Window},
};
use guichet_sdk::{Error, clock, records, tickets_read};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

/// Generations of keys that are read beside the present one.
const OLD_KEYS: u64 = 1;

/// Bytes of a key.
const KEY_BYTES: u32 = 32;

fn get<T: DeserializeOwned>(collection: &str, key: &str) -> Result<Option<T>, Error> {
    Ok(records::get(collection, key)?.and_then(|record| serde_json::from_str(&record.body).ok()))
}

fn put<T: Serialize>(collection: &str, key: &str, body: &T) -> Result<(), Error> {
    let body = serde_json::to_string(body).map_err(|error| Error::Invalid(error.to_string()))?;
    records::put(collection, key, &body, None).map(drop)
}

#[derive(Serialize, Deserialize)]
struct Key {
    hex: String,
}

/// The keys of a generation and the one before. A key is made when it is first needed, of bytes that depend on the invocation and a secret of the
/// host's; `if-version` 0 lets only one be first, and whoever loses runs again and reads it.
pub(crate) fn keys(generation: u64) -> Result<Keys, Error> {
    let mut keys = Vec::new();
    for wanted in (generation.saturating_sub(OLD_KEYS).max(1)..=generation.max(1)).rev() {
        let name = wanted.to_string();
        let known: Option<Key> = get("keys", &name)?;
        if let Some(key) = known {
            keys.push(key.hex.into_bytes());
        } else if wanted == generation.max(1) {
            let hex = hex::encode(clock::random(KEY_BYTES));
            let body = serde_json::json!({ "hex": hex }).to_string();
            records::put("keys", &name, &body, Some(0))?;
            keys.push(hex.into_bytes());
        }
    }
    Ok(Keys::new(keys))
}

/// What is known of mails with one Message-ID in one mailbox.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    /// Where the first went.
    pub(crate) ticket: String,
    /// Digests of the contents that came.
    pub(crate) seen: Vec<String>,
}

/// Contents kept of one Message-ID.
const SEEN_MAX: usize = 50;

fn mail_key(mailbox: &str, message_id: &str) -> String {
    digest(&[mailbox.as_bytes(), message_id.as_bytes()])
}

/// Mails of that Message-ID that came to a mailbox.
pub(crate) fn known(mailbox: &str, message_id: &str) -> Result<Option<Known>, Error> {
    get("mails", &mail_key(mailbox, message_id))
}

/// Remembers a mail. The first of an id keeps it: whoever sends another one takes no conversation over.
pub(crate) fn remember(
    mailbox: &str,
    message_id: &str,
    ticket: &str,
    content: &str,
    before: Option<Known>,
) -> Result<(), Error> {
    let mut known = before.unwrap_or_else(|| Known {
        ticket: ticket.to_owned(),
        seen: Vec::new(),
    });
    known.seen.push(content.to_owned());
    if known.seen.len() > SEEN_MAX {
        known.seen.remove(0);
    }
    put("mails", &mail_key(mailbox, message_id), &known)
}

/// What a ticket's conversation by mail looks like.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Conversation {
    /// The address of ours to which it came.
    pub(crate) mailbox: String,
    /// The newest mail of theirs, and what it refers to.
    pub(crate) last: String,
    pub(crate) references: Vec<String>,
    /// The address from which the requester wrote last.
    pub(crate) requester_address: String,
    /// Whether a machine began it, and no person has written since.
    pub(crate) unanswerable: bool,
    /// When a machine wrote after which no person has; 0 where none did. Microseconds since 1970.
    pub(crate) automatic_at: u64,
    /// The ticket that goes on in its stead.
    pub(crate) successor: String,
    /// Digests of the mails that stand on it: one that came to two mailboxes is said once.
    pub(crate) said: Vec<String>,
    /// Our own newest mail.
    pub(crate) own_last: String,
}

impl Conversation {
    /// Whether machines of ours are to be silent: a machine would hear them. Who was away for a day is told by one again, once the window is over.
    pub(crate) fn is_unanswerable(&self, now: u64, window_minutes: u64) -> bool {
        let since = now.saturating_sub(self.automatic_at);
        self.unanswerable
            || (self.automatic_at > 0 && since < window_minutes.saturating_mul(60_000_000))
    }
}

/// Mails of one ticket that are remembered by their contents.
pub(crate) const SAID_MAX: usize = 50;

pub(crate) fn conversation(ticket: &str) -> Result<Conversation, Error> {
    Ok(known_conversation(ticket)?.unwrap_or_default())
}

/// The same, where there is one.
pub(crate) fn known_conversation(ticket: &str) -> Result<Option<Conversation>, Error> {
    get("conversations", ticket)
}

pub(crate) fn put_conversation(ticket: &str, conversation: &Conversation) -> Result<(), Error> {
    put("conversations", ticket, conversation)
}

/// The ticket that goes on in this one's stead, by mergers, by follow-ups that began by mail and by recoveries into another; itself where none does.
/// Nothing where it is gone. One that took another in and is gone leaves that other to itself.
pub(crate) fn present(ticket: &str) -> Result<Option<String>, Error> {
    let mut last = None;
    let mut next = Some(ticket.to_owned());
    for _ in 0..=SUCCESSORS_MAX {
        let Some(wanted) = next else { break };
        let found = match tickets_read::get(&wanted) {
            Ok(found) => found,
            Err(Error::NotFound(_)) => break,
            Err(error) => return Err(error),
        };
        let merged_into = match found.field("merged_into") {
            guichet_sdk::Value::Text(into) => into,
            _ => String::new(),
        };
        next = goes_on_in(&found.state(), &merged_into, || {
            Ok(conversation(&wanted)?.successor)
        })?;
        last = Some(wanted);
    }
    Ok(last)
}

/// The ticket on which what is said of this one goes on. What is worked on again after a merger was taken back goes on by itself.
fn goes_on_in(
    state: &str,
    merged_into: &str,
    successor: impl FnOnce() -> Result<String, Error>,
) -> Result<Option<String>, Error> {
    let next = match (state, merged_into) {
        ("closed", "") => successor()?,
        ("closed" | "deleted", into) => into.to_owned(),
        _ => String::new(),
    };
    Ok((!next.is_empty()).then_some(next))
}

/// How often something happened in the window, and counts it once more.
pub(crate) fn count(counted: &Counted, window: Window) -> Result<u64, Error> {
    let mut counts: Counts = get("rates", &counted.document)?.unwrap_or_default();
    let before = counts.of(counted, window);
    counts.add(counted, window);
    put("rates", &counted.document, &counts)?;
    Ok(before)
}

/// A digest of parts, each told from the next.
pub(crate) fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    hex::encode(&hasher.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_ticket_goes_on_where_it_went() {
        for (state, merged_into, successor, goes_on) in [
            ("open", "", "", None),
            ("open", "target", "follow-up", None),
            ("closed", "", "", None),
            ("closed", "", "follow-up", Some("follow-up")),
            ("closed", "target", "", Some("target")),
            ("closed", "target", "follow-up", Some("target")),
            ("deleted", "", "follow-up", None),
            ("deleted", "target", "", Some("target")),
            ("suspended", "", "", None),
        ] {
            let found = goes_on_in(state, merged_into, || Ok(successor.to_owned())).unwrap();
            assert_eq!(
                found.as_deref(),
                goes_on,
                "{state} {merged_into:?} {successor:?}"
            );
        }
    }
}
