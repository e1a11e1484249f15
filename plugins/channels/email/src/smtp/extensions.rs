//! What a server says that it can, in its answer to EHLO. What it said in plain text is forgotten once the connection is encrypted.

use super::reply::Reply;

/// What a server can.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Extensions {
    pub(super) start_tls: bool,
    pub(super) eight_bit: bool,
    pub(super) utf8_addresses: bool,
    /// Whether a mail's size may be told ahead.
    pub(super) size: bool,
    /// Bytes of a mail that it takes at most, where it says so.
    pub(super) bytes_max: Option<u64>,
    /// In capitals.
    pub(super) mechanisms: Vec<String>,
}

impl Extensions {
    /// From the answer to EHLO; its first line greets.
    pub(super) fn of(reply: &Reply) -> Self {
        let mut extensions = Self::default();
        for line in reply.lines().skip(1) {
            extensions.add(&String::from_utf8_lossy(line).to_ascii_uppercase());
        }
        extensions
    }

    fn add(&mut self, line: &str) {
        // `AUTH=PLAIN` is how it was written before it was a standard.
        let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
        match words.next().unwrap_or_default() {
            "STARTTLS" => self.start_tls = true,
            "8BITMIME" => self.eight_bit = true,
            "SMTPUTF8" => self.utf8_addresses = true,
            "AUTH" => self.mechanisms.extend(words.map(str::to_owned)),
            "SIZE" => {
                self.size = true;
                // None is told by nothing or by zero.
                let bytes = words.next().and_then(|number| number.parse().ok());
                self.bytes_max = bytes.filter(|bytes| *bytes > 0);
            }
            _ => {}
        }
    }

    pub(super) fn has_mechanism(&self, name: &str) -> bool {
        self.mechanisms.iter().any(|one| one == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Connection, script::Script};

    fn of(says: &str) -> Extensions {
        let mut connection = Connection::new(Script::of(says), 1);
        Extensions::of(&Reply::read(&mut connection).unwrap())
    }

    #[test]
    fn what_a_server_can_is_read_in_any_case_and_the_greeting_is_no_part_of_it() {
        let extensions = of("S: 250-STARTTLS is my name
             S: 250-size 35651584
             S: 250-8bitmime
             S: 250-AUTH=LOGIN
             S: 250-auth PLAIN xoauth2
             S: 250-PIPELINING
             S: 250-
             S: 250 SMTPUTF8");
        let wanted = Extensions {
            start_tls: false,
            eight_bit: true,
            utf8_addresses: true,
            size: true,
            bytes_max: Some(35_651_584),
            mechanisms: ["LOGIN", "PLAIN", "XOAUTH2"].map(str::to_owned).to_vec(),
        };
        assert_eq!(extensions, wanted);
        assert!(extensions.has_mechanism("PLAIN") && !extensions.has_mechanism("PLAI"));
    }

    #[test]
    fn a_size_without_a_number_is_no_limit() {
        for size in [
            "SIZE",
            "SIZE 0",
            "SIZE many",
            "SIZE 99999999999999999999999",
        ] {
            let extensions = of(&format!("S: 250-hi\nS: 250 {size}"));
            assert!(extensions.size && extensions.bytes_max.is_none(), "{size}");
        }
    }
}
