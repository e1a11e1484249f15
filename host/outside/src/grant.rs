//! What an admin granted a plugin, and the one function that refuses the rest.
//!
//! A grant is one text, so that it is stored, shown and typed alike:
//! - `api.example.com`: that host, on ports 80 and 443;
//! - `*.example.com`: every host below that name, however deep, not the name itself;
//! - `api.example.com:8443`: that port only;
//! - `wiki.corp@10.0.0.7`, `wiki.corp:8080@10.0.0.0/24`: that host and port, also where it is at that private address. Never with `*`.
//!
//! Connections without HTTP are granted by texts of the same form, and apart from it: each names its port.

use crate::{
    AddressBlock, FetchError, Special, address::canonical, special, target::Host, target::Target,
};
use std::{fmt, net::IpAddr, str::FromStr};

/// One host (or all below a name) that a plugin may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    pattern: Pattern,
    port: Option<u16>,
    private: Option<AddressBlock>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    Exactly(Host),
    Below(String),
}

/// A text is no grant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" can not be granted: {reason}; write api.example.com, *.example.com, api.example.com:8443 or wiki.corp@10.0.0.7"
)]
pub struct GrantError {
    text: String,
    reason: &'static str,
}

impl Grant {
    fn covers(&self, target: &Target, protocol: Protocol) -> bool {
        let port = match self.port {
            Some(port) => port == target.port,
            None => protocol == Protocol::Http && matches!(target.port, 80 | 443),
        };
        let host = match (&self.pattern, &target.host) {
            (Pattern::Exactly(granted), asked) => granted == asked,
            (Pattern::Below(parent), Host::Name(name)) => name
                .strip_suffix(parent.as_str())
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
            (Pattern::Below(_), Host::Address(_)) => false,
        };
        port && host
    }

    fn read(text: &str) -> Result<Self, &'static str> {
        let (place, private) = match text.rsplit_once('@') {
            Some((place, block)) => {
                let block = block
                    .parse()
                    .map_err(|_| "what follows the @ is no address and no network")?;
                (place, Some(block))
            }
            None => (text, None),
        };
        let (host, port) = match place.rsplit_once(':') {
            // The colons within brackets are the address's own.
            Some((host, port)) if !port.ends_with(']') => {
                let port = port
                    .parse()
                    .ok()
                    .filter(|port| *port != 0)
                    .ok_or("the port is no number from 1 to 65535")?;
                (host, Some(port))
            }
            _ => (place, None),
        };
        let pattern = match host.strip_prefix("*.") {
            None => Pattern::Exactly(Host::parse(host)?),
            Some(_) if private.is_some() => {
                return Err("a private address is granted to one host, not to all below a name");
            }
            Some(parent) => match Host::parse(parent)? {
                Host::Name(parent) => Pattern::Below(parent),
                Host::Address(_) => return Err("nothing is below an address"),
            },
        };
        Ok(Self {
            pattern,
            port,
            private,
        })
    }
}

impl FromStr for Grant {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Self, GrantError> {
        Self::read(text).map_err(|reason| GrantError {
            text: text.chars().take(300).collect(),
            reason,
        })
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.pattern {
            Pattern::Exactly(host) => write!(formatter, "{host}")?,
            Pattern::Below(parent) => write!(formatter, "*.{parent}")?,
        }
        if let Some(port) = self.port {
            write!(formatter, ":{port}")?;
        }
        if let Some(block) = &self.private {
            write!(formatter, "@{block}")?;
        }
        Ok(())
    }
}

/// What is spoken with a server. What is granted for one is not granted for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Http,
    /// Whatever the plugin says, on a connection of TCP or TLS.
    Net,
}

impl Protocol {
    /// What an admin would grant for this: of HTTP, ports 80 and 443 are part of every grant of a host.
    fn grant_for(self, target: &Target) -> String {
        match (self, target.port) {
            (Self::Http, 80 | 443) => target.host.to_string(),
            _ => target.host_and_port(),
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Http => "http",
            Self::Net => "net",
        })
    }
}

/// All that one plugin may call.
#[derive(Debug, Clone)]
pub struct Allowed {
    plugin: String,
    protocol: Protocol,
    grants: Vec<Grant>,
}

impl Allowed {
    /// By HTTP. `plugin` is its name as people know it (`acme/parcels`), for refusals.
    pub fn new(plugin: impl Into<String>, grants: impl IntoIterator<Item = Grant>) -> Self {
        Self {
            plugin: plugin.into(),
            protocol: Protocol::Http,
            grants: grants.into_iter().collect(),
        }
    }

