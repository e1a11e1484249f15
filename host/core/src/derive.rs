//! Ids and bytes that depend on the invocation only: a second run makes the same ones, so the primary key is a second net under "exactly once".

use crate::time::Timestamp;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// What names an invocation for good: the tenant's key, and what is being handled by whom.
#[derive(Debug, Clone)]
pub struct Seed {
    key: [u8; 32],
    scope: String,
    at: Timestamp,
}

impl Seed {
    /// `scope` says install and event, job or request, such as `event/17/0190…`.
    pub fn new(key: [u8; 32], scope: String, at: Timestamp) -> Self {
        Self { key, scope, at }
    }

    /// The `ordinal`-th id of a purpose: UUIDv7 layout, the time of the event, the rest derived.
    pub fn id(&self, purpose: &str, ordinal: u64) -> Uuid {
        let derived = self.bytes(purpose, ordinal);
        let mut random = [0; 10];
        random.copy_from_slice(&derived[..10]);
        uuid::Builder::from_unix_timestamp_millis(self.at.milliseconds(), &random).into_uuid()
    }

    /// By which the outside knows the invocation, however often it is told: 32 hexadecimal digits.
    pub fn idempotency_key(&self) -> String {
        hex::encode(&self.bytes("idempotency", 0)[..16])
    }

    /// 32 bytes of a purpose and an ordinal.
    pub fn bytes(&self, purpose: &str, ordinal: u64) -> [u8; 32] {
        // HMAC takes keys of any length; the error cannot occur.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            return [0; 32];
        };
        for part in [
            self.scope.as_bytes(),
            purpose.as_bytes(),
            &ordinal.to_be_bytes(),
        ] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_invocation_makes_the_same_ids_and_another_makes_others() {
        let seed =
            |scope: &str| Seed::new([7; 32], scope.to_owned(), Timestamp(1_700_000_000_000_000));
        assert_eq!(
            seed("event/1").id("ticket", 0),
            seed("event/1").id("ticket", 0)
        );
        assert_ne!(
            seed("event/1").id("ticket", 0),
            seed("event/1").id("ticket", 1)
        );
        assert_ne!(
            seed("event/1").id("ticket", 0),
            seed("event/2").id("ticket", 0)
        );
        assert_eq!(seed("event/1").id("ticket", 0).get_version_num(), 7);
    }
}
