//! Which addresses are not for plugins: those that mean something else, or somebody else, when asked from here.
//!
//! IPv6 is an allow-list (`2000::/3` without its special parts, and NAT64 of a public IPv4 address), IPv4 a list of everything that the
//! registries of special addresses hold. An address is judged after [`canonical`], and it is the canonical one that is connected to.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// Why an address is not an ordinary public one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// `0.0.0.0` and its network, `::`: this machine, on most systems.
    Unspecified,
    /// `127.0.0.0/8`, `::1`.
    Loopback,
    /// `169.254.0.0/16`, `fe80::/10`: neighbours, and the metadata of clouds.
    LinkLocal,
    /// `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `fc00::/7`, `fec0::/10`.
    Private,
    /// `100.64.0.0/10`: behind a carrier's NAT.
    Shared,
    /// The cloud's own services at an address that looks public.
    Platform,
    /// `224.0.0.0/4`, `ff00::/8`.
    Multicast,
    /// `255.255.255.255`.
    Broadcast,
    /// Examples in documents.
    Documentation,
    /// Laboratories.
    Benchmarking,
    /// An IPv6 address that leads to an IPv4 one by 6to4, Teredo, ISATAP, NAT64 or as its last four bytes, and may lead to a special one.
    Embedded,
    /// Not in use, or for protocols only.
    Reserved,
    /// What this server's operator keeps from plugins.
    Withheld,
}

impl Special {
    /// Whether an admin may allow such an address for one host. The others never lead to a server.
    pub(crate) fn can_be_allowed(self) -> bool {
        !matches!(self, Self::Unspecified | Self::Multicast | Self::Broadcast)
    }
}

impl fmt::Display for Special {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unspecified => "an unspecified address",
            Self::Loopback => "a loopback address",
            Self::LinkLocal => "a link-local address",
            Self::Private => "a private address",
            Self::Shared => "an address behind a carrier's NAT",
            Self::Platform => "an address of the cloud's own services",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "a broadcast address",
            Self::Documentation => "an address of documents",
            Self::Benchmarking => "an address of laboratories",
            Self::Embedded => "an IPv6 address that leads to a special IPv4 one",
            Self::Reserved => "a reserved address",
            Self::Withheld => "an address that this server's operator withholds",
        })
    }
}

/// The address that is meant: `::ffff:10.0.0.7` is connected to as `10.0.0.7`, so it is judged as that.
pub(crate) fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Why a plugin may not call this address unless an admin allowed it; `None` for an ordinary public one.
pub fn special(address: IpAddr) -> Option<Special> {
    match canonical(address) {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => special_v6(address),
    }
}

fn special_v4(address: Ipv4Addr) -> Option<Special> {
    Some(match address.octets() {
        [0, ..] => Special::Unspecified,
        [127, ..] => Special::Loopback,
        [169, 254, ..] => Special::LinkLocal,
        [10, ..] | [192, 168, ..] => Special::Private,
        [172, second, ..] if second & 0xf0 == 16 => Special::Private,
        [100, second, ..] if second & 0xc0 == 64 => Special::Shared,
        [168, 63, 129, 16] => Special::Platform,
        [255, 255, 255, 255] => Special::Broadcast,
        [224..=239, ..] => Special::Multicast,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Special::Documentation,
        [198, 18..=19, ..] => Special::Benchmarking,
        // Protocol assignments, among them DS-Lite and a cloud's metadata; the relays of 6to4.
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => Special::Reserved,
        _ => return None,
    })
}

