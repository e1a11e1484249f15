//! Hosts that a plugin calls, by HTTP or by a connection of its own: one name, all names below a domain, or names that the admin sets.

use super::Texts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A host that it calls, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Egress {
    /// `api.example.com`, `*.example.com` (one or more labels before it, not the bare domain), either with `:port`, or `{settings.key}`:
    /// the host of the URL, or the host itself, that the setting of that name holds. `{settings.list[].key}` stands for that of each entry of a list. A
    /// setting may also be an object with `host` and `port`.
    #[schemars(with = "String")]
    pub host: Host,
    /// How: by `http` (through the interface of that name), or by a connection of TCP or TLS (`net`), which needs the port.
    #[serde(default)]
    pub protocol: Protocol,
    /// By language; shown to the admin who consents.
    pub reason: Texts,
    /// Whether the plugin runs without it.
    #[serde(default)]
    pub optional: bool,
}

impl Egress {
    /// The name under which an admin grants it: `http:<host>` or `net:<host>`.
    pub fn permission(&self) -> String {
        format!("{}:{}", self.protocol.interface(), self.host)
    }

    /// Whether it says too little: of a connection, the port.
    pub(super) fn lacks_port(&self) -> bool {
        let is_said = match &self.host {
            Host::Exact { port, .. } | Host::Below { port, .. } => port.is_some(),
            Host::Setting { .. } => true,
        };
        self.protocol == Protocol::Net && !is_said
    }
}

/// What is spoken with a host.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    #[default]
    Http,
    /// Whatever the plugin says.
    Net,
}

impl Protocol {
    /// The interface through which it is spoken.
    pub const fn interface(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Net => "net",
        }
    }
}

/// A pattern of hosts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Host {
    /// Exactly this name, and this port if one is said.
    Exact { name: String, port: Option<u16> },
    /// Every name below this domain.
    Below { domain: String, port: Option<u16> },
    /// What the setting at this path says: keys with dots between them, `[]` after one that holds a list.
    Setting { path: String },
}

/// What is wrong with a pattern of hosts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{pattern}` is no host: {reason}; write `api.example.com`, `*.example.com` or `{{settings.key}}`"
)]
pub struct HostError {
    pub pattern: String,
    pub reason: &'static str,
}

impl FromStr for Host {
    type Err = HostError;

    fn from_str(pattern: &str) -> Result<Self, HostError> {
        let refuse = |reason| {
            Err(HostError {
                pattern: pattern.to_owned(),
                reason,
            })
        };
        if pattern.starts_with('{') {
            return match setting(pattern) {
                Some(path) if is_path(path) => Ok(Self::Setting {
                    path: path.to_owned(),
                }),
                _ => refuse("braces hold `settings.` and the name of a setting"),
            };
        }
        if pattern.contains("://") || pattern.contains('/') {
            return refuse("a host has no scheme and no path");
        }
        let (name, port) = match pattern.split_once(':') {
            None => (pattern, None),
            Some((name, port)) => match port.parse::<u16>() {
                Ok(number) if number > 0 && number.to_string() == port => (name, Some(number)),
                _ => return refuse("what follows the colon is no port"),
            },
        };
        let (name, is_below) = match name.strip_prefix("*.") {
            Some(domain) => (domain, true),
            None => (name, false),
        };
        if name.contains('*') {
            return refuse("a star stands only at the beginning, before a dot");
        }
        if name.len() > 253 || !name.split('.').all(is_label) {
            return refuse(
                "a name has labels of small letters, digits and dashes (other scripts as `xn--…`)",
            );
        }
        if is_below && !name.contains('.') {
            return refuse("a star would stand for a whole top-level domain");
        }
        let name = name.to_owned();
        Ok(match is_below {
            true => Self::Below { domain: name, port },
            false => Self::Exact { name, port },
        })
    }
}

/// What stands behind `settings.` in braces.
pub(super) fn setting(text: &str) -> Option<&str> {
    text.strip_prefix("{settings.")?.strip_suffix('}')
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_path(path: &str) -> bool {
    path.split('.')
        .all(|step| is_key(step.strip_suffix("[]").unwrap_or(step)))
}

pub(super) fn is_key(key: &str) -> bool {
    (1..=crate::limits::NAME_BYTES_MAX).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, port) = match self {
            Self::Setting { path } => return write!(f, "{{settings.{path}}}"),
            Self::Exact { name, port } => (name.clone(), port),
            Self::Below { domain, port } => (format!("*.{domain}"), port),
        };
        match port {
            Some(port) => write!(f, "{name}:{port}"),
            None => f.write_str(&name),
        }
    }
}

impl TryFrom<String> for Host {
    type Error = HostError;

    fn try_from(pattern: String) -> Result<Self, HostError> {
        pattern.parse()
    }
}

impl From<Host> for String {
    fn from(host: Host) -> Self {
        host.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_read_and_written_alike() {
        for pattern in [
            "api.example.com",
            "api.example.com:8443",
            "*.example.com",
            "{settings.base-url}",
            "{settings.mailboxes[].incoming}",
            "{settings.a.b[].c[]}",
            "localhost",
            "xn--fsqu00a.example",
        ] {
            assert_eq!(pattern.parse::<Host>().unwrap().to_string(), pattern);
        }
    }

    #[test]
    fn a_connection_names_its_port_and_is_granted_apart_from_http() {
        let of = |host: &str, protocol| Egress {
            host: host.parse().unwrap(),
            protocol,
            reason: Texts::new(),
            optional: false,
        };
        let mail = of("mail.example.com:993", Protocol::Net);
        assert_eq!(mail.permission(), "net:mail.example.com:993");
        assert!(!mail.lacks_port());
        assert!(of("mail.example.com", Protocol::Net).lacks_port());
        assert!(of("*.example.com", Protocol::Net).lacks_port());
        assert!(!of("{settings.server}", Protocol::Net).lacks_port());
        assert!(!of("mail.example.com", Protocol::Http).lacks_port());
    }

    #[test]
    fn what_is_no_host_is_refused_with_the_reason() {
        for (pattern, reason) in [
            ("https://api.example.com", "no scheme"),
            ("api.example.com/v1", "no path"),
            ("*", "a star stands only at the beginning"),
            ("*.com", "a whole top-level domain"),
            ("api.*.com", "a star stands only at the beginning"),
            ("a*.example.com", "a star stands only at the beginning"),
            ("API.example.com", "small letters"),
            ("api..example.com", "labels"),
            ("-a.example.com", "labels"),
            ("", "labels"),
            ("api.example.com:", "no port"),
            ("api.example.com:0", "no port"),
            ("api.example.com:070", "no port"),
            ("api.example.com:65536", "no port"),
            ("{secrets.url}", "braces hold"),
            ("{settings.}", "braces hold"),
            ("{settings.[]}", "braces hold"),
            ("{settings.a[]b}", "braces hold"),
            ("{settings.a..b}", "braces hold"),
            ("中文.example", "xn--"),
        ] {
            let error = pattern.parse::<Host>().unwrap_err().to_string();
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }
}
