//! Addresses that belong together: one (`10.0.0.7`) or a network (`10.0.0.0/24`, `fd00:1::/48`).

use crate::address::canonical;
use std::{fmt, net::IpAddr, str::FromStr};

/// One address, or a network of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressBlock {
    first: IpAddr,
    prefix_bits: u32,
}

/// A text is no address and no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no address; write one as 10.0.0.7 or fd00::7, a network as 10.0.0.0/24")]
pub struct BlockError(String);

impl AddressBlock {
    /// Whether the address is one of the block's.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, canonical(address)) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let differing = first.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= self.prefix_bits
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let differing = first.to_bits() ^ address.to_bits();
                differing.leading_zeros() >= self.prefix_bits
            }
            _ => false,
        }
    }
}

impl From<IpAddr> for AddressBlock {
    fn from(address: IpAddr) -> Self {
        let first = canonical(address);
        Self {
            first,
            prefix_bits: bits(first),
        }
    }
}

impl FromStr for AddressBlock {
    type Err = BlockError;

    fn from_str(text: &str) -> Result<Self, BlockError> {
        let refused = || BlockError(text.chars().take(100).collect());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().map_err(|_| refused())?;
        let Some(prefix) = prefix else {
            return Ok(first.into());
        };
        let prefix_bits: u32 = prefix.parse().map_err(|_| refused())?;
        // A mapped network would be of one family when written and of the other when compared.
        if prefix_bits > bits(first) || canonical(first) != first {
            return Err(refused());
        }
        Ok(Self { first, prefix_bits })
    }
}

fn bits(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

impl fmt::Display for AddressBlock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix_bits == bits(self.first) {
            write!(formatter, "{}", self.first)
        } else {
            write!(formatter, "{}/{}", self.first, self.prefix_bits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(block: &str, address: &str) -> bool {
        let block: AddressBlock = block.parse().unwrap();
        block.contains(address.parse().unwrap())
    }

    #[test]
    fn a_block_ends_where_its_prefix_says() {
        assert!(contains("10.0.0.7", "10.0.0.7"));
        assert!(contains("10.0.0.7", "::ffff:10.0.0.7"));
        assert!(!contains("10.0.0.7", "10.0.0.6"));
        assert!(contains("10.1.2.0/23", "10.1.3.255"));
        assert!(!contains("10.1.2.0/23", "10.1.4.0"));
        assert!(contains("0.0.0.0/0", "255.255.255.255"));
        assert!(!contains("0.0.0.0/0", "::1"));
        assert!(contains("fd00::/8", "fdff::1"));
        assert!(!contains("fd00::/8", "fc00::1"));
        assert!(contains("::/0", "ffff::1"));
        assert!(!contains("::/0", "10.0.0.7"));
    }

    #[test]
    fn what_is_no_block_is_refused_with_an_example() {
        for text in [
            "",
            "10",
            "10.0.0.0/33",
            "::1/129",
            "10.0.0.0/",
            "host",
            "::ffff:10.0.0.0/104",
        ] {
            assert!(text.parse::<AddressBlock>().is_err(), "{text}");
        }
        assert_eq!(
            "wiki".parse::<AddressBlock>().unwrap_err().to_string(),
            "\"wiki\" is no address; write one as 10.0.0.7 or fd00::7, a network as 10.0.0.0/24"
        );
    }

    #[test]
    fn a_block_is_shown_as_it_was_written() {
        for text in ["10.0.0.7", "10.0.0.0/24", "fd00::/8"] {
            assert_eq!(text.parse::<AddressBlock>().unwrap().to_string(), text);
        }
    }
}
