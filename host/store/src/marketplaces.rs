//! Marketplaces as they were last seen, by their public key. What is kept of one concerns all tenants.

use crate::{Store, db::Arg, error::StoreError};
use guichet_core::time::Timestamp;

/// A marketplace's index as it was last fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptIndex {
    pub sequence: u64,
    /// The signed index, as it came.
    pub document: String,
    pub fetched_at: Timestamp,
}

impl Store {
    /// What is kept of a marketplace.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn marketplace(&self, key: &str) -> Result<Option<KeptIndex>, StoreError> {
        let sql = "select sequence, document, fetched_at from marketplaces where key = $1";
        let rows = self.db.rows(sql, vec![Arg::text(key)]).await?;
        rows.first()
            .map(|row| {
                Ok(KeptIndex {
                    sequence: row.count("sequence")?,
                    document: row.text("document")?,
                    fetched_at: Timestamp(row.int("fetched_at")?),
                })
            })
            .transpose()
    }

    /// Keeps an index, unless a newer one was kept meanwhile.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_marketplace(
        &self,
        key: &str,
        address: &str,
        index: &KeptIndex,
    ) -> Result<(), StoreError> {
        let sql = "insert into marketplaces (key, address, sequence, document, fetched_at) values ($1, $2, $3, $4, $5) \
             on conflict (key) do update set address = excluded.address, sequence = excluded.sequence, document = excluded.document, fetched_at = excluded.fetched_at \
             where marketplaces.sequence <= excluded.sequence";
        let args = vec![
            Arg::text(key),
            Arg::text(address),
            Arg::int(index.sequence),
            Arg::text(&index.document),
            Arg::Int(Some(index.fetched_at.0)),
        ];
        self.db.execute(sql, args).await.map(drop)
    }
}
