//! From the greeting to the login. What a server said in plain text is forgotten once the connection is encrypted.

use super::{
    Account, Error, Session,
    names::quoted,
    response::{Kind, Response, Status},
    session::wrong_tag,
};
use crate::{
    limits::QUESTIONS_MAX,
    wire::{Credentials, Fault, Security, Wire, WireError},
};

/// Who we are, for servers that let no nameless program into a mailbox (RFC 2971): those of NetEase are such.
const ID: &str = "ID (\"name\" \"Guichet\" \"vendor\" \"Guichet\")";

/// Greets, encrypts what must be, and logs in.
pub fn open<W: Wire>(wire: W, account: &Account) -> Result<Session<W>, Error> {
    let mut session = Session::new(wire, account.timeout_milliseconds);
    let is_known = session.greet()?;
    if account.security == Security::StartTls {
        // Whoever is known already cannot ask for encryption any more, and somebody in between may have said that we are.
        if is_known {
            let text = "the server takes us for logged in before anything is encrypted";
            return Err(Error::NoTls(text.to_owned()));
        }
        session.start_tls()?;
    }
    if !is_known {
        session.learn_capabilities()?;
        session.log_in(account)?;
    }
    session.settle()?;
    Ok(session)
}

impl<W: Wire> Session<W> {
    /// Whether the server knows us already.
    fn greet(&mut self) -> Result<bool, Error> {
        match self.next()? {
            Response::Word(status) => match status.kind {
                Kind::Ok => Ok(false),
                Kind::Preauth => Ok(true),
                Kind::Bye => Err(Error::Refused(status.text())),
                Kind::No | Kind::Bad => Err(Error::Protocol(status.text())),
            },
            _ => Err(Error::Protocol("it does not greet".to_owned())),
        }
    }

    fn start_tls(&mut self) -> Result<(), Error> {
        self.learn_capabilities()?;
        if !self.can("STARTTLS") {
            let text = "the server does not offer STARTTLS";
            return Err(Error::NoTls(text.to_owned()));
        }
        let status = self.command("STARTTLS")?;
        if status.kind != Kind::Ok {
            return Err(Error::NoTls(status.text()));
        }
        self.encrypt().map_err(|fault| match fault {
            Fault::Wire(WireError::Refused(text)) => Error::NoTls(text),
            other => other.into(),
        })
    }

    /// What the server can may be something else for those that it knows: it is asked again, or tells.
    fn log_in(&mut self, account: &Account) -> Result<(), Error> {
        let credentials = &account.credentials;
        if !account.security.allows_credentials() {
            let text = "credentials are not sent over a connection that is not encrypted";
            return Err(Error::NoTls(text.to_owned()));
        }
        let refusal = |text: &str| Err(Error::Unauthorized(text.to_owned()));
        if !credentials.are_sound() {
            return refusal("the user or the secret is empty, too long or of more than one line");
        }
        let status = match credentials {
            Credentials::Token { .. } if self.can("AUTH=XOAUTH2") => {
                self.authenticate("XOAUTH2", credentials)?
            }
            Credentials::Token { .. } => return refusal("the server does not offer XOAUTH2"),
            Credentials::Password { .. } if self.can("AUTH=PLAIN") => {
                self.authenticate("PLAIN", credentials)?
            }
            Credentials::Password { .. } if self.can("LOGINDISABLED") => {
                return refusal("the server offers no way to log in with a password");
            }
            Credentials::Password { user, password } => {
                if !user.is_ascii() || !password.is_ascii() {
                    return refusal(
                        "the server takes only users and passwords of ASCII characters",
                    );
                }
                self.forget_capabilities();
                self.command(&format!("LOGIN {} {}", quoted(user), quoted(password)))?
            }
        };
        known(status)
    }

    fn authenticate(
        &mut self,
        mechanism: &str,
        credentials: &Credentials,
    ) -> Result<Status, Error> {
        let response = credentials.initial_response();
        let (line, mut unsaid) = if self.can("SASL-IR") {
            (format!("AUTHENTICATE {mechanism} {response}"), None)
        } else {
            (format!("AUTHENTICATE {mechanism}"), Some(response))
        };
        self.forget_capabilities();
        let tag = self.begin(&line)?;
        let mut questions = 0;
        loop {
            match self.next()? {
                Response::Done(of, status) if of == tag => return Ok(status),
                Response::Done(of, _) => return Err(wrong_tag(&of)),
                Response::Continue if questions < QUESTIONS_MAX => {
                    questions += 1;
                    // XOAUTH2 says in a question why it will say no, and does so after an empty answer.
                    self.say(&unsaid.take().unwrap_or_default())?;
                }
                Response::Continue => {
                    return Err(Error::Protocol("it never stops asking".to_owned()));
                }
                // Told in between; each is one more read, and reads have an end.
                _ => {}
            }
        }
    }

    /// Once we are known: what the server can now, and how we talk to it.
    fn settle(&mut self) -> Result<(), Error> {
        self.learn_capabilities()?;
        if self.can("ID") {
            // It is a courtesy, and may be refused.
            self.command(ID)?;
        }
        if self.can("UTF8=ACCEPT") || self.can("UTF8=ONLY") {
            self.command("ENABLE UTF8=ACCEPT")?;
        }
        Ok(())
    }
}

/// How a login ended. What a server says of its own trouble says nothing of who we are.
fn known(status: Status) -> Result<(), Error> {
    match status.kind {
        Kind::Ok => Ok(()),
        _ if status.is_own_trouble() => Err(Error::Refused(status.text())),
        _ if status.has_code("PRIVACYREQUIRED") => Err(Error::NoTls(status.text())),
        _ => Err(Error::Unauthorized(status.text())),
    }
}
