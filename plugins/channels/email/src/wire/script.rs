//! A server that keeps to a script: `S:` is what it says, `C:` what it must hear, `TLS` that encryption begins. After the last line it hangs up.

use super::{Wire, WireError};
use std::collections::VecDeque;

enum Step {
    Says(Vec<u8>),
    Hears(Vec<u8>),
    StartsTls,
    TimesOut,
}

pub(crate) struct Script {
    steps: VecDeque<Step>,
    heard: Vec<u8>,
    /// Everything that was written to it.
    pub(crate) written: Vec<u8>,
    drips: bool,
    /// So many bytes it says, and hangs up.
    says_left: usize,
    /// So many bytes it takes.
    hears_left: usize,
}

impl Script {
    /// A script in lines, each of which ends with CR LF on the wire; `\r`, `\n` and `\0` may stand in them.
    pub(crate) fn of(lines: &str) -> Self {
        let mut script = Self::saying(b"");
        script.steps.clear();
        for line in lines
            .lines()
            .map(str::trim_start)
            .filter(|line| !line.is_empty())
        {
            let step = match line.split_at(line.len().min(3)) {
                ("S: ", text) => Step::Says(bytes(text)),
                ("C: ", text) => Step::Hears(bytes(text)),
                ("S:", "") => Step::Says(bytes("")),
                ("C:", "") => Step::Hears(bytes("")),
                ("TLS", "") => Step::StartsTls,
                ("...", "") => Step::TimesOut,
                _ => panic!("a script has no such line: {line}"),
            };
            script.steps.push_back(step);
        }
        script
    }

    /// Says all of it, and listens to nothing.
    pub(crate) fn saying(bytes: &[u8]) -> Self {
        Self {
            steps: VecDeque::from([Step::Says(bytes.to_vec())]),
            heard: Vec::new(),
            written: Vec::new(),
            drips: false,
            says_left: usize::MAX,
            hears_left: usize::MAX,
        }
    }

    /// One byte at a time.
    pub(crate) fn dripping(mut self) -> Self {
        self.drips = true;
        self
    }

    /// Hangs up in the middle of what it says. What is written to it goes nowhere, and nobody notices.
    pub(crate) fn cut_after_saying(mut self, bytes: usize) -> Self {
        self.says_left = bytes;
        self
    }

    /// Takes no more than so many bytes.
    pub(crate) fn cut_after_hearing(mut self, bytes: usize) -> Self {
        self.hears_left = bytes;
        self
    }

    /// How much it has to say.
    pub(crate) fn said_bytes(&self) -> usize {
        let said = |step: &Step| match step {
            Step::Says(bytes) => bytes.len(),
            _ => 0,
        };
        self.steps.iter().map(said).sum()
    }

    /// Fails unless all of the script was played.
    pub(crate) fn assert_played(&mut self) {
        self.hear();
        assert!(
            self.steps.is_empty() && self.heard.is_empty(),
            "{} steps are left, and {:?}",
            self.steps.len(),
            String::from_utf8_lossy(&self.heard)
        );
    }

    /// Likewise, but silence may be how it ends.
    pub(crate) fn assert_heard(&mut self) {
        if let Some(Step::TimesOut) = self.steps.front() {
            self.steps.pop_front();
        }
        self.assert_played();
    }

    fn hear(&mut self) {
        while let Some(Step::Hears(wanted)) = self.steps.front() {
            if self.heard.len() < wanted.len() {
                return;
            }
            let rest = self.heard.split_off(wanted.len());
            assert_eq!(
                String::from_utf8_lossy(&self.heard),
                String::from_utf8_lossy(wanted)
            );
            self.heard = rest;
            self.steps.pop_front();
        }
    }
}

impl Wire for Script {
    fn read(&mut self, limit: u32, _: u32) -> Result<Vec<u8>, WireError> {
        if self.says_left == 0 {
            return Ok(Vec::new());
        }
        self.hear();
        match self.steps.front_mut() {
            Some(Step::Says(bytes)) => {
                let most = if self.drips { 1 } else { limit as usize };
                let count = bytes.len().min(most).min(self.says_left);
                let said = bytes.drain(..count).collect();
                self.says_left -= count;
                if bytes.is_empty() {
                    self.steps.pop_front();
                }
                Ok(said)
            }
            Some(Step::TimesOut) => Err(WireError::TimedOut),
            Some(Step::Hears(wanted)) => panic!(
                "waited for {:?}, and only {:?} came",
                String::from_utf8_lossy(wanted),
                String::from_utf8_lossy(&self.heard)
            ),
            Some(Step::StartsTls) => panic!("encryption was to begin"),
            None => Ok(Vec::new()),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        if bytes.len() > self.hears_left {
            return Err(WireError::Closed);
        }
        self.hears_left -= bytes.len();
        self.written.extend(bytes);
        self.heard.extend(bytes);
        Ok(())
    }

    fn start_tls(&mut self) -> Result<(), WireError> {
        self.hear();
        match self.steps.pop_front() {
            Some(Step::StartsTls) => Ok(()),
            _ => Err(WireError::Refused(
                "the certificate is of another name".to_owned(),
            )),
        }
    }
}

fn bytes(text: &str) -> Vec<u8> {
    let text = text.replace("\\r", "\r").replace("\\n", "\n");
    format!("{}\r\n", text.replace("\\0", "\0")).into_bytes()
}
