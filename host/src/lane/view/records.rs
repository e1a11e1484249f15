//! Records: a plugin's own by what they are found, and those that others publish, as far as an admin consented. Ranges answer committed records only.

use super::{View, host, passage::check_key};
use crate::{
    limits::RANGE_BYTES_MAX,
    plugins::manifest::{self, KeptAs},
};
use guichet_core::{
    changeset::{Record, RecordKey},
    id::InstallId,
    index::sort_bytes,
    refusal::Refusal,
};
use guichet_runtime::{Fault, RecordQuery, RecordRows};
use guichet_store::RecordRange;
use serde_json::Value;

impl View {
    /// A collection of its own.
    pub(super) fn collection(&self, name: &str) -> Result<&KeptAs, Refusal> {
        self.collections.get(name).ok_or_else(|| {
            Refusal::Invalid(format!(
                "the manifest declares no collection `{name}`: add [[collections]] name = \"{name}\""
            ))
        })
    }

    /// A record with the invocation's own writes; it is checked at the commit.
    pub(super) async fn loaded_record(&mut self, key: RecordKey) -> Result<Option<Record>, Fault> {
        if !self.overlay.has_record(&key) {
            let (version, record) = self.store.record(&key).await.map_err(host)?;
            self.overlay.load_record(key.clone(), version, record);
        }
        Ok(self.overlay.record(&key).cloned())
    }

    /// A record that another plugin publishes.
    pub(super) async fn record_of_others(
        &mut self,
        name: String,
        key: String,
    ) -> Result<Option<Record>, Fault> {
        check_key(&key)?;
        let (install, kept) = self.publisher(&name).await?;
        let key = RecordKey {
            install,
            collection: kept.name,
            key,
        };
        self.loaded_record(key).await
    }

    /// Who publishes a collection: of several plugins, the one that an admin placed first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where no plugin that runs publishes it.
    pub(super) async fn publisher(&self, name: &str) -> Result<(InstallId, KeptAs), Fault> {
        let found = match &self.installs {
            Some(installs) => installs
                .iter()
                .filter(|ready| ready.is_enabled())
                .find_map(|ready| Some((ready.install.id, ready.published(name)?))),
            // They changed just before the call began.
            None => {
                let installs = self.store.installs().await.map_err(host)?;
                installs
                    .iter()
                    .filter(|install| install.state == guichet_core::install::InstallState::Enabled)
                    .find_map(|install| {
                        let manifest = manifest::of(install).ok()?;
                        Some((install.id, manifest::published(&manifest, name)?))
                    })
            }
        };
        found.ok_or_else(|| {
            Refusal::NotFound(format!("a plugin that publishes the collection {name}")).into()
        })
    }

    /// A page of a collection, whosever it is.
    pub(super) async fn range_of(
        &mut self,
        install: InstallId,
        kept: KeptAs,
        query: RecordQuery,
    ) -> Result<RecordRows, Fault> {
        if let Some(index) = &query.index
            && !kept.indexes.contains(index)
        {
            return Err(Refusal::Invalid(format!(
                "the records of {} are not found by `{index}`: it is none of the collection's indexes in plugin.toml",
                kept.name
            ))
            .into());
        }
        let is_by_key = query.index.is_none();
        let bound = |value: Option<Value>| value.map(|value| bound(&value, is_by_key)).transpose();
        let (mut from, mut to) = (bound(query.from)?, bound(query.to)?);
        if let Some(equal) = bound(query.equal)? {
            // Nothing stands between a value and itself with a zero behind it; nor, as no key holds a zero, between a key and itself with a one.
            to = Some([equal.as_slice(), &[u8::from(is_by_key)]].concat());
            from = Some(equal);
        }
        let range = RecordRange {
            install,
            collection: kept.name,
            index: query.index,
            from,
            to,
            descending: query.descending,
            cursor: query.cursor,
            limit: query.limit,
        };
        // By size and not by time: what a plugin may do must not depend on how busy the machine is.
        if self.range_bytes > RANGE_BYTES_MAX {
            return Err(Refusal::Limit(format!(
                "ranges of records answered {} bytes in this call, and may answer {RANGE_BYTES_MAX}",
                self.range_bytes
            ))
            .into());
        }
        let page = self.store.query_records(&range).await.map_err(host)?;
        let bytes = page.records.iter();
        self.range_bytes += bytes
            .map(|(key, record)| (key.len() + record.body.len()) as u64)
            .sum::<u64>();
        Ok(RecordRows {
            records: page.records,
            next: page.next,
        })
    }
}

/// A value as its place in an index, or in the order of keys.
fn bound(value: &Value, is_by_key: bool) -> Result<Vec<u8>, Refusal> {
    let bytes = match (is_by_key, value) {
        (true, Value::String(key)) => Some(key.as_bytes().to_vec()),
        (true, _) => None,
        (false, value) => sort_bytes(value),
    };
    bytes.ok_or_else(|| {
        Refusal::Invalid(match is_by_key {
            true => "keys are texts: a bound stands in quotes".to_owned(),
            false => "a bound is a text, a number or a boolean".to_owned(),
        })
    })
}
