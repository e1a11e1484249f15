//! An address of a page, read once, into what is checked and what is connected to. Nothing reads it a second way.

use crate::{
    FetchError,
    address::canonical,
    limits::{HOST_BYTES_MAX, URL_BYTES_MAX},
};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};
use url::{Position, Url};

/// Whose server it is: a name in the letters of DNS, small, without a dot at the end; or an address, whatever way it was spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    /// As a grant or a page's address has it: a name (also in Unicode), `10.0.0.7`, `[fd00::7]`.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let parsed = url::Host::parse(text).map_err(|_| "the host is no name and no address")?;
        Self::of(parsed)
    }

    fn of<S: AsRef<str>>(parsed: url::Host<S>) -> Result<Self, &'static str> {
        match parsed {
            url::Host::Ipv4(address) => Ok(Self::Address(canonical(address.into()))),
            url::Host::Ipv6(address) => Ok(Self::Address(canonical(address.into()))),
            url::Host::Domain(name) => Self::name(name.as_ref()),
        }
    }

    fn name(name: &str) -> Result<Self, &'static str> {
        let name = name.strip_suffix('.').unwrap_or(name);
        let plain = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'))
        };
        if name.len() > HOST_BYTES_MAX || !name.split('.').all(plain) {
            return Err("the host is no name that DNS could know");
        }
        // A resolver takes these for addresses, in spellings of its own; as a name they belong to nobody.
        let last = name.rsplit('.').next().unwrap_or_default();
        let numeric = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
        if numeric || name.parse::<Ipv4Addr>().is_ok() {
            return Err("the host is neither a name nor an address");
        }
        Ok(Self::Name(name.to_owned()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Address(IpAddr::V4(address)) => write!(formatter, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(formatter, "[{address}]"),
        }
    }
}

/// Where a hop goes.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    url: Url,
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) tls: bool,
}

impl Target {
    /// Reads the address that a plugin gave.
    pub(crate) fn parse(text: &str) -> Result<Self, FetchError> {
        plain(text).map_err(FetchError::url)?;
        // It would be filled in for nobody to see, and stand in logs on both sides.
        if text.contains("{{secret:") {
            return Err(FetchError::url(
                "a secret may stand in a header's value only",
            ));
        }
        let url = Url::parse(text).map_err(|_| FetchError::url("it is no full address"))?;
        Self::of(url).map_err(FetchError::url)
    }

