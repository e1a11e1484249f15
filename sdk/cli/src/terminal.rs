//! What people see: results on standard output, progress and troubles on standard error; colour only where it means something, and only on a terminal.

use std::{io::Write, time::Duration};

/// Where the tool speaks.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    colours: bool,
}

/// What a colour means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Good,
    Doubtful,
    Bad,
    /// Of less weight than what stands beside it.
    Aside,
}

impl Terminal {
    /// `colours`: standard output is a terminal, and nobody asked for none.
    pub fn new(colours: bool) -> Self {
        Self { colours }
    }

    /// A result. A reader that has gone away is no failure of ours.
    pub fn say(&self, text: &str) {
        let _ = writeln!(std::io::stdout(), "{text}");
    }

    /// What is being done now.
    pub fn step(&self, text: &str) {
        let _ = writeln!(
            std::io::stderr(),
            "{} {text}",
            self.paint(Meaning::Aside, "▸")
        );
    }

    /// What went wrong, where the work goes on.
    pub fn complain(&self, text: &str) {
        let _ = writeln!(
            std::io::stderr(),
            "{} {text}",
            self.paint(Meaning::Bad, "✗")
        );
    }

    /// The text in the colour of its meaning.
    pub fn paint(&self, meaning: Meaning, text: &str) -> String {
        let code = match meaning {
            Meaning::Good => "32",
            Meaning::Doubtful => "33",
            Meaning::Bad => "31",
            Meaning::Aside => "2",
        };
        match self.colours {
            true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            false => text.to_owned(),
        }
    }
}

/// Bytes as people read them.
pub fn bytes(bytes: usize) -> String {
    const KIB: usize = 1 << 10;
    const MIB: usize = 1 << 20;
    match bytes {
        0..KIB => format!("{bytes} B"),
        KIB..MIB => format!("{} KiB", bytes.div_ceil(KIB)),
        _ => format!("{}.{} MiB", bytes / MIB, bytes % MIB * 10 / MIB),
    }
}

/// Microseconds as people read them.
pub fn microseconds(microseconds: u64) -> String {
    match microseconds {
        0..1_000 => format!("{microseconds} µs"),
        1_000..10_000 => format!("{}.{} ms", microseconds / 1_000, microseconds % 1_000 / 100),
        10_000..1_000_000 => format!("{} ms", microseconds / 1_000),
        _ => format!(
            "{}.{} s",
            microseconds / 1_000_000,
            microseconds % 1_000_000 / 100_000
        ),
    }
}

/// A length of time as people read it.
pub fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

/// How much of a limit is used, in percent: below a tenth of one, and something, is not nothing.
pub fn share(used: u64, most: u64) -> String {
    match (used, most) {
        (0, _) | (_, 0) => "0 %".to_owned(),
        _ => match used.saturating_mul(1_000) / most {
            0 => "< 0.1 %".to_owned(),
            tenths @ 1..100 => format!("{}.{} %", tenths / 10, tenths % 10),
            tenths => format!("{} %", tenths / 10),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_times_and_shares_are_told_as_people_read_them() {
        assert_eq!(bytes(1_023), "1023 B");
        assert_eq!(bytes(1_025), "2 KiB");
        assert_eq!(bytes(3 << 19), "1.5 MiB");
        assert_eq!(microseconds(19), "19 µs");
        assert_eq!(microseconds(2_350), "2.3 ms");
        assert_eq!(microseconds(1_450_000), "1.4 s");
        assert_eq!(share(0, 50), "0 %");
        assert_eq!(share(1, 100_000), "< 0.1 %");
        assert_eq!(share(3, 50), "6.0 %");
        assert_eq!(share(60, 50), "120 %");
    }

    #[test]
    fn colour_is_only_where_somebody_sees_it() {
        assert_eq!(Terminal::new(false).paint(Meaning::Bad, "no"), "no");
        assert_eq!(
            Terminal::new(true).paint(Meaning::Bad, "no"),
            "\u{1b}[31mno\u{1b}[0m"
        );
    }
}
