//! What was taken back.

use super::{StoreError, Writing, instant, micros};
use crate::wire::Revoked;
use guichet_package::{Digest, PublicKey};
use jiff::Timestamp;

/// Writes a revocation, unless the package was taken back before; answers the one that holds.
pub(crate) async fn revoke(
    tx: &mut Writing,
    digest: &Digest,
    reason: &str,
    by: Option<&PublicKey>,
    now: Timestamp,
) -> Result<(Revoked, bool), StoreError> {
    let is_new = sqlx::query(
        "insert into revocations (digest, reason, revoked_at, revoked_by) values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(digest.as_str())
    .bind(reason)
    .bind(micros(now))
    .bind(by.map(ToString::to_string))
    .execute(&mut **tx)
    .await?
    .rows_affected()
        == 1;
    let (reason, at): (String, i64) =
        sqlx::query_as("select reason, revoked_at from revocations where digest = $1")
            .bind(digest.as_str())
            .fetch_one(&mut **tx)
            .await?;
    let revoked = Revoked {
        reason,
        at: instant(at)?,
    };
    Ok((revoked, is_new))
}