fn special_v6(address: Ipv6Addr) -> Option<Special> {
    let last_four = {
        let [.., a, b, c, d] = address.octets();
        Ipv4Addr::new(a, b, c, d)
    };
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Special::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => Special::Loopback,
        // Once "IPv4-compatible", and the translated form of RFC 2765: nothing public is there any more.
        [0, 0, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => Special::Embedded,
        // NAT64: the public part of it is how networks without IPv4 reach public servers.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            return special_v4(last_four).map(|_| Special::Embedded);
        }
        [0x64, 0xff9b, ..] | [0x2002, ..] | [0x2001, 0, ..] => Special::Embedded,
        // ISATAP, under any prefix.
        [.., 0 | 0x200, 0x5efe, _, _] => Special::Embedded,
        [0xfe80..=0xfebf, ..] => Special::LinkLocal,
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Special::Private,
        [0xff00..=0xffff, ..] => Special::Multicast,
        [0x2001, 0xdb8, ..] => Special::Documentation,
        [0x3fff, second, ..] if second < 0x1000 => Special::Documentation,
        [0x2001, 2, 0, ..] => Special::Benchmarking,
        // Protocol assignments: overlays, drones, anycast of protocols.
        [0x2001, second, ..] if second < 0x200 => Special::Reserved,
        [0x2000..=0x3fff, ..] => return None,
        _ => Special::Reserved,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Option<Special> {
        special(text.parse().unwrap())
    }

    #[test]
    fn the_first_and_last_address_of_each_special_network_is_special_and_its_neighbours_are_not() {
        for (first, last, before, after) in [
            ("0.0.0.0", "0.255.255.255", None, Some("1.0.0.0")),
            (
                "10.0.0.0",
                "10.255.255.255",
                Some("9.255.255.255"),
                Some("11.0.0.0"),
            ),
            (
                "100.64.0.0",
                "100.127.255.255",
                Some("100.63.255.255"),
                Some("100.128.0.0"),
            ),
            (
                "127.0.0.0",
                "127.255.255.255",
                Some("126.255.255.255"),
                Some("128.0.0.0"),
            ),
            (
                "168.63.129.16",
                "168.63.129.16",
                Some("168.63.129.15"),
                Some("168.63.129.17"),
            ),
            (
                "169.254.0.0",
                "169.254.255.255",
                Some("169.253.255.255"),
                Some("169.255.0.0"),
            ),
            (
                "172.16.0.0",
                "172.31.255.255",
                Some("172.15.255.255"),
                Some("172.32.0.0"),
            ),
            (
                "192.0.0.0",
                "192.0.0.255",
                Some("191.255.255.255"),
                Some("192.0.1.0"),
            ),
            (
                "192.0.2.0",
                "192.0.2.255",
                Some("192.0.1.255"),
                Some("192.0.3.0"),
            ),
            (
                "192.88.99.0",
                "192.88.99.255",
                Some("192.88.98.255"),
                Some("192.88.100.0"),
            ),
            (
                "192.168.0.0",
                "192.168.255.255",
                Some("192.167.255.255"),
                Some("192.169.0.0"),
            ),
            (
                "198.18.0.0",
                "198.19.255.255",
                Some("198.17.255.255"),
                Some("198.20.0.0"),
            ),
            (
                "198.51.100.0",
                "198.51.100.255",
                Some("198.51.99.255"),
                Some("198.51.101.0"),
            ),
            (
                "203.0.113.0",
                "203.0.113.255",
                Some("203.0.112.255"),
                Some("203.0.114.0"),
            ),
            (
                "224.0.0.0",
                "255.255.255.255",
                Some("223.255.255.255"),
                None,
            ),
            (
                "64:ff9b::7f00:0",
                "64:ff9b::7fff:ffff",
                Some("64:ff9b::7eff:ffff"),
                Some("64:ff9b::8000:0"),
            ),
            (
                "2001::",
                "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
                Some("2000:ffff::"),
                Some("2001:200::"),
            ),
            (
                "2001:db8::",
                "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                Some("2001:db7:ffff::"),
                Some("2001:db9::"),
            ),
            (
                "2002::",
                "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                Some("2001:ffff::"),
                Some("2003::"),
            ),
            (
                "3fff::",
                "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
                Some("3ffe:ffff::"),
                Some("3fff:1000::"),
            ),
            (
                "4000::",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                Some("3fff:ffff::"),
                None,
            ),
            ("::", "64:ff9a:ffff::", None, None),
            ("64:ff9b:0:0:0:1::", "1fff:ffff::", None, Some("2000::")),
        ] {
            assert!(judged(first).is_some(), "{first}");
            assert!(judged(last).is_some(), "{last}");
            for neighbour in [before, after].into_iter().flatten() {
                assert_eq!(judged(neighbour), None, "{neighbour}");
            }
        }
    }

    #[test]
    fn a_special_address_is_called_by_what_it_is() {
        for (text, special) in [
            ("0.0.0.0", Special::Unspecified),
            ("::", Special::Unspecified),
            ("127.0.0.1", Special::Loopback),
            ("::1", Special::Loopback),
            ("169.254.169.254", Special::LinkLocal),
            ("fe80::1", Special::LinkLocal),
            ("192.168.1.1", Special::Private),
            ("fd00:ec2::254", Special::Private),
            ("fec0::1", Special::Private),
            ("100.100.100.200", Special::Shared),
            ("168.63.129.16", Special::Platform),
            ("255.255.255.255", Special::Broadcast),
            ("255.255.255.254", Special::Reserved),
            ("239.255.255.250", Special::Multicast),
            ("ff02::1", Special::Multicast),
            ("198.18.0.1", Special::Benchmarking),
            ("2001:2::1", Special::Benchmarking),
            ("2001:db8::1", Special::Documentation),
            ("100::1", Special::Reserved),
            ("5f00::1", Special::Reserved),
        ] {
            assert_eq!(judged(text), Some(special), "{text}");
        }
    }

    #[test]
    fn an_ipv4_address_within_an_ipv6_one_is_no_way_around() {
        for (text, special) in [
            ("::ffff:127.0.0.1", Special::Loopback),
            ("::ffff:a9fe:a9fe", Special::LinkLocal),
            ("::127.0.0.1", Special::Embedded),
            ("::ffff:0:127.0.0.1", Special::Embedded),
            ("64:ff9b::10.0.0.1", Special::Embedded),
            ("64:ff9b:1::10.0.0.1", Special::Embedded),
            ("2002:7f00:1::", Special::Embedded),
            ("2001:0:808:808::f5ff:fffe", Special::Embedded),
            ("2600::5efe:10.0.0.1", Special::Embedded),
            ("2600::200:5efe:10.0.0.1", Special::Embedded),
        ] {
            assert_eq!(judged(text), Some(special), "{text}");
        }
        for text in [
            "8.8.8.8",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2606:4700::1111",
        ] {
            assert_eq!(judged(text), None, "{text}");
        }
    }

    #[test]
    fn what_leads_to_no_server_can_not_be_allowed() {
        for text in ["0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255"] {
            assert!(!judged(text).unwrap().can_be_allowed(), "{text}");
        }
        assert!(judged("10.0.0.7").unwrap().can_be_allowed());
    }
}