    /// A server by its host and port, with TLS from the beginning or without.
    pub(crate) fn server(host: &str, port: u16, tls: bool) -> Result<Self, FetchError> {
        let host = Host::parse(host).map_err(FetchError::server)?;
        if port == 0 {
            return Err(FetchError::server("port 0 is nobody's"));
        }
        let scheme = if tls { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{host}:{port}/"));
        Ok(Self {
            url: url.map_err(|_| FetchError::server("the host is no name and no address"))?,
            host,
            port,
            tls,
        })
    }

    /// Reads the address that this one's server named as the next.
    pub(crate) fn join(&self, location: &str) -> Result<Self, FetchError> {
        let refused = |reason| FetchError::BadAnswer {
            host: self.host.to_string(),
            reason: format!("it redirects to an address that can not be used: {reason}"),
        };
        plain(location).map_err(refused)?;
        let url = self.url.join(location);
        Self::of(url.map_err(|_| refused("it is no address"))?).map_err(refused)
    }

    fn of(mut url: Url) -> Result<Self, &'static str> {
        let tls = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err("it must begin with https:// or http://"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                "it may hold no user name and no password; send an Authorization header instead",
            );
        }
        let host = Host::of(url.host().ok_or("it has no host")?)?;
        let port = url.port_or_known_default().unwrap_or_default();
        if port == 0 {
            return Err("port 0 is nobody's");
        }
        url.set_fragment(None);
        if url.as_str().len() > URL_BYTES_MAX {
            return Err("it is longer than 8 KiB");
        }
        Ok(Self {
            url,
            host,
            port,
            tls,
        })
    }

    /// The whole address, without what follows a `#`.
    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// What the request line asks for.
    pub(crate) fn path_and_query(&self) -> &str {
        &self.url[Position::BeforePath..Position::AfterQuery]
    }

    /// The host, and the port where it is not the scheme's own: for the `Host` header, and for people.
    pub(crate) fn authority(&self) -> String {
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => self.host.to_string(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// Host and port, whatever the port.
    pub(crate) fn host_and_port(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether what is meant for the other's server may be seen by this one's: the same host, scheme and port.
    pub(crate) fn is_same_server(&self, other: &Self) -> bool {
        self.host == other.host && self.port == other.port && self.tls == other.tls
    }
}

/// Readers of addresses drop or turn these silently, and not all alike.
fn plain(text: &str) -> Result<(), &'static str> {
    if text.len() > URL_BYTES_MAX {
        return Err("it is longer than 8 KiB");
    }
    if text
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
    {
        return Err("it holds a space, a line break, a control character or a backslash");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(url: &str) -> String {
        Target::parse(url).unwrap().host.to_string()
    }

    fn refusal(url: &str) -> String {
        Target::parse(url).unwrap_err().to_string()
    }

    #[test]
    fn an_address_is_an_address_in_every_spelling() {
        for spelling in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0177.0.0.1",
            "127.0.0.1.",
            "%31%32%37.1",
            "127。0。0。1",
            "１２７.0.0.1",
            "①②⑦.0.0.1",
            "[::ffff:127.0.0.1]",
            "[::FFFF:7F00:1]",
            "[0:0:0:0:0:ffff:7f00:0001]",
        ] {
            assert_eq!(
                Target::parse(&format!("http://{spelling}/")).unwrap().host,
                Host::Address("127.0.0.1".parse().unwrap()),
                "{spelling}"
            );
        }
    }

    #[test]
    fn a_name_is_written_as_dns_has_it() {
        assert_eq!(host("https://API.Example.COM./a"), "api.example.com");
        assert_eq!(host("https://bücher.example/"), "xn--bcher-kva.example");
        assert_eq!(host("https://例子.测试/"), "xn--fsqu00a.xn--0zwm56d");
        assert_eq!(host("https://a_b.example/"), "a_b.example");
    }

    #[test]
    fn what_is_no_plain_web_address_is_refused() {
        for url in [
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
            "data:text/plain,a",
            "//example.com/",
            "/a",
            "",
            "https://",
            "https://ana@example.com/",
            "https://ana:secret@example.com/",
            "https://:secret@example.com/",
            "https://example.com:0/",
            "https://example.com:65536/",
            "https://a..example/",
            "https://../",
            "https://ex ample.com/",
            "https://example.com/a\nb",
            "ht\ttps://example.com/",
            "https:\\\\example.com\\",
            "https://example.com\\@evil.example/",
            "https://1.2.3.4.5/",
            "https://256.1.1.1/",
            "https://example.0x7f/",
            "https://[fe80::1%25eth0]/",
            "https://[::1/",
            "https://example!.com/",
            "https://xn--a/",
        ] {
            assert!(Target::parse(url).is_err(), "{url}");
        }
        assert_eq!(
            refusal("ftp://example.com/"),
            "the address of the page can not be used: it must begin with https:// or http://"
        );
    }

    #[test]
    fn a_refused_address_is_not_repeated_with_its_password() {
        assert!(!refusal("https://ana:hunter2@example.com/").contains("hunter2"));
    }

    #[test]
    fn a_secret_is_never_part_of_an_address() {
        assert_eq!(
            refusal("https://example.com/?key={{secret:key}}"),
            "the address of the page can not be used: a secret may stand in a header's value only"
        );
    }

    #[test]
    fn an_address_may_be_eight_kibibytes_long() {
        let of = |bytes: usize| format!("https://a.example/{}", "a".repeat(bytes - 18));
        assert!(Target::parse(&of(URL_BYTES_MAX)).is_ok());
        assert!(Target::parse(&of(URL_BYTES_MAX + 1)).is_err());
        // Written in Unicode it is shorter than what is sent.
        let sent_longer = format!("https://a.example/{}", "密".repeat(URL_BYTES_MAX / 9 + 1));
        assert!(sent_longer.len() < URL_BYTES_MAX);
        assert!(Target::parse(&sent_longer).is_err());
    }

    #[test]
    fn a_name_may_have_253_bytes() {
        let label = "a".repeat(63);
        let of = |last: usize| format!("{label}.{label}.{label}.{}", "a".repeat(last));
        assert_eq!(of(61).len(), HOST_BYTES_MAX);
        assert!(Host::parse(&of(61)).is_ok());
        assert!(Host::parse(&of(62)).is_err());
        assert!(Host::parse(&format!("{label}a.example")).is_err());
    }

    #[test]
    fn the_fragment_stays_here_and_the_port_is_named_where_it_is_not_the_usual_one() {
        let target = Target::parse("http://a.example:8080/b?c=%20d#e").unwrap();
        assert_eq!(target.path_and_query(), "/b?c=%20d");
        assert_eq!(target.url(), "http://a.example:8080/b?c=%20d");
        assert_eq!(target.authority(), "a.example:8080");
        assert_eq!(
            Target::parse("https://a.example").unwrap().authority(),
            "a.example"
        );
        assert_eq!(
            Target::parse("https://a.example:80").unwrap().authority(),
            "a.example:80"
        );
    }
}
