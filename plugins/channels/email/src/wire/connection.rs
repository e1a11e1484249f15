//! Lines and counted bytes from a wire, each within a bound, and all of them together within one, too.

use super::{Wire, WireError};
use crate::limits::{READ_BYTES, READS_MAX};
use std::fmt;

/// A wire, and what was read from it ahead.
pub(crate) struct Connection<W> {
    wire: W,
    ahead: Vec<u8>,
    /// Where in `ahead` begins what was not handed out yet.
    start: usize,
    /// So many bytes from there on have no end of a line in them.
    searched: usize,
    timeout_milliseconds: u32,
    reads_left: u32,
}

/// Why there is nothing more to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    Wire(WireError),
    /// A line is longer than whoever asked for it takes.
    LongLine,
    /// It comes in so many small pieces that it never ends.
    Endless,
    /// Something came in plain text after what was to be the last word before encryption: somebody on the way may have said it.
    Injected,
}

impl From<WireError> for Fault {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wire(error) => error.fmt(formatter),
            Self::LongLine => formatter.write_str("a line of the server's has no end"),
            Self::Endless => formatter.write_str("the server never comes to an end"),
            Self::Injected => {
                formatter.write_str("something was said in plain text where encryption begins")
            }
        }
    }
}

impl<W: Wire> Connection<W> {
    pub(crate) fn new(wire: W, timeout_milliseconds: u32) -> Self {
        Self {
            wire,
            ahead: Vec::new(),
            start: 0,
            searched: 0,
            timeout_milliseconds,
            reads_left: READS_MAX,
        }
    }

    /// The next line, without its end: CR LF, or LF alone, as some servers have it.
    pub(crate) fn read_line(&mut self, bytes_max: usize) -> Result<Vec<u8>, Fault> {
        loop {
            let unsearched = &self.unread()[self.searched..];
            if let Some(at) = unsearched.iter().position(|byte| *byte == b'\n') {
                let mut line = self.take(self.searched + at + 1);
                line.pop();
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return if line.len() > bytes_max {
                    Err(Fault::LongLine)
                } else {
                    Ok(line)
                };
            }
            self.searched = self.unread().len();
            // A CR at the end may belong to the line's end.
            if self.searched > bytes_max + 1 {
                return Err(Fault::LongLine);
            }
            self.fill()?;
        }
    }

    /// Exactly so many bytes; how many are too many is for the caller to know.
    pub(crate) fn read_exact(&mut self, count: usize) -> Result<Vec<u8>, Fault> {
        while self.unread().len() < count {
            self.fill()?;
        }
        Ok(self.take(count))
    }

    /// How long each further read may wait.
    pub(crate) fn set_timeout(&mut self, milliseconds: u32) {
        self.timeout_milliseconds = milliseconds;
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        self.wire.write(bytes)
    }

    /// From here on by TLS. Nothing that came before is taken for something that came after (the kind of CVE-2011-0411).
    pub(crate) fn start_tls(&mut self) -> Result<(), Fault> {
        if !self.unread().is_empty() {
            return Err(Fault::Injected);
        }
        Ok(self.wire.start_tls()?)
    }

    fn take(&mut self, count: usize) -> Vec<u8> {
        let taken = self.unread()[..count].to_vec();
        self.start += count;
        self.searched = 0;
        taken
    }

    fn unread(&self) -> &[u8] {
        &self.ahead[self.start..]
    }

    fn fill(&mut self) -> Result<(), Fault> {
        self.reads_left = self.reads_left.checked_sub(1).ok_or(Fault::Endless)?;
        let bytes = self.wire.read(READ_BYTES, self.timeout_milliseconds)?;
        if bytes.is_empty() {
            return Err(Fault::Wire(WireError::Closed));
        }
        // What was handed out goes here and not line by line: it is moved once a read.
        self.ahead.drain(..self.start);
        self.start = 0;
        self.ahead.extend(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::script::Script;

    fn connection(says: &[u8]) -> Connection<Script> {
        Connection::new(Script::saying(says), 1_000)
    }

    #[test]
    fn a_line_ends_with_its_end_however_it_comes_in_pieces() {
        for script in [
            Script::saying(b"one\r\ntwo\n\r\nfour"),
            Script::saying(b"one\r\ntwo\n\r\nfour").dripping(),
        ] {
            let mut connection = Connection::new(script, 1_000);
            assert_eq!(connection.read_line(10), Ok(b"one".to_vec()));
            assert_eq!(connection.read_line(10), Ok(b"two".to_vec()));
            assert_eq!(connection.read_line(10), Ok(Vec::new()));
            assert_eq!(
                connection.read_line(10),
                Err(Fault::Wire(WireError::Closed))
            );
        }
    }

    #[test]
    fn a_line_at_its_bound_is_read_and_one_byte_more_is_too_long() {
        for drips in [false, true] {
            let of = |says: &[u8]| {
                let script = Script::saying(says);
                Connection::new(if drips { script.dripping() } else { script }, 1_000)
            };
            assert_eq!(of(b"12345\r\n").read_line(5), Ok(b"12345".to_vec()));
            assert_eq!(of(b"123456\r\n").read_line(5), Err(Fault::LongLine));
            assert_eq!(of(b"1234567890").read_line(5), Err(Fault::LongLine));
        }
    }

    #[test]
    fn counted_bytes_are_whatever_they_are() {
        let mut connection = connection(b"{4}\r\n\r\n\0\xffrest\r\n");
        assert_eq!(connection.read_line(10), Ok(b"{4}".to_vec()));
        assert_eq!(connection.read_exact(4), Ok(b"\r\n\0\xff".to_vec()));
        assert_eq!(connection.read_exact(0), Ok(Vec::new()));
        assert_eq!(connection.read_line(10), Ok(b"rest".to_vec()));
        assert_eq!(
            connection.read_exact(1),
            Err(Fault::Wire(WireError::Closed))
        );
    }

    #[test]
    fn what_was_said_ahead_in_plain_text_is_not_taken_for_encrypted() {
        let mut connection = connection(b"220 go\r\n250 injected\r\n");
        assert_eq!(connection.read_line(20), Ok(b"220 go".to_vec()));
        assert_eq!(connection.start_tls(), Err(Fault::Injected));
    }

    #[test]
    fn a_server_that_drips_comes_to_an_end() {
        let reads = usize::try_from(READS_MAX).unwrap();
        let mut whole = Connection::new(Script::saying(&vec![b'x'; reads]).dripping(), 1_000);
        assert!(whole.read_exact(reads).is_ok());
        let mut more = Connection::new(Script::saying(&vec![b'x'; reads + 1]).dripping(), 1_000);
        assert_eq!(more.read_exact(reads + 1), Err(Fault::Endless));
    }
}
