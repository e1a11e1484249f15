//! What passes between a plugin and the desk, and what the host adds, takes away or refuses on the way.

use super::View;
use guichet_core::{
    changeset::RecordKey,
    effect::Effect,
    event::{ACTION, Event},
    index::Indexes,
    limits,
    refusal::Refusal,
};

/// Jobs that fall due within this time belong to the chain of effects that enqueued them; later ones begin their own.
const CHAIN_MS: i64 = 60_000;

/// The same where no event began the chain.
const POLL_MS: i64 = 1_000;

/// Whether a record may have that key.
pub(super) fn check_key(key: &str) -> Result<(), Refusal> {
    let fits = (1..=limits::RECORD_KEY_BYTES_MAX).contains(&key.len()) && !key.contains('\0');
    match fits {
        true => Ok(()),
        false => Err(Refusal::Limit(format!(
            "a record's key has 1 to {} bytes",
            limits::RECORD_KEY_BYTES_MAX
        ))),
    }
}

impl View {
    /// The record's name as it is kept, and by what it is found.
    pub(super) fn kept(&self, key: RecordKey) -> Result<(RecordKey, Indexes), Refusal> {
        let collection = self.collection(&key.collection)?;
        check_key(&key.key)?;
        let kept = RecordKey {
            collection: collection.name.clone(),
            ..key
        };
        Ok((kept, collection.indexes.clone()))
    }

    /// What of an event may be told: of other plugins' own events and actions, only that there were some.
    pub(super) fn told(&self, event: Event) -> Event {
        let kind = &event.draft.kind;
        let is_own = match kind.rsplit_once('/') {
            Some((plugin, _)) => plugin == self.plugin || self.listens_to.contains(kind),
            None => {
                kind != ACTION
                    || event
                        .draft
                        .data
                        .get("plugin")
                        .and_then(|name| name.as_str())
                        == Some(&self.plugin)
            }
        };
        let mut event = event.seen_with(&self.grants).into_owned();
        if !is_own {
            event.draft.data = serde_json::Value::Null;
            event.draft.changes = Vec::new();
        }
        event
    }

    /// What the host adds to an effect, and what it checks of it before the core does.
    pub(super) fn prepared(&self, mut effect: Effect) -> Result<Effect, Refusal> {
        match effect {
            Effect::PutRecord {
                ref mut key,
                ref mut indexes,
                ..
            }
            | Effect::AddToRecord {
                ref mut key,
                ref mut indexes,
                ..
            } => {
                (*key, *indexes) = self.kept(key.clone())?;
                Ok(effect)
            }
            Effect::PutFile(mut file) => {
                let clean = |text: &str, most: usize| {
                    text.chars()
                        .filter(|c| !c.is_control())
                        .take(most)
                        .collect::<String>()
                };
                (file.name, file.media_type) =
                    (clean(&file.name, 255), clean(&file.media_type, 127));
                file.at = self.stamp.at;
                Ok(Effect::PutFile(file))
            }
            Effect::Enqueue(mut job) => {
                let origin = &self.stamp.origin;
                job.cause = origin.event;
                job.ticket = self.about;
                // What is due soon goes on with the chain, so that no chain goes round for ever. A chain of jobs that no event began goes round as slowly as its
                // links are apart: whoever looks for something every second may do so for ever, whoever does nothing else may not.
                let wait_us = job.due_at.0.saturating_sub(self.stamp.at.0);
                let is_chained = match origin.root {
                    Some(_) => wait_us <= CHAIN_MS * 1_000,
                    None => wait_us < POLL_MS * 1_000,
                };
                if is_chained {
                    (job.root, job.depth) = (origin.root, origin.depth);
                }
                Ok(Effect::Enqueue(job))
            }
            effect => Ok(effect),
        }
    }
}
