//! Commands and what they are answered. Whatever else the server tells meanwhile is looked at where it matters, and else ignored.

use super::{
    Error,
    names::Letters,
    response::{Kind, Response, Status},
};
use crate::{
    limits::{GOODBYE_MILLISECONDS_MAX, RESPONSES_MAX},
    wire::{Connection, Fault, Wire, WireError},
};

/// A server that is being talked to.
pub struct Session<W> {
    connection: Connection<W>,
    /// Commands so far.
    commands: u32,
    /// In capitals; empty while they are not known.
    capabilities: Vec<String>,
    /// Whether it takes names in UTF-8 from now on.
    takes_utf8: bool,
    /// What it said when it was about to hang up.
    farewell: Option<String>,
}

impl<W: Wire> Session<W> {
    pub(super) fn new(wire: W, timeout_milliseconds: u32) -> Self {
        Self {
            connection: Connection::new(wire, timeout_milliseconds),
            commands: 0,
            capabilities: Vec::new(),
            takes_utf8: false,
            farewell: None,
        }
    }

    /// Says goodbye. Whether the server hears it does not matter.
    pub fn log_out(mut self) {
        self.connection.set_timeout(GOODBYE_MILLISECONDS_MAX);
        let _ = self.command("LOGOUT");
    }

    /// A command of whose answer only the end matters.
    pub(super) fn command(&mut self, line: &str) -> Result<Status, Error> {
        self.command_with(line, &mut |_| Ok(()))
    }

    /// A command, and what is told until it ends.
    pub(super) fn command_with(
        &mut self,
        line: &str,
        told: &mut dyn FnMut(Response) -> Result<(), Error>,
    ) -> Result<Status, Error> {
        let tag = self.begin(line)?;
        for _ in 0..RESPONSES_MAX {
            match self.next()? {
                Response::Done(of, status) if of == tag => return Ok(status),
                Response::Done(of, _) => return Err(wrong_tag(&of)),
                Response::Continue => {
                    let text = "it waits for more than there is to say";
                    return Err(Error::Protocol(text.to_owned()));
                }
                response => told(response)?,
            }
        }
        Err(Error::Protocol("an answer has no end".to_owned()))
    }

    /// Sends a command's first line. Its tag is returned.
    pub(super) fn begin(&mut self, line: &str) -> Result<String, Error> {
        self.commands += 1;
        let tag = format!("A{}", self.commands);
        self.say(&format!("{tag} {line}"))?;
        Ok(tag)
    }

    pub(super) fn say(&mut self, line: &str) -> Result<(), Error> {
        // Whoever could end a line could say the next one, too.
        if line.contains(['\r', '\n', '\0']) {
            let text = "what was to be said does not fit on one line";
            return Err(Error::Refused(text.to_owned()));
        }
        let written = self.connection.write(format!("{line}\r\n").as_bytes());
        written.map_err(|error| self.ended(error))
    }

    /// What the server says next. Of itself it tells at any time what it can, and that it hangs up.
    pub(super) fn next(&mut self) -> Result<Response, Error> {
        let response = match Response::read(&mut self.connection) {
            Err(Error::Wire(error)) => return Err(self.ended(error)),
            other => other?,
        };
        match &response {
            Response::Capability(names) => self.capabilities.clone_from(names),
            Response::Enabled(names) => {
                self.takes_utf8 |= names.iter().any(|name| name == "UTF8=ACCEPT");
            }
            Response::Word(status) | Response::Done(_, status) => {
                if let Some(names) = status.code("CAPABILITY") {
                    self.capabilities = names.to_vec();
                }
                if status.kind == Kind::Bye {
                    self.farewell = Some(status.text());
                }
            }
            _ => {}
        }
        Ok(response)
    }

    /// Why it ended: in the server's words, if it had any.
    fn ended(&mut self, error: WireError) -> Error {
        match self.farewell.take() {
            Some(text) if error == WireError::Closed => Error::Refused(text),
            _ => Error::Wire(error),
        }
    }

    /// From here on by TLS; what was said in plain text does not count any more.
    pub(super) fn encrypt(&mut self) -> Result<(), Fault> {
        self.connection.start_tls()?;
        self.forget_capabilities();
        self.takes_utf8 = false;
        self.farewell = None;
        Ok(())
    }

    /// They are to be told anew.
    pub(super) fn forget_capabilities(&mut self) {
        self.capabilities.clear();
    }

    /// Asks what the server can, unless it said so already.
    pub(super) fn learn_capabilities(&mut self) -> Result<(), Error> {
        if self.capabilities.is_empty() {
            self.command("CAPABILITY")?.accepted()?;
        }
        Ok(())
    }

    pub(super) fn can(&self, name: &str) -> bool {
        self.capabilities.iter().any(|one| one == name)
    }

    pub(super) fn letters(&self) -> Letters {
        // A server of the new standard alone has no other letters.
        let is_new = self.can("IMAP4REV2") && !self.can("IMAP4REV1");
        if self.takes_utf8 || is_new {
            Letters::Utf8
        } else {
            Letters::Utf7
        }
    }
}

pub(super) fn wrong_tag(tag: &str) -> Error {
    Error::Protocol(format!("it answers a command that was not given: {tag}"))
}