    /// By connections without HTTP. A grant without a port is none.
    pub fn servers(plugin: impl Into<String>, grants: impl IntoIterator<Item = Grant>) -> Self {
        Self {
            protocol: Protocol::Net,
            ..Self::new(plugin, grants)
        }
    }

    pub(crate) fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// Reads the texts of grants, without the `http:` before them.
    ///
    /// # Errors
    /// The first text that is no grant.
    pub fn parse<'a>(
        plugin: impl Into<String>,
        grants: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, GrantError> {
        let grants: Result<Vec<_>, _> = grants.into_iter().map(str::parse).collect();
        Ok(Self::new(plugin, grants?))
    }

    /// Refuses a host that was not granted. `from` is the host that redirected to it.
    pub(crate) fn check_host(&self, target: &Target, from: Option<&str>) -> Result<(), FetchError> {
        if self
            .grants
            .iter()
            .any(|grant| grant.covers(target, self.protocol))
        {
            return Ok(());
        }
        Err(FetchError::NotGranted {
            plugin: self.plugin.clone(),
            protocol: self.protocol,
            host: self.protocol.grant_for(target),
            from: from.map(str::to_owned),
        })
    }

    /// Refuses if any of a host's addresses is special, and no grant of that very host names it. Answers the addresses to connect to.
    pub(crate) fn check_addresses(
        &self,
        target: &Target,
        found: &[IpAddr],
        withheld: &[AddressBlock],
    ) -> Result<Vec<IpAddr>, FetchError> {
        let mut checked = Vec::with_capacity(found.len());
        for address in found.iter().copied().map(canonical) {
            let kind = special(address).or_else(|| {
                let is_withheld = withheld.iter().any(|block| block.contains(address));
                is_withheld.then_some(Special::Withheld)
            });
            if let Some(kind) = kind
                && !(kind.can_be_allowed() && self.allows_private(target, address))
            {
                return Err(FetchError::SpecialAddress {
                    plugin: self.plugin.clone(),
                    protocol: self.protocol,
                    host: self.protocol.grant_for(target),
                    address,
                    kind,
                });
            }
            if !checked.contains(&address) {
                checked.push(address);
            }
        }
        Ok(checked)
    }

