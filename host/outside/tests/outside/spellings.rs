//! No spelling of a forbidden address passes: as host of an address, or as a resolver's answer.

use crate::world::{World, get};
use guichet_outside::FetchError;
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// First address and the bits that are free, as the registry of special addresses has them: not the code's own list.
const FORBIDDEN: [(&str, u32); 18] = [
    ("0.0.0.0", 24),
    ("10.0.0.0", 24),
    ("100.64.0.0", 22),
    ("127.0.0.0", 24),
    ("169.254.0.0", 16),
    ("169.254.169.254", 0),
    ("172.16.0.0", 20),
    ("192.0.0.0", 8),
    ("192.0.2.0", 8),
    ("192.88.99.0", 8),
    ("192.168.0.0", 16),
    ("198.18.0.0", 17),
    ("198.51.100.0", 8),
    ("203.0.113.0", 8),
    ("224.0.0.0", 28),
    ("240.0.0.0", 28),
    ("255.255.255.255", 0),
    ("127.0.0.1", 0),
];

fn forbidden_v4() -> impl Strategy<Value = Ipv4Addr> {
    (0..FORBIDDEN.len(), any::<u32>()).prop_map(|(which, free)| {
        let (first, bits) = FORBIDDEN[which];
        let first: Ipv4Addr = first.parse().unwrap();
        let mask = u32::try_from((1u64 << bits) - 1).unwrap();
        Ipv4Addr::from_bits(first.to_bits() | (free & mask))
    })
}

/// IPv6 ways to an IPv4 address: mapped, compatible, translated, NAT64, 6to4, Teredo (its bits turned), ISATAP.
fn around(address: Ipv4Addr) -> Vec<Ipv6Addr> {
    let bits = u128::from(address.to_bits());
    let of = |text: &str, shift: u32, bits: u128| {
        let prefix: Ipv6Addr = text.parse().unwrap();
        Ipv6Addr::from_bits(prefix.to_bits() | (bits << shift))
    };
    vec![
        of("::ffff:0:0", 0, bits),
        of("::", 0, bits),
        of("::ffff:0:0:0", 0, bits),
        of("64:ff9b::", 0, bits),
        of("64:ff9b:1::", 0, bits),
        of("2002::", 80, bits),
        of("2001:0:808:808::", 0, bits ^ 0xffff_ffff),
        of("2600::5efe:0:0", 0, bits),
    ]
}

fn forbidden_v6() -> impl Strategy<Value = Ipv6Addr> {
    let own = (
        prop::sample::select(vec![
            (0xfe80u16, 0x3fu16),
            (0xfec0, 0x3f),
            (0xfc00, 0x1ff),
            (0xff00, 0xff),
        ]),
        any::<u128>(),
    )
        .prop_map(|((first, free), rest)| {
            let mut segments = Ipv6Addr::from_bits(rest).segments();
            segments[0] = first | (segments[0] & free);
            Ipv6Addr::from(segments)
        });
    let through = (forbidden_v4(), 0..8usize).prop_map(|(address, way)| around(address)[way]);
    prop_oneof![
        own,
        through,
        Just(Ipv6Addr::LOCALHOST),
        Just(Ipv6Addr::UNSPECIFIED)
    ]
}

/// A number in decimal, octal or hexadecimal, with zeros before it.
fn number(value: u32, base: u8, zeros: usize) -> String {
    let zeros = "0".repeat(zeros);
    match base {
        0 => value.to_string(),
        1 => format!("0{zeros}{value:o}"),
        2 => format!("0x{zeros}{value:x}"),
        _ => format!("0X{zeros}{value:X}"),
    }
}

/// One to four parts, each in a base of its own, the last one taking what is left.
fn spelled_v4(address: Ipv4Addr, parts: usize, bases: [u8; 4], zeros: usize) -> String {
    let mut rest = address.to_bits();
    let mut spelled = Vec::new();
    for (position, base) in bases.iter().enumerate().take(parts - 1) {
        let shift = 24 - 8 * position;
        spelled.push(number(rest >> shift, *base, zeros));
        rest &= (1 << shift) - 1;
    }
    spelled.push(number(rest, bases[3], zeros));
    spelled.join(".")
}

fn spelled_v6(address: Ipv6Addr, style: u8) -> String {
    let segments = address.segments();
    let text = match style {
        0 => address.to_string(),
        1 => segments.map(|segment| format!("{segment:04X}")).join(":"),
        _ => {
            let [.., a, b, c, d] = address.octets();
            let first = segments[..6].iter().map(|s| format!("{s:x}:"));
            format!("{}{a}.{b}.{c}.{d}", first.collect::<String>())
        }
    };
    format!("[{text}]")
}

/// The same letters, otherwise written: as escapes, in full width, with another kind of dot.
fn disguised(host: &str, disguise: u8) -> String {
    match disguise {
        1 => host.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        2 => host
            .chars()
            .map(|c| match c {
                '!'..='~' => char::from_u32(u32::from(c) - 0x21 + 0xff01).unwrap(),
                other => other,
            })
            .collect(),
        3 => host.replace('.', "。"),
        4 => format!("{host}."),
        _ => host.to_owned(),
    }
}

/// Granted as far as can be without the private address itself, and still refused.
fn is_refused(host: &str, address: IpAddr, names: &[&[&str]]) -> Result<(), TestCaseError> {
    let granted = match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    };
    let world = World::new(&[]).grant(granted).grant("a.example");
    world.names.set("a.example", names);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let error = runtime.block_on(world.send(get(&format!("http://{host}/"))));
    match error {
        Err(FetchError::SpecialAddress { address: found, .. }) => {
            prop_assert_eq!(found, address.to_canonical());
            Ok(())
        }
        other => Err(TestCaseError::fail(format!("{host}: {other:?}"))),
    }
}

proptest! {
    #[test]
    fn no_spelling_of_a_forbidden_ipv4_address_passes(
        address in forbidden_v4(),
        parts in 1..=4usize,
        bases in prop::array::uniform4(0..4u8),
        zeros in 0..3usize,
        disguise in 0..5u8,
    ) {
        let host = disguised(&spelled_v4(address, parts, bases, zeros), disguise);
        is_refused(&host, address.into(), &[])?;
    }

    #[test]
    fn no_spelling_of_a_forbidden_ipv6_address_passes(address in forbidden_v6(), style in 0..3u8) {
        is_refused(&spelled_v6(address, style), address.into(), &[])?;
    }

    #[test]
    fn no_forbidden_address_passes_among_a_names_answers(
        v4 in forbidden_v4(),
        v6 in forbidden_v6(),
        takes_v6 in any::<bool>(),
        place in 0..4usize,
    ) {
        let address = if takes_v6 { IpAddr::from(v6) } else { IpAddr::from(v4) };
        let text = address.to_string();
        let mut answer = vec!["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"];
        answer.insert(place, &text);
        is_refused("a.example", address, &[&answer])?;
    }

    /// Whatever the reader of addresses makes of it: nothing that was not granted is called.
    #[test]
    fn no_text_reaches_a_host_that_was_not_granted(text in "[a-z0-9:/@\\\\.#?%\\[\\]]{0,40}") {
        let world = World::new(&[]).grant("granted.example");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for url in [format!("http://{text}"), format!("http://{text}@granted.example"), format!("http://granted.example{text}")] {
            let error = runtime.block_on(world.send(get(&url)));
            prop_assert!(error.is_err());
            prop_assert!(world.names.asked().iter().all(|asked| asked == "granted.example"), "{}", url);
        }
    }
}
