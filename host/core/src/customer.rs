//! People who ask. A channel knows them by an identity: `mailto:ana@example.com`, `wechat:openid`.

use crate::{id::CustomerId, refusal::Refusal};
use serde::{Deserialize, Serialize};

/// A customer as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub id: CustomerId,
    pub version: u64,
    pub name: String,
    pub identities: Vec<Identity>,
}

/// A name by which a channel knows a customer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Identity {
    /// `scheme:value`; unique in the tenant.
    pub name: String,
    /// Proven by its owner, not only claimed.
    pub verified: bool,
}

/// Checks an identity's form: a scheme, a colon, a value, no blanks or control characters, at most 320 bytes.
///
/// # Errors
/// [`Refusal::Invalid`] with what is wrong.
pub fn check_identity(identity: &str) -> Result<(), Refusal> {
    let well_formed = identity.split_once(':').is_some_and(|(scheme, value)| {
        !scheme.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !value.is_empty()
    });
    if well_formed
        && identity.len() <= 320
        && !identity.contains(|c: char| c.is_control() || c.is_whitespace())
    {
        return Ok(());
    }
    Err(Refusal::Invalid(format!(
        "`{}` is no identity: write scheme:value, such as mailto:ana@example.com",
        identity.chars().take(80).collect::<String>()
    )))
}