    fn allows_private(&self, target: &Target, address: IpAddr) -> bool {
        self.grants.iter().any(|grant| {
            grant.covers(target, self.protocol)
                && grant.private.is_some_and(|block| block.contains(address))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(grant: &str, url: &str) -> bool {
        let allowed = Allowed::parse("acme/x", [grant]).unwrap();
        let target = Target::parse(url).unwrap();
        allowed.check_host(&target, None).is_ok()
    }

    #[test]
    fn a_host_is_granted_on_the_ports_of_the_web() {
        assert!(allows("api.example.com", "https://api.example.com/a"));
        assert!(allows("api.example.com", "http://API.EXAMPLE.COM./"));
        assert!(allows("api.example.com", "http://api.example.com:443/"));
        assert!(!allows("api.example.com", "https://api.example.com:8443/"));
        assert!(!allows("api.example.com", "https://example.com/"));
        assert!(!allows("api.example.com", "https://a.api.example.com/"));
        assert!(!allows(
            "api.example.com",
            "https://api.example.com.evil.example/"
        ));
        assert!(!allows(
            "api.example.com",
            "https://evil.example/api.example.com"
        ));
    }

    #[test]
    fn a_port_is_granted_alone() {
        assert!(allows("a.example:8443", "https://a.example:8443/"));
        assert!(!allows("a.example:8443", "https://a.example/"));
        assert!(allows("a.example:80", "http://a.example/"));
        assert!(!allows("a.example:80", "https://a.example/"));
    }

    #[test]
    fn a_star_is_one_label_or_more_and_not_the_name_itself() {
        assert!(allows("*.example.com", "https://a.example.com/"));
        assert!(allows("*.example.com", "https://a.b.example.com/"));
        assert!(!allows("*.example.com", "https://example.com/"));
        assert!(!allows("*.example.com", "https://evilexample.com/"));
        assert!(!allows(
            "*.example.com",
            "https://example.com.evil.example/"
        ));
        assert!(allows(
            "*.bücher.example",
            "https://a.xn--bcher-kva.example/"
        ));
    }

    #[test]
    fn an_address_is_granted_as_an_address() {
        assert!(allows("10.0.0.7", "http://0x0a000007/"));
        assert!(allows("[fd00::7]:8080", "http://[fd00:0::7]:8080/"));
        assert!(allows("[fd00::7]", "http://[fd00::7]/"));
    }

    #[test]
    fn a_grant_is_shown_as_it_was_written() {
        for text in [
            "api.example.com",
            "*.example.com",
            "*.example.com:8443",
            "10.0.0.7:8080@10.0.0.7",
            "[fd00::7]:8080@fd00::/64",
            "wiki.corp@10.0.0.0/24",
        ] {
            assert_eq!(text.parse::<Grant>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_grant_is_refused_with_examples() {
        for text in [
            "",
            "*",
            "*.",
            "**.example.com",
            "a.*.example.com",
            "*example.com",
            "https://example.com",
            "example.com/a",
            "example.com:",
            "example.com:0",
            "example.com:65536",
            "example.com:*",
            "example.com@",
            "example.com@wiki",
            "*.example.com@10.0.0.7",
            "*.10.0.0.7",
            "ana@example.com",
            "fd00::7",
        ] {
            assert!(text.parse::<Grant>().is_err(), "{text}");
        }
        assert_eq!(
            "*".parse::<Grant>().unwrap_err().to_string(),
            "\"*\" can not be granted: the host is no name that DNS could know; write api.example.com, *.example.com, api.example.com:8443 or wiki.corp@10.0.0.7"
        );
    }

    #[test]
    fn a_refusal_says_the_remedy() {
        let allowed = Allowed::new("acme/x", []);
        let refusal = |url: &str, from| {
            let target = Target::parse(url).unwrap();
            allowed.check_host(&target, from).unwrap_err().to_string()
        };
        assert_eq!(
            refusal("https://api.example.com/", None),
            "plugin \"acme/x\" may not call api.example.com; to allow it: guichet admin grant acme/x http:api.example.com"
        );
        assert_eq!(
            refusal("https://b.example:8443/", Some("a.example")),
            "plugin \"acme/x\" may not call b.example:8443, where a.example redirects to; to allow it: guichet admin grant acme/x http:b.example:8443"
        );
    }

    #[test]
    fn a_private_address_is_allowed_for_the_host_and_port_it_was_granted_to() {
        let allowed = Allowed::parse(
            "acme/x",
            ["wiki.corp@10.0.0.7", "other.corp", "wiki.corp:9000"],
        )
        .unwrap();
        let check = |url: &str, found: &[&str]| {
            let found: Vec<IpAddr> = found.iter().map(|text| text.parse().unwrap()).collect();
            allowed
                .check_addresses(&Target::parse(url).unwrap(), &found, &[])
                .is_ok()
        };
        assert!(check("https://wiki.corp/", &["10.0.0.7"]));
        assert!(check("https://wiki.corp/", &["::ffff:10.0.0.7", "8.8.8.8"]));
        assert!(!check("https://wiki.corp/", &["10.0.0.8"]));
        assert!(!check("https://wiki.corp/", &["8.8.8.8", "10.0.0.8"]));
        assert!(!check("https://other.corp/", &["10.0.0.7"]));
        assert!(!check("https://wiki.corp:9000/", &["10.0.0.7"]));
    }

    #[test]
    fn what_no_server_can_have_is_refused_even_where_it_is_granted() {
        let allowed = Allowed::parse("acme/x", ["a.corp@0.0.0.0/0"]).unwrap();
        let target = Target::parse("https://a.corp/").unwrap();
        let check = |text: &str| allowed.check_addresses(&target, &[text.parse().unwrap()], &[]);
        assert!(check("127.0.0.1").is_ok());
        assert!(check("0.0.0.0").is_err());
        assert!(check("224.0.0.1").is_err());
        assert!(check("255.255.255.255").is_err());
    }

    #[test]
    fn the_operators_own_addresses_are_withheld_until_an_admin_allows_them() {
        let withheld = ["8.8.8.0/24".parse().unwrap()];
        let target = Target::parse("https://a.example/").unwrap();
        let check = |grant: &str| {
            let allowed = Allowed::parse("acme/x", [grant]).unwrap();
            allowed.check_addresses(&target, &["8.8.8.8".parse().unwrap()], &withheld)
        };
        assert!(matches!(
            check("a.example"),
            Err(FetchError::SpecialAddress {
                kind: Special::Withheld,
                ..
            })
        ));
        assert!(check("a.example@8.8.8.8").is_ok());
    }
}
