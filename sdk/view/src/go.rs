//! Where people are led: a place of the console, or another server in a tab of its own.

use crate::{
    error::Fault,
    limits,
    look::{Check, Look, Looked},
    plain::is_link,
};
#[cfg(feature = "schema")]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place. What is named is looked for where people are; what they may not see, they do not see there either.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(JsonSchema))]
#[serde(tag = "to", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Go {
    /// A ticket, by the number that people know.
    Ticket {
        number: u64,
    },
    /// The list of tickets, or of those that an expression fits.
    Tickets {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<String>,
    },
    Customer {
        id: String,
    },
    /// A page of the same plugin.
    Page {
        page: String,
    },
    /// A report of the same plugin.
    Report {
        report: String,
    },
    /// Another server. It is opened in a tab of its own, and learns nothing of where it was opened.
    Link {
        url: String,
    },
}

impl Go {
    #[must_use]
    pub fn ticket(number: u64) -> Self {
        Self::Ticket { number }
    }

    #[must_use]
    pub fn page(page: impl Into<String>) -> Self {
        Self::Page { page: page.into() }
    }

    #[must_use]
    pub fn customer(id: impl Into<String>) -> Self {
        Self::Customer { id: id.into() }
    }

    /// An address that begins with `https://`.
    #[must_use]
    pub fn link(url: impl Into<String>) -> Self {
        Self::Link { url: url.into() }
    }
}

impl Check for Go {
    fn check(&self, look: &mut Look) -> Looked {
        match self {
            Self::Ticket { number } => {
                look.number("number", *number as f64, 1.0, limits::NUMBER_MAX)
            }
            Self::Tickets { filter } => filter.as_ref().map_or(Ok(()), |filter| {
                look.chars("filter", filter, limits::FILTER_CHARS_MAX)
            }),
            Self::Customer { id } => look.id("id", id),
            Self::Page { page } => look.name("page", page),
            Self::Report { report } => look.name("report", report),
            Self::Link { url } => {
                look.chars("url", url, limits::LINK_CHARS_MAX)?;
                if is_link(url) {
                    Ok(())
                } else {
                    look.refuse("url", Fault::Link)
                }
            }
        }
    }
}
