//! Commands and their replies. Every way out of here before a mail was written whole says that it was not taken.

use super::{
    data,
    extensions::Extensions,
    outcome::{Outcome, Reason, Refused},
    reply::{NoReply, Reply},
};
use crate::{
    limits::{GOODBYE_MILLISECONDS_MAX, TAKEN_MILLISECONDS_MAX},
    wire::{Connection, Fault, Security, Wire, WireError},
};

/// What a server answers that knows HELO and nothing newer.
const NOT_UNDERSTOOD: [u16; 4] = [500, 501, 502, 504];

/// A server that is being talked to.
pub(super) struct Session<W> {
    connection: Connection<W>,
    /// Nothing more can be said.
    is_over: bool,
}

impl<W: Wire> Session<W> {
    pub(super) fn new(wire: W, timeout_milliseconds: u32) -> Self {
        Self {
            connection: Connection::new(wire, timeout_milliseconds),
            is_over: false,
        }
    }

    /// From the greeting to what the server can, encrypted where it must be.
    pub(super) fn open(
        &mut self,
        own_name: &str,
        security: Security,
    ) -> Result<Extensions, Outcome> {
        expect(self.reply()?, 220)?;
        let extensions = self.greet(own_name)?;
        if security != Security::StartTls {
            return Ok(extensions);
        }
        if !extensions.start_tls {
            let text = "the server does not offer STARTTLS";
            return Err(Outcome::NoTls(Reason::own(text)));
        }
        let reply = self.command("STARTTLS")?;
        match reply.code() {
            220 => self.start_tls()?,
            400..=499 => return Err(Outcome::of(&reply)),
            _ => return Err(Outcome::NoTls(reply.reason())),
        }
        self.greet(own_name)
    }

    fn greet(&mut self, own_name: &str) -> Result<Extensions, Outcome> {
        let reply = self.command(&format!("EHLO {own_name}"))?;
        if NOT_UNDERSTOOD.contains(&reply.code()) {
            expect(self.command(&format!("HELO {own_name}"))?, 250)?;
            return Ok(Extensions::default());
        }
        Ok(Extensions::of(&expect(reply, 250)?))
    }

    fn start_tls(&mut self) -> Result<(), Outcome> {
        let Err(fault) = self.connection.start_tls() else {
            return Ok(());
        };
        self.is_over = true;
        Err(match fault {
            // A certificate does not become right by waiting.
            Fault::Wire(WireError::Refused(_)) => Outcome::NoTls(Reason::own(fault.to_string())),
            other => other.into(),
        })
    }

    /// Says one line, and hears what the server answers.
    pub(super) fn command(&mut self, line: &str) -> Result<Reply, Outcome> {
        // Whoever could end a line could say the next one, too.
        if line.contains(['\r', '\n', '\0']) {
            let text = "what was to be said does not fit on one line";
            return Err(Outcome::Permanent(Reason::own(text)));
        }
        self.write(format!("{line}\r\n").as_bytes())?;
        self.reply()
    }

    /// The mail, after everything that announced it; who was refused does not get it.
    pub(super) fn transfer(&mut self, content: &[u8], refused: Vec<Refused>) -> Outcome {
        if let Err(outcome) = self.write_content(content) {
            return outcome;
        }
        // With this the server may have it; from here on only its answer tells. If it hung up, that may be there nevertheless.
        let written = self.connection.write(data::END);
        self.connection.set_timeout(TAKEN_MILLISECONDS_MAX);
        match Reply::read(&mut self.connection) {
            Ok(reply) if reply.is_positive() => Outcome::Sent { refused },
            Ok(reply) if reply.code() >= 400 => Outcome::of(&reply),
            Ok(reply) => self.lose(reply.reason().to_string()),
            Err(NoReply::Garbled(line)) => self.lose(line),
            Err(NoReply::Fault(fault)) => {
                self.lose(written.map_or_else(|error| error.to_string(), |()| fault.to_string()))
            }
        }
    }

    fn write_content(&mut self, content: &[u8]) -> Result<(), Outcome> {
        expect(self.command("DATA")?, 354)?;
        data::write(content, |part| self.write(part))
    }

    fn lose(&mut self, text: String) -> Outcome {
        self.is_over = true;
        Outcome::Unknown { text }
    }

    /// The connection may be gone already, and nobody minds.
    pub(super) fn say_goodbye(&mut self) {
        if !self.is_over {
            self.connection.set_timeout(GOODBYE_MILLISECONDS_MAX);
            let _ = self.command("QUIT");
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Outcome> {
        self.connection.write(bytes).map_err(|error| {
            // Whoever hangs up may have said why before. What was written half is never followed by anything.
            let last_words = self.reply();
            self.is_over = true;
            match last_words {
                Ok(reply) if reply.code() >= 400 => Outcome::of(&reply),
                _ => Fault::Wire(error).into(),
            }
        })
    }

    fn reply(&mut self) -> Result<Reply, Outcome> {
        Reply::read(&mut self.connection).map_err(|problem| {
            self.is_over = true;
            match problem {
                NoReply::Fault(fault) => fault.into(),
                NoReply::Garbled(line) => {
                    let text = format!("the server does not speak SMTP: {line}");
                    Outcome::Temporary(Reason::own(text))
                }
            }
        })
    }
}

/// The reply, if it has this code.
pub(super) fn expect(reply: Reply, code: u16) -> Result<Reply, Outcome> {
    if reply.code() == code {
        Ok(reply)
    } else {
        Err(Outcome::of(&reply))
    }
}
