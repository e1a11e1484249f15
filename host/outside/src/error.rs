//! What can go wrong on the way, and what to do then. A plugin, its author and an admin read these: no header's value, no path and no
//! address of a private server stands in them.

use crate::{Protocol, Special};
use std::net::IpAddr;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No grant covers the host and port. `from` is the host that redirected there.
    #[error(
        "plugin \"{plugin}\" may not call {host}{}; to allow it: guichet admin grant {plugin} {protocol}:{host}",
        .from.as_ref().map(|from| format!(", where {from} redirects to")).unwrap_or_default()
    )]
    NotGranted {
        plugin: String,
        protocol: Protocol,
        host: String,
        from: Option<String>,
    },
    /// The host is at an address that only machines near this one can reach. `address` is for the server's log, not for the plugin.
    #[error(
        "plugin \"{plugin}\" may not call {host}: it is at {kind}{}",
        remedy(plugin, *protocol, host, *kind)
    )]
    SpecialAddress {
        plugin: String,
        protocol: Protocol,
        host: String,
        address: IpAddr,
        kind: Special,
    },
    /// A redirect from https to http: what was private would be readable on the way.
    #[error(
        "{host} redirects from https to http, which is not followed; ask for the https address of that page"
    )]
    Downgrade { host: String },
    /// The server can not be called by that name.
    #[error("the server can not be called: {reason}")]
    Server { reason: &'static str },
    /// What is said on a connection that has ended, or TLS asked for twice.
    #[error("the connection to {host} can not be used: {reason}")]
    Connection { host: String, reason: &'static str },
    /// Nothing came in time. The connection goes on.
    #[error("{host} said nothing within {milliseconds} ms")]
    Silence { host: String, milliseconds: u128 },
    /// The address of the page can not be used.
    #[error("the address of the page can not be used: {reason}")]
    Url { reason: &'static str },
    /// The method is not one of those that plugins may use.
    #[error(
        "the method must be one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capitals"
    )]
    Method,
    /// A header can not be sent. `name` is shortened and made plain.
    #[error("the header \"{name}\" can not be sent: {reason}")]
    Header { name: String, reason: &'static str },
    /// A header names a secret that is not set.
    #[error("the secret \"{name}\" is not set; an admin sets it on the plugin's settings page")]
    SecretMissing { name: String },
    /// A secret holds what no header may.
    #[error(
        "the secret \"{name}\" holds a line break or a control character and can not be sent in a header; set it anew without"
    )]
    SecretUnfit { name: String },
    /// The request is larger than what is sent.
    #[error("the request has more than {limit}; send less at a time")]
    RequestTooLarge { limit: String },
    /// The answer is larger than what is read.
    #[error("{host} answers with more than {limit}; ask for less at a time")]
    AnswerTooLarge { host: String, limit: String },
    /// One redirect too many.
    #[error(
        "{host} is the end of {redirects_max} redirects and redirects again; ask for the last address directly"
    )]
    TooManyRedirects { host: String, redirects_max: usize },
    /// The name is not known, the connection is refused, or it all took too long.
    #[error("{host} can not be reached now: {reason}; try again later")]
    Unavailable { host: String, reason: String },
    /// TLS failed: mostly a certificate that is not the host's.
    #[error("{host} can not be trusted: {reason}")]
    Untrusted { host: String, reason: &'static str },
    /// What came back is not HTTP, or HTTP that can not be used.
    #[error("the answer of {host} can not be used: {reason}")]
    BadAnswer { host: String, reason: String },
}

/// What kind of failure it is, in the words of the plugins' interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An admin has to allow it.
    Denied,
    /// The plugin asks for what can not be asked.
    Invalid,
    /// A limit was reached.
    Limit,
    /// The same call may succeed later.
    Unavailable,
}

impl FetchError {
    /// Whose it is and whether to try again.
    pub fn kind(&self) -> Kind {
        match self {
            Self::NotGranted { .. } | Self::SpecialAddress { .. } | Self::Downgrade { .. } => {
                Kind::Denied
            }
            Self::Url { .. }
            | Self::Server { .. }
            | Self::Connection { .. }
            | Self::Method
            | Self::Header { .. }
            | Self::SecretMissing { .. }
            | Self::SecretUnfit { .. } => Kind::Invalid,
            Self::RequestTooLarge { .. }
            | Self::AnswerTooLarge { .. }
            | Self::TooManyRedirects { .. } => Kind::Limit,
            Self::Unavailable { .. }
            | Self::Untrusted { .. }
            | Self::BadAnswer { .. }
            | Self::Silence { .. } => Kind::Unavailable,
        }
    }

    pub(crate) fn server(reason: &'static str) -> Self {
        Self::Server { reason }
    }

    pub(crate) fn url(reason: &'static str) -> Self {
        Self::Url { reason }
    }

    /// The name is the plugin's and goes to logs: printable, and not long.
    pub(crate) fn header(name: &str, reason: &'static str) -> Self {
        let name = name.chars().take(100);
        Self::Header {
            name: name.flat_map(char::escape_default).collect(),
            reason,
        }
    }

    pub(crate) fn unavailable(host: impl ToString, reason: impl Into<String>) -> Self {
        Self::Unavailable {
            host: host.to_string(),
            reason: reason.into(),
        }
    }
}

fn remedy(plugin: &str, protocol: Protocol, host: &str, kind: Special) -> String {
    if kind.can_be_allowed() {
        format!(
            "; if it is meant, allow the address for that host: guichet admin grant {plugin} {protocol}:{host}@ADDRESS"
        )
    } else {
        ", where no server can be; correct its entry in DNS".to_owned()
    }
}

/// A number of bytes, as people say it.
pub(crate) fn bytes(count: usize) -> String {
    if count >= 1 << 20 && count.is_multiple_of(1 << 20) {
        format!("{} MiB", count >> 20)
    } else if count >= 1 << 10 && count.is_multiple_of(1 << 10) {
        format!("{} KiB", count >> 10)
    } else {
        format!("{count} bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_special_address_is_refused_with_the_remedy_and_not_named_to_the_plugin() {
        let of = |kind| FetchError::SpecialAddress {
            plugin: "acme/x".to_owned(),
            protocol: Protocol::Http,
            host: "wiki.corp".to_owned(),
            address: "10.0.0.7".parse().unwrap(),
            kind,
        };
        assert_eq!(
            of(Special::Private).to_string(),
            "plugin \"acme/x\" may not call wiki.corp: it is at a private address; if it is meant, allow the address for that host: guichet admin grant acme/x http:wiki.corp@ADDRESS"
        );
        assert_eq!(
            of(Special::Multicast).to_string(),
            "plugin \"acme/x\" may not call wiki.corp: it is at a multicast address, where no server can be; correct its entry in DNS"
        );
    }

    #[test]
    fn the_name_of_a_refused_header_is_short_and_printable() {
        let error = FetchError::header(&format!("a\r\n{}", "b".repeat(200)), "x").to_string();
        assert!(!error.contains('\n'));
        assert!(error.len() < 200, "{error}");
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!(bytes(4 << 20), "4 MiB");
        assert_eq!(bytes(8 << 10), "8 KiB");
        assert_eq!(bytes(100), "100 bytes");
        assert_eq!(bytes(1025), "1025 bytes");
    }
}
