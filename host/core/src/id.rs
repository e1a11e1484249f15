//! Every id is its own type, all the way from the column: a swapped pair does not compile. Sixteen bytes, UUIDv7 layout.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text is no id.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an id (36 characters, as in 0190f3c4-…)")]
pub struct NotAnId(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                // Only the canonical form: an id has one spelling, so that it can be compared as text.
                match Uuid::try_parse(text) {
                    Ok(id) if id.to_string() == text => Ok(Self(id)),
                    _ => Err(NotAnId(text.chars().take(64).collect())),
                }
            }
        }
    )+};
}

ids! {
    /// A customer of the operator: everything else belongs to exactly one.
    TenantId,
    /// A ticket. People see its number instead.
    TicketId,
    /// A message on a ticket.
    MessageId,
    /// A person who asks.
    CustomerId,
    /// A named set of customers.
    CustomerGroupId,
    /// A person who works tickets.
    AgentId,
    /// A group of agents.
    GroupId,
    /// Content kept beside tickets: attachments, raw mails.
    FileId,
    /// A plugin in a tenant.
    InstallId,
    /// Work that a plugin wants to have done.
    JobId,
    /// A saved view.
    ViewId,
}

impl CustomerId {
    /// Nobody: whose is what waits in the suspended queue.
    pub const NOBODY: Self = Self(Uuid::nil());
}
