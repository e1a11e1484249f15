//! Who we are (RFC 4954): PLAIN or LOGIN with a password, XOAUTH2 with a token, as the server offers it.

use super::{
    extensions::Extensions,
    outcome::{Outcome, Reason},
    reply::Reply,
    session::Session,
};
use crate::{
    limits::COMMAND_LINE_BYTES_MAX,
    wire::{Credentials, Security, Wire, encoded},
};

/// The server goes on with another question.
const CHALLENGE: u16 = 334;

impl<W: Wire> Session<W> {
    pub(super) fn authenticate(
        &mut self,
        credentials: &Credentials,
        security: Security,
        extensions: &Extensions,
    ) -> Result<(), Outcome> {
        if !security.allows_credentials() {
            let text = "credentials are not sent over a connection that is not encrypted";
            return Err(Outcome::NoTls(Reason::own(text)));
        }
        let refusal = |text: &str| Err(Outcome::Unauthorized(Reason::own(text)));
        if !credentials.are_sound() {
            return refusal("the user or the secret is empty, too long or of more than one line");
        }
        let reply = match credentials {
            Credentials::Password { .. } if extensions.has_mechanism("PLAIN") => {
                self.begin("PLAIN", &credentials.initial_response())?
            }
            Credentials::Password { user, password } if extensions.has_mechanism("LOGIN") => {
                self.log_in(user, password)?
            }
            Credentials::Token { .. } if extensions.has_mechanism("XOAUTH2") => {
                self.begin("XOAUTH2", &credentials.initial_response())?
            }
            Credentials::Password { .. } => {
                return refusal("the server offers neither PLAIN nor LOGIN");
            }
            Credentials::Token { .. } => return refusal("the server does not offer XOAUTH2"),
        };
        self.conclude(reply)
    }

    /// A mechanism that says all at its beginning: on the command's line, or by itself where it is too long for that.
    fn begin(&mut self, mechanism: &str, response: &str) -> Result<Reply, Outcome> {
        let whole = format!("AUTH {mechanism} {response}");
        if whole.len() + "\r\n".len() <= COMMAND_LINE_BYTES_MAX {
            return self.command(&whole);
        }
        let reply = self.command(&format!("AUTH {mechanism}"))?;
        self.answer(reply, response)
    }

    fn log_in(&mut self, user: &str, password: &str) -> Result<Reply, Outcome> {
        // It asks for both, one after the other; how it asks is not the same everywhere.
        let asks_user = self.command("AUTH LOGIN")?;
        let asks_password = self.answer(asks_user, &encoded(user))?;
        self.answer(asks_password, &encoded(password))
    }

    fn answer(&mut self, question: Reply, response: &str) -> Result<Reply, Outcome> {
        match question.code() {
            CHALLENGE => self.command(response),
            // It said no already.
            _ => Ok(question),
        }
    }

    fn conclude(&mut self, mut reply: Reply) -> Result<(), Outcome> {
        if reply.code() == CHALLENGE {
            // XOAUTH2 says in a question why it will say no, and does so after an empty answer.
            reply = self.command("")?;
        }
        match reply.code() {
            235 => Ok(()),
            500..=599 => Err(Outcome::Unauthorized(reply.reason())),
            _ => Err(Outcome::of(&reply)),
        }
    }
}
